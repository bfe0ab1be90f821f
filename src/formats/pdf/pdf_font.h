// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which letters the codes of a PDF font stand for (ISO 32000-1, 9.6.6 and 9.10).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/pdf/pdf_pieces.h"

namespace lastgood::formats {

class PdfFont {
 public:
  /// A font nothing is known of: its codes are taken for Windows Latin.
  PdfFont();
  PdfFont(PdfPieces& pieces, base::ByteView dictionary);

  /// Appends what `codes` stand for as UTF-8, with `between` between them; codes without a letter give nothing.
  void append_letters(std::string_view codes, std::string_view between, std::string& out) const;

 private:
  void read_map(std::string_view map);
  void read_differences(base::ByteView differences);

  std::size_t code_bytes_ = 1;
  std::array<char32_t, 256> simple_ = {};
  std::unordered_map<std::uint32_t, std::string> mapped_;  // what the font's own map to Unicode says
};

}  // namespace lastgood::formats
