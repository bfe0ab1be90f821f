// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Event files: events of a case, sorted by time, in blocks.
//
//   "LGEVENT1"
//   blocks: zstd frames with their own checksums; in each: number of texts, the texts, number of events, the events
//   with
//           their texts as places in that list
//   index:  one entry of 48 bytes a block: offset, packed bytes, plain bytes, events, first and last time
//   footer: 80 bytes: offset of the index, blocks, events, first and last time, XXH3-128 of the index, "LGEVEND1"
//
// Numbers are little-endian. A case may come from somebody else: every number is checked against the file and against
// the limits below before it is used; what does not fit is ErrorCode::damaged_container.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "events/event_stream.h"
#include "events/packed_event.h"
#include "os/atomic_file.h"

namespace lastgood::events {

inline constexpr std::size_t k_block_events = 4096;
inline constexpr std::size_t k_block_bytes = std::size_t{1} << 20;  // a block ends with the event that reaches this
inline constexpr std::size_t k_block_bytes_max = std::size_t{4} << 20;
inline constexpr std::uint64_t k_blocks_max = 2'000'000;

struct EventCounts {
  std::uint64_t events = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::uint64_t bytes = 0;  // of the file
  std::string sha256;       // of the file, in hex; set by `commit` alone
};

/// Writes one file; its name appears when `commit` has put all of it on disk. One thread.
class EventFileWriter {
 public:
  ~EventFileWriter();
  EventFileWriter(EventFileWriter&&) noexcept;
  EventFileWriter& operator=(EventFileWriter&&) = delete;
  EventFileWriter(const EventFileWriter&) = delete;
  EventFileWriter& operator=(const EventFileWriter&) = delete;
  /// REQUIRES: not before the event added last.
  [[nodiscard]] base::Status add(const EventView& event);
  [[nodiscard]] base::Result<EventCounts> commit();

 private:
  friend base::Result<EventFileWriter> begin_event_file(const std::string& path);
  struct State;
  explicit EventFileWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Nothing that is there is written over.
[[nodiscard]] base::Result<EventFileWriter> begin_event_file(const std::string& path);

/// Events of a file from `from_ns` on up to `to_ns`, without it, in order. Blocks outside are not read.
[[nodiscard]] base::Result<std::unique_ptr<EventStream>> open_event_file(std::unique_ptr<base::ByteSource> bytes,
                                                                         std::string path_for_messages,
                                                                         std::int64_t from_ns = INT64_MIN,
                                                                         std::int64_t to_ns = INT64_MAX);

/// From the footer alone.
[[nodiscard]] base::Result<EventCounts> read_event_counts(base::ByteSource& bytes, const std::string& path);

}  // namespace lastgood::events
