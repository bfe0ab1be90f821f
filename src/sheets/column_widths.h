// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How a line is shared among columns. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

/// Characters, as far as widths care: bytes that begin one.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// Widths in the unit of `line`, which they add up to; by what stands in the first rows of all packets. `character` is
/// the usual width of one. Short columns get what they need, long ones share the rest.
[[nodiscard]] std::vector<double> column_widths(const PreparedSheet& sheet, std::size_t columns, double line,
                                                double character);

}  // namespace lastgood::sheets
