// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The case as a table: one row for each value, and one for each time an address was seen. RFC 4180: commas, quotes
// doubled, CR LF, a header. UTF-8. A cell that a spreadsheet would run as a formula (it begins with = + - @, a tab or a
// carriage return) gets an apostrophe before it: whoever wrote the evidence does not get to compute. Pure.
#pragma once

#include "exports/export_input.h"

namespace lastgood::exports {

[[nodiscard]] Exported write_csv(const ExportInput& input);

/// One cell as it stands in the file.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace lastgood::exports
