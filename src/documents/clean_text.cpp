// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/clean_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace lastgood::documents {

namespace {

std::uint32_t code_at(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  if (length == 1) return byte(0);
  std::uint32_t code = byte(0) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (byte(i) & 0x3fU);
  return code;
}

bool turns_direction(std::uint32_t code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f ||
         code == 0x061c;
}

bool is_shown_as_code(std::uint32_t code) {
  return turns_direction(code) || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
         (code & 0xfffeU) == 0xfffeU;
}

void clean(std::string& text) { text = clean_text(text); }
void clean(Runs& runs) {
  for (Run& run : runs) clean(run.text);
}

void clean(Block& block) {
  if (auto* heading = std::get_if<Heading>(&block)) {
    clean(heading->text);
    heading->level = std::clamp(heading->level, 1U, 3U);
  }
  if (auto* paragraph = std::get_if<Paragraph>(&block)) clean(paragraph->runs);
  if (auto* list = std::get_if<List>(&block)) {
    for (Runs& item : list->items) clean(item);
  }
  if (auto* field = std::get_if<Field>(&block)) {
    clean(field->name);
    clean(field->value);
  }
  if (auto* table = std::get_if<Table>(&block)) {
    for (std::string& name : table->header) clean(name);
    for (auto& row : table->rows) {
      row.resize(table->header.size());
      for (Runs& cell : row) clean(cell);
    }
  }
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string cleaned;
  cleaned.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = base::utf8_length_at(text, at);
    if (length == 0) {
      cleaned += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at++]));
      continue;
    }
    const std::uint32_t code = code_at(text, at, length);
    if (code == '\n' || code == '\t' || code == '\r') {
      cleaned += ' ';
    } else if (code < 0x20) {
      cleaned += fmt::format("\\x{:02x}", code);
    } else if (is_shown_as_code(code)) {
      cleaned += fmt::format("<U+{:04X}>", code);
    } else {
      cleaned += text.substr(at, length);
    }
    at += length;
  }
  return cleaned;
}

Document clean_document(Document document) {
  clean(document.title);
  clean(document.note);
  for (Block& block : document.blocks) clean(block);
  return document;
}

}  // namespace lastgood::documents
