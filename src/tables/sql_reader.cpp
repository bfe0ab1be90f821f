// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/sql_reader.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "tables/rows_to_sink.h"
#include "tables/sql_text.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_tables_max = 100'000;
constexpr std::size_t k_create_bytes_max = std::size_t{1} << 20;

bool is_quiet_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Does a statement that holds rows, or makes a table for them, begin here?
bool begins_statement(std::string_view line) {
  constexpr std::array<std::string_view, 8> k_words = {"insert ",     "copy ", "create ", "replace ",
                                                       "lock tables", "use ",  "go",      "set "};
  const std::string head = lower_word(line.substr(0, 16));
  return std::any_of(k_words.begin(), k_words.end(), [&](std::string_view word) { return head.starts_with(word); });
}

class SqlReader {
 public:
  SqlReader(TextInput& input, TableSink& sink) : input_(input), sink_(sink), findings_(sink, "sql") {}

  void read() {
    while (!stopped_ && read_statement()) {
    }
    if (!stopped_ && open_dumps_ > 0)
      findings_.see("end", input_.offset(),
                    "the dump ends without its last line: it breaks off, and the rest is missing");
    findings_.flush();
  }

 private:
  /// False at the end.
  bool read_statement() {
    while (!input_.rest().empty() && is_quiet_space(input_.rest()[0])) input_.skip(1);
    if (input_.rest().size() < 64 && input_.more()) return true;
    if (input_.rest().empty()) return false;
    const std::string_view text = input_.rest();
    if (text.starts_with("--") || text.starts_with("\\") || text.starts_with("#")) return read_comment_line();
    if (text.starts_with("/*")) return skip_comment();
    SqlCursor cursor(text, backslash_);
    const std::string word = lower_word(cursor.take_word());
    if (word == "insert" || word == "replace") return read_insert();
    if (word == "copy") return read_copy();
    if (word == "create") return read_create();
    if (word == "use") return read_use();
    if (word == "go") {
      input_.skip(2);
      return true;
    }
    return skip_statement();
  }

  /// "-- Host: x    Database: his", "-- Current Database: `his`", "\connect his"; others say nothing.
  bool read_comment_line() {
    const auto line = input_.next_line();
    if (!line) return false;
    const std::string_view text = line->text;
    if (text.find("MySQL dump") != std::string_view::npos || text.find("MariaDB dump") != std::string_view::npos)
      backslash_ = Backslash::escape;
    see_dump_line(text);
    const std::size_t at = text.find("Database: ");
    if (at != std::string_view::npos) set_database(text.substr(at + 10));
    if (text.starts_with("\\connect ")) set_database(text.substr(9));
    input_.skip(line->is_too_long ? 0 : std::min(input_.rest().size(), length_of_line()));
    return true;
  }
  /// pg_dump, mysqldump and mariadb-dump write a line first and one last, unless told to write no comments at all.
  void see_dump_line(std::string_view text) {
    if (!text.starts_with("-- ")) return;
    text.remove_prefix(3);
    const bool is_postgresql =
        text.starts_with("PostgreSQL database dump") || text.starts_with("PostgreSQL database cluster dump");
    if (text.starts_with("Dump completed") || (is_postgresql && text.ends_with(" complete"))) {
      if (open_dumps_ > 0) --open_dumps_;
    } else if (is_postgresql || text.starts_with("MySQL dump ") || text.starts_with("MariaDB dump ")) {
      ++open_dumps_;
    }
  }
  std::size_t length_of_line() const {
    const std::size_t end = input_.rest().find('\n');
    return end == std::string_view::npos ? input_.rest().size() : end + 1;
  }
  void set_database(std::string_view name) {
    while (!name.empty() && (name[0] == '`' || name[0] == '"' || name[0] == '[' || name[0] == ' '))
      name.remove_prefix(1);
    database_ = std::string(name.substr(0, std::min<std::size_t>(name.find_first_of("`\"]; \r\n"), 128)));
  }
  bool skip_comment() {
    while (true) {
      const std::size_t end = input_.rest().find("*/", 2);
      if (end != std::string_view::npos) {
        if (input_.rest().substr(0, 3) == "/*!") backslash_ = Backslash::escape;
        input_.skip(end + 2);
        if (!input_.rest().empty() && input_.rest()[0] == ';') input_.skip(1);
        return true;
      }
      if (!input_.more()) return give_up("comment", "a comment has no end");
    }
  }

