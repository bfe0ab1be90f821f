// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets as pages for a printer: A4, black on white, 10 points, the stamp and the head of the table on each page, a
// line under each row, a code beside it. Texts of a database become glyphs and nothing else: no links, no actions, no
// markup.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

/// A packet of a sheet, to be printed. REQUIRES: packet < sheet->packets.size(), or sheet->could_not is not empty.
struct Section {
  const PreparedSheet* sheet = nullptr;  // not owned
  std::size_t packet = 0;
};

/// Lays texts out once and draws them as often as asked: the same rows stand in the file of their ward and in that of
/// all. One thread.
class SheetPrinter {
 public:
  SheetPrinter();
  ~SheetPrinter();
  SheetPrinter(const SheetPrinter&) = delete;
  SheetPrinter& operator=(const SheetPrinter&) = delete;

  /// Each section begins on a page of its own and counts its pages for itself. ErrorCode::unsupported when no font is
  /// installed, ErrorCode::limit_reached above 20,000 pages.
  [[nodiscard]] base::Result<std::string> print(const std::vector<Section>& sections);

 private:
  class Pages;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::sheets
