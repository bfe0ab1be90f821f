// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From rows to a sheet: columns chosen, names shortened, rows dealt into packets. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/services_file.h"
#include "sheets/prepared_sheet.h"
#include "sheets/sheet_rows.h"

namespace lastgood::sheets {

inline constexpr std::size_t k_packets_max = 1'000;
/// Further columns are in the CSV and JSON forms; paper has no room for them.
inline constexpr std::size_t k_printed_columns_max = 16;
inline constexpr std::size_t k_portrait_columns_max = 6;  // wider ones lie across the page

/// A column that the sheet names and the answer does not have is a note, as are columns that paper has no room for.
/// With `privacy` the names go whatever they are called: those of `name_columns`, and where there are none, or one of
/// them is not in the answer, those that is_name_column knows. A row that says its packet and nothing else makes the
/// packet, of a ward that is empty, and is no row.
[[nodiscard]] PreparedSheet prepare_sheet(const services::Sheet& sheet, const std::string& service_title,
                                          SheetRows rows, Stamp stamp);

/// A sheet that could not be made, as a page that says so.
[[nodiscard]] PreparedSheet sheet_that_could_not(const services::Sheet& sheet, const std::string& service_title,
                                                 std::string why, Stamp stamp);

/// Rows to write on, one for each number.
void add_blank_rows(PreparedSheet& sheet, Packet& packet, const std::vector<std::string>& numbers);

/// "WARD-CENSUS:W-0001": what a code says; empty when it would be too long to be small.
[[nodiscard]] std::string row_code(const std::string& sheet_id, const std::string& number);

}  // namespace lastgood::sheets
