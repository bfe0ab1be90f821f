// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/sql_text.h"

#include <algorithm>
#include <array>

#include "tables/table_sink.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_name_bytes_max = 256;
constexpr int k_sql_depth_max = 64;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) > 127;
}

char escaped_letter(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '0': return '\0';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'v': return '\v';
    case 'Z': return '\x1A';
    default: return c;
  }
}

}  // namespace

std::string lower_word(std::string_view word) {
  std::string out(word.substr(0, 64));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

Step SqlCursor::skip_space() {
  while (true) {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ >= text_.size()) return Step::need_more;
    const bool may_begin = here() == '-' || here() == '/' || here() == '#';
    if (!may_begin) return Step::done;
    if (at_ + 1 >= text_.size()) return Step::need_more;
    const bool is_line = here() == '#' ? backslash_ == Backslash::escape : text_.substr(at_, 2) == "--";
    if (is_line) {
      const std::size_t end = text_.find('\n', at_);
      if (end == std::string_view::npos) return Step::need_more;
      at_ = end + 1;
    } else if (text_.substr(at_, 2) == "/*") {
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return Step::need_more;
      at_ = end + 2;
    } else {
      return Step::done;
    }
  }
}

std::string_view SqlCursor::take_word() {
  const std::size_t from = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  return text_.substr(from, at_ - from);
}

Step SqlCursor::take_part(std::string& into) {
  const char open = here();
  if (open == '"' || open == '`' || open == '[') {
    const char close = open == '[' ? ']' : open;
    const std::size_t end = text_.find(close, at_ + 1);
    if (end == std::string_view::npos) return text_.size() - at_ > k_name_bytes_max ? Step::bad : Step::need_more;
    if (end - at_ > k_name_bytes_max) return Step::bad;
    into += text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return Step::done;
  }
  const std::string_view word = take_word();
  if (word.empty() || word.size() > k_name_bytes_max) return Step::bad;
  if (at_ >= text_.size()) return Step::need_more;
  into += word;
  return Step::done;
}

Step SqlCursor::take_name(std::string& into) {
  into.clear();
  for (int parts = 0; parts < 4; ++parts) {
    if (const Step step = take_part(into); step != Step::done) return step;
    if (at_ >= text_.size()) return Step::need_more;
    if (here() != '.') return Step::done;
    into += '.';
    ++at_;
    if (at_ >= text_.size()) return Step::need_more;
  }
  return Step::bad;
}

Step SqlCursor::skip_quoted(char quote) {
  std::size_t at = at_ + 1;
  const bool has_escapes = quote == '\'' && backslash_ == Backslash::escape;
  while (true) {
    while (at < text_.size() && text_[at] != quote && !(has_escapes && text_[at] == '\\')) ++at;
    if (at + 1 >= text_.size()) return text_.size() - at_ >= k_row_bytes_max ? Step::bad : Step::need_more;
    if (text_[at] == '\\' || text_[at + 1] == quote) {
      at += 2;
      continue;
    }
    at_ = at + 1;
    return Step::done;
  }
}

Step SqlCursor::skip_dollar() {
  std::size_t end = at_ + 1;
  while (end < text_.size() && is_word(text_[end]) && text_[end] != '$') ++end;
  if (end >= text_.size()) return Step::need_more;
  if (text_[end] != '$') {
    ++at_;
    return Step::done;
  }
  const std::string_view tag = text_.substr(at_, end + 1 - at_);
  const std::size_t close = text_.find(tag, end + 1);
  if (close == std::string_view::npos) return Step::need_more;
  at_ = close + tag.size();
  return Step::done;
}

Step SqlCursor::skip_token() {
  const char c = here();
  if (c == '\'' || c == '"' || c == '`') return skip_quoted(c);
  if (c == '$' && backslash_ == Backslash::letter) return skip_dollar();
  if (is_word(c)) {
    (void)take_word();
  } else {
    ++at_;
  }
  return Step::done;
}

Step SqlCursor::skip_brackets() {
  int depth = 0;
  while (true) {
    if (const Step step = skip_space(); step != Step::done) return step;
    const char c = here();
    if (c == '(') {
      if (++depth > k_sql_depth_max) return Step::bad;
      ++at_;
    } else if (c == ')') {
      ++at_;
      if (--depth == 0) return Step::done;
    } else if (const Step step = skip_token(); step != Step::done) {
      return step;
    }
  }
}

Step SqlCursor::take_string(Backslash backslash, std::string_view& value, std::deque<std::string>& kept) {
  const std::size_t from = ++at_;
  std::string* out = nullptr;
  std::size_t part = from;  // what is not yet in *out
  const auto keep = [&](std::size_t to) {
    if (out == nullptr) out = &kept.emplace_back();
    out->append(text_.substr(part, to - part));
  };
  while (true) {
    while (at_ < text_.size() && text_[at_] != '\'' && !(backslash == Backslash::escape && text_[at_] == '\\')) ++at_;
    if (at_ + 1 >= text_.size()) return Step::need_more;
    if (text_[at_] == '\\') {
      keep(at_);
      *out += escaped_letter(text_[at_ + 1]);
      part = at_ += 2;
    } else if (text_[at_ + 1] == '\'') {
      keep(at_ + 1);
      part = at_ += 2;
    } else {
      if (out != nullptr) keep(at_);
      value = out != nullptr ? std::string_view(*out) : text_.substr(from, at_ - from);
      ++at_;
      return Step::done;
    }
  }
}

