// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a text's own bytes are like, learned from the text itself, and which cells are not like them.
//
// Problem: in a file of Windows-1251, ISCII or GBK text every byte above 0x7F is normal, in a file of ASCII none is; a
// fixed table cannot know. Idea: a cell is scored by how much likelier its bytes are under "every value equally often"
// (ciphertext) than under the byte frequencies of the rest of the file. Cost: one pass more, for contents that are
// not plain ASCII or UTF-8 alone.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_view.h"
#include "formats/text/text_cells.h"

namespace lastgood::formats {

using ByteHistogram = std::array<std::uint64_t, 256>;

enum class TextEncoding : std::uint8_t { ascii, utf8, eight_bit, utf16le, utf16be, utf32le, utf32be };

/// Bytes of one code unit: 1, 2 or 4.
std::size_t unit_bytes(TextEncoding encoding);
std::string_view name_of(TextEncoding encoding);

/// Scores are in sixteenths of a bit for one byte; above zero speaks for ciphertext.
class TextModel {
 public:
  TextModel();

  /// Counts the bytes of `cell`; `offset` is its place in the content.
  void learn(base::ByteView cell, std::uint64_t offset, TextEncoding encoding);
  /// Makes scores out of what was learned since the last call.
  void settle();
  [[nodiscard]] std::int32_t score(base::ByteView cell, std::uint64_t offset, TextEncoding encoding) const;

 private:
  static constexpr std::size_t k_phases = 4;
  std::array<std::array<std::uint32_t, 256>, k_phases> counts_{};
  std::array<std::array<std::int16_t, 256>, k_phases> scores_{};
};

/// In units of the model: a cell above it is foreign to the text, one above k_grey_score may belong to foreign
/// neighbours.
inline constexpr std::int32_t k_foreign_score = 8 * 16;
inline constexpr std::int32_t k_grey_score = -8 * 16;

/// True when bytes counted like this may be ciphertext: as many high bytes and controls as chance gives, no value
/// often. Fewer than 24 bytes never do.
bool looks_random(const ByteHistogram& counts);

/// Share of control bytes no text needs, NUL included; 0 to 1.
double control_share(const ByteHistogram& counts);

}  // namespace lastgood::formats
