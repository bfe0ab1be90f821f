// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/isobmff/isobmff_box.h"

#include "base/error.h"

namespace lastgood::formats {

namespace {

/// Printable, or the copyright sign of QuickTime's user data.
bool is_type(std::uint32_t type) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const std::uint32_t letter = type >> shift & 0xFFU;
    if ((letter < 0x20 || letter > 0x7E) && letter != 0xA9) return false;
  }
  return true;
}

}  // namespace

IsoBoxRead read_iso_box(WalkInput& input, std::uint64_t at, std::uint64_t limit) {
  IsoBoxRead read;
  const base::ByteView header = input.at(at, 16);
  if (limit < at || limit - at < 8 || header.size() < 8 || !is_type(header.be32(4))) return read;
  IsoBox box{.type = header.be32(4), .from = at, .payload = at + 8, .end = limit};
  read.type = box.type;
  std::uint64_t length = header.be32(0);
  if (length == 1) {
    length = header.be64(8);
    box.payload = at + 16;
    if (length < 16) return read;
  } else if (length == 0) {
    read.box = box;
    return read;
  } else if (length < 8) {
    return read;
  }
  if (length > limit - at) {
    read.is_too_long = true;
    return read;
  }
  box.end = at + length;
  read.box = box;
  return read;
}

std::string printable_box_type(std::uint32_t type) {
  std::string name;
  for (unsigned shift = 32; shift > 0; shift -= 8) name.push_back(static_cast<char>(type >> (shift - 8) & 0xFFU));
  return base::printable(name);
}

}  // namespace lastgood::formats
