// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/flat_record.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "logs/log_parser.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

struct JsonReader::State {
  simdjson::dom::parser parser{k_line_bytes_max};
};

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

bool flatten(const element& value, const std::string& name, std::size_t depth, FlatRecord& record);

bool flatten_object(const simdjson::dom::object& object, const std::string& name, std::size_t depth,
                    FlatRecord& record) {
  for (const auto& [key, value] : object) {
    std::string inner = name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
    if (inner.size() > 1024 || !flatten(value, inner, depth + 1, record)) return false;
  }
  return true;
}

/// A list of numbers that are bytes is a text that is not UTF-8 (journald); others are joined by blanks.
bool flatten_list(const simdjson::dom::array& list, const std::string& name, std::size_t depth, FlatRecord& record) {
  std::string joined;
  bool all_bytes = true;
  // plaso's values of an event of Windows: which is which is told by their places.
  const bool is_by_place = name == "strings";
  std::size_t next_place = 0;
  for (const element item : list) {
    const std::size_t place = next_place++;
    std::uint64_t number = 0;
    if (item.get(number) == simdjson::SUCCESS && number <= 255) {
      joined += static_cast<char>(static_cast<std::uint8_t>(number));
      continue;
    }
    all_bytes = false;
    if (item.is_object() || item.is_array()) {
      if (!flatten(item, name, depth + 1, record)) return false;
      continue;
    }
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS) {
      if (is_by_place && record.size() < k_record_fields_max)
        record.add(fmt::format("{}.{}", name, place), std::string(text));
      if (!joined.empty()) joined += ' ';
      joined += text;
    }
  }
  if (all_bytes || !joined.empty()) record.add(name, std::move(joined));
  return true;
}

// Recursion is limited by k_record_depth_max.
bool flatten(const element& value, const std::string& name, std::size_t depth, FlatRecord& record) {
  if (depth > k_record_depth_max || record.size() >= k_record_fields_max) return false;
  switch (value.type()) {
    case element_type::OBJECT: return flatten_object(value.get_object().value_unsafe(), name, depth, record);
    case element_type::ARRAY: return flatten_list(value.get_array().value_unsafe(), name, depth, record);
    case element_type::STRING: record.add(name, std::string(value.get_string().value_unsafe())); return true;
    case element_type::INT64: record.add(name, fmt::format("{}", value.get_int64().value_unsafe())); return true;
    case element_type::UINT64: record.add(name, fmt::format("{}", value.get_uint64().value_unsafe())); return true;
    case element_type::DOUBLE: record.add(name, fmt::format("{:.9f}", value.get_double().value_unsafe())); return true;
    case element_type::BOOL: record.add(name, value.get_bool().value_unsafe() ? "true" : "false"); return true;
    case element_type::NULL_VALUE: return true;
  }
  return true;
}

}  // namespace

std::string_view FlatRecord::value(std::string_view name) const {
  for (const auto& [field, text] : fields_) {
    if (same_letters(field, name)) return text;
  }
  return {};
}

std::string_view FlatRecord::first_of(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const std::string_view text = value(name);
    if (!text.empty() && text != "-") return text;
  }
  return {};
}

std::string_view FlatRecord::leaf(std::string_view name) const {
  for (const auto& [field, text] : fields_) {
    const std::size_t dot = field.rfind('.');
    if (same_letters(std::string_view(field).substr(dot == std::string::npos ? 0 : dot + 1), name)) return text;
  }
  return {};
}

std::string_view FlatRecord::first_leaf(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const std::string_view text = leaf(name);
    if (!text.empty() && text != "-") return text;
  }
  return {};
}

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;

bool JsonReader::read(std::string_view line, FlatRecord& record) {
  record.clear();
  const std::string_view text = trimmed(line);
  if (!text.starts_with('{') || !text.ends_with('}')) return false;
  element root;
  if (state_->parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS || !root.is_object()) return false;
  return flatten(root, {}, 0, record);
}

}  // namespace lastgood::logs
