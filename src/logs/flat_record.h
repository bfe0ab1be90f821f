// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FlatRecord: one record of a timeline as names and texts, whether it came as a row of CSV or a line of JSON. Names
// inside of names are joined by dots: "Event.System.EventID".
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgood::logs {

inline constexpr std::size_t k_record_fields_max = 512;
inline constexpr std::size_t k_record_depth_max = 16;

class FlatRecord {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void clear() { fields_.clear(); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  /// Of this very name, ASCII letters alike; empty when there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  /// The first of them that is there and not empty or "-".
  [[nodiscard]] std::string_view first_of(std::initializer_list<std::string_view> names) const;
  /// Whose name ends in ".NAME", or is it.
  [[nodiscard]] std::string_view leaf(std::string_view name) const;
  [[nodiscard]] std::string_view first_leaf(std::initializer_list<std::string_view> names) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Reads lines of JSON, one object a line. One thread.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;
  /// False for what is no object of at most k_record_depth_max levels and k_record_fields_max values. `record` is then
  /// in any state.
  bool read(std::string_view line, FlatRecord& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::logs
