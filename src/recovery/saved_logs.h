// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The saved logs of a database, a write-ahead log archive or binary logs, as all snapshots together have them: servers
// clean their archives while backups go on, and an attack renames or encrypts what it reaches, so no one snapshot need
// have them all. Each file is taken from the newest snapshot in which it is good.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/unit.h"
#include "model/snapshot.h"
#include "recovery/case_sources.h"
#include "recovery/log_names.h"
#include "recovery/opened_source.h"
#include "recovery/verdict_table.h"

namespace lastgood::recovery {

/// Packed logs are unpacked there, to files without a name.
inline constexpr const char* k_spill_folder = "/var/tmp";

/// Something speaks against replaying it: encrypted, damaged, not to be read.
[[nodiscard]] bool is_bad_log(model::Verdict verdict);

/// The folder of logs in one snapshot.
struct LogPlace {
  std::size_t source = 0;  // index in OpenedSources::opened
  model::Snapshot snapshot;
  std::string subtree;  // what the source calls the folder
  std::string inner;    // where below the folder that was named it lies: "15-1"; empty: it is that one
};

/// The folder that lay at `path` on the victim, or where that link of this machine leads, in each snapshot that has a
/// log file in it, newest first; of those that are the same to the last file in one source, the newest. Where no
/// snapshot has any in it, the one folder near below it that has some (log_folders.h). Snapshots later than
/// `not_after_ns` are not looked at, 0: all are. One that cannot be read has no logs to offer.
[[nodiscard]] std::vector<LogPlace> find_log_places(OpenedSources& sources, const std::string& path,
                                                    std::int64_t not_after_ns);

/// Where several folders below `path` have logs, as after the upgrade of a server, and no snapshot has any in it:
/// these, and find_log_places finds none, because nobody can tell whose they are.
[[nodiscard]] std::vector<std::string> find_rival_log_folders(const OpenedSources& sources, const std::string& path);

/// The files of several places as one folder.
struct JoinedLogs {
  std::unique_ptr<engines::UnitView> view;  // rooted at the folder. Any thread; `sources` outlives it
  std::vector<LogPlace> places;             // those that a log file is taken from, newest first
};
/// Each file is taken from the first of `places` in which judging has nothing against it, else from the first that has
/// it: whoever reads it then says what is wrong. What is no log is not in the view. REQUIRES: `places` as
/// find_log_places gives them, or some of these in their order.
[[nodiscard]] JoinedLogs join_logs(OpenedSources& sources, const std::vector<LogPlace>& places,
                                   const VerdictTable& verdicts);

/// Joined logs that bring `copy` furthest: of all places together, or of one alone where these do not follow each other
/// to their end, because a newer one may be of another branch of the server's history.
[[nodiscard]] base::Result<JoinedLogs> find_furthest_logs(OpenedSources& sources, const std::vector<LogPlace>& places,
                                                          const VerdictTable& verdicts, const engines::UnitView& copy,
                                                          const engines::FoundUnit& unit);

/// Joined logs that complete a copy that needs its log (engines::find_shortfall): of all places, else of one alone,
/// because an attacker may have added to the others. Nothing: none do, and `why` says what all together lack.
[[nodiscard]] std::optional<JoinedLogs> find_completing_logs(OpenedSources& sources,
                                                             const std::vector<LogPlace>& places,
                                                             const VerdictTable& verdicts,
                                                             const engines::UnitView& copy,
                                                             const engines::FoundUnit& unit, std::string& why);

/// Logs, opened to be read, and the sources behind them.
struct OpenedLogs {
  OpenedSources sources;  // those that are not read are closed
  JoinedLogs joined;
  [[nodiscard]] const engines::UnitView& view() const { return *joined.view; }
  /// "nas 3fa1c2d0", "nas 3fa1c2d0 and 2 older snapshots". For people.
  [[nodiscard]] std::string place() const;
};
[[nodiscard]] std::string describe_places(const std::string& source, const std::string& snapshot,
                                          std::size_t older_count);

struct FoundLogs {
  std::optional<OpenedLogs> logs;  // nothing: no snapshot that could be looked at has a log file there
  std::string not_opened;          // describe_unread_logs: there may be more of them
};

/// A copy that logs are looked for.
struct LogUser {
  const engines::UnitView& view;
  const engines::FoundUnit& unit;
};
/// What lies at `path`, of all sources of the case that can be opened: those that bring `copy` furthest; null: all
/// together.
[[nodiscard]] base::Result<FoundLogs> open_logs(casefile::CaseStore& store, const std::string& path,
                                                PasswordPrompt& prompt, const LogUser* copy = nullptr);

/// The same, for a copy that needs its log. ErrorCode::damaged_source: they do not complete it; what is missing is
/// said.
[[nodiscard]] base::Result<OpenedLogs> open_completing_logs(casefile::CaseStore& store, const std::string& path,
                                                            PasswordPrompt& prompt, const engines::UnitView& copy,
                                                            const engines::FoundUnit& unit);

/// Closes what `joined` does not read.
[[nodiscard]] OpenedLogs keep_open(OpenedSources sources, JoinedLogs joined);

}  // namespace lastgood::recovery
