// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The strings and integers of RFC 8785 (JSON Canonicalization Scheme): written in their one spelling, and read in that
// spelling alone. Own code, because the bytes decide whether a ledger is whole: no library may come to write them
// otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::ledger {

/// RFC 8785 section 3.2.2.2. REQUIRES: `text` is UTF-8.
void append_text(std::string& out, std::string_view text);

/// Walks over a line from the left. Each `take_` moves on only when it succeeds.
class Scanner {
 public:
  explicit Scanner(std::string_view line) : rest_(line) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// The next byte; NUL at the end.
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(std::string_view expected);
  /// No leading zero, no "-0", within [-limit, limit].
  std::optional<std::int64_t> take_integer(std::int64_t limit);
  /// A string with its quotes, without them and without escapes; UTF-8.
  std::optional<std::string> take_text();

 private:
  std::string_view rest_;
};

}  // namespace lastgood::ledger
