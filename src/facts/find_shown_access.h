// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the case's timeline shows of access to one machine's files, and of data that left it: the events of accounts at
// addresses that the timeline ties to the encryption, and the flows that go with them. An event of anybody else is no
// access of the attacker, whatever it did; what is in doubt is said and not counted.
//
// Tied is an account at an address, both together: it renamed or wrote files to names that the scan judged encrypted,
// or logged in from outside before that and is tied by the summary. Its events count from the first such login on;
// where no login is known, from a day before the first encryption.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "exposure/shown_access.h"
#include "timeline/summary.h"

namespace lastgood::facts {

struct ShownQuery {
  std::string host;                    // that held the files; empty: not said, then no access counts
  std::vector<std::string> addresses;  // of that machine, as flows have them; may be empty
};

/// Two passes over the timeline. Memory: at most k_accessed_files_max paths.
[[nodiscard]] base::Result<exposure::ShownAccess> find_shown_access(const std::string& case_folder,
                                                                    casefile::CaseStore& store,
                                                                    const ShownQuery& query);
inline constexpr std::size_t k_accessed_files_max = 1'000'000;

/// Does the timeline still hold what a statement of an earlier count stands on: the log, and the tie of the account and
/// address (of a flow: of one of its ends) to the attack?
[[nodiscard]] bool still_stands(const exposure::ShownStatement& statement, const timeline::TimelineSummary& summary);

}  // namespace lastgood::facts
