// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which downtime numbers were given to which packet: CASE/backentry/numbers.jsonl. A number is on disk as given before
// it is printed, so that a run that is killed wastes numbers and never gives one twice.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::backentry {

struct NumberWish {
  std::string block;   // "W-0001..W-0999"
  std::string sheet;   // id
  std::string packet;  // its name
  unsigned count = 0;
};

/// Numbers for each wish, in their order; where its block shares numbers with another one that was used before, from
/// one with a digit more in its beginning ("W2-0001"). ErrorCode::misuse: a block is none, or shares numbers with all.
/// Makes CASE/backentry.
[[nodiscard]] base::Result<std::vector<std::vector<std::string>>> reserve_numbers(const std::string& case_folder,
                                                                                  std::span<const NumberWish> wishes,
                                                                                  std::int64_t now_ns);

/// To whom a number was given.
struct GivenNumber {
  std::string number;  // as it is printed
  std::string sheet;
  std::string packet;
  std::string given;  // RFC 3339
};
/// `number` as it was typed: capital letters and blanks do not count.
[[nodiscard]] base::Result<std::optional<GivenNumber>> find_number(const std::string& case_folder,
                                                                   const std::string& number);

/// Whether any was given: a case that printed no sheet cannot say of a number that it is misread.
[[nodiscard]] base::Result<bool> has_given_numbers(const std::string& case_folder);

}  // namespace lastgood::backentry
