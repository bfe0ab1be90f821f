// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The timeline as Timesketch takes it: JSON lines with `message`, `datetime` (ISO 8601 with microseconds and zone),
// `timestamp` (the same, in microseconds since 1970) and `timestamp_desc`, and our own fields beside them. What is
// finer than a microsecond is cut off in both, so that they are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "events/event_stream.h"
#include "model/event.h"

namespace lastgood::timeline {

/// One line, with its LF. Texts that are not UTF-8 are written readably (\xNN).
std::string timesketch_line(const events::EventView& event);

/// All of the stream; gives the number of lines. `write` may fail.
[[nodiscard]] base::Result<std::uint64_t> write_timesketch(events::EventStream& stream,
                                                           const std::function<base::Status(base::ByteView)>& write);

}  // namespace lastgood::timeline
