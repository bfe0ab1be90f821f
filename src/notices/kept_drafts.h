// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The rules beside the program or in a folder of the person's, and the drafts that a case keeps: every one, so that the
// next can say what has changed. `CASE/notices/RULE.STAGE.NNNN.json`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "notices/draft.h"

namespace lastgood::notices {

/// Sorted by id. An error names the first rule that is none. `folder` empty: those that come with the program.
[[nodiscard]] base::Result<std::vector<Rule>> read_rules(const std::string& folder);

/// The newest kept draft of this stage; nothing when there is none.
[[nodiscard]] base::Result<std::optional<Draft>> newest_draft(const std::string& case_folder, const std::string& rule,
                                                              const std::string& stage);

/// Ledger entry with its digest, then the file. Gives the path.
[[nodiscard]] base::Result<std::string> keep_draft(const std::string& case_folder, ledger::Ledger& ledger,
                                                   const Draft& draft);

}  // namespace lastgood::notices
