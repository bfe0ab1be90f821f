// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words by which a statement of SQL is known. Pure. Private to engines/mariadb/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lastgood::engines::mariadb {

inline constexpr std::size_t k_first_words_max = 12;

/// In capitals, without comments; what MariaDB executes of a comment is none. Of the statement itself where settings
/// are given for it alone: SET STATEMENT max_statement_time=10 FOR ...
[[nodiscard]] std::vector<std::string> first_words(std::string_view statement);

}  // namespace lastgood::engines::mariadb
