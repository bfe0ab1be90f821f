// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/mp3/mp3_tags.h"

#include <algorithm>

namespace lastgood::formats {

namespace {
using base::ByteView;
using namespace std::string_view_literals;
}  // namespace

std::uint64_t id3v2_bytes(ByteView bytes) {
  if (!bytes.matches(0, "ID3"sv) || bytes.u8(3) > 4 || bytes.u8(3) < 2) return 0;
  std::uint64_t length = 0;
  for (std::uint64_t i = 6; i < 10; ++i) {
    if (bytes.u8(i) >= 0x80) return 0;
    length = length << 7U | bytes.u8(i);
  }
  const bool has_footer = (bytes.u8(5) & 0x10U) != 0;
  return 10 + length + (has_footer ? 10 : 0);
}

std::uint64_t find_closing_tags(const WalkInput& input, std::uint64_t from) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - tail.size();
  std::uint64_t left = tail.size();  // of the tail, before the tags found so far
  for (int tags = 0; tags < 4; ++tags) {
    const std::uint64_t before = left;
    if (left >= 128 && tail.matches(left - 128, "TAG"sv)) left -= 128;
    if (left >= 227 && tail.matches(left - 227, "TAG+"sv)) left -= 227;
    if (left >= 32 && tail.matches(left - 32, "APETAGEX"sv)) {
      const std::uint64_t has_header = tail.le32(left - 12) >> 31U;
      const std::uint64_t length = std::uint64_t{tail.le32(left - 20)} + has_header * 32;
      // A tag with a cover picture may be longer than what is at hand; then it reaches as far as it says.
      if (length > left) return std::max(from, tail_from + left - std::min(tail_from + left, length));
      left -= length;
    }
    if (left >= 15 && tail.matches(left - 9, "LYRICS200"sv)) {
      std::uint64_t length = 15;
      std::uint64_t number = 0;
      for (std::uint64_t i = left - 15; i < left - 9; ++i)
        number = number * 10 + (tail.u8(i) - std::uint64_t{'0'}) % 10;
      length += number;
      if (length <= left) left -= length;
    }
    if (left == before) break;
  }
  return std::max(from, tail_from + left);
}

}  // namespace lastgood::formats
