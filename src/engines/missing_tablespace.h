// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lastgood::engines {

/// Finding of a database with a tablespace that is not in the copy, and tables in it: the others may answer.
inline constexpr std::string_view k_missing_tablespace_rule = "postgresql.tablespace";
/// Finding of a MariaDB of which a part lies elsewhere, and cannot be seen from where the check looks.
inline constexpr std::string_view k_missing_part_rule = "mariadb.elsewhere";

}  // namespace lastgood::engines
