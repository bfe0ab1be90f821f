// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// When was each service down, started, and back: CASE/services/history.jsonl, one line each, only ever added to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::services {

enum class Moment : std::uint8_t {
  down,         // asked, and not well
  starting,     // its start command ran
  healthy,      // asked, and well
  failed,       // its start or a hook failed, or it did not become well in time
  stopped,      // its stop command ran
  not_started,  // what it waits for is not there
};
std::string_view name_of(Moment moment);

struct HistoryEntry {
  std::int64_t time_ns = 0;
  std::string service;
  Moment moment = Moment::down;
  std::string sentence;  // why, or how it was asked
};

/// Adds lines; returns when they are on disk. Any number of processes, which take turns.
[[nodiscard]] base::Status append_history(const std::string& case_folder, const std::vector<HistoryEntry>& entries);

struct ReadHistory {
  std::vector<HistoryEntry> entries;  // in the order of the file
  std::uint64_t unreadable = 0;       // lines that are none of ours, or torn
  /// The newest of a service; null: there is none.
  [[nodiscard]] const HistoryEntry* newest(std::string_view service) const;
};
/// A case that has none has an empty one. ErrorCode::limit_reached over 64 MiB.
[[nodiscard]] base::Result<ReadHistory> read_history(const std::string& case_folder);

}  // namespace lastgood::services
