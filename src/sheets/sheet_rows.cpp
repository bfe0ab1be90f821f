// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/sheet_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "base/near_miss.h"
#include "documents/clean_text.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_column_name_bytes_max = 120;
constexpr std::string_view k_cut = " ... (cut)";

/// The beginning, never half a character.
std::string_view beginning_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  // Bytes that are no UTF-8 at all have no characters to keep whole.
  return text.substr(0, end == 0 ? bytes_max : end);
}

}  // namespace

void RowCollector::on_columns(std::span<const std::string> names) {
  columns_given_ = names.size();
  for (const std::string& name : names.first(std::min(names.size(), k_columns_max)))
    rows_.columns.push_back(documents::clean_text(beginning_of(name, k_column_name_bytes_max)));
}

bool RowCollector::on_row(std::span<const std::optional<std::string_view>> values) {
  if (full_ != Full::no) return false;
  if (rows_.rows.size() >= rows_max_) {
    full_ = Full::rows;
    return false;
  }
  std::vector<std::string> row(rows_.columns.size());
  for (std::size_t i = 0; i < row.size() && i < values.size(); ++i) {
    if (!values[i]) continue;
    const std::string_view kept = beginning_of(*values[i], k_cell_bytes_max);
    row[i] = documents::clean_text(kept);
    if (kept.size() < values[i]->size()) {
      row[i] += k_cut;
      rows_.cut.emplace_back(rows_.rows.size(), i);
    }
    bytes_ += row[i].size();
  }
  if (bytes_ > k_answer_bytes_max) {
    full_ = Full::bytes;
    return false;
  }
  rows_.rows.push_back(std::move(row));
  return true;
}

SheetRows RowCollector::take() {
  const std::size_t count = rows_.rows.size();
  const std::string here = count == 1 ? std::string("only the first row is")
                                      : fmt::format("only the first {} rows are", base::human_count(count));
  if (full_ == Full::rows) rows_.missing.push_back(fmt::format("{} here: the answer has more", here));
  if (full_ == Full::bytes)
    rows_.missing.push_back(
        fmt::format("{} here: the answer is larger than {}", here, base::human_bytes(k_answer_bytes_max)));
  if (columns_given_ > k_columns_max)
    rows_.missing.push_back(fmt::format("only {} of {} columns are here", k_columns_max, columns_given_));
  // The last row may not have been taken.
  while (!rows_.cut.empty() && rows_.cut.back().first >= rows_.rows.size()) rows_.cut.pop_back();
  if (!rows_.cut.empty()) rows_.shortened.push_back(words_of_cut(rows_.cut.size()));
  return std::move(rows_);
}

namespace {

/// Where the first letter is that a page does not hold.
std::size_t end_on_page(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
    if (begins && ++letters > k_page_letters_max) return i;
  }
  return text.size();
}

}  // namespace

bool fits_page(std::string_view text) {
  return text.size() <= k_page_letters_max || end_on_page(text) == text.size() ||
         text.size() - end_on_page(text) <= k_cut.size();
}

std::string cut_for_page(std::string_view text) {
  return std::string(text.substr(0, end_on_page(text))) + std::string(k_cut);
}

std::string words_of_cut(std::uint64_t cells) {
  return fmt::format("{} cut, marked '... (cut)'",
                     cells == 1 ? "1 long text is" : base::human_count(cells) + " long texts are");
}

std::string no_such_column(const std::vector<std::string>& names, const std::string& name) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = base::find_near_miss(name, known);
  return fmt::format("the answer has no column '{}'{}", documents::clean_text(name),
                     near.empty() ? std::string() : fmt::format(" (there is '{}')", near));
}

bool has_column(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace lastgood::sheets
