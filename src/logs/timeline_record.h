// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What other tools' timelines say in one record: which tool's it is, when, what, who. Private to logs/.
#pragma once

#include <cstdint>

#include "logs/flat_record.h"
#include "logs/log_parser.h"

namespace lastgood::logs {

/// `windows`: an event log of Windows that was only unpacked. `other`: a record with a time and without any tool's own
/// names.
enum class TimelineTool : std::uint8_t {
  none,
  plaso,
  l2t,
  timesketch,
  hayabusa,
  chainsaw,
  velociraptor,
  windows,
  other
};

/// By the names that its records have.
[[nodiscard]] TimelineTool find_tool(const FlatRecord& record);

/// Shows the events of a record: one for most, up to four where it holds the times of a file.
LineReading read_timeline_record(TimelineTool tool, const FlatRecord& record, const LogContext& context,
                                 std::uint64_t offset_bytes, const EventSink& sink);

}  // namespace lastgood::logs
