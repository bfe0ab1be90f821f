// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Downtime numbers: what a patient or a form is called while the hospital's own numbers cannot be had. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::backentry {

/// "W-0001..W-0999".
struct NumberBlock {
  std::string prefix;  // "W-"
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  unsigned digits = 0;
};

/// ErrorCode::misuse with a sentence: the two ends differ in what stands before the digits or in their number, the last
/// is before the first, or there are more than nine digits or 40 characters. Prefixes: letters, digits, '-', '.', '/'.
[[nodiscard]] base::Result<NumberBlock> parse_number_block(std::string_view text);

/// The one that is given as number `index`, from 0. A block that is used up goes on in laps: "W-0001/2" follows
/// "W-0999", so that no number is given twice and nobody is left without one.
[[nodiscard]] std::string number_text(const NumberBlock& block, std::uint64_t index);

/// The block of a sheet that names none: "ward-census" has "WC-0001..WC-9999".
[[nodiscard]] std::string usual_block(std::string_view sheet_id);

}  // namespace lastgood::backentry
