// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engines/mariadb/mariadb_unit.h"
#include "engines/orthanc/orthanc_unit.h"
#include "engines/postgresql/check_postgresql.h"
#include "engines/sqlite/sqlite_unit.h"
#include "engines/unit_row.h"

namespace lastgood::engines {

namespace {

constexpr std::array<const UnitRow*, 4> k_rows = {
    &k_postgresql_row,
    &k_mariadb_row,
    &k_orthanc_row,
    &k_sqlite_row,
};

}  // namespace

std::span<const UnitRow* const> unit_table() { return k_rows; }

}  // namespace lastgood::engines
