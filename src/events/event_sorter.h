// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EventSorter: sorts more events than memory holds. Events are packed one behind the other; when they fill the memory
// that is allowed they are sorted and spilled as a run; at the end all runs are merged. Most logs are sorted already,
// and small: then nothing is spilled and nothing is sorted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "events/event_stream.h"

namespace lastgood::events {

/// Memory for events that wait; the rest (runs that are merged, the block that is written) stays under 200 MB.
inline constexpr std::size_t k_sort_bytes = std::size_t{256} << 20;

/// One thread.
class EventSorter {
 public:
  /// `spill_folder`: where runs are spilled to, into a file without a name: a crash leaves nothing behind.
  explicit EventSorter(std::string spill_folder, std::size_t memory_bytes = k_sort_bytes);
  ~EventSorter();
  EventSorter(const EventSorter&) = delete;
  EventSorter& operator=(const EventSorter&) = delete;

  [[nodiscard]] base::Status add(const model::Event& event);
  [[nodiscard]] std::uint64_t events() const;
  /// All events by time; those of one time in the order they were added. The sorter is empty afterwards.
  [[nodiscard]] base::Result<std::unique_ptr<EventStream>> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::events
