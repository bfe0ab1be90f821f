// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/csv_cell.h"

namespace lastgood::documents {

std::string csv_cell(std::string_view text) {
  std::string cell;
  // What a spreadsheet reads as a formula, also after blanks.
  const std::size_t first = text.find_first_not_of(' ');
  const bool formula =
      first != std::string_view::npos && std::string_view("=+-@\t\r|").find(text[first]) != std::string_view::npos;
  // A plain number is none: "-3.5" stays what it is.
  const bool number = formula && text.size() > 1 && (text[0] == '-' || text[0] == '+') &&
                      text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
  if (formula && !number) cell = "'";
  cell += text;
  if (cell.find_first_of(",\"\r\n'") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace lastgood::documents
