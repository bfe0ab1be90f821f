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

/// Found by their places, which facts::ContactFacts names: of an account with more mails than it keeps places, the
/// first ones. By path, then place. Errors: the case cannot be read.
[[nodiscard]] base::Result<std::vector<model::MailRecord>> read_attack_mails(casefile::InvestigationStore& store,
                                                                             const facts::CaseFacts& facts);

}  // namespace lastgood::exports
