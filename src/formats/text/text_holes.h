// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether what stands around blocks of zeros is a text at all. A crash and an eraser leave zeros in a text; but zeros
// belong into PostgreSQL's pg_xact/NNNN (two bits for each transaction: 'U' again and again) and into MariaDB's
// aria_log.NNNNNNNN (a binary header, then rows): both are text byte by byte, and healthy.
#pragma once

#include <bitset>
#include <cstdint>

#include "base/byte_view.h"

namespace lastgood::formats {

class TextAroundHoles {
 public:
  /// `piece` of the content, which begins with the content's first byte when `offset` is 0. Asks no more of a piece
  /// than is needed to know.
  void look_at(base::ByteView piece, std::uint64_t offset);
  /// Words or lines, and a beginning that a text can have.
  [[nodiscard]] bool is_text() const;

 private:
  std::bitset<256> seen_;  // letters and blanks of any encoding of one byte
  std::uint64_t solid_bytes_ = 0;
  std::uint64_t blanks_ = 0;  // between words and lines
  bool begins_binary_ = false;
};

}  // namespace lastgood::formats
