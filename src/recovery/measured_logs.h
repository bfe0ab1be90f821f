// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How far saved logs bring a copy when all of them are read: what a plan and a restore test promise has to be what a
// replay then comes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/log_end.h"
#include "engines/unit.h"
#include "recovery/opened_source.h"
#include "recovery/saved_logs.h"
#include "recovery/verdict_table.h"

namespace lastgood::recovery {

struct MeasuredLogs {
  JoinedLogs logs;
  engines::LogEnd end;
};

/// `joined`, the logs of all places together, end early: those of one place alone that bring `copy` further, because
/// one that is broken in the newest is whole there. Where they do not go on as far as the names of `joined` do, they
/// end early, too. Nothing: none do.
[[nodiscard]] std::optional<MeasuredLogs> find_better_alone(OpenedSources& sources, const std::vector<LogPlace>& places,
                                                            const VerdictTable& verdicts, const LogUser& copy,
                                                            const engines::LogReading& reading,
                                                            const engines::UnitView& joined,
                                                            const engines::LogEnd& end);

/// Reads all of `found`, and where they end early what find_better_alone takes.
[[nodiscard]] base::Result<MeasuredLogs> measure_all(JoinedLogs found, OpenedSources& sources,
                                                     const std::vector<LogPlace>& places, const VerdictTable& verdicts,
                                                     const LogUser& copy, const engines::LogReading& reading);

/// All that find_better_alone needs of the logs at `path`.
struct LogSources {
  OpenedSources sources;
  std::vector<LogPlace> places;
  VerdictTable verdicts;
};
[[nodiscard]] base::Result<LogSources> open_log_sources(casefile::CaseStore& store, const std::string& path,
                                                        PasswordPrompt& prompt);

/// find_better_alone, opened.
struct BetterLogs {
  OpenedLogs logs;
  std::string lacks;  // what they do not bring all the same; empty: nothing
};
/// For a copy whose server has replayed the logs at `path` together, and said that they end early. Nothing: no place
/// alone brings it further.
[[nodiscard]] base::Result<std::optional<BetterLogs>> open_better_logs(casefile::CaseStore& store,
                                                                       const std::string& path, PasswordPrompt& prompt,
                                                                       const LogUser& copy,
                                                                       const engines::UnitView& joined);

/// "reading 12 GB of saved logs of '/srv/wal'": those that were changed at `from_ns` or later. For people.
[[nodiscard]] std::string describe_reading(const engines::UnitView& logs, const std::string& path,
                                           std::int64_t from_ns);

}  // namespace lastgood::recovery
