// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/parse_sheet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include <fmt/format.h>

namespace lastgood::services {

namespace {

constexpr std::array<std::string_view, 3> k_privacies = {"full", "name_short", "number_only"};
constexpr unsigned k_blank_rows_max = 1'000;

/// Behind blanks and comments.
std::size_t skip_blank(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      const std::size_t end = sql.find("*/", at + 2);
      at = end == std::string_view::npos ? sql.size() : end + 2;
    } else if (std::string_view(" \t\r\n(").find(sql[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

std::string first_word(std::string_view sql) {
  std::string out;
  for (std::size_t at = skip_blank(sql, 0); at < sql.size() && out.size() < 16; ++at) {
    const char letter = sql[at];
    if (letter >= 'A' && letter <= 'Z')
      out += static_cast<char>(letter + 32);
    else if (letter >= 'a' && letter <= 'z')
      out += letter;
    else
      break;
  }
  return out;
}

/// Where the first ';' outside of quotes and comments is.
std::size_t find_semicolon(std::string_view sql) {
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const char here = sql[at];
    if (here == '-' || here == '/') {
      const std::size_t behind = skip_blank(sql, at);
      if (behind > at) at = behind - 1;
    } else if (here == '\'' || here == '"' || here == '`') {
      at = std::min(sql.find(here, at + 1), sql.size());
    } else if (here == ';') {
      return at;
    }
  }
  return std::string_view::npos;
}

bool begins_with_one_of(std::string_view sql, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), first_word(sql)) != words.end();
}

std::string_view find_second_statement(std::string_view sql) {
  const std::size_t semicolon = find_semicolon(sql);
  if (semicolon == std::string_view::npos) return {};
  const std::string_view rest = sql.substr(semicolon + 1);
  if (skip_blank(rest, 0) < rest.size()) return "it must be one statement, and something comes after its ';'";
  return {};
}

/// In any case of its letters, also within another word.
bool find_word(std::string_view sql, std::string_view word) {
  const auto is_same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return std::search(sql.begin(), sql.end(), word.begin(), word.end(), is_same) != sql.end();
}

/// "W-0001..W-0999": the same words before the digits, and as many digits.
bool is_number_block(std::string_view block) {
  const std::size_t points = block.find("..");
  if (points == std::string_view::npos) return false;
  const auto split = [](std::string_view number) {
    const std::size_t last = number.find_last_not_of("0123456789");
    return last == std::string_view::npos ? 0 : last + 1;
  };
  const std::string_view from = block.substr(0, points);
  const std::string_view to = block.substr(points + 2);
  const std::size_t digits_from = split(from);
  const std::size_t digits_to = split(to);
  if (from.substr(0, digits_from) != to.substr(0, digits_to)) return false;
  const std::size_t width = from.size() - digits_from;
  return width > 0 && width <= 9 && width == to.size() - digits_to && from <= to && block.size() <= 64;
}

}  // namespace

std::string_view find_no_question(std::string_view sql) {
  if (!begins_with_one_of(sql, {"select", "with", "values", "table"}))
    return "it must be one question that only reads, beginning with SELECT, WITH, VALUES or TABLE";
  return find_second_statement(sql);
}

std::string_view find_no_health_question(std::string_view sql) {
  if (!begins_with_one_of(sql, {"select", "with", "values", "table", "show"}))
    return "it must be one question that only reads, beginning with SELECT, WITH, VALUES, TABLE or SHOW";
  if (find_word(sql, "outfile") || find_word(sql, "dumpfile")) return "it must not write a file of the server";
  return find_second_statement(sql);
}

namespace {

/// Names that Windows keeps for devices, with whatever extension: no PC there opens CON.pdf from a stick.
bool is_device_name(std::string_view id) {
  constexpr std::array<std::string_view, 4> k_devices = {"con", "prn", "aux", "nul"};
  std::string name(id.substr(0, id.find('.')));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool is_port =
      name.size() == 4 && (name.starts_with("com") || name.starts_with("lpt")) && name[3] >= '1' && name[3] <= '9';
  return is_port || std::find(k_devices.begin(), k_devices.end(), name) != k_devices.end();
}

}  // namespace

Sheet parse_sheet(const TomlValue& table, const std::string& where, Mistakes& mistakes) {
  TableReader reader(table, where + ", sheet", mistakes);
  Sheet out;
  out.line = table.line;
  for (const std::string_view key : {"id", "sql"}) reader.require(key);
  out.id = reader.text_or("id", "");
  if (reader.any("id") != nullptr && skip_blank(out.id, 0) == out.id.size()) {
    reader.say(reader.line_of("id"), "'id' is empty: it is printed on every page");
    out.id.clear();
  }
  if (is_device_name(out.id)) {
    reader.say(reader.line_of("id"), fmt::format("'{}' is no id: Windows keeps that name for a device, and no PC there "
                                                 "opens its files from a stick",
                                                 out.id));
    out.id.clear();
  }
  out.title = reader.text_or("title", out.id);
  out.audience = reader.text_or("for", "");
  out.data = reader.text_or("data", "");
  out.sql = reader.text_or("sql", "");
  out.group_by = reader.text_or("group_by", "");
  out.stale_after_s = reader.duration("stale_after").value_or(0);
  out.columns = reader.texts("columns");
  if (const auto at = reader.choice("privacy", k_privacies)) out.privacy = static_cast<Privacy>(*at);
  out.name_columns = reader.texts("name_columns");
  out.blank_rows = reader.count("blank_rows", 0, k_blank_rows_max).value_or(0);
  out.number_block = reader.text_or("number_block", "");
  reader.refuse_others();
  if (reader.any("sql") != nullptr) {
    if (const std::string_view why = find_no_question(out.sql); !why.empty())
      reader.say(reader.line_of("sql"), fmt::format("'sql' of '{}': {}", out.id, why));
  }
  if (!out.number_block.empty() && !is_number_block(out.number_block))
    reader.say(reader.line_of("number_block"),
               fmt::format("'number_block' must be like \"W-0001..W-0999\", here it is \"{}\"", out.number_block));
  if (out.privacy != Privacy::full && out.name_columns.empty())
    reader.say(reader.line_of("privacy"),
               "'privacy' needs 'name_columns': which columns hold names cannot be guessed safely");
  return out;
}

}  // namespace lastgood::services