  /// Parses at the beginning of what is read, reading more as long as that helps. `parse(cursor)` gives a Step.
  template <typename Parse>
  Step with_enough(const Parse& parse) {
    while (true) {
      SqlCursor cursor(input_.rest(), backslash_);
      const Step step = parse(cursor);
      if (step == Step::done) {
        consumed_ = cursor.at();
        return step;
      }
      if (step == Step::bad || !input_.more()) return Step::bad;
    }
  }

  /// Something is wrong here: goes on at the next line that begins a statement.
  bool give_up(std::string_view rule, std::string_view what) {
    findings_.see(rule, input_.offset(), what);
    bool is_first = true;
    while (true) {
      const auto line = input_.next_line();
      if (!line) return false;
      see_dump_line(line->text);
      if (!is_first && !line->is_too_long && begins_statement(line->text)) {
        input_.keep_line();
        return true;
      }
      is_first = false;
    }
  }

  bool read_use() {
    std::string name;
    const Step step = with_enough([&](SqlCursor& cursor) {
      (void)cursor.take_word();
      if (const Step s = cursor.skip_space(); s != Step::done) return s;
      return cursor.take_name(name);
    });
    if (step != Step::done) return give_up("statement", "a statement breaks off");
    set_database(name);
    input_.skip(consumed_);
    if (!input_.rest().empty() && input_.rest()[0] == ';') input_.skip(1);
    return true;
  }

  bool read_create() {
    std::string name;
    std::string columns;
    bool is_table = false;
    const Step step = with_enough([&](SqlCursor& cursor) {
      is_table = false;
      for (int words = 0; words < 6; ++words) {
        if (const Step s = cursor.skip_space(); s != Step::done) return s;
        const std::string word = lower_word(cursor.take_word());
        if (word.empty() || cursor.is_at_end()) return word.empty() ? Step::done : Step::need_more;
        if (word != "table") continue;
        is_table = true;
        break;
      }
      if (!is_table) return Step::done;
      if (const Step s = cursor.skip_space(); s != Step::done) return s;
      if (const Step s = cursor.take_name(name); s != Step::done) return s;
      while (lower_word(name) == "if" || lower_word(name) == "not" || lower_word(name) == "exists") {
        if (const Step s = cursor.skip_space(); s != Step::done) return s;
        if (const Step s = cursor.take_name(name); s != Step::done) return s;
      }
      if (const Step s = cursor.skip_space(); s != Step::done) return s;
      if (cursor.here() != '(') return Step::done;
      const std::size_t from = cursor.at();
      if (const Step s = cursor.skip_brackets(); s != Step::done)
        return cursor.at() > k_create_bytes_max ? Step::bad : s;
      columns = input_.rest().substr(from, cursor.at() - from);
      return Step::done;
    });
    if (step != Step::done) return give_up("create", "a CREATE statement breaks off");
    if (is_table && !columns.empty()) {
      if (columns.find('`') != std::string::npos) backslash_ = Backslash::escape;
      if (created_.size() < k_tables_max) created_[name] = columns_of_create(columns, backslash_);
    }
    input_.skip(consumed_);
    return skip_statement();
  }

  /// To behind the next ';' outside quotes, or to a line GO.
  bool skip_statement() {
    while (true) {
      SqlCursor cursor(input_.rest(), backslash_);
      std::size_t safe = 0;
      while (true) {
        const Step step = cursor.is_at_end() ? Step::need_more : cursor.skip_space();
        if (step == Step::need_more) break;
        const std::size_t at = cursor.at();
        if (cursor.here() == ';') {
          input_.skip(at + 1);
          return true;
        }
        if ((cursor.here() == 'G' || cursor.here() == 'I') && at > 0 && input_.rest()[at - 1] == '\n' &&
            begins_batch(input_.rest().substr(at))) {
          input_.skip(at);
          return true;
        }
        if (cursor.skip_token() != Step::done) break;
        safe = cursor.at();
      }
      // What was skipped is gone, but for a last word that may go on.
      if (safe > 65536) {
        input_.skip(safe - 1);
        continue;
      }
      if (!input_.more()) {
        if (input_.is_full()) return give_up("statement", "a statement has no end within 16 MiB");
        input_.skip(input_.rest().size());
        return false;
      }
    }
  }
  static bool begins_batch(std::string_view text) {
    return text.starts_with("GO\n") || text.starts_with("GO\r") || text.starts_with("INSERT [");
  }

