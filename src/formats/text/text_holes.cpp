// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_holes.h"

#include "formats/text/text_cells.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_header_bytes = 8;
constexpr std::size_t k_letters_of_any_text = 32;
// The ends of four transactions make sixteen different bytes, and a few more where a server was stopped in the middle.
// A text of as few letters still has words or lines.
constexpr std::size_t k_letters_of_short_text = 8;
constexpr std::uint64_t k_word_bytes_max = 32;

/// A number or a mark that no text begins with, in any encoding of one byte.
bool begins_with_a_header(base::ByteView head) {
  std::size_t controls = 0, high = 0;
  for (const std::uint8_t byte : head.part(0, k_header_bytes)) {
    controls += is_hard_control(byte) ? 1U : 0U;
    high += byte >> 7;
  }
  return controls != 0 && high != 0;
}

}  // namespace

void TextAroundHoles::look_at(base::ByteView piece, std::uint64_t offset) {
  if (offset == 0) begins_binary_ = begins_with_a_header(piece);
  for (const std::uint8_t byte : piece) {
    if (byte == 0) continue;
    ++solid_bytes_;
    if (byte < 0x80 && !is_ascii_text(byte)) continue;
    if (byte <= ' ') ++blanks_;
    seen_.set(byte);
    if (seen_.count() >= k_letters_of_any_text) return;
  }
}

bool TextAroundHoles::is_text() const {
  if (begins_binary_) return false;
  return seen_.count() >= k_letters_of_any_text ||
         (seen_.count() >= k_letters_of_short_text && blanks_ * k_word_bytes_max >= solid_bytes_);
}

}  // namespace lastgood::formats
