// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_script.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_line_letters_max = 200;  // comments are shorter
constexpr std::string_view k_delimiter = "/*!*/;";
constexpr std::string_view k_use = "use `";
constexpr std::string_view k_rows_begin = "BINLOG '";
constexpr std::string_view k_rows_end = "'/*!*/;";
constexpr std::string_view k_row_count = "# Number of rows: ";

/// Takes in one line after the other.
struct WordPlace {
  std::string at;
  std::int64_t time_ns = 0;
  std::size_t logs = 0;

  void on_line(std::string_view line) {
    constexpr std::string_view k_at = "# at ";
    if (line.starts_with(k_at)) {
      at = line.substr(k_at.size());
      return;
    }
    const std::int64_t time = parse_event_time(line);
    if (time == 0) return;
    time_ns = time;
    logs += line.find("\tStart: binlog v") == std::string_view::npos ? 0U : 1U;
  }
};

std::uint64_t line_in(std::string_view words) {
  constexpr std::string_view k_mark = ") at line ";
  const std::size_t at = words.rfind(k_mark);
  std::uint64_t line = 0;
  if (at == std::string_view::npos) return line;
  const std::string_view digits = words.substr(at + k_mark.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  return line;
}

/// Takes in one line after the other.
class ScriptReading {
 public:
  explicit ScriptReading(const std::function<void(const ScriptPart&)>& on_part) : on_part_(on_part) {}

  /// `line` begins at `from`, without its end; cut where it is long.
  void on_line(std::string_view line, std::uint64_t from) {
    if (is_counted_) return on_count(line, from);
    if (is_rows_) {
      is_counted_ = line == k_rows_end;
      if (is_counted_) part_.to = from + 1;
      return;
    }
    if (!is_open_) {
      if (line.starts_with('#')) return on_comment(line);
      if (line.starts_with(k_use)) database_ = line.substr(k_use.size(), line.find('`', k_use.size()) - k_use.size());
      is_rows_ = line == k_rows_begin;
      if (is_rows_) part_.from = from;
      if (is_rows_ || !is_query_ || line.empty() || line.ends_with(k_delimiter)) return;
      is_open_ = true;
      part_.from = from;
    }
    if (line == k_delimiter) return close_statement(from);
    if (part_.text.size() < ScriptPart::k_letters_max) part_.text.append(line).append("\n");
  }

  void finish() {
    if (is_counted_) close_rows();
  }

 private:
  void on_comment(std::string_view line) {
    const std::int64_t time_ns = parse_event_time(line);
    if (time_ns == 0) return;
    time_ns_ = time_ns;
    is_query_ = line.find("\tQuery\t") != std::string_view::npos;
    if (line.find("\tGTID ") != std::string_view::npos) ++transaction_;
    on_table(line);
    on_change(line);
  }

  /// Which tables the rows that follow are of, each in a comment of its own.
  void on_table(std::string_view line) {
    constexpr std::string_view k_table = "\tTable_map: `";
    constexpr std::string_view k_between = "`.`";
    const std::size_t at = line.find(k_table);
    if (at == std::string_view::npos || part_.tables.size() >= ScriptPart::k_tables_max) return;
    const std::string_view name = line.substr(at + k_table.size());
    const std::size_t dot = name.find(k_between);
    const std::size_t end = name.rfind("` mapped to number ");
    if (dot == std::string_view::npos || end == std::string_view::npos || dot + k_between.size() > end) return;
    part_.tables.emplace_back(name.substr(0, dot), name.substr(dot + k_between.size(), end - dot - k_between.size()));
  }

  /// "Delete_rows: table id 18", also "Delete_rows_v1" and "Delete_rows_compressed_v1".
  void on_change(std::string_view line) {
    const std::size_t at = line.rfind('\t');
    const std::string_view event = at == std::string_view::npos ? line : line.substr(at + 1);
    if (event.starts_with("Write_rows") || event.starts_with("Update_rows")) is_more_ = true;
    if (event.starts_with("Delete_rows")) part_.is_deletion = true;
  }

  /// How many rows they were stands behind them.
  void on_count(std::string_view line, std::uint64_t from) {
    const bool is_count = line.starts_with(k_row_count);
    if (is_count) std::from_chars(line.data() + k_row_count.size(), line.data() + line.size(), part_.rows);
    close_rows();
    if (!is_count) on_line(line, from);
  }

  void close_rows() {
    is_rows_ = false;
    is_counted_ = false;
    part_.kind = ScriptPart::Kind::rows;
    part_.is_deletion = part_.is_deletion && !is_more_;
    give();
  }

  void close_statement(std::uint64_t to) {
    is_open_ = false;
    part_.kind = ScriptPart::Kind::statement;
    part_.to = to;
    part_.database = database_;
    give();
  }

  void give() {
    part_.time_ns = time_ns_;
    part_.transaction = transaction_;
    on_part_(part_);
    part_ = {};
    is_more_ = false;
  }

  const std::function<void(const ScriptPart&)>& on_part_;
  ScriptPart part_;
  std::string database_;
  std::int64_t time_ns_ = 0;
  std::uint64_t transaction_ = 0;
  bool is_more_ = false;  // rows that are added or changed are among them
  bool is_query_ = false;
  bool is_open_ = false;  // inside of a statement
  bool is_rows_ = false;
  bool is_counted_ = false;  // behind rows, where their number may stand
};

}  // namespace