  /// The names in brackets behind a table's name, if there are any.
  Step take_columns(SqlCursor& cursor, std::vector<std::string>& columns) {
    columns.clear();
    if (const Step step = cursor.skip_space(); step != Step::done) return step;
    if (cursor.here() != '(') return Step::done;
    cursor.advance();
    std::string name;
    while (columns.size() < k_columns_max) {
      if (const Step step = cursor.skip_space(); step != Step::done) return step;
      if (const Step step = cursor.take_name(name); step != Step::done) return step;
      columns.push_back(name);
      if (const Step step = cursor.skip_space(); step != Step::done) return step;
      const char c = cursor.here();
      cursor.advance();
      if (c == ')') return Step::done;
      if (c != ',') return Step::bad;
    }
    return Step::bad;
  }
  void complete_columns(const std::string& table, std::vector<std::string>& columns, std::size_t width) const {
    if (!columns.empty()) return;
    const auto at = created_.find(table);
    if (at != created_.end()) columns = at->second;
    for (std::size_t i = columns.size(); i < width; ++i) columns.push_back(fmt::format("column {}", i + 1));
  }

  bool read_insert() {
    std::string table;
    std::vector<std::string> columns;
    std::string word;
    const Step step = with_enough([&](SqlCursor& cursor) {
      (void)cursor.take_word();
      for (int words = 0; words < 4; ++words) {  // INSERT [IGNORE] [INTO] name
        if (const Step s = cursor.skip_space(); s != Step::done) return s;
        const std::size_t before = cursor.at();
        word = lower_word(cursor.take_word());
        if (cursor.is_at_end()) return Step::need_more;
        if (word != "into" && word != "ignore" && word != "or" && word != "delayed") {
          cursor = SqlCursor(input_.rest(), backslash_);
          while (cursor.at() < before) cursor.advance();
          break;
        }
      }
      if (const Step s = cursor.take_name(table); s != Step::done) return s;
      if (const Step s = take_columns(cursor, columns); s != Step::done) return s;
      if (const Step s = cursor.skip_space(); s != Step::done) return s;
      word = lower_word(cursor.take_word());
      return cursor.is_at_end() ? Step::need_more : Step::done;
    });
    if (step != Step::done) return give_up("insert", "an INSERT statement breaks off");
    if (word != "values" && word != "value") return skip_statement();  // INSERT ... SELECT has no rows of its own
    input_.skip(consumed_);
    return read_tuples(table, columns);
  }

  bool read_tuples(const std::string& table, std::vector<std::string>& columns) {
    bool is_begun = false;
    while (true) {
      const Step step = with_enough([&](SqlCursor& cursor) {
        if (const Step s = cursor.skip_space(); s != Step::done) return s;
        if (cursor.here() == ',') {
          cursor.advance();
          if (const Step s = cursor.skip_space(); s != Step::done) return s;
        }
        if (cursor.here() != '(') {
          values_.clear();
          return Step::done;
        }
        const Step s = cursor.take_row(values_, kept_);
        return s == Step::done && values_.empty() ? Step::bad : s;
      });
      if (step != Step::done && input_.rest().find_first_not_of(" \t\r\n") == std::string_view::npos) return false;
      if (step != Step::done) return give_up("row", "a row of an INSERT breaks off");
      if (values_.empty()) break;
      if (!is_begun) {
        is_begun = true;
        complete_columns(table, columns, values_.size());
        sink_.begin_table({.name = table, .database = database_, .columns = columns});
      }
      if (!emit(columns.size())) return true;
      input_.skip(consumed_);
    }
    // Behind the rows: ';', "ON CONFLICT ...;", or nothing and the next statement.
    input_.skip(consumed_);
    if (!input_.rest().empty() && input_.rest()[0] == ';') {
      input_.skip(1);
      return true;
    }
    return lower_word(input_.rest().substr(0, 3)) == "on " ? skip_statement() : true;
  }
  bool emit(std::size_t width) {
    if (!fit_width(values_, width))
      findings_.see("width", input_.offset(), "a row has more or fewer values than columns");
    stopped_ = !sink_.row(values_);
    return !stopped_;
  }

