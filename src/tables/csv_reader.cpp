// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/csv_reader.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/foreign_digits.h"
#include "tables/rows_to_sink.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_sample_rows = 50;
constexpr std::size_t k_quoted_bytes_max = std::size_t{1} << 20;  // a longer quoted value is a quote that went wrong

enum class Parsed : std::uint8_t { row, need_more, open_quote };

/// One record, cut into values.
class Record {
 public:
  /// Parses the record at the beginning of `text`. `is_end`: nothing follows `text`.
  Parsed parse(std::string_view text, char delimiter, bool is_end) {
    values_.clear();
    kept_.clear();
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && !is_end) return Parsed::need_more;
    const std::string_view line = text.substr(0, end);
    length_ = std::min(line.size() + 1, text.size());
    if (line.find('"') == std::string_view::npos) {
      split(without_return(line), delimiter);
      return Parsed::row;
    }
    return parse_quoted(text, delimiter, is_end);
  }
  /// The first line with its quotes as they are.
  void parse_plain(std::string_view text, char delimiter) {
    values_.clear();
    const std::string_view line = text.substr(0, text.find('\n'));
    length_ = std::min(line.size() + 1, text.size());
    split(without_return(line), delimiter);
  }
  [[nodiscard]] std::vector<std::string_view>& values() { return values_; }
  [[nodiscard]] std::size_t length() const { return length_; }
  [[nodiscard]] bool is_blank() const { return values_.size() == 1 && values_[0].empty(); }

 private:
  static std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  void split(std::string_view line, char delimiter) {
    while (values_.size() < k_columns_max) {
      const std::size_t at = line.find(delimiter);
      values_.push_back(line.substr(0, at));
      if (at == std::string_view::npos) return;
      line.remove_prefix(at + 1);
    }
  }
  Parsed parse_quoted(std::string_view text, char delimiter, bool is_end) {
    std::size_t at = 0;
    while (true) {
      if (at < text.size() && text[at] == '"') {
        const Parsed parsed = take_quoted(text, at, is_end);
        if (parsed != Parsed::row) return parsed;
      } else {
        const std::size_t from = at;
        while (at < text.size() && text[at] != delimiter && text[at] != '\n') ++at;
        if (at == text.size() && !is_end) return Parsed::need_more;
        add(without_return_at(text.substr(from, at - from), text, at));
      }
      if (at >= text.size()) {
        if (!is_end) return Parsed::need_more;
        length_ = text.size();
        return Parsed::row;
      }
      const char c = text[at++];
      if (c == '\n') {
        length_ = at;
        return Parsed::row;
      }
    }
  }
  static std::string_view without_return_at(std::string_view value, std::string_view text, std::size_t at) {
    return at >= text.size() || text[at] == '\n' ? without_return(value) : value;
  }
  void add(std::string_view value) {
    if (values_.size() < k_columns_max) values_.push_back(value);
  }
  /// Leaves `at` on the delimiter or line end behind the value.
  Parsed take_quoted(std::string_view text, std::size_t& at, bool is_end) {
    const std::size_t from = ++at;
    bool has_doubled = false;
    while (true) {
      const std::size_t quote = text.find('"', at);
      if (quote == std::string_view::npos || quote - from > k_quoted_bytes_max) {
        const std::size_t seen = text.size() - from;
        return is_end || seen > k_quoted_bytes_max ? Parsed::open_quote : Parsed::need_more;
      }
      if (quote + 1 == text.size() && !is_end) return Parsed::need_more;
      at = quote + 1;
      if (at < text.size() && text[at] == '"') {
        has_doubled = true;
        ++at;
        continue;
      }
      const std::string_view inside = text.substr(from, quote - from);
      add(has_doubled ? undoubled(inside) : inside);
      // What stands between the quote and the delimiter is none of the value; mostly a CR.
      while (at < text.size() && text[at] != '\n' && !is_delimiter(text[at])) ++at;
      return Parsed::row;
    }
  }
  static bool is_delimiter(char c) { return c == ',' || c == ';' || c == '\t' || c == '|'; }
  std::string_view undoubled(std::string_view inside) {
    std::string& out = kept_.emplace_back();
    for (std::size_t i = 0; i < inside.size(); ++i) {
      out += inside[i];
      if (inside[i] == '"') ++i;
    }
    return out;
  }

  std::vector<std::string_view> values_;
  std::deque<std::string> kept_;  // what is not as it stands in the text
  std::size_t length_ = 0;
};

/// "sep=;" and its line end: what spreadsheets write before the rows; 0: it is none.
std::size_t separator_line(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("sep=")) return 0;
  if (text[5] == '\n') return 6;
  return text.size() > 6 && text[5] == '\r' && text[6] == '\n' ? 7 : 0;
}

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
  });
}
bool has_digit(std::string_view text) {
  std::string scratch;
  text = base::with_ascii_digits(text, scratch);
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Rows as the sample shows them, for one delimiter.
struct Sample {
  std::vector<std::vector<std::string>> rows;
  std::size_t columns = 0;   // that most rows have
  std::size_t agreeing = 0;  // rows that have them
  std::size_t open_quotes = 0;
};

Sample sample_of(std::string_view head, HeadEnd end, char delimiter) {
  Sample sample;
  Record record;
  std::vector<std::size_t> widths;
  while (!head.empty() && widths.size() < k_sample_rows) {
    const Parsed parsed = record.parse(head, delimiter, end == HeadEnd::whole);
    if (parsed == Parsed::need_more) break;
    if (parsed == Parsed::open_quote) {
      ++sample.open_quotes;
      record.parse_plain(head, delimiter);
    }
    head.remove_prefix(record.length());
    if (record.is_blank()) continue;
    sample.rows.emplace_back(record.values().begin(), record.values().end());
    widths.push_back(record.values().size());
  }
  for (const std::size_t width : widths) {
    const auto count = static_cast<std::size_t>(std::count(widths.begin(), widths.end(), width));
    if (count > sample.agreeing) {
      sample.agreeing = count;
      sample.columns = width;
    }
  }
  return sample;
}

/// Five digits in a row: a value, and perhaps somebody's. Names of columns are printed and kept.
bool holds_a_number(std::string_view text) {
  std::size_t run = 0;
  std::string scratch;
  for (const char c : base::with_ascii_digits(text, scratch)) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run == 5) return true;
  }
  return false;
}

