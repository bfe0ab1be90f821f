// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One box (atom) of the ISO base media format (ISO/IEC 14496-12, section 4.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// A box type as a number, so that it can stand in a switch.
constexpr std::uint32_t box_type(const char (&name)[5]) {
  std::uint32_t type = 0;
  for (int i = 0; i < 4; ++i) type = type << 8U | static_cast<std::uint8_t>(name[i]);
  return type;
}

struct IsoBox {
  std::uint32_t type = 0;
  std::uint64_t from = 0;     // of its header
  std::uint64_t payload = 0;  // where its payload begins
  std::uint64_t end = 0;
};

/// What stands where a box should.
struct IsoBoxRead {
  std::optional<IsoBox> box;
  bool is_too_long = false;  // a header that is one but for its length, which goes beyond `limit`
  std::uint32_t type = 0;
};

/// Reads the box at `at`, which must end at `limit` at the latest. A length of zero means: up to `limit`.
IsoBoxRead read_iso_box(WalkInput& input, std::uint64_t at, std::uint64_t limit);

std::string printable_box_type(std::uint32_t type);

}  // namespace lastgood::formats
