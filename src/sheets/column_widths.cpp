// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/column_widths.h"

#include <algorithm>
#include <numeric>

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_rows_looked_at = 400;
constexpr double k_short = 12;  // characters that are never broken for others' sake
constexpr double k_long = 32;   // more than these need lines, not width

double longest_word(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    longest = std::max(longest, count_characters(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return static_cast<double>(longest);
}

/// What nine of ten cells of a column need at most.
double usual_length(const PreparedSheet& sheet, std::size_t column) {
  std::vector<std::size_t> lengths;
  for (const Packet& packet : sheet.packets) {
    for (const Row& row : packet.rows) {
      if (lengths.size() >= k_rows_looked_at) break;
      lengths.push_back(count_characters(row.cells[column]));
    }
  }
  if (lengths.empty()) return 8;
  const auto ninth = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 9 / 10);
  std::nth_element(lengths.begin(), ninth, lengths.end());
  return static_cast<double>(*ninth);
}

/// "W-0001", or "W-0001/2" of a block that is used up: no number is broken over two lines.
double longest_blank_number(const PreparedSheet& sheet) {
  std::size_t longest = 6;
  for (const Packet& packet : sheet.packets) {
    for (const Row& row : packet.blank_rows)
      if (!row.cells.empty()) longest = std::max(longest, count_characters(row.cells.front()));
  }
  return static_cast<double>(longest);
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::vector<double> column_widths(const PreparedSheet& sheet, std::size_t columns, double line, double character) {
  std::vector<double> wants;
  for (std::size_t i = 0; i < columns; ++i) {
    // The number of a blank row is written bold.
    const double least = std::max(longest_word(sheet.columns[i]) + 2, i == 0 ? longest_blank_number(sheet) + 2 : 4.0);
    wants.push_back(std::clamp(usual_length(sheet, i) + 1.5, std::min(least, k_long), k_long) * character);
  }
  const double all = std::accumulate(wants.begin(), wants.end(), 0.0);
  if (all <= 0) return wants;
  if (all > line) {
    double fixed = 0;
    double shared = 0;
    for (const double want : wants) (want <= k_short * character ? fixed : shared) += want;
    if (shared > 0 && line - fixed >= shared / 3) {
      for (double& want : wants) {
        if (want > k_short * character) want *= (line - fixed) / shared;
      }
      return wants;
    }
  }
  // The first is what a row is known by, a patient's number: it is broken last.
  const bool keeps_first = columns > 1 && all > line && wants[0] <= k_short * character && wants[0] < line / 4;
  const double kept = keeps_first ? wants[0] : 0;
  for (std::size_t i = keeps_first ? 1 : 0; i < wants.size(); ++i) wants[i] *= (line - kept) / (all - kept);
  return wants;
}

}  // namespace lastgood::sheets
