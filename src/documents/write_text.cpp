// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Plain text: a paragraph is one line, so that it can be searched; a row of a table is one line, too.
#include <algorithm>

#include "base/utf8.h"
#include "documents/writers.h"

namespace lastgood::documents {

namespace {

std::string text_of(const Runs& runs) {
  std::string text;
  for (const Run& run : runs) text += run.text;
  return text;
}

std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += std::max<std::size_t>(1, base::utf8_length_at(text, at));
  return count;
}

constexpr std::size_t k_table_width_max = 130;

/// What is too wide for columns: each cell on a line of its own, under its column's name.
void append_rows_one_by_one(std::string& out, const std::vector<std::vector<std::string>>& lines) {
  for (std::size_t row = 1; row < lines.size(); ++row) {
    for (std::size_t i = 0; i < lines[row].size(); ++i) {
      if (lines[row][i].empty()) continue;
      out += (i == 0 ? "* " : "  ") + lines[0][i] + ": " + lines[row][i] + "\n";
    }
  }
  out += "\n";
}

/// Columns as wide as their longest cell, up to a limit: one long cell shall not push all others off the page.
void append_table(std::string& out, const Table& table) {
  constexpr std::size_t k_pad_max = 40;
  std::vector<std::vector<std::string>> lines = {table.header};
  for (const auto& row : table.rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const Runs& cell : row) line.push_back(text_of(cell));
  }
  std::vector<std::size_t> widths(table.header.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], std::min(letters(line[i]), k_pad_max));
  }
  std::size_t whole = 0;
  for (const auto& line : lines) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < line.size(); ++i) width += std::max(letters(line[i]), widths[i]) + 2;
    whole = std::max(whole, width);
  }
  if (whole > k_table_width_max) return append_rows_one_by_one(out, lines);
  for (const auto& line : lines) {
    std::string shown;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::size_t width = letters(line[i]);
      shown += line[i] + std::string(width < widths[i] ? widths[i] - width + 2 : 2, ' ');
    }
    shown.erase(shown.find_last_not_of(' ') + 1);
    out += shown + "\n";
  }
  out += "\n";
}

void append_block(std::string& out, const Block& block) {
  if (const auto* heading = std::get_if<Heading>(&block)) {
    const char line = heading->level == 1 ? '=' : '-';
    out += "\n" + heading->text + "\n" + std::string(std::min<std::size_t>(letters(heading->text), 100), line) + "\n\n";
  }
  if (const auto* paragraph = std::get_if<Paragraph>(&block)) out += text_of(paragraph->runs) + "\n\n";
  if (const auto* list = std::get_if<List>(&block)) {
    for (std::size_t i = 0; i < list->items.size(); ++i) out += mark_of(*list, i) + text_of(list->items[i]) + "\n";
    out += "\n";
  }
  if (const auto* field = std::get_if<Field>(&block)) out += field->name + ": " + text_of(value_of(*field)) + "\n";
  if (const auto* table = std::get_if<Table>(&block)) append_table(out, *table);
  if (std::holds_alternative<PageBreak>(block)) out += "\f";
}

}  // namespace

std::string write_text(const Document& document) {
  std::string out = document.title + "\n";
  if (!document.note.empty()) out += "[" + document.note + "]\n";
  out += "\n";
  for (const Block& block : document.blocks) append_block(out, block);
  return out;
}

}  // namespace lastgood::documents
