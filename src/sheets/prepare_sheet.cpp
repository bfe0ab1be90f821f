// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/prepare_sheet.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/letters.h"
#include "documents/clean_text.h"
#include "sheets/name_privacy.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_code_bytes_max = 60;

std::optional<std::size_t> find_column(const std::vector<std::string>& columns, const std::string& name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

/// Which columns are printed, by their place in the answer.
std::vector<std::size_t> chosen_columns(const services::Sheet& sheet, const SheetRows& rows,
                                        std::vector<std::string>& notes) {
  std::vector<std::size_t> chosen;
  if (sheet.columns.empty()) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i) chosen.push_back(i);
    return chosen;
  }
  for (const std::string& name : sheet.columns) {
    if (const auto found = find_column(rows.columns, name)) {
      chosen.push_back(*found);
    } else {
      notes.push_back(no_such_column(rows.columns, name));
    }
  }
  return chosen;
}

/// Which columns of the answer hold names, by what the sheet says; where it says nothing, or names one that the answer
/// does not have, also those that look like it: a word that was mistyped must not show what it was to hide.
std::vector<bool> find_names(const services::Sheet& sheet, const SheetRows& rows, std::vector<std::string>& notes) {
  bool is_guessed = sheet.name_columns.empty();
  for (const std::string& name : sheet.name_columns) {
    if (has_column(rows.columns, name)) continue;
    is_guessed = true;
    notes.push_back(no_such_column(rows.columns, name) + ", which is to hold names");
  }
  std::vector<bool> are_names;
  for (const std::string& column : rows.columns)
    are_names.push_back(has_column(sheet.name_columns, column) || (is_guessed && is_name_column(column)));
  if (std::find(are_names.begin(), are_names.end(), true) == are_names.end())
    notes.push_back("no column is known to hold names: none was shortened");
  return are_names;
}

/// Paper has room for so many columns.
void note_unprinted(const std::vector<std::string>& columns, std::vector<std::string>& notes) {
  if (columns.size() <= k_printed_columns_max) return;
  std::string names;
  for (std::size_t i = k_printed_columns_max; i < columns.size(); ++i)
    names += (names.empty() ? "" : ", ") + columns[i];
  notes.insert(notes.begin(), fmt::format("{} more have no room on a page and are in the CSV and JSON forms only: {}",
                                          base::counted(columns.size() - k_printed_columns_max, "column"), names));
}

/// A packet's heading and its file are called by the value: of a person they would say the name in full. A ward's name
/// is none of a person.
bool would_name_persons(const services::Sheet& sheet) {
  if (sheet.privacy == services::Privacy::full) return false;
  const std::string column = base::lower(sheet.group_by);
  const bool is_listed = std::any_of(sheet.name_columns.begin(), sheet.name_columns.end(),
                                     [&](const std::string& name) { return base::lower(name) == column; });
  return is_listed || column == "name" || (is_name_column(column) && column.find("patient") != std::string::npos);
}

/// A row that says whose packet it is and nothing else: of a ward without patients, by a LEFT JOIN.
bool is_bare(const std::vector<std::string>& row, std::size_t by) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != by && !row[i].empty()) return false;
  }
  return row.size() > 1;
}

/// The rows of each packet, in the order of the answer.
std::map<std::string, std::vector<std::size_t>> deal(const services::Sheet& sheet, const SheetRows& rows,
                                                     std::vector<std::string>& notes) {
  std::map<std::string, std::vector<std::size_t>> packets;
  auto by = sheet.group_by.empty() ? std::nullopt : find_column(rows.columns, sheet.group_by);
  if (!sheet.group_by.empty() && !by) {
    notes.push_back(no_such_column(rows.columns, sheet.group_by) + ", to make packets by: all rows are in one");
  }
  if (by && would_name_persons(sheet)) {
    by.reset();
    notes.push_back(fmt::format(
        "packets by '{}' would show names in full, and 'privacy' forbids it: all rows are in one", sheet.group_by));
  }
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    std::string name = by ? rows.rows[i][*by] : std::string();
    const bool is_row = !by || !is_bare(rows.rows[i], *by);
    if (!is_row && name.empty()) continue;
    if (by && name.empty()) name = "(none)";
    std::vector<std::size_t>& packet = packets[name];
    if (is_row) packet.push_back(i);
    if (packets.size() <= k_packets_max) continue;
    notes.push_back(
        fmt::format("'{}' has more than {} values: all rows are in one packet", sheet.group_by, k_packets_max));
    packets.clear();
    for (std::size_t all = 0; all < rows.rows.size(); ++all) {
      if (!is_bare(rows.rows[all], *by)) packets[""].push_back(all);
    }
    break;
  }
  if (packets.empty()) packets[""] = {};
  return packets;
}

