// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_lines.h"

namespace lastgood::formats {

void LineReader::take(std::string_view text, std::uint64_t offset) {
  if (!has_carry_) {
    carry_offset_ = offset;
    has_carry_ = true;
  }
  if (carry_.size() < k_line_bytes_max) carry_.append(text.substr(0, k_line_bytes_max - carry_.size()));
}

void LineReader::read(base::ByteView piece, std::uint64_t offset, std::size_t unit) {
  const std::string_view text = piece.text();
  std::size_t at = 0;
  while (at < text.size()) {
    if (after_return_ && text[at] == '\n') ++at;
    after_return_ = false;
    if (at >= text.size()) return;
    const std::size_t end = text.find_first_of("\r\n", at);
    if (end == std::string_view::npos) {
      take(text.substr(at), offset + at * unit);
      return;
    }
    const std::string_view rest = text.substr(at, end - at);
    if (has_carry_) {
      take(rest, offset + at * unit);
      line(carry_, carry_offset_);
      carry_.clear();
      has_carry_ = false;
    } else {
      line(rest.substr(0, k_line_bytes_max), offset + at * unit);
    }
    after_return_ = text[end] == '\r';
    at = end + 1;
  }
}

void LineReader::finish() {
  if (!has_carry_) return;
  line(carry_, carry_offset_);
  carry_.clear();
  has_carry_ = false;
}

}  // namespace lastgood::formats
