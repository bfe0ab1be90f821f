// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The questions themselves. Private to questions/; pure.
#pragma once

#include <string>
#include <vector>

#include "questions/pack.h"

namespace lastgood::questions {

/// Of accounts at one provider, or of all: since when, what else, from where, which log-ins.
[[nodiscard]] std::vector<Question> account_questions(const std::vector<facts::ContactFacts>& accounts);
/// Of addresses in one network, or of all: whose they are, who gives them internet, who used them, when.
[[nodiscard]] std::vector<Question> address_questions(const std::vector<AskedAddress>& addresses);
/// What only the registry knows.
[[nodiscard]] std::vector<Question> registry_questions(const std::vector<AskedAddress>& addresses);
/// Of the attack as a whole: its timing, and from where it was done.
[[nodiscard]] std::vector<Question> attack_questions(const std::vector<facts::ContactFacts>& accounts,
                                                     const std::vector<AskedAddress>& addresses);
/// Of other incidents with the same marks.
[[nodiscard]] std::vector<Question> other_incident_questions(const Pack& pack);

/// Records to be kept and given.
[[nodiscard]] std::vector<std::string> account_records();
[[nodiscard]] std::vector<std::string> address_records();

}  // namespace lastgood::questions
