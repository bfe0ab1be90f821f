// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An SQLite database with its log, journal and index of the log. Also what other kinds need whose index is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engines/unit_row.h"

namespace lastgood::engines {

extern const UnitRow k_sqlite_row;

namespace sqlite {

/// Checks the database `name` at the check's home with the files beside it. Gives the whole database as it would be
/// after recovery, if it is sound and not longer than `bytes_max`.
std::optional<std::vector<std::uint8_t>> check_database(UnitCheck& check, const std::string& name,
                                                        std::uint64_t bytes_max);

}  // namespace sqlite
}  // namespace lastgood::engines
