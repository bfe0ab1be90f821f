// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From what a case knows to letters: who runs each account and each network, what they can be asked, for which times,
// and through whose hands the request goes. Pure: the same facts give the same letters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "facts/case_facts.h"
#include "network/address_data.h"
#include "questions/directory.h"
#include "questions/pack.h"

namespace lastgood::questions {

struct QuestionRequest {
  std::int64_t made_ns = 0;  // the day of the letters
  /// Also values that nothing ties to the attack: an access log has thousands that concern nobody.
  enum class Ask : std::uint8_t { tied, all } ask = Ask::tied;
  std::vector<std::string> named;  // values that a person wants asked about although nothing ties them
};

/// Values beyond these per letter are in `--json` of the case's own commands, and the letter says how many.
inline constexpr std::size_t k_values_per_pack_max = 200;

/// `data` may be nullptr: no data set about addresses is installed.
[[nodiscard]] Packs plan_questions(const facts::CaseFacts& facts, const Directory& directory,
                                   const network::AddressData* data, const QuestionRequest& request);

}  // namespace lastgood::questions
