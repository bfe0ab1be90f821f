// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Logs and timelines into the case: what is asked for stands in the ledger, every log is read twice (recognised and
// digested, then parsed), its events are sorted into one new event file of the case, and what came of each log stands
// in the ledger, too. A log whose bytes the case holds already is left alone: nothing is counted twice.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "events/event_file.h"
#include "ledger/ledger.h"
#include "logs/log_table.h"

namespace lastgood::timeline {

/// The ledger's entry of one log: its path, its digest, what was read of it.
inline constexpr std::string_view k_kind_read = "log-read";

struct ImportRequest {
  std::vector<std::string> paths;           // absolute; files or folders
  const logs::LogFormat* format = nullptr;  // null: told from each file
  logs::Zone zone;
  std::string zone_name = "UTC";  // for the ledger
  std::optional<int> first_year;  // of logs without years; nothing: from the file's own time
  std::string host;
  std::string samba_prefix;
};

enum class LogState : std::uint8_t {
  imported,
  known,           // these very bytes were imported before
  not_recognised,  // no format reads it
  unreadable,
};
std::string_view name_of(LogState state);

struct ImportedLog {
  std::string path;
  LogState state = LogState::imported;
  std::string why;     // of unreadable ones, and what was odd with others
  std::string format;  // of imported ones
  std::string sha256;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  std::uint64_t not_understood = 0;
  std::uint64_t bad_times = 0;
  std::uint64_t cut_lines = 0;
  std::vector<std::uint64_t> first_not_understood;  // offsets, at most k_offsets_max
  std::vector<std::uint64_t> first_bad_times;
  std::optional<int> assumed_year;  // of its first line
};
inline constexpr std::size_t k_offsets_max = 3;

struct ImportOutcome {
  std::uint64_t imported = 0;
  std::uint64_t known = 0;
  std::uint64_t not_recognised = 0;
  std::uint64_t unreadable = 0;
  std::string event_file;  // its name; empty when no event was found
  events::EventCounts counts;
  bool cancelled = false;
};

struct ImportWatch {
  std::function<void(const ImportedLog&)> show;  // each log when it is done
  std::function<bool()> cancelled;
};

/// An error: of the case, the ledger or a path that is not there. When cancelled nothing of this import is kept.
[[nodiscard]] base::Result<ImportOutcome> import_logs(const ImportRequest& request, const std::string& case_folder,
                                                      ledger::Ledger& ledger, const ImportWatch& watch);

/// Logs that the ledger says were read, and of which no event file that is there holds the events: one was removed, or
/// an import was cut off. What is said of the case says nothing of them. Sorted by path.
[[nodiscard]] base::Result<std::vector<std::string>> find_lost_logs(const std::string& case_folder);

}  // namespace lastgood::timeline
