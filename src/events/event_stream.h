// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EventStream: events one after the other, sorted by time, from wherever they lie.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "events/packed_event.h"

namespace lastgood::events {

/// One thread.
class EventStream {
 public:
  virtual ~EventStream() = default;
  EventStream() = default;
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;
  /// Moves to the next event; false at the end. `current` is valid until the next call.
  [[nodiscard]] virtual base::Result<bool> next() = 0;
  [[nodiscard]] virtual const EventView& current() const = 0;
};

/// All of them as one, by time; of equal times in the order of `streams`.
[[nodiscard]] std::unique_ptr<EventStream> merge_streams(std::vector<std::unique_ptr<EventStream>> streams);

}  // namespace lastgood::events
