// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets of a few rows, as tests of all forms take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sheets/prepare_sheet.h"
#include "sheets/write_sheet_pdf.h"

namespace lastgood::sheets::testing {

inline constexpr std::int64_t k_as_of = 1'669'167'418'000'000'000;  // 2022-11-23T01:36:58Z, 07:06:58 in India
inline constexpr std::int64_t k_hour_ns = 3'600'000'000'000;

inline Stamp stamp_of(std::int64_t age_hours) {
  return {k_as_of, "last commit record", k_as_of + age_hours * k_hour_ns, "+05:30", "restic:b2 snapshot ab12cd34"};
}

inline SheetRows rows_of(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows) {
  RowCollector collector;
  collector.on_columns(columns);
  for (const auto& row : rows) {
    std::vector<std::optional<std::string_view>> values(row.begin(), row.end());
    if (!collector.on_row(values)) break;
  }
  return collector.take();
}

inline services::Sheet sheet_of(const std::string& id) {
  services::Sheet sheet;
  sheet.id = id;
  sheet.title = "Ward census";
  sheet.stale_after_s = 86'400;
  return sheet;
}

inline std::vector<Section> all_of(const PreparedSheet& sheet) {
  std::vector<Section> out;
  for (std::size_t i = 0; i < sheet.packets.size(); ++i) out.push_back({&sheet, i});
  if (out.empty()) out.push_back({&sheet, 0});
  return out;
}

inline std::size_t count_in(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

inline PreparedSheet census(std::size_t rows, std::int64_t age_hours) {
  services::Sheet sheet = sheet_of("ward-census");
  sheet.group_by = "ward";
  std::vector<std::vector<std::string>> given;
  for (std::size_t i = 0; i < rows; ++i)
    given.push_back({fmt::format("W-{}", i % 3), fmt::format("UH{:06}", i), i % 2 ? "सुनीता देवी" : "Ramesh Kumar Sharma",
                     "penicillin"});
  return prepare_sheet(sheet, "Wards", rows_of({"ward", "uhid", "patient_name", "allergies"}, given),
                       stamp_of(age_hours));
}

}  // namespace lastgood::sheets::testing
