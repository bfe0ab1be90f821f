// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the timeline of the case adds to its facts: moments, who encrypted, and when and how addresses were seen by the
// organisation's own systems. Private to facts/.
#pragma once

#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "facts/case_facts.h"
#include "facts/contact_book.h"

namespace lastgood::facts {

/// Two passes over the timeline: one that sums up, one for the addresses that it or the book names.
[[nodiscard]] base::Status add_timeline(const std::string& case_folder, casefile::CaseStore& store, CaseFacts& facts,
                                        ContactBook& book);

}  // namespace lastgood::facts
