// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/ransom_note.h"

#include <algorithm>
#include <array>

#include "indicators/find_contacts.h"

namespace lastgood::indicators {

namespace {

constexpr std::size_t k_note_bytes_max = 256 * 1024;

std::string fold(base::ByteView text) {
  std::string out;
  out.reserve(text.size());
  for (const std::uint8_t byte : text) {
    if (byte == 0) continue;  // UTF-16 text of Latin letters
    out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
  }
  return out;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

bool may_be_note(base::ByteView text, std::string_view /*name*/) {
  return text.size() >= 40 && text.size() <= k_note_bytes_max && (text.find("crypt") != base::ByteView::npos || text.find("CRYPT") != base::ByteView::npos || text.find("c\0r\0y\0p") != base::ByteView::npos);
}

std::vector<std::string> find_note_signs(base::ByteView text, std::string_view /*name*/) {
  const std::string folded = fold(text);
  std::vector<std::string> signs;
  const std::vector<Contact> contacts = find_contacts(base::ByteView(std::string_view(folded)), 0, 4);
  if (!contacts.empty()) signs.push_back("names a contact: " + contacts.front().value);
  if (has_any(folded, {"encrypted", "encryption", "decrypt"})) signs.emplace_back("speaks of encryption");
  if (has_any(folded, {"your files", "your network", "your data", "your documents", "all files", "your company"})) signs.emplace_back("addresses the owner of files");
  if (has_any(folded, {"bitcoin", "payment", " pay ", "recover", "restore your", "leak", "publish"})) signs.emplace_back("demands payment or threatens to publish");
  if (signs.size() < 4) signs.clear();
  return signs;
}

}  // namespace lastgood::indicators
