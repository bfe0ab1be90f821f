// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/code_pages.h"

#include "base/utf8.h"

namespace lastgood::indicators {

const CodePage& find_code_page(unsigned number) {
  constexpr unsigned k_windows_latin = 1252;
  const CodePage* latin = &k_code_pages.front();
  for (const CodePage& page : k_code_pages) {
    if (page.number == number) return page;
    if (page.number == k_windows_latin) latin = &page;
  }
  return *latin;
}

void append_letter(const CodePage& page, std::uint8_t byte, std::string& utf8) {
  base::append_utf8(utf8, byte < 0x80 ? byte : page.letters.at(byte - 0x80U));
}

std::string decode(const CodePage& page, std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) append_letter(page, static_cast<std::uint8_t>(byte), out);
  return out;
}

}  // namespace lastgood::indicators
