// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/account_tables.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/counted.h"

namespace lastgood::engines::mariadb {

namespace {

using namespace std::string_view_literals;

// "user" and "host" are tables in old versions; in later ones "user" is a view.
constexpr std::array k_names = {
    "columns_priv"sv, "db"sv,      "event"sv,        "func"sv,        "global_priv"sv,   "host"sv, "plugin"sv,
    "procs_priv"sv,   "servers"sv, "proxies_priv"sv, "tables_priv"sv, "roles_mapping"sv, "user"sv};

std::string table_of(const std::string& name) { return "mysql." + quote_name(name); }
std::string kept_of(const std::string& name) { return "mysql." + quote_name("lastgood_kept_" + name); }

/// Rows that the one has and the other has not.
base::Result<std::uint64_t> count_others(MariaSession& session, const std::string& one, const std::string& other) {
  LG_ASSIGN(
      const std::vector<MariaRow> rows,
      session.rows(fmt::format("SELECT count(*) FROM (SELECT * FROM {} EXCEPT SELECT * FROM {}) others", one, other)));
  const std::string text = rows.empty() || rows[0].empty() ? std::string() : rows[0][0].value_or("");
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace

std::span<const std::string_view> account_table_names() { return k_names; }

bool is_account_table(std::string_view name) {
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

AccountTables::AccountTables(DataRoom& data, const ScratchServerOptions& options) : data_(data), options_(options) {}

base::Status AccountTables::keep() {
  watch_ = std::make_unique<StartWatch>("MariaDB", std::vector<const os::LockedRoom*>{&*data_.room}, options_);
  LG_ASSIGN(session_, open_watched(data_, {}, *watch_));
  // A replay may take longer than a silent session lasts; what was written with looser rules is kept as it is.
  LG_TRY(session_->rows("SET SESSION wait_timeout = 31536000, sql_mode = ''"));
  LG_ASSIGN(const std::vector<MariaRow> rows,
            session_->rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'mysql' AND "
                           "table_type = 'BASE TABLE' ORDER BY 1"));
  for (const MariaRow& row : rows) {
    const std::string name = row.at(0).value_or("");
    if (!is_account_table(name)) continue;
    LG_TRY(session_->rows(fmt::format("CREATE TEMPORARY TABLE {} AS SELECT * FROM {}", kept_of(name), table_of(name))));
    names_.push_back(name);
  }
  return base::Done{};
}

base::Result<std::vector<std::string>> AccountTables::put_back() {
  std::vector<std::string> changed;
  for (const std::string& name : names_) {
    LG_ASSIGN(const std::uint64_t more, count_others(*session_, table_of(name), kept_of(name)));
    LG_ASSIGN(const std::uint64_t gone, count_others(*session_, kept_of(name), table_of(name)));
    if (more + gone == 0) continue;
    LG_TRY(session_->rows("DELETE FROM " + table_of(name)));
    LG_TRY(session_->rows(fmt::format("INSERT INTO {} SELECT * FROM {}", table_of(name), kept_of(name))));
    changed.push_back(
        fmt::format("{} of {}", base::counted(static_cast<std::size_t>(std::max(more, gone)), "row"), name));
  }
  return changed;
}

}  // namespace lastgood::engines::mariadb