Step SqlCursor::take_value(std::string_view& value, std::deque<std::string>& kept) {
  value = {};
  const char c = here();
  if (c == '\'') return take_string(backslash_, value, kept);
  if (c == '"' && backslash_ == Backslash::escape) {  // MySQL takes these for strings
    const std::size_t from = at_ + 1;
    if (const Step step = skip_quoted('"'); step != Step::done) return step;
    value = text_.substr(from, at_ - 1 - from);
    return Step::done;
  }
  const std::size_t from = at_;
  if (is_word(c) || c == '-' || c == '+' || c == '.') {
    while (at_ < text_.size() &&
           (is_word(text_[at_]) || text_[at_] == '.' || text_[at_] == '-' || text_[at_] == '+' || text_[at_] == ':'))
      ++at_;
    if (at_ >= text_.size()) return Step::need_more;
    const std::string_view word = text_.substr(from, at_ - from);
    if (here() == '\'' && word.size() <= 8) {  // N'..', E'..', X'..', _binary'..'
      return take_string(word == "E" || word == "e" ? Backslash::escape : backslash_, value, kept);
    }
    if (here() == ' ' && word.starts_with('_')) {  // _utf8mb4 '..'
      if (const Step step = skip_space(); step != Step::done) return step;
      if (here() == '\'') return take_string(backslash_, value, kept);
    }
    if (here() == '(') {  // CAST(N'..' AS Date), CONVERT(...): the first string in it is the value
      const std::size_t open = at_;
      if (const Step step = skip_brackets(); step != Step::done) return step;
      SqlCursor inner(text_.substr(open + 1, at_ - open - 1), backslash_);
      while (!inner.is_at_end() && inner.here() != '\'') inner.advance();
      if (!inner.is_at_end() && inner.take_string(backslash_, value, kept) != Step::done) value = {};
      return Step::done;
    }
    if (word.size() == 4 && lower_word(word) == "null") return Step::done;
    value = word;
    return Step::done;
  }
  if (c == '(') {
    if (const Step step = skip_brackets(); step != Step::done) return step;
    value = text_.substr(from, at_ - from);
    return Step::done;
  }
  return c == '\0' && at_ >= text_.size() ? Step::need_more : Step::bad;
}

Step SqlCursor::take_row(std::vector<std::string_view>& values, std::deque<std::string>& kept) {
  values.clear();
  kept.clear();
  ++at_;
  while (true) {
    if (const Step step = skip_space(); step != Step::done) return step;
    if (here() == ')' && values.empty()) {
      ++at_;
      return Step::done;
    }
    std::string_view value;
    if (const Step step = take_value(value, kept); step != Step::done) return step;
    if (values.size() >= k_columns_max) return Step::bad;
    values.push_back(value);
    // What a type or a collation adds: '..'::date, 'x' COLLATE y.
    while (true) {
      if (const Step step = skip_space(); step != Step::done) return step;
      if (here() == ',' || here() == ')') break;
      if (here() == ';' || here() == '\'') return Step::bad;
      if (const Step step = skip_token(); step != Step::done) return step;
    }
    const char end = here();
    ++at_;
    if (end == ')') return Step::done;
  }
}

std::string_view undo_copy_escapes(std::string_view field, std::deque<std::string>& kept) {
  if (field == "\\N") return {};
  const std::size_t first = field.find('\\');
  if (first == std::string_view::npos) return field;
  std::string& out = kept.emplace_back(field.substr(0, first));
  for (std::size_t i = first; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 1 < field.size()) {
      out += escaped_letter(field[++i]);
    } else {
      out += field[i];
    }
  }
  return out;
}

std::vector<std::string> columns_of_create(std::string_view brackets, Backslash backslash) {
  constexpr std::array<std::string_view, 12> k_no_columns = {"primary", "key",      "unique", "constraint",
                                                             "index",   "fulltext", "check",  "foreign",
                                                             "spatial", "exclude",  "like",   "period"};
  std::vector<std::string> columns;
  SqlCursor cursor(brackets, backslash);
  cursor.advance();
  std::string name;
  while (columns.size() < k_columns_max) {
    if (cursor.skip_space() != Step::done) return columns;
    const bool is_quoted = cursor.here() == '"' || cursor.here() == '`' || cursor.here() == '[';
    if (cursor.take_name(name) != Step::done) return columns;
    const std::string word = lower_word(name);
    if (is_quoted || std::find(k_no_columns.begin(), k_no_columns.end(), word) == k_no_columns.end())
      columns.push_back(name);
    // On to the comma behind its type.
    while (true) {
      if (cursor.skip_space() != Step::done) return columns;
      if (cursor.here() == ',') break;
      if (cursor.here() == ')') return columns;
      const Step step = cursor.here() == '(' ? cursor.skip_brackets() : cursor.skip_token();
      if (step != Step::done) return columns;
    }
    cursor.advance();
  }
  return columns;
}

}  // namespace lastgood::tables
