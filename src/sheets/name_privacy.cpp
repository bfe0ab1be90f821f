// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/name_privacy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "base/letters.h"
#include "base/utf8.h"

namespace lastgood::sheets {

namespace {

using base::lower;

std::uint32_t code_of(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i])); };
  if (character.size() == 1) return byte(0);
  std::uint32_t code = byte(0) & (0x7fU >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) code = (code << 6U) | (byte(i) & 0x3fU);
  return code;
}

/// Marks that belong to the character before them. The blocks of India, U+0900 to U+0DFF, place them alike.
bool is_mark(std::uint32_t code) {
  if ((code >= 0x300 && code <= 0x36f) || code == 0x200c || code == 0x200d || code == 0x70f) return true;
  if (code < 0x900 || code > 0xdff) return false;
  const std::uint32_t place = code & 0x7fU;
  return place <= 0x03 || place == 0x3a || place == 0x3b || place == 0x3c || (place >= 0x3e && place <= 0x4f) ||
         (place >= 0x55 && place <= 0x57) || place == 0x62 || place == 0x63;
}

std::string_view first_character(std::string_view word) {
  std::size_t end = base::utf8_length_at(word, 0);
  if (end == 0) return word.substr(0, 1);
  while (end < word.size()) {
    const std::size_t next = base::utf8_length_at(word, end);
    if (next == 0 || !is_mark(code_of(word.substr(end, next)))) break;
    end += next;
  }
  return word.substr(0, end);
}

}  // namespace

std::string short_name(std::string_view name) {
  std::string out;
  std::size_t at = 0;
  while (at < name.size()) {
    const std::size_t end = std::min(name.find(' ', at), name.size());
    if (end > at) {
      const std::string_view word = name.substr(at, end - at);
      if (out.empty()) {
        out = word;
      } else {
        out += ' ';
        out += first_character(word);
        out += '.';
      }
    }
    at = end + 1;
  }
  return out;
}

bool is_name_column(std::string_view column) {
  const std::string name = lower(column);
  static constexpr std::array<std::string_view, 7> k_names = {"name",     "patient",     "surname", "firstname",
                                                              "lastname", "second_name", "relative"};
  if (std::find(k_names.begin(), k_names.end(), name) != k_names.end()) return true;
  // "name_local", "name_hi": the same name in another script.
  return name.ends_with("name") || name.ends_with("naam") || name.starts_with("name_") || name.starts_with("name ");
}

bool is_number_column(std::string_view column) {
  const std::string name = lower(column);
  static constexpr std::array<std::string_view, 11> k_names = {
      "uhid", "mrn",   "patient_no", "patient_number", "patient_id",  "hospital_no",
      "crno", "cr_no", "pat_id",     "patno",          "patient code"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

}  // namespace lastgood::sheets
