// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An event as bytes: the form in which events are sorted and spilled, and the rows of event files. Private to events/.
//
//   varints: zigzag(at_ns), flags (basis, kind, succeeded), port, to_port, bytes_out, offset_bytes
//   then the nine texts, each its length as a varint and its bytes (spill) or its place in the block's list (file)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"
#include "model/event.h"

namespace lastgood::events {

inline constexpr std::size_t k_text_count = 9;
/// Longer texts of an event are cut.
inline constexpr std::size_t k_text_bytes_max = 64 * 1024;

/// Numbers of an event with its texts as views.
struct EventView {
  std::int64_t at_ns = 0;
  std::uint8_t basis = 0;
  std::uint8_t kind = 0;
  bool succeeded = true;
  std::uint16_t port = 0;
  std::uint16_t to_port = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t offset_bytes = 0;
  std::array<std::string_view, k_text_count> texts;
};

EventView view_of(const model::Event& event);
/// REQUIRES: basis and kind are in range, as `take_numbers` has checked.
void copy_into(const EventView& view, model::Event& event);

void put_varint(std::string& out, std::uint64_t value);
/// Reads from `at` on and moves it; nothing behind the end or for more than 64 bits.
std::optional<std::uint64_t> take_varint(std::string_view bytes, std::size_t& at);

void put_numbers(std::string& out, const EventView& view, std::int64_t before_ns);
/// Everything is checked: false for anything that `put_numbers` cannot have written.
bool take_numbers(std::string_view bytes, std::size_t& at, std::int64_t before_ns, EventView& view);

/// The whole event with its texts.
void put_packed(std::string& out, const EventView& view);
bool take_packed(std::string_view bytes, std::size_t& at, EventView& view);

}  // namespace lastgood::events
