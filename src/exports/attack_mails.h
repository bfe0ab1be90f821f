// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The mails of the case that say to come from an account of the attack.
#pragma once

#include <vector>

#include "base/result.h"
#include "casefile/investigation_store.h"
#include "facts/case_facts.h"
#include "model/investigation_record.h"

namespace lastgood::exports {

inline constexpr std::size_t k_attack_mails_max = 2'000;

/// By path, then place. Errors: the case cannot be read.
[[nodiscard]] base::Result<std::vector<model::MailRecord>> read_attack_mails(casefile::InvestigationStore& store,
                                                                             const facts::CaseFacts& facts);
/// The account of the attack that a mail says to come from; nullptr: none.
[[nodiscard]] const facts::ContactFacts* sender_of(const model::MailRecord& mail, const facts::CaseFacts& facts);

}  // namespace lastgood::exports
