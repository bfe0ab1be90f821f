// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A TOML 1.0 text as plain values with the lines they stand on. The door to toml++: nobody else includes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgood::services {

struct TomlValue {
  enum class Kind : std::uint8_t { text, whole_number, number, truth, time, list, table } kind = Kind::table;
  std::size_t line = 0;
  std::string text;  // of texts; of truths "true" or "false"
  std::int64_t whole = 0;
  double number = 0;
  std::vector<TomlValue> list;
  struct Member;
  std::vector<Member> members;  // of tables, in the order of their lines

  [[nodiscard]] const TomlValue* find(std::string_view key) const;
};

struct TomlValue::Member {
  std::string key;
  std::size_t line = 0;
  TomlValue value;
};

/// "a text", "a whole number", ...
std::string_view name_of(TomlValue::Kind kind);

struct ParsedToml {
  TomlValue root;
  std::string mistake;  // empty: parsed
  std::size_t line = 0;
};

/// Pure. Values nest at most 16 deep and keys have at most 8 parts: deeper text is a mistake before toml++ sees it.
[[nodiscard]] ParsedToml parse_toml(std::string_view text);

}  // namespace lastgood::services
