// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/quiet_data.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engines/mariadb/account_tables.h"

namespace lastgood::engines::mariadb {

namespace {

using namespace std::string_view_literals;

void note_rows(MariaSession& session, const std::string& sql, std::string_view what, std::vector<std::string>& list) {
  const base::Result<std::vector<MariaRow>> rows = session.rows(sql + " LIMIT 1000");
  if (!rows.ok()) return;  // not in this version, or broken: then nothing of it is loaded either
  for (const MariaRow& row : rows.value())
    list.push_back(fmt::format("{} {}", what, base::printable(row.at(0).value_or(""))));
}

}  // namespace

void list_left_out(MariaSession& session, ScratchStart& start) {
  note_rows(session, "SELECT concat(name, ' of ', dl) FROM mysql.plugin", "plugin", start.inside);
  note_rows(session, "SELECT concat(name, ' of ', dl) FROM mysql.func", "library function", start.refused);
  note_rows(session, "SELECT concat(db, '.', name) FROM mysql.event", "event", start.inside);
  note_rows(session, "SELECT server_name FROM mysql.servers", "link to server", start.inside);
  note_rows(
      session,
      "SELECT concat(db, '.', name) FROM mysql.proc WHERE security_type = 'DEFINER' AND db NOT IN ('sys', 'mysql')",
      "rights of the owner of function", start.inside);
  // Whoever may write into such a view writes where its owner may.
  note_rows(
      session,
      "SELECT concat(table_schema, '.', table_name) FROM information_schema.views WHERE security_type = 'DEFINER' "
      "AND table_schema NOT IN ('sys', 'mysql') AND view_definition LIKE '%`mysql`.`%'",
      "view of the server's own tables, with its owner's rights,", start.inside);
  note_rows(session,
            "SELECT concat(trigger_schema, '.', trigger_name) FROM information_schema.triggers WHERE trigger_schema "
            "<> 'sys'",
            "trigger", start.inside);
}

Fence quiet_data(MariaSession& session, const std::string& reader, const std::string& password) {
  for (const std::string_view table : account_table_names())
    base::ignore_error(session.rows(fmt::format("DELETE FROM mysql.`{}`", table)), "not all versions have all of them");
  base::ignore_error(session.rows("UPDATE mysql.proc SET security_type = 'INVOKER'"), "a broken one is not called");
  const std::string account = fmt::format("{}@localhost", quote_name(reader));
  for (const std::string& sql : {std::string("FLUSH PRIVILEGES"),
                                 fmt::format("CREATE USER {} IDENTIFIED VIA mysql_native_password USING PASSWORD({})",
                                             account, quote_text(password)),
                                 fmt::format("GRANT SELECT, SHOW VIEW, EXECUTE, SHOW DATABASES ON *.* TO {}", account),
                                 std::string("SET GLOBAL read_only = ON")}) {
    if (!session.rows(sql).ok()) return Fence::statement;
  }
  const base::Result<std::vector<MariaRow>> others = session.rows(fmt::format(
      "SELECT count(*) FROM mysql.global_priv WHERE user <> {} AND user <> 'mariadb.sys'", quote_text(reader)));
  const bool is_alone = others.ok() && others.value().at(0).at(0) == "0";
  return is_alone ? Fence::account : Fence::statement;
}

bool begins_as_question(std::string_view sql) {
  std::size_t at = sql.find_first_not_of(" \t\r\n(");
  // Comments before the first word; "/*!" holds code and is no comment.
  while (at != std::string_view::npos && (sql.substr(at).starts_with("--") || sql.substr(at).starts_with("/*"))) {
    if (sql.substr(at).starts_with("/*!") || sql.substr(at).starts_with("/*M!")) return false;
    const std::string_view end = sql[at] == '-' ? "\n"sv : "*/"sv;
    at = sql.find(end, at + 2);
    if (at != std::string_view::npos) at = sql.find_first_not_of(" \t\r\n(", at + end.size());
  }
  if (at == std::string_view::npos) return false;
  std::string word;
  for (const char letter : sql.substr(at, 10)) {
    const char small = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    if (small < 'a' || small > 'z') break;
    word += small;
  }
  constexpr std::array k_words = {"select"sv, "with"sv,    "show"sv,  "describe"sv,
                                  "desc"sv,   "explain"sv, "table"sv, "values"sv};
  return std::find(k_words.begin(), k_words.end(), word) != k_words.end();
}

}  // namespace lastgood::engines::mariadb
