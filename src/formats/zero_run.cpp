// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/zero_run.h"

#include <algorithm>

namespace lastgood::formats {

std::uint64_t zero_run_bytes(WalkInput& input, std::uint64_t from, std::uint64_t bytes_max) {
  if (from >= input.size_bytes()) return 0;
  const std::uint64_t to = from + std::min(bytes_max, input.size_bytes() - from);
  std::uint64_t at = from;
  while (at < to && input.may_continue()) {
    const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(64 * 1024, to - at));
    const base::ByteView piece = input.at(at, wish);
    if (piece.empty()) break;
    const auto* other = std::find_if(piece.begin(), piece.end(), [](std::uint8_t byte) { return byte != 0; });
    if (other != piece.end()) return at - from + static_cast<std::uint64_t>(other - piece.begin());
    at = std::max(at + piece.size(), std::min(to, input.next_data(at + piece.size())));
  }
  return std::min(at, to) - from;
}

}  // namespace lastgood::formats
