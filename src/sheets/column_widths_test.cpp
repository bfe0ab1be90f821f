// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the columns of a sheet fill its line, however many there are.
#include "sheets/column_widths.h"

#include <gtest/gtest.h>

#include "sheets/prepare_sheet.h"
#include "sheets/testing/small_sheets.h"

namespace lastgood::sheets {
namespace {

using namespace testing;

TEST(Widths, AddUpToTheLineHoweverManyColumnsThereAre) {
  for (const std::size_t columns : {1U, 3U, 16U}) {
    std::vector<std::string> names(columns, "column");
    const PreparedSheet sheet = prepare_sheet(
        sheet_of("x"), "s", rows_of(names, {std::vector<std::string>(columns, std::string(500, 'a'))}), stamp_of(1));
    double sum = 0;
    for (const double width : column_widths(sheet, columns, 500, 5.6)) sum += width;
    EXPECT_NEAR(sum, 500, 0.5);
  }
}

TEST(Widths, HoldTheNumberOfABlankRowInOneLineAlsoInItsSecondLap) {
  PreparedSheet sheet = prepare_sheet(
      sheet_of("x"), "s", rows_of({"bed", "name", "note"}, {{"B-1", "A", std::string(900, 'a')}}), stamp_of(1));
  add_blank_rows(sheet, sheet.packets.front(), {"W-0010", "W-0001/2"});
  EXPECT_GE(column_widths(sheet, 3, 500, 5.6).front(), 10 * 5.6);
}

}  // namespace
}  // namespace lastgood::sheets
