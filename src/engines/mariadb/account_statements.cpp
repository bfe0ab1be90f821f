// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/account_statements.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/human.h"
#include "engines/mariadb/account_tables.h"
#include "engines/mariadb/binlog_script.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_words_max = 12;
constexpr std::size_t k_text_letters_max = 4096;  // of a statement, what it is shows in its first words
constexpr std::string_view k_delimiter = "/*!*/;";
constexpr std::string_view k_nothing = "DO 0";
constexpr std::string_view k_use = "use `";
constexpr std::string_view k_rows_begin = "BINLOG '";
constexpr std::string_view k_rows_end = "'/*!*/;";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Letters of what begins or ends a comment that MariaDB executes, "/*!100000", "/*M!" or "*/"; 0: it is none.
std::size_t executed_mark(std::string_view text) {
  if (text.starts_with("*/")) return 2;
  const std::size_t begin = text.starts_with("/*!") ? 3 : text.starts_with("/*M!") ? 4 : 0;
  return begin == 0 ? 0 : std::min(text.find_first_not_of("0123456789", begin), text.size());
}

/// Behind blanks and comments; what MariaDB executes of a comment is none.
std::string_view without_comments(std::string_view text) {
  while (!text.empty()) {
    if (is_blank(text.front())) {
      text.remove_prefix(1);
    } else if (const std::size_t mark = executed_mark(text); mark != 0) {
      text.remove_prefix(mark);
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/");
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    } else if (text.front() == '#' || text.starts_with("-- ")) {
      const std::size_t end = text.find('\n');
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    } else {
      return text;
    }
  }
  return text;
}

/// The next word in capitals, which is taken from `text`; empty: there is none.
std::string take_word(std::string_view& text) {
  text = without_comments(text);
  std::string word;
  while (!text.empty() && !is_blank(text.front()) && !text.starts_with("/*") && !text.starts_with("*/")) {
    const char c = text.front();
    word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    text.remove_prefix(1);
  }
  return word;
}

/// Of the statement itself where settings are given for it alone: SET STATEMENT max_statement_time=10 FOR ...
std::vector<std::string> first_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::string word = take_word(text); !word.empty() && words.size() < k_words_max; word = take_word(text)) {
    words.push_back(word);
    if (words.size() != 2 || words[0] != "SET" || words[1] != "STATEMENT") continue;
    while (!word.empty() && word != "FOR") word = take_word(text);
    words.clear();
  }
  return words;
}

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

/// Takes in one line after the other.
class Finder {
 public:
  explicit Finder(AccountStatements& out) : out_(out) {}

  /// `line` begins at `from`, without its end; cut where it is long.
  void on_line(std::string_view line, std::uint64_t from) {
    if (is_rows_) return on_rows(line, from);
    if (!is_open_) {
      if (line.starts_with('#')) return on_comment(line);
      if (line.starts_with(k_use)) database_ = line.substr(k_use.size(), line.find('`', k_use.size()) - k_use.size());
      if (line == k_rows_begin) {
        is_rows_ = true;
        from_ = from;
        return;
      }
      if (!is_query_ || line.empty() || line.ends_with(k_delimiter)) return;
      is_open_ = true;
      from_ = from;
      text_.clear();
    }
    if (line == k_delimiter) return close(from);
    if (text_.size() < k_text_letters_max) text_.append(line).append("\n");
  }

 private:
  /// Which tables the rows that follow are of, each in a comment of its own.
  void on_table(std::string_view line) {
    constexpr std::string_view k_table = "\tTable_map: `";
    const std::size_t at = line.find(k_table);
    if (at == std::string_view::npos) return;
    std::string_view name = line.substr(at + k_table.size());
    constexpr std::string_view k_database = "mysql`.`";
    const std::size_t end = name.rfind("` mapped to number ");
    const bool is_of_accounts = name.starts_with(k_database) && end != std::string_view::npos &&
                                end >= k_database.size() &&
                                is_account_table(name.substr(k_database.size(), end - k_database.size()));
    if (is_of_accounts)
      table_ = name.substr(k_database.size(), end - k_database.size());
    else
      has_others_ = true;
  }

  void on_rows(std::string_view line, std::uint64_t from) {
    if (line != k_rows_end) return;
    is_rows_ = false;
    // Rows of others in the same statement are needed: it stays whole.
    if (!table_.empty() && !has_others_) leave_out(from + 1, "change of rows of mysql." + table_);
    table_.clear();
    has_others_ = false;
  }

  void on_comment(std::string_view line) {
    const std::int64_t time_ns = parse_event_time(line);
    if (time_ns == 0) return;
    time_ns_ = time_ns;
    on_table(line);
    is_query_ = line.find("\tQuery\t") != std::string_view::npos;
  }

  void close(std::uint64_t to) {
    is_open_ = false;
    const std::string_view kind = kind_of_account_statement(text_, database_);
    if (!kind.empty()) leave_out(to, kind);
  }

  void leave_out(std::uint64_t to, std::string_view kind) {
    if (out_.ranges.size() >= AccountStatements::k_statements_max) return;
    out_.ranges.push_back({.from = from_, .to = to});
    if (kind == "FLUSH PRIVILEGES") return;
    if (out_.count++ == 0) out_.first = fmt::format("{} of {}", kind, base::utc_time(time_ns_));
  }

  AccountStatements& out_;
  std::string text_;
  std::string database_;
  std::string table_;  // of accounts, whose rows come next
  bool has_others_ = false;
  bool is_rows_ = false;
  std::uint64_t from_ = 0;
  std::int64_t time_ns_ = 0;
  bool is_query_ = false;
  bool is_open_ = false;
};

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

base::Result<AccountStatements> find_account_statements(base::ByteSource& script) {
  AccountStatements out;
  Finder finder(out);
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20U);
  std::string line;
  std::uint64_t begun = 0;
  for (std::uint64_t from = 0;;) {
    LG_ASSIGN(const std::size_t got, script.read(from, buffer));
    if (got == 0) break;
    for (std::size_t i = 0; i < got; ++i) {
      const char letter = static_cast<char>(buffer[i]);
      if (letter != '\n') {
        if (line.size() < k_text_letters_max) line += letter;
        continue;
      }
      finder.on_line(line, begun);
      line.clear();
      begun = from + i + 1;
    }
    from += got;
  }
  return out;
}

std::unique_ptr<base::ByteSource> without_statements(base::ByteSource& script, std::vector<model::ByteRange> ranges) {
  return std::make_unique<WithoutStatements>(script, std::move(ranges));
}

}  // namespace lastgood::engines::mariadb
