// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One entry of the ledger and its one spelling (format.md). Pure: no files, no clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/checksum.h"

namespace lastgood::ledger {

inline constexpr std::size_t k_line_bytes_max = 1'048'576;
inline constexpr std::int64_t k_integer_max = (std::int64_t{1} << 53) - 1;
inline constexpr std::string_view k_kind_created = "case-created";
inline constexpr std::string_view k_kind_repaired = "ledger-repaired";

using FieldValue = std::variant<std::string, std::int64_t, std::vector<std::string>>;
/// Sorted by name, as the format wants it.
using Fields = std::map<std::string, FieldValue, std::less<>>;

/// Who did it.
struct Actor {
  std::string host;
  std::string login;
  std::string program;
  std::string user;
  bool operator==(const Actor&) const = default;
};

struct Entry {
  std::uint64_t sequence = 0;
  std::string time;  // base::format_rfc3339
  Actor actor;
  std::string kind;
  Fields fields;
  std::string previous;  // 64 hex digits
  std::string sha256;    // 64 hex digits; set by parse_entry, not read by write_entry
  bool operator==(const Entry&) const = default;
};

/// The text of a field; "" when there is none of that name or it is no text.
std::string text_in(const Fields& fields, std::string_view name);
/// 0 when there is none of that name or it is no number.
std::int64_t number_in(const Fields& fields, std::string_view name);

/// The line without its LF. REQUIRES: every text in `entry` is UTF-8, names and integers are within the format.
std::string write_entry(const Entry& entry);

/// True when the line begins and ends as an entry does: no crash can have cut it.
bool is_complete(std::string_view line);

/// The hash at the end of a complete line. REQUIRES: is_complete(line).
std::string_view digest_in(std::string_view line);

/// The hash at the end of a complete line fits the bytes before it.
bool has_right_digest(std::string_view line);

/// nullopt when `line` is not the one spelling of an entry. Does not look at the hash.
std::optional<Entry> parse_entry(std::string_view line);

bool is_kind(std::string_view text);
bool is_field_name(std::string_view text);

}  // namespace lastgood::ledger
