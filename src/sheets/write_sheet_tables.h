// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets for programs: CSV (RFC 4180) and JSON. All columns, all packets.
#pragma once

#include <string>

#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it. The stamp is in the first lines,
/// each one cell that begins with '#'.
[[nodiscard]] std::string write_sheet_csv(const PreparedSheet& sheet);

/// One object, described in docs/json.md.
[[nodiscard]] std::string write_sheet_json(const PreparedSheet& sheet);

}  // namespace lastgood::sheets
