// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The copies of one unit (a database's folder) in all judged sources of a case, newest first, each with what judging
// said of it; and the door to read one through. Sheets, restore tests and replays choose by it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/unit.h"
#include "model/backup_record.h"
#include "recovery/case_sources.h"
#include "recovery/opened_source.h"
#include "recovery/saved_logs.h"
#include "sources/source.h"

namespace lastgood::recovery {

struct UnitCopy {
  model::BackupSource source;
  model::JudgedUnit unit;  // path in the snapshot, kind, state, findings
  model::Snapshot snapshot;
  std::int64_t data_as_of_ns = 0;        // of the unit where it is known, else of the snapshot
  [[nodiscard]] bool is_usable() const;  // whole and of one moment
  [[nodiscard]] bool needs_log() const;  // it is so with saved logs that complete it, never alone
  /// Not usable (files of it are damaged or encrypted, or a tablespace is not in the copy), but of one moment as far as
  /// anybody can see, and of a kind whose engine can be asked for its whole tables alone. Nothing is ever restored from
  /// it.
  [[nodiscard]] bool may_answer_in_part() const;
  [[nodiscard]] bool would_run() const;  // somebody laid it out to run a command when it is started
};

/// Copies of what lay at `path` on the victim, newest data first, then newest snapshot, then in the order the sources
/// were added. Those that would run something come last: what else was done to them nobody knows. `path`
/// is absolute; a source's paths are mapped as case_sources.h does (live_path_of). What a link of
/// this machine leads to is found under the link's own path, too, where a backup kept it there (JudgedUnit::path says).
[[nodiscard]] base::Result<std::vector<UnitCopy>> find_unit_copies(casefile::CaseStore& store, const std::string& path);

/// Where find_unit_copies finds none: what the newest snapshot that has anything at `path` has there, for people: "the
/// newest backup of it, 'nas 2022-11-23', has a file there that is encrypted, no sqlite; a backup from before that is
/// needed". Empty: no source that opens has anything there.
[[nodiscard]] base::Result<std::string> describe_instead_of_unit(casefile::CaseStore& store, const std::string& path,
                                                                 std::string_view kind, PasswordPrompt& prompt);

/// A copy, opened to be read. Owner of the source behind the view. One thread opens, any thread reads.
struct OpenedCopy {
  std::unique_ptr<sources::Source> source;
  std::unique_ptr<engines::UnitView> view;  // the whole snapshot, with paths relative to its root
  engines::FoundUnit unit;
  std::optional<OpenedLogs> logs;  // without which it cannot be used (open_completing_logs)
};
[[nodiscard]] base::Result<OpenedCopy> open_unit_copy(casefile::CaseStore& store, const UnitCopy& copy,
                                                      PasswordPrompt& prompt);

/// Of the newest usable copy in each source: do they agree on the last commit? "the last commit is the same in nas,
/// usb", or "last commits differ: 2022-11-23 07:30:00 +05:30 in nas, ..."; empty with fewer than two sources.
[[nodiscard]] std::string compare_sources(const std::vector<UnitCopy>& copies, std::string_view kind,
                                          std::string_view zone);

/// That a newer sound copy is not taken, and why.
[[nodiscard]] std::string describe_passed_over(const std::string& source, const std::string& snapshot,
                                               std::int64_t as_of_ns, std::string_view zone);
/// Of a sound copy of later than `as_of_ns` that is passed over because it would run a command; empty: there is none.
[[nodiscard]] std::string describe_passed_over(const std::vector<UnitCopy>& copies, std::string_view kind,
                                               std::int64_t as_of_ns, std::string_view zone);

/// Whole and of one moment, by what judging said of it.
[[nodiscard]] bool is_usable(const model::JudgedUnit& unit);
/// Something is wrong with it: torn, damaged, encrypted.
[[nodiscard]] bool is_bad(const model::JudgedUnit& unit);
/// It is so with logs that complete it, and never alone.
[[nodiscard]] bool needs_log(const model::JudgedUnit& unit);

/// "damaged: srv/pg/PG_VERSION: says '14', and pg_control is of PostgreSQL 15", "without its log: ...": its state, and
/// of one that is not usable what was found first.
[[nodiscard]] std::string describe_state(const model::JudgedUnit& unit);

/// Did the unit's check find that somebody laid it out to run a command when it is started?
[[nodiscard]] bool would_run(const model::JudgedUnit& unit);

}  // namespace lastgood::recovery