base::Status walk_script(base::ByteSource& script, const std::function<void(const ScriptPart&)>& on_part) {
  ScriptReading reading(on_part);
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20U);
  std::string line;
  std::uint64_t begun = 0;
  for (std::uint64_t from = 0;;) {
    LG_ASSIGN(const std::size_t got, script.read(from, buffer));
    if (got == 0) break;
    for (std::size_t i = 0; i < got; ++i) {
      const char letter = static_cast<char>(buffer[i]);
      if (letter != '\n') {
        if (line.size() < ScriptPart::k_letters_max) line += letter;
        continue;
      }
      reading.on_line(line, begun);
      line.clear();
      begun = from + i + 1;
    }
    from += got;
  }
  reading.finish();
  return base::Done{};
}

std::int64_t parse_event_time(std::string_view line) {
  constexpr std::size_t k_stamp_letters = 15;  // yymmdd hh:mm:ss, the hour may begin with a blank
  constexpr std::size_t k_day_letters = 7;
  if (!line.starts_with('#') || line.find(" server id ") != k_stamp_letters + 1) return 0;
  std::string stamp(line.substr(1, k_stamp_letters));
  std::replace(stamp.begin() + k_day_letters, stamp.end(), ' ', '0');
  return base::parse_rfc3339(fmt::format("20{}-{}-{}T{}Z", stamp.substr(0, 2), stamp.substr(2, 2), stamp.substr(4, 2),
                                         stamp.substr(k_day_letters)))
      .value_or(0);
}

base::Result<std::string> find_refused_event(base::ByteSource& script, std::string_view words,
                                             const std::vector<std::string>& names) {
  const std::uint64_t wanted = line_in(words);
  if (wanted == 0) return std::string();
  WordPlace place;
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20U);
  std::string line;
  std::uint64_t number = 1;
  for (std::uint64_t from = 0; number <= wanted;) {
    LG_ASSIGN(const std::size_t got, script.read(from, buffer));
    if (got == 0) break;
    from += got;
    for (std::size_t i = 0; i < got && number <= wanted; ++i) {
      const char letter = static_cast<char>(buffer[i]);
      if (letter != '\n') {
        if (line.size() < k_line_letters_max) line += letter;
        continue;
      }
      place.on_line(line);
      line.clear();
      ++number;
    }
  }
  if (place.at.empty() || place.logs == 0 || place.logs > names.size()) return std::string();
  return fmt::format("the event at {} of '{}', of {}", base::printable(place.at),
                     base::printable(names[place.logs - 1]), base::format_rfc3339(place.time_ns));
}

}  // namespace lastgood::engines::mariadb
