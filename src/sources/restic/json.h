// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JSON in the hands of a stranger: simdjson on demand, which never recurses and stops at its own depth limit. The only
// header here that names simdjson; what a file has in a wrong type counts as not there.
#pragma once

// Without them, simdjson's results cannot turn into values silently: such a step throws where a text is wrong.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace lastgood::sources::restic {

namespace json = simdjson::ondemand;

/// Bytes that simdjson may read beyond the end of a text.
inline constexpr std::size_t k_json_padding_bytes = simdjson::SIMDJSON_PADDING;

/// Begins to read `bytes` without their last k_json_padding_bytes, which whoever calls has added.
/// REQUIRES: bytes.size() >= k_json_padding_bytes.
inline bool begin_json(json::parser& parser, const std::vector<std::uint8_t>& bytes, json::document& document) {
  const std::size_t length = bytes.size() - k_json_padding_bytes;
  return parser.iterate(bytes.data(), length, bytes.size()).get(document) == simdjson::SUCCESS;
}

/// Calls `visit(key, value)` for each field. False where the text ends or breaks before the object does.
template <typename Visitor>
bool for_each_field(json::object& object, Visitor visit) {
  for (auto field_result : object) {
    json::field field;
    std::string_view key;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return false;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    json::value value = field.value();
    visit(key, value);
  }
  return true;
}

/// Calls `visit(value)` for each element; false ends it, as does a text that breaks.
template <typename Visitor>
bool for_each_element(json::array& array, Visitor visit) {
  for (auto element_result : array) {
    json::value element;
    if (std::move(element_result).get(element) != simdjson::SUCCESS) return false;
    if (!visit(element)) return false;
  }
  return true;
}

/// Lives until the parser begins its next text.
inline std::optional<std::string_view> text_in(json::value& value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

/// A literal null; false for what only begins like one.
inline bool is_null(json::value& value) {
  bool null = false;
  return value.is_null().get(null) == simdjson::SUCCESS && null;
}

inline std::optional<std::uint64_t> number_in(json::value& value) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

}  // namespace lastgood::sources::restic
