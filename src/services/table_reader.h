// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Takes keys out of one TOML table: each with the type it must have, and what nobody took is a mistake with the key
// that was probably meant.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/services_file.h"
#include "services/toml_value.h"

namespace lastgood::services {

/// Collects mistakes, at most k_mistakes_max.
/// Which of them stands where: `take_first` before and after it.
class Mistakes {
 public:
  explicit Mistakes(std::string path) : path_(std::move(path)) {}
  /// "services.toml:14: SENTENCE"
  void add(std::size_t line, std::string_view sentence);
  /// Of the mistakes since this was last called, also of those that were no longer collected, that of the first line;
  /// without a sentence: there is none.
  [[nodiscard]] Mistake take_first() { return std::exchange(first_, {}); }
  /// By line.
  [[nodiscard]] std::vector<Mistake> take();

 private:
  std::string path_;
  std::vector<Mistake> found_;
  Mistake first_;
};

/// One thread, one table. A key that has a wrong type counts as taken.
class TableReader {
 public:
  /// `where`: "service 'opd'", for sentences. All three must live longer.
  TableReader(const TomlValue& table, std::string where, Mistakes& mistakes)
      : table_(table), where_(std::move(where)), mistakes_(mistakes) {}

  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise);
  [[nodiscard]] std::optional<bool> truth(std::string_view key);
  /// Between `least` and `most`.
  [[nodiscard]] std::optional<unsigned> count(std::string_view key, unsigned least, unsigned most);
  /// "4h"
  [[nodiscard]] std::optional<double> duration(std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  /// A program and its arguments; the program is an absolute path.
  [[nodiscard]] std::vector<std::string> command(std::string_view key);
  /// One of `known`, as its index.
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> known);
  /// Empty when it is not there; without "//" and "/./" in it, and without a '/' at its end.
  [[nodiscard]] std::string absolute_path(std::string_view key);
  /// Null when it is not there.
  [[nodiscard]] const TomlValue* table(std::string_view key) { return take(key, TomlValue::Kind::table); }
  /// Of any type; null when it is not there.
  [[nodiscard]] const TomlValue* any(std::string_view key);
  /// Calls for each table of [[...]]; a single table is one of them.
  void tables(std::string_view key, const std::function<void(const TomlValue&)>& on_table);

  /// A mistake when the key is not there.
  void require(std::string_view key);
  /// Says of every key that nobody took that it is unknown.
  void refuse_others();
  void say(std::size_t line, std::string_view sentence);
  [[nodiscard]] std::size_t line_of(std::string_view key) const;
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] Mistakes& mistakes() { return mistakes_; }

 private:
  const TomlValue* take(std::string_view key, TomlValue::Kind kind);

  const TomlValue& table_;
  std::string where_;
  Mistakes& mistakes_;
  std::vector<std::string_view> taken_;
};

}  // namespace lastgood::services
