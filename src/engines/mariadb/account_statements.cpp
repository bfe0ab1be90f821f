// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/account_statements.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/human.h"
#include "engines/mariadb/account_tables.h"
#include "engines/mariadb/statement_words.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::string_view k_nothing = "DO 0";

/// Of a statement that makes or changes a table, or drops or renames some: one in which accounts are kept is meant. One
/// that is only read from (LIKE, SELECT) is none of these.
bool is_of_account_tables(const std::vector<std::string>& words, std::string_view database) {
  const auto is_one = [&](std::string word) {
    std::erase_if(word, [](char c) { return c == '`' || c == ',' || c == ';'; });
    for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::string_view name = std::string_view(word).substr(0, word.find('('));
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return database == "mysql" && is_account_table(name);
    return name.substr(0, dot) == "mysql" && is_account_table(name.substr(dot + 1));
  };
  auto at = std::find(words.begin(), words.end(), "TABLE");
  if (at == words.end()) return false;
  for (++at; at != words.end() && (*at == "IF" || *at == "NOT" || *at == "EXISTS");) ++at;
  const bool is_list = words.front() == "DROP" || words.front() == "RENAME";
  return is_list ? std::any_of(at, words.end(), is_one) : at != words.end() && is_one(*at);
}

/// Rows of others in the same statement are needed: it stays whole.
std::string kind_of_rows(const ScriptPart& part) {
  const bool is_of_accounts = !part.tables.empty() && part.tables.size() < ScriptPart::k_tables_max &&
                              std::all_of(part.tables.begin(), part.tables.end(), [](const auto& table) {
                                return table.first == "mysql" && is_account_table(table.second);
                              });
  return is_of_accounts ? "change of rows of mysql." + part.tables.back().second : std::string();
}

class WithoutStatements final : public base::ByteSource {
 public:
  WithoutStatements(base::ByteSource& script, std::vector<model::ByteRange> ranges)
      : script_(script), ranges_(std::move(ranges)) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return script_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    LG_ASSIGN(const std::size_t got, script_.read(offset_bytes, into));
    auto range = std::upper_bound(ranges_.begin(), ranges_.end(), offset_bytes,
                                  [](std::uint64_t at, const model::ByteRange& one) { return at < one.to; });
    for (; range != ranges_.end() && range->from < offset_bytes + got; ++range) {
      const std::uint64_t end = std::min<std::uint64_t>(range->to, offset_bytes + got);
      for (std::uint64_t at = std::max(range->from, offset_bytes); at < end; ++at) {
        std::uint8_t& byte = into[static_cast<std::size_t>(at - offset_bytes)];
        const std::uint64_t inside = at - range->from;
        if (inside < k_nothing.size())
          byte = static_cast<std::uint8_t>(k_nothing[static_cast<std::size_t>(inside)]);
        else if (byte != '\n')
          byte = ' ';
      }
    }
    return got;
  }

 private:
  base::ByteSource& script_;
  std::vector<model::ByteRange> ranges_;
};

}  // namespace

std::string_view kind_of_account_statement(std::string_view statement, std::string_view database) {
  std::vector<std::string> words = first_words(statement);
  const auto has = [&](std::size_t at, std::string_view word) { return words.size() > at && words[at] == word; };
  if (has(0, "CREATE") && has(1, "OR") && has(2, "REPLACE")) words.erase(words.begin() + 1, words.begin() + 3);
  if (has(0, "FLUSH") && (has(1, "LOCAL") || has(1, "NO_WRITE_TO_BINLOG"))) words.erase(words.begin() + 1);
  if (has(0, "GRANT")) return "GRANT";
  if (has(0, "REVOKE")) return "REVOKE";
  static constexpr std::array<std::string_view, 10> k_pairs = {
      "CREATE USER", "ALTER USER", "DROP USER",    "RENAME USER",      "CREATE ROLE",
      "DROP ROLE",   "SET ROLE",   "SET PASSWORD", "FLUSH PRIVILEGES", "SET DEFAULT"};
  for (const std::string_view pair : k_pairs) {
    const std::size_t blank = pair.find(' ');
    if (has(0, pair.substr(0, blank)) && has(1, pair.substr(blank + 1))) return pair;
  }
  static constexpr std::array<std::string_view, 4> k_of_tables = {
      "ALTER TABLE of accounts", "DROP TABLE of accounts", "CREATE TABLE of accounts", "RENAME TABLE of accounts"};
  for (const std::string_view kind : k_of_tables) {
    if (has(0, kind.substr(0, kind.find(' '))) && is_of_account_tables(words, database)) return kind;
  }
  const auto object = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return word == "EVENT" || word == "TRIGGER" || word == "PROCEDURE" || word == "FUNCTION" || word == "VIEW" ||
           word == "TABLE";
  });
  const bool is_change = has(0, "CREATE") || has(0, "ALTER") || has(0, "DROP");
  if (is_change && object != words.end() && *object == "EVENT") return "EVENT";
  const bool is_native = has(0, "CREATE") && (has(1, "FUNCTION") || has(1, "AGGREGATE")) &&
                         std::find(words.begin(), words.end(), "SONAME") != words.end();
  return is_native ? "CREATE FUNCTION ... SONAME" : std::string_view();
}

bool note_account_statement(const ScriptPart& part, AccountStatements& out) {
  const std::string kind = part.kind == ScriptPart::Kind::rows
                               ? kind_of_rows(part)
                               : std::string(kind_of_account_statement(part.text, part.database));
  if (kind.empty() || out.ranges.size() >= AccountStatements::k_statements_max) return false;
  out.ranges.push_back({.from = part.from, .to = part.to});
  if (kind == "FLUSH PRIVILEGES") return true;
  if (out.count++ == 0) out.first = fmt::format("{} of {}", kind, base::utc_time(part.time_ns));
  return true;
}

std::unique_ptr<base::ByteSource> without_statements(base::ByteSource& script, std::vector<model::ByteRange> ranges) {
  return std::make_unique<WithoutStatements>(script, std::move(ranges));
}

}  // namespace lastgood::engines::mariadb