  bool read_copy() {
    std::string table;
    std::vector<std::string> columns;
    std::string options;
    const Step step = with_enough([&](SqlCursor& cursor) {
      (void)cursor.take_word();
      if (const Step s = cursor.skip_space(); s != Step::done) return s;
      if (const Step s = cursor.take_name(table); s != Step::done) return s;
      if (const Step s = take_columns(cursor, columns); s != Step::done) return s;
      const std::size_t from = cursor.at();
      while (cursor.here() != ';') {
        if (cursor.is_at_end()) return cursor.at() - from > 4096 ? Step::bad : Step::need_more;
        cursor.advance();
      }
      options = lower_word(input_.rest().substr(from, cursor.at() - from));
      cursor.advance();
      return Step::done;
    });
    if (step != Step::done) return give_up("copy", "a COPY statement breaks off");
    input_.skip(consumed_);
    if (options.find("from stdin") == std::string::npos) return true;
    input_.skip(length_of_line());
    if (options.find("csv") != std::string::npos || options.find("binary") != std::string::npos)
      return give_up("copy-format", "a COPY in CSV or binary form was not read");
    return read_copy_rows(table, columns);
  }

  bool read_copy_rows(const std::string& table, std::vector<std::string>& columns) {
    bool is_begun = false;
    while (true) {
      const auto line = input_.next_line();
      if (!line) {
        findings_.see("copy-end", input_.offset(), "the rows of a COPY end without \\.");
        return false;
      }
      if (line->text == "\\.") return true;
      if (line->is_too_long) {
        findings_.see("long-row", line->offset_bytes, "a row is longer than 16 MiB and was left out");
        continue;
      }
      split_copy(line->text);
      if (!is_begun) {
        is_begun = true;
        complete_columns(table, columns, values_.size());
        sink_.begin_table({.name = table, .database = database_, .columns = columns});
      }
      if (values_.size() != columns.size() && begins_statement(line->text)) {
        findings_.see("copy-end", line->offset_bytes, "the rows of a COPY end without \\.");
        input_.keep_line();
        return true;
      }
      if (!emit(columns.size())) return true;
    }
  }
  void split_copy(std::string_view line) {
    values_.clear();
    kept_.clear();
    const bool has_escapes = line.find('\\') != std::string_view::npos;
    while (values_.size() < k_columns_max) {
      const std::size_t at = line.find('\t');
      const std::string_view field = line.substr(0, at);
      values_.push_back(has_escapes ? undo_copy_escapes(field, kept_) : field);
      if (at == std::string_view::npos) return;
      line.remove_prefix(at + 1);
    }
  }

  TextInput& input_;
  TableSink& sink_;
  RowFindings findings_;
  Backslash backslash_ = Backslash::letter;
  std::string database_;
  std::map<std::string, std::vector<std::string>, std::less<>> created_;
  std::vector<std::string_view> values_;
  std::deque<std::string> kept_;
  std::size_t consumed_ = 0;  // by the last parse that was done
  bool stopped_ = false;
  std::size_t open_dumps_ = 0;  // whose first line was seen and whose last one was not
};

}  // namespace

bool looks_like_sql(std::string_view head) {
  std::string folded(head.substr(0, 65536));
  for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view sign : {"postgresql database dump", "mysql dump", "mariadb dump", "pragma foreign_keys="})
    if (folded.find(sign) != std::string::npos) return true;
  for (const std::string_view word : {"create table", "insert into", "insert [", "copy public."}) {
    const std::size_t at = folded.find(word);
    if (at != std::string::npos && (at == 0 || folded[at - 1] == '\n' || folded[at - 1] == ' ')) return true;
  }
  return false;
}

void read_sql(TextInput& input, TableSink& sink) { SqlReader(input, sink).read(); }

}  // namespace lastgood::tables
