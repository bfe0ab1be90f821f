// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/toml_value.h"

#include <algorithm>
#include <exception>

namespace lastgood::services {

/// What toml++ takes for granted did not hold. An assertion would end us, and without assertions it is undefined what
/// follows. check_toml_shape refuses what is known to get so far in 3.3.0 ("[!"); this is for what is not.
class TomlAssumption final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "this is no TOML"; }
};

[[noreturn]] void refuse_assumption();
[[noreturn]] void refuse_assumption() { throw TomlAssumption(); }

}  // namespace lastgood::services

// Also where the program is built without assertions: toml++ would then tell the compiler that they hold.
#undef NDEBUG
#define TOML_ASSERT(condition)                                   \
  do {                                                           \
    if (!(condition)) ::lastgood::services::refuse_assumption(); \
  } while (false)
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

#include "base/error.h"
#include "services/toml_shape.h"

namespace lastgood::services {

namespace {

using Kind = TomlValue::Kind;

TomlValue value_of(const toml::node& node);

std::vector<TomlValue::Member> members_of(const toml::table& table) {
  std::vector<TomlValue::Member> out;
  for (const auto& [key, node] : table)
    out.push_back({.key = std::string(key.str()), .line = key.source().begin.line, .value = value_of(node)});
  // toml++ sorts by name; people read by line.
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return out;
}

TomlValue value_of(const toml::node& node) {
  TomlValue out;
  out.line = node.source().begin.line;
  if (const auto* text = node.as_string()) {
    out.kind = Kind::text;
    out.text = text->get();
  } else if (const auto* whole = node.as_integer()) {
    out.kind = Kind::whole_number;
    out.whole = whole->get();
  } else if (const auto* number = node.as_floating_point()) {
    out.kind = Kind::number;
    out.number = number->get();
  } else if (const auto* truth = node.as_boolean()) {
    out.kind = Kind::truth;
    out.text = truth->get() ? "true" : "false";
  } else if (const auto* list = node.as_array()) {
    out.kind = Kind::list;
    for (const toml::node& element : *list) out.list.push_back(value_of(element));
  } else if (const auto* table = node.as_table()) {
    out.kind = Kind::table;
    out.members = members_of(*table);
  } else {
    out.kind = Kind::time;
  }
  return out;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  const auto at = std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; });
  return at == members.end() ? nullptr : &at->value;
}

std::string_view name_of(TomlValue::Kind kind) {
  switch (kind) {
    case Kind::text: return "a text";
    case Kind::whole_number: return "a whole number";
    case Kind::number: return "a number";
    case Kind::truth: return "true or false";
    case Kind::time: return "a time";
    case Kind::list: return "a list";
    case Kind::table: return "a table";
  }
  return "a value";
}

ParsedToml parse_toml(std::string_view text) {
  ParsedToml out;
  if (const auto shape = check_toml_shape(text)) {
    out.mistake = shape->sentence;
    out.line = shape->line;
    return out;
  }
  try {
    out.root.members = members_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    out.mistake = base::printable(error.description());
    out.line = error.source().begin.line;
  } catch (const TomlAssumption& error) {
    out.mistake = error.what();
    out.line = 1;
  }
  return out;
}

}  // namespace lastgood::services
