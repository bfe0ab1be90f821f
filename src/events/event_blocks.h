// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The blocks of an event file as bytes, plain. Pure. Private to events/.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "events/packed_event.h"

namespace lastgood::events {

/// Collects events; logs say the same again and again, so each different text is kept once.
class BlockBuilder {
 public:
  void add(const EventView& event);
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] std::size_t size_bytes() const { return rows_.size() + text_bytes_; }
  /// The block; the builder is empty afterwards.
  std::string finish();

 private:
  std::uint64_t place_of(std::string_view text);

  std::string arena_;                                       // the texts, one behind the other
  std::vector<std::pair<std::size_t, std::size_t>> texts_;  // where in arena_
  std::vector<std::uint32_t> slots_;                        // open addressing: place + 1; 0: free
  std::string rows_;
  std::size_t events_ = 0;
  std::size_t text_bytes_ = 0;
  std::int64_t before_ns_ = 0;
};

/// Walks over a block. Views are into `plain`.
class BlockReader {
 public:
  BlockReader() = default;
  /// False for what BlockBuilder cannot have made.
  bool open(std::string_view plain);
  [[nodiscard]] std::size_t events() const { return events_; }
  /// False at the end, and for a row that cannot be: `is_broken` tells.
  bool next(EventView& event);
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  std::string_view plain_;
  std::vector<std::string_view> texts_;
  std::size_t at_ = 0;
  std::size_t events_ = 0;
  std::size_t read_ = 0;
  std::int64_t before_ns_ = 0;
  bool is_broken_ = false;
};

}  // namespace lastgood::events
