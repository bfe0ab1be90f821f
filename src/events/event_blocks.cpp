// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "events/event_blocks.h"

#include <xxhash.h>

#include <algorithm>

#include "events/event_file.h"

namespace lastgood::events {

namespace {

constexpr std::size_t k_slots_min = 1024;

}  // namespace

std::uint64_t BlockBuilder::place_of(std::string_view text) {
  // At most half full.
  if ((texts_.size() + 1) * 2 > slots_.size()) {
    slots_.assign(std::max(k_slots_min, slots_.size() * 2), 0);
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const auto [from, length] = texts_[i];
      std::size_t slot = XXH3_64bits(arena_.data() + from, length) & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }
  std::size_t slot = XXH3_64bits(text.data(), text.size()) & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const auto [from, length] = texts_[slots_[slot] - 1];
    if (std::string_view(arena_).substr(from, length) == text) return slots_[slot] - 1;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  texts_.emplace_back(arena_.size(), text.size());
  arena_ += text;
  text_bytes_ += text.size() + 3;
  slots_[slot] = static_cast<std::uint32_t>(texts_.size());
  return texts_.size() - 1;
}

void BlockBuilder::add(const EventView& event) {
  put_numbers(rows_, event, before_ns_);
  before_ns_ = event.at_ns;
  for (const std::string_view text : event.texts) put_varint(rows_, text.empty() ? 0 : place_of(text) + 1);
  ++events_;
}

std::string BlockBuilder::finish() {
  std::string block;
  block.reserve(arena_.size() + rows_.size() + texts_.size() * 3 + 16);
  put_varint(block, texts_.size());
  for (const auto& [from, length] : texts_) put_varint(block, length);
  block += arena_;
  put_varint(block, events_);
  block += rows_;
  arena_.clear();
  texts_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
  rows_.clear();
  events_ = 0;
  text_bytes_ = 0;
  before_ns_ = 0;
  return block;
}

bool BlockReader::open(std::string_view plain) {
  plain_ = plain;
  at_ = 0;
  read_ = 0;
  before_ns_ = 0;
  is_broken_ = true;
  texts_.clear();
  const auto count = take_varint(plain_, at_);
  if (!count || *count > plain_.size()) return false;
  std::vector<std::size_t> lengths;
  lengths.reserve(static_cast<std::size_t>(*count));
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto length = take_varint(plain_, at_);
    if (!length || *length > k_text_bytes_max) return false;
    lengths.push_back(static_cast<std::size_t>(*length));
  }
  texts_.reserve(lengths.size());
  for (const std::size_t length : lengths) {
    if (length > plain_.size() - at_) return false;
    texts_.push_back(plain_.substr(at_, length));
    at_ += length;
  }
  const auto events = take_varint(plain_, at_);
  if (!events || *events > k_block_events) return false;
  events_ = static_cast<std::size_t>(*events);
  is_broken_ = false;
  return true;
}

bool BlockReader::next(EventView& event) {
  if (is_broken_) return false;
  if (read_ == events_) {
    is_broken_ = at_ != plain_.size();
    return false;
  }
  is_broken_ = true;
  if (!take_numbers(plain_, at_, before_ns_, event)) return false;
  if (read_ > 0 && event.at_ns < before_ns_) return false;  // not sorted
  before_ns_ = event.at_ns;
  for (std::string_view& text : event.texts) {
    const auto place = take_varint(plain_, at_);
    if (!place || *place > texts_.size()) return false;
    text = *place == 0 ? std::string_view() : texts_[static_cast<std::size_t>(*place - 1)];
  }
  ++read_;
  is_broken_ = false;
  return true;
}

}  // namespace lastgood::events