/// A header has a name in every column (but perhaps some), no two alike, none with more digits than a name has, and
/// somewhere it differs from what stands below it.
bool has_header(const Sample& sample) {
  const std::vector<std::string>& first = sample.rows.front();
  std::set<std::string_view> names;
  std::size_t named = 0;
  for (const std::string& name : first) {
    if (name.size() > 128 || name.find('@') != std::string::npos || holds_a_number(name)) return false;
    if (name.empty()) continue;
    if (!has_letter(name)) return false;
    ++named;
    names.insert(name);
  }
  if (named == 0 || names.size() != named || named * 2 < first.size()) return false;
  if (sample.rows.size() == 1) return true;
  for (std::size_t column = 0; column < first.size(); ++column) {
    std::size_t with_digits = 0;
    for (std::size_t row = 1; row < sample.rows.size(); ++row)
      if (column < sample.rows[row].size() && has_digit(sample.rows[row][column])) ++with_digits;
    const bool is_name = has_letter(first[column]) && first[column] != "NULL" && first[column] != "NA";
    if (is_name && !has_digit(first[column]) && with_digits * 10 >= (sample.rows.size() - 1) * 6) return true;
  }
  // Letters everywhere: a first row that nobody repeats and whose words look like names of columns.
  return std::all_of(
             first.begin(), first.end(),
             [](const std::string& name) { return name.find(' ') == std::string::npos && name.size() <= 40; }) &&
         std::any_of(first.begin(), first.end(), [](const std::string& name) {
           return name.find('_') != std::string::npos || name.find("name") != std::string::npos || name == "id";
         });
}

std::vector<std::string> columns_of(std::size_t count, const std::vector<std::string_view>* header) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_named = header != nullptr && i < header->size() && !(*header)[i].empty();
    names.push_back(is_named ? std::string((*header)[i].substr(0, 128)) : fmt::format("column {}", i + 1));
  }
  return names;
}

}  // namespace

std::optional<CsvShape> find_csv_shape(std::string_view head, HeadEnd end, CsvName name) {
  head.remove_prefix(separator_line(head));
  std::optional<CsvShape> best;
  std::size_t best_score = 0;
  for (const char delimiter : {',', '\t', ';', '|'}) {
    const Sample sample = sample_of(head, end, delimiter);
    const std::size_t rows = sample.rows.size();
    if (rows == 0 || sample.open_quotes * 5 > rows) continue;
    if (sample.columns < (name == CsvName::promised ? 2U : 3U)) continue;
    // A name promises rows; without it all have to agree, and enough of them.
    const bool agrees =
        name == CsvName::promised ? sample.agreeing * 10 >= rows * 6 : sample.agreeing == rows && rows >= 5;
    const std::size_t score = sample.agreeing * sample.columns;
    if (!agrees || score <= best_score) continue;
    best_score = score;
    best = CsvShape{.delimiter = delimiter, .columns = sample.columns, .has_header = has_header(sample)};
  }
  if (best || name == CsvName::unknown) return best;
  const Sample lines = sample_of(head, end, '\n');
  const bool is_list = !lines.rows.empty() && std::all_of(lines.rows.begin(), lines.rows.end(), [](const auto& row) {
    return row.size() == 1 && row[0].size() <= 128;
  });
  if (!is_list) return std::nullopt;
  return CsvShape{.delimiter = '\x1F', .columns = 1, .has_header = has_header(lines)};
}

void read_csv(TextInput& input, const CsvShape& shape, TableSink& sink) {
  RowFindings findings(sink, "csv");
  Record record;
  bool is_begun = false;
  std::size_t columns = shape.columns;
  if (input.rest().size() < 7) (void)input.more();
  input.skip(separator_line(input.rest()));
  while (true) {
    Parsed parsed = record.parse(input.rest(), shape.delimiter, false);
    if (parsed == Parsed::need_more) {
      if (input.more()) continue;
      if (input.rest().empty()) break;
      if (input.is_full()) {
        findings.see("long-row", input.offset(), "a row is longer than 16 MiB and was left out");
        if (!input.next_line()) break;
        input.skip(0);
        continue;
      }
      parsed = record.parse(input.rest(), shape.delimiter, true);
    }
    if (parsed == Parsed::open_quote) {
      findings.see("quote", input.offset(), "a quote is never closed and was read as a letter");
      record.parse_plain(input.rest(), shape.delimiter);
    }
    std::vector<std::string_view>& values = record.values();
    if (!record.is_blank()) {
      const bool is_header = shape.has_header && !is_begun;
      if (!is_begun) {
        is_begun = true;
        if (shape.has_header) columns = std::max(columns, values.size());
        sink.begin_table(
            {.name = {}, .database = {}, .columns = columns_of(columns, shape.has_header ? &values : nullptr)});
      }
      if (!is_header) {
        if (!fit_width(values, columns))
          findings.see("width", input.offset(), "a row has more or fewer values than columns");
        if (!sink.row(values)) break;
      }
    }
    input.skip(record.length());
  }
  findings.flush();
}

}  // namespace lastgood::tables
