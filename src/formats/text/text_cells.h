// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text cut into cells of 16 bytes, the smallest unit any documented attack encrypts, and what stands in one cell.
#pragma once

#include <cstdint>
#include <span>

#include "base/byte_view.h"

namespace lastgood::formats {

inline constexpr std::size_t k_cell_bytes = 16;

/// Length of the longest prefix of `bytes` that is nothing but printable ASCII and white space, rounded down to whole
/// cells. Runs at memory speed, hence the span.
std::size_t plain_ascii_prefix_bytes(std::span<const std::uint8_t> bytes);

/// Length of the longest prefix of whole cells that are nothing but zeros: holes are skipped at memory speed.
std::size_t zero_prefix_bytes(std::span<const std::uint8_t> bytes);

/// Controls that text files do hold: backspace and vertical tab (overstrikes, HL7), white space, escape.
constexpr bool is_text_control(std::uint8_t byte) { return (byte >= 0x08 && byte <= 0x0D) || byte == 0x1B; }
/// Controls that no text needs, NUL aside: random bytes hold one in ten.
constexpr bool is_hard_control(std::uint8_t byte) {
  return (byte < 0x20 && byte != 0 && !is_text_control(byte)) || byte == 0x7F;
}
/// Printable ASCII and the controls above.
constexpr bool is_ascii_text(std::uint8_t byte) { return (byte >= 0x20 && byte < 0x7F) || is_text_control(byte); }

struct CellFacts {
  std::uint32_t bad_high = 0;         // bytes above 0x7F that are no part of well-formed UTF-8
  std::uint32_t multibyte = 0;        // bytes above 0x7F that are
  std::uint32_t long_characters = 0;  // characters of three and four bytes among them: chance makes few
  std::uint32_t hard_controls = 0;
  std::uint32_t nuls = 0;
  [[nodiscard]] bool is_marked() const { return bad_high + hard_controls + nuls != 0; }
};

/// Reads cell after cell of one piece as UTF-8. A piece may begin and end in the middle of a character.
class CellReader {
 public:
  explicit CellReader(base::ByteView piece) : piece_(piece) {}
  /// REQUIRES: `from` is not below the end of the cell read before.
  CellFacts read(std::size_t from, std::size_t length);

 private:
  base::ByteView piece_;
  std::size_t next_ = 0;  // where the next character begins; may lie behind the cell read last
};

}  // namespace lastgood::formats
