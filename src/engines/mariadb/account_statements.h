// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Statements of binary logs that a scratch server cannot take: about accounts and rights (it runs with
// --skip-grant-tables), about events (it runs none), those that load native code (it has no plugins), and changed rows
// of nothing but the tables of such, which would miss what those statements had made. They change no table of the
// hospital's; one of them would end the whole replay. Pure. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "engines/mariadb/binlog_script.h"
#include "model/finding.h"

namespace lastgood::engines::mariadb {

/// "CREATE USER", "GRANT", "FLUSH PRIVILEGES", "EVENT", "CREATE FUNCTION ... SONAME", "ALTER TABLE of accounts"; empty:
/// none of them. `database`: that in which a name without one is looked up.
[[nodiscard]] std::string_view kind_of_account_statement(std::string_view statement, std::string_view database = {});

struct AccountStatements {
  std::vector<model::ByteRange> ranges;  // ascending, in what mariadb-binlog wrote; at most k_statements_max
  std::size_t count = 0;                 // without "FLUSH PRIVILEGES", which says nothing
  std::string first;                     // "CREATE USER of 2022-11-23T07:42:12Z", "change of rows of mysql.db of ..."
  static constexpr std::size_t k_statements_max = 100'000;
};

/// Notes `part` of what mariadb-binlog wrote where it is such a statement. False: it is none, or there were too many.
bool note_account_statement(const ScriptPart& part, AccountStatements& out);

/// `script`, which has to outlive it, with a statement that does nothing in place of each: all others stay in their
/// lines.
[[nodiscard]] std::unique_ptr<base::ByteSource> without_statements(base::ByteSource& script,
                                                                   std::vector<model::ByteRange> ranges);

}  // namespace lastgood::engines::mariadb
