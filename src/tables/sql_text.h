// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of SQL as dumps use them: names, strings, numbers, rows in brackets. A cursor over what is read; every step
// says when it needs more. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::tables {

/// How a dump writes a backslash inside '...'.
enum class Backslash : std::uint8_t { letter, escape };

enum class Step : std::uint8_t { done, need_more, bad };

/// Lower case for keywords; at most 64 letters.
[[nodiscard]] std::string lower_word(std::string_view word);

/// Valid as long as the text.
class SqlCursor {
 public:
  SqlCursor(std::string_view text, Backslash backslash) : text_(text), backslash_(backslash) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void advance() { ++at_; }

  /// Spaces and comments.
  [[nodiscard]] Step skip_space();
  /// A word of letters, digits and '_'; empty when none stands here.
  [[nodiscard]] std::string_view take_word();
  /// A name, perhaps of several parts: a.b, "a"."b", `a`, [dbo].[a]. The parts joined by '.'.
  [[nodiscard]] Step take_name(std::string& into);
  /// One value of a row. What is no plain part of the text is put into `kept`. NULL is empty.
  [[nodiscard]] Step take_value(std::string_view& value, std::deque<std::string>& kept);
  /// '(' values ')' with the cursor on '('.
  [[nodiscard]] Step take_row(std::vector<std::string_view>& values, std::deque<std::string>& kept);
  /// '(' ... ')' with the cursor on '(': skipped, with strings and names in it.
  [[nodiscard]] Step skip_brackets();
  /// A string, a quoted name or a $tag$...$tag$ that begins here is skipped; otherwise one character.
  [[nodiscard]] Step skip_token();

 private:
  [[nodiscard]] Step skip_quoted(char quote);
  [[nodiscard]] Step skip_dollar();
  [[nodiscard]] Step take_string(Backslash backslash, std::string_view& value, std::deque<std::string>& kept);
  [[nodiscard]] Step take_part(std::string& into);

  std::string_view text_;
  Backslash backslash_;
  std::size_t at_ = 0;
};

/// What COPY of PostgreSQL writes: \N is NULL (empty), \t, \n, \\ and others are undone into `kept`.
[[nodiscard]] std::string_view undo_copy_escapes(std::string_view field, std::deque<std::string>& kept);

/// Names of the columns in the brackets of CREATE TABLE, `brackets` with both of them.
[[nodiscard]] std::vector<std::string> columns_of_create(std::string_view brackets, Backslash backslash);

}  // namespace lastgood::tables
