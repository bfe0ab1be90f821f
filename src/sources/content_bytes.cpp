// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/content_bytes.h"

#include <algorithm>

namespace lastgood::sources {

/// The last piece that begins at or before `offset_bytes`. REQUIRES: the content has pieces.
std::size_t ContentBytes::piece_at(std::uint64_t offset_bytes) const {
  std::size_t low = 0;
  std::size_t high = content_->piece_count();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (content_->piece(middle).offset_bytes <= offset_bytes ? low : high) = middle;
  }
  return low;
}

base::Result<const ContentBytes::Kept*> ContentBytes::keep_piece(std::size_t index) {
  ++uses_;
  for (Kept& kept : kept_) {
    if (kept.index != index) continue;
    kept.last_use = uses_;
    return &kept;
  }
  Kept& oldest = *std::min_element(kept_.begin(), kept_.end(),
                                   [](const Kept& a, const Kept& b) { return a.last_use < b.last_use; });
  oldest.index = SIZE_MAX;
  LG_TRY(content_->read_piece(index, oldest.bytes));
  oldest.index = index;
  oldest.last_use = uses_;
  return &oldest;
}

base::Result<std::size_t> ContentBytes::read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  const std::uint64_t size = size_bytes();
  while (done < into.size() && offset_bytes + done < size) {
    const std::uint64_t at = offset_bytes + done;
    const std::size_t index = piece_at(at);
    const std::uint64_t within = at - content_->piece(index).offset_bytes;
    LG_ASSIGN(const Kept* kept, keep_piece(index));
    if (within >= kept->bytes.size()) break;
    const std::size_t length = std::min<std::size_t>(into.size() - done, kept->bytes.size() - within);
    std::copy_n(kept->bytes.begin() + static_cast<std::ptrdiff_t>(within), length,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    done += length;
  }
  return done;
}

}  // namespace lastgood::sources
