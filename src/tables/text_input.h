// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A content as text from front to end, in a window that grows as far as one row may need. A byte order mark is taken
// off; UTF-16 with one becomes UTF-8 (scripts of SQL Server are so), and offsets then count bytes of UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::tables {

/// One thread.
class TextInput {
 public:
  /// `source` must outlive it.
  explicit TextInput(base::ByteSource& source);

  /// What is read and not yet skipped. Valid until the next `more` or `skip`.
  [[nodiscard]] std::string_view rest() const { return std::string_view(window_).substr(begin_); }
  /// Reads on; false at the end, when reading failed (`status`), or when the window is full.
  [[nodiscard]] bool more();
  void skip(std::size_t count);
  /// Of the first byte of `rest`.
  [[nodiscard]] std::uint64_t offset() const { return offset_bytes_; }
  /// The window holds as much as a row may have: what is there is too long.
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] const base::Status& status() const { return status_; }

  struct Line {
    std::string_view text;  // without its end; empty when it was too long
    std::uint64_t offset_bytes = 0;
    bool is_too_long = false;
  };
  /// The next line, skipped when the one after it is asked for, and everything read up to it. Nothing: the end.
  [[nodiscard]] std::optional<Line> next_line();
  /// Takes back the skipping of the line that was given last.
  void keep_line() { pending_skip_ = 0; }

 private:
  enum class Encoding : std::uint8_t { unknown, bytes, utf16_le, utf16_be };
  void decide_encoding(std::string_view head, std::size_t& skipped);
  void add_utf16(std::string_view bytes);
  void skip_long_line();

  base::ByteSource& source_;
  base::Status status_ = base::Done{};
  Encoding encoding_ = Encoding::unknown;
  std::uint64_t read_bytes_ = 0;  // of the source
  std::uint64_t offset_bytes_ = 0;
  std::string window_;
  std::size_t begin_ = 0;
  std::size_t pending_skip_ = 0;
  std::size_t looked_ = 0;  // bytes of rest() in which next_line found no end
  std::vector<std::uint8_t> piece_;
  std::string carry_;  // half a UTF-16 unit or pair
  bool at_end_ = false;
};

}  // namespace lastgood::tables
