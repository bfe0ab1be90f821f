// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/shell_word.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::cli {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._-+:@%=,").find(c) != std::string_view::npos;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string word;
  if (base::printable(text) == text) {
    for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return "'" + word + "'";
  }
  for (const char c : text) {
    if (c == '\'' || c == '\\') {
      word += fmt::format("\\{}", c);
    } else if (is_control(c) || static_cast<unsigned char>(c) >= 0x80) {
      word += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      word += c;
    }
  }
  return "$'" + word + "'";
}

}  // namespace lastgood::cli