std::string words_of(const std::string& column) {
  std::string words = column;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

PreparedSheet begun(const services::Sheet& sheet, const std::string& service_title, Stamp stamp) {
  PreparedSheet out;
  out.id = documents::clean_text(sheet.id);
  out.title = documents::clean_text(sheet.title.empty() ? sheet.id : sheet.title);
  out.service = documents::clean_text(service_title);
  out.audience = documents::clean_text(sheet.audience);
  out.stamp = std::move(stamp);
  out.stamp.stale_after_s = sheet.stale_after_s;
  return out;
}

}  // namespace

std::string row_code(const std::string& sheet_id, const std::string& number) {
  if (number.empty()) return {};
  std::string code = sheet_id + ":" + number;
  return code.size() > k_code_bytes_max ? std::string() : code;
}

PreparedSheet prepare_sheet(const services::Sheet& sheet, const std::string& service_title, SheetRows rows,
                            Stamp stamp) {
  PreparedSheet out = begun(sheet, service_title, std::move(stamp));
  out.notes = std::move(rows.missing);
  const std::set<std::pair<std::size_t, std::size_t>> cut(rows.cut.begin(), rows.cut.end());
  std::vector<std::size_t> chosen = chosen_columns(sheet, rows, out.notes);
  std::optional<std::size_t> number;
  for (std::size_t i = 0; i < rows.columns.size() && !number; ++i) {
    if (is_number_column(rows.columns[i])) number = i;
  }
  std::vector<bool> are_names(rows.columns.size());
  if (sheet.privacy != services::Privacy::full) are_names = find_names(sheet, rows, out.notes);
  if (sheet.privacy == services::Privacy::number_only)
    std::erase_if(chosen, [&](std::size_t i) { return are_names[i]; });
  const auto packets = deal(sheet, rows, out.notes);
  const bool grouped = packets.size() > 1 || !packets.begin()->first.empty();
  if (grouped) {
    out.group_by = words_of(sheet.group_by);
    // The value is in the heading of each page.
    const auto by = find_column(rows.columns, sheet.group_by);
    if (chosen.size() > 1) std::erase_if(chosen, [&](std::size_t i) { return i == *by; });
  }
  for (const std::size_t i : chosen) out.columns.push_back(words_of(rows.columns[i]));
  note_unprinted(out.columns, out.notes);
  std::uint64_t cut_on_pages = 0;
  for (const auto& [name, members] : packets) {
    Packet packet;
    packet.name = name;
    for (const std::size_t member : members) {
      Row row;
      for (const std::size_t i : chosen) {
        const bool is_cut = cut.contains({member, i}) || !fits_page(rows.rows[member][i]);
        packet.cut_cells += is_cut ? 1U : 0U;
        const bool shortened = sheet.privacy == services::Privacy::name_short && are_names[i];
        row.cells.push_back(shortened ? short_name(rows.rows[member][i]) : rows.rows[member][i]);
      }
      if (number) row.code = row_code(out.id, rows.rows[member][*number]);
      packet.rows.push_back(std::move(row));
    }
    cut_on_pages += packet.cut_cells;
    out.packets.push_back(std::move(packet));
  }
  if (cut_on_pages > 0)
    out.shortened.push_back(fmt::format("{} on pages; CSV and JSON have {} of it", words_of_cut(cut_on_pages),
                                        rows.cut.empty() ? "all" : "more"));
  return out;
}

PreparedSheet sheet_that_could_not(const services::Sheet& sheet, const std::string& service_title, std::string why,
                                   Stamp stamp) {
  PreparedSheet out = begun(sheet, service_title, std::move(stamp));
  out.could_not = documents::clean_text(why);
  return out;
}

void add_blank_rows(PreparedSheet& sheet, Packet& packet, const std::vector<std::string>& numbers) {
  for (const std::string& number : numbers) {
    Row row;
    row.cells.resize(std::max<std::size_t>(sheet.columns.size(), 1));
    row.cells[0] = number;
    row.code = row_code(sheet.id, number);
    packet.blank_rows.push_back(std::move(row));
  }
}

}  // namespace lastgood::sheets
