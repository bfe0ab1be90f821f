// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lastgood::documents {

/// One cell of a CSV file (RFC 4180), quoted where it must be. What a spreadsheet would take for a formula gets an
/// apostrophe before it; plain numbers stay.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace lastgood::documents
