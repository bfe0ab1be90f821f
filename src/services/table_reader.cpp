// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/table_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/near_miss.h"
#include "services/duration.h"

namespace lastgood::services {

namespace {

constexpr std::size_t k_mistakes_max = 1'000;
constexpr std::size_t k_arguments_max = 256;

}  // namespace

void Mistakes::add(std::size_t line, std::string_view sentence) {
  const bool is_first = first_.sentence.empty() || line < first_.line;
  if (found_.size() >= k_mistakes_max && !is_first) return;
  std::string said = fmt::format("{}:{}: {}", base::printable(path_), line, base::printable(sentence));
  if (is_first) first_ = {line, said};
  if (found_.size() < k_mistakes_max) found_.push_back({line, std::move(said)});
}

std::vector<Mistake> Mistakes::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return std::move(found_);
}

void TableReader::say(std::size_t line, std::string_view sentence) {
  mistakes_.add(line == 0 ? table_.line : line, fmt::format("{}: {}", where_, sentence));
}

std::size_t TableReader::line_of(std::string_view key) const {
  for (const TomlValue::Member& member : table_.members) {
    if (member.key == key) return member.line;
  }
  return table_.line;
}

const TomlValue* TableReader::any(std::string_view key) {
  taken_.push_back(key);
  return table_.find(key);
}

const TomlValue* TableReader::take(std::string_view key, TomlValue::Kind kind) {
  const TomlValue* value = any(key);
  if (value == nullptr || value->kind == kind) return value;
  say(value->line, fmt::format("'{}' must be {}, here it is {}", key, name_of(kind), name_of(value->kind)));
  return nullptr;
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const TomlValue* value = take(key, TomlValue::Kind::text);
  if (value == nullptr) return {};
  if (value->text.find('\0') != std::string::npos) {
    say(value->line, fmt::format("'{}' has a zero byte in it", key));
    return {};
  }
  return value->text;
}

std::string TableReader::text_or(std::string_view key, std::string_view otherwise) {
  return text(key).value_or(std::string(otherwise));
}

std::optional<bool> TableReader::truth(std::string_view key) {
  const TomlValue* value = take(key, TomlValue::Kind::truth);
  if (value == nullptr) return {};
  return value->text == "true";
}

std::optional<unsigned> TableReader::count(std::string_view key, unsigned least, unsigned most) {
  const TomlValue* value = take(key, TomlValue::Kind::whole_number);
  if (value == nullptr) return {};
  if (value->whole < least || value->whole > most) {
    say(value->line, fmt::format("'{}' must be between {} and {}, here it is {}", key, least, most, value->whole));
    return {};
  }
  return static_cast<unsigned>(value->whole);
}

std::optional<double> TableReader::duration(std::string_view key) {
  const TomlValue* value = take(key, TomlValue::Kind::text);
  if (value == nullptr) return {};
  const auto seconds = parse_duration(value->text);
  if (!seconds)
    say(value->line, fmt::format("'{}' must be a duration like \"90s\", \"15m\", \"4h\" or \"1d\", here it is \"{}\"",
                                 key, value->text));
  return seconds;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const TomlValue* value = take(key, TomlValue::Kind::list);
  if (value == nullptr) return out;
  if (value->list.size() > k_arguments_max) {
    say(value->line, fmt::format("'{}' has {} entries, {} are allowed", key, value->list.size(), k_arguments_max));
    return out;
  }
  for (const TomlValue& element : value->list) {
    if (element.kind != TomlValue::Kind::text || element.text.find('\0') != std::string::npos) {
      say(element.line, fmt::format("'{}' must hold texts only, here is {}", key, name_of(element.kind)));
      return {};
    }
    out.push_back(element.text);
  }
  return out;
}

std::vector<std::string> TableReader::command(std::string_view key) {
  std::vector<std::string> out = texts(key);
  if (out.empty() || out.front().starts_with('/')) return out;
  say(line_of(key), fmt::format("'{}' must begin with the absolute path of a program (no shell is used, and no PATH), "
                                "here it begins with \"{}\"",
                                key, out.front()));
  return {};
}

std::optional<std::size_t> TableReader::choice(std::string_view key, std::span<const std::string_view> known) {
  const auto word = text(key);
  if (!word) return {};
  const auto at = std::find(known.begin(), known.end(), *word);
  if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  const std::string_view meant = base::find_near_miss(*word, known);
  say(line_of(key), fmt::format("'{}' is \"{}\"{}: it can be {}", key, *word,
                                meant.empty() ? std::string() : fmt::format(", did you mean \"{}\"?", meant),
                                fmt::join(known, ", ")));
  return {};
}

std::string TableReader::absolute_path(std::string_view key) {
  std::string path = text_or(key, "");
  if (path.empty()) return path;
  if (!path.starts_with('/')) {
    say(line_of(key), fmt::format("'{}' must be an absolute path, here it is \"{}\"", key, path));
    return {};
  }
  if ((path + "/").find("/../") != std::string::npos) {
    say(line_of(key), fmt::format("'{}' must not go up with \"..\", here it is \"{}\"", key, path));
    return {};
  }
  // "/srv//x/./" is "/srv/x": paths are compared as they are written.
  std::string plain;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, end - at);
    if (!part.empty() && part != ".") plain += "/" + part;
    at = end + 1;
  }
  return plain.empty() ? "/" : plain;
}

void TableReader::tables(std::string_view key, const std::function<void(const TomlValue&)>& on_table) {
  const TomlValue* value = any(key);
  if (value == nullptr) return;
  if (value->kind == TomlValue::Kind::table) return on_table(*value);
  const bool is_tables = value->kind == TomlValue::Kind::list &&
                         std::all_of(value->list.begin(), value->list.end(),
                                     [](const TomlValue& element) { return element.kind == TomlValue::Kind::table; });
  if (!is_tables)
    return say(value->line,
               fmt::format("'{}' must be written as [[...{}]] tables, here it is {}", key, key, name_of(value->kind)));
  for (const TomlValue& element : value->list) on_table(element);
}

void TableReader::require(std::string_view key) {
  if (table_.find(key) == nullptr) say(table_.line, fmt::format("'{}' is missing", key));
}

void TableReader::refuse_others() {
  for (const TomlValue::Member& member : table_.members) {
    if (std::find(taken_.begin(), taken_.end(), member.key) != taken_.end()) continue;
    const std::string_view meant = base::find_near_miss(member.key, taken_);
    say(member.line, fmt::format("unknown key '{}'{}", member.key,
                                 meant.empty() ? std::string() : fmt::format(": did you mean '{}'?", meant)));
  }
}

}  // namespace lastgood::services
