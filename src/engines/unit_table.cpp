// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engines/postgresql/check_postgresql.h"
#include "engines/unit_row.h"

namespace lastgood::engines {

namespace {

constexpr std::array<const UnitRow*, 1> k_rows = {
    &k_postgresql_row,
};

}  // namespace

std::span<const UnitRow* const> unit_table() { return k_rows; }

}  // namespace lastgood::engines
