// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The copies of one unit (a database's folder) in all judged sources of a case, newest first, each with what judging
// said of it; and the door to read one through. Sheets, restore tests and replays choose by it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/unit.h"
#include "model/backup_record.h"
#include "recovery/case_sources.h"
#include "sources/source.h"

namespace lastgood::recovery {

struct UnitCopy {
  std::string source;      // its name in the case
  model::JudgedUnit unit;  // path in the snapshot, kind, state, findings
  model::Snapshot snapshot;
  std::int64_t data_as_of_ns = 0;        // of the unit where it is known, else of the snapshot
  [[nodiscard]] bool is_usable() const;  // whole and of one moment
};

/// Copies of what lay at `path` on the victim, newest data first; at equal times in the order the sources were added.
/// `path` is absolute; a source's paths are mapped as case_sources.h does (live_path_of).
[[nodiscard]] base::Result<std::vector<UnitCopy>> find_unit_copies(casefile::CaseStore& store, const std::string& path);

/// A copy, opened to be read. Owner of the source behind the view. One thread opens, any thread reads.
struct OpenedCopy {
  std::unique_ptr<sources::Source> source;
  std::unique_ptr<engines::UnitView> view;  // rooted at the unit's parent folder
  engines::FoundUnit unit;
};
[[nodiscard]] base::Result<OpenedCopy> open_unit_copy(casefile::CaseStore& store, const UnitCopy& copy,
                                                      PasswordPrompt& prompt);

/// The folder `path` (as on the victim) of the copy's snapshot, else of the newest snapshot of any source that has it:
/// where logs lie that a copy can be brought forward with. Nothing: nobody has it.
struct OpenedLogs {
  std::unique_ptr<sources::Source> source;
  std::unique_ptr<engines::UnitView> view;  // rooted at the folder
};
[[nodiscard]] base::Result<std::optional<OpenedLogs>> open_logs(casefile::CaseStore& store, const UnitCopy& copy,
                                                                const std::string& path, PasswordPrompt& prompt);

}  // namespace lastgood::recovery
