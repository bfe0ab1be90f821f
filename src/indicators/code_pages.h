// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text in the 8-bit encodings that Windows, DOS and Unix wrote before UTF-8.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::indicators {

struct CodePage {
  unsigned number = 0;  // as Microsoft counts them, and as RTF names them
  std::array<char16_t, 128> letters = {};
};

extern const std::array<CodePage, 7> k_code_pages;

/// The page of this number; Windows Latin when it is another.
const CodePage& find_code_page(unsigned number);

void append_letter(const CodePage& page, std::uint8_t byte, std::string& utf8);

std::string decode(const CodePage& page, std::string_view bytes);

}  // namespace lastgood::indicators
