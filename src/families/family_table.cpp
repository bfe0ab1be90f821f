// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "families/family_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/letters.h"

namespace lastgood::families {

namespace {

using base::lower;

using Json = nlohmann::json;

constexpr std::size_t k_families_max = 100'000;
constexpr std::size_t k_items_max = 10'000;  // of one family
constexpr std::size_t k_contact_bytes_min = 6;

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void take_texts(const Json& meta, const char* name, std::vector<std::string>& out) {
  const auto found = meta.find(name);
  if (found == meta.end() || !found->is_array()) return;
  for (const Json& item : *found) {
    if (item.is_string() && out.size() < k_items_max) out.push_back(lower(item.get<std::string>()));
  }
}

/// Entries such as "ext", "*.ext" or ".ID-[mail].ext" all name what is appended.
std::string extension_of(std::string text) {
  const std::size_t dot = text.rfind('.');
  if (dot != std::string::npos) text.erase(0, dot);
  if (dot == std::string::npos) text.insert(text.begin(), '.');
  while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == '\'')) text.pop_back();
  return text.size() > 2 && text.find_first_of(" /\\<>") == std::string::npos ? text : std::string();
}

/// Names that any program may give a file.
bool says_nothing(std::string_view note_name) {
  constexpr std::array<std::string_view, 10> k_plain = {"readme.txt",  "readme.html", "read_me.txt", "info.txt",
                                                        "readme.hta",  "readme.md",   "note.txt",    "help.txt",
                                                        "read me.txt", "info.hta"};
  return std::find(k_plain.begin(), k_plain.end(), note_name) != k_plain.end();
}

bool holds(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

NamedFamily weigh(const Family& family, const Marks& marks) {
  NamedFamily out;
  bool has_extension = false;
  bool has_note = false;
  for (const std::string& extension : marks.extensions) {
    if (!holds(family.extensions, lower(extension))) continue;
    has_extension = true;
    out.basis.push_back(fmt::format("appends the extension {}", base::printable(extension)));
  }
  for (const std::string& note : marks.note_names) {
    if (says_nothing(lower(note)) || !holds(family.note_names, lower(note))) continue;
    has_note = true;
    out.basis.push_back(fmt::format("leaves notes named '{}'", base::printable(note)));
  }
  for (const std::string& contact : marks.contacts) {
    if (contact.size() < k_contact_bytes_min) continue;
    const bool known = std::any_of(family.texts.begin(), family.texts.end(), [&](const std::string& text) {
      return text.find(lower(contact)) != std::string::npos;
    });
    if (!known) continue;
    out.strength = Strength::strong;
    out.basis.push_back(fmt::format("is known with the contact {}", base::printable(contact)));
  }
  if (has_extension && has_note) out.strength = Strength::strong;
  return out;
}

}  // namespace

base::Result<FamilyTable> parse_family_table(std::string_view json_text, const std::string& name) {
  const Json json = json_text.size() <= k_table_bytes_max ? Json::parse(json_text, nullptr, false) : Json();
  const auto values = json.is_object() ? json.find("values") : json.end();
  if (!json.is_object() || values == json.end() || !values->is_array() || values->size() > k_families_max) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("'{}' is no table of families", base::printable(name)),
                       .path = name,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "a cluster file of the MISP galaxy is one: an object with 'values'"};
  }
  FamilyTable table{.name = text_in(json, "name"),
                    .version = {},
                    .date = text_in(json, "date"),
                    .caveat = text_in(json, "caveat"),
                    .families = {}};
  if (table.name.empty()) table.name = name;
  const auto version = json.find("version");
  if (version != json.end() && (version->is_number() || version->is_string()))
    table.version = version->is_string() ? version->get<std::string>() : version->dump();
  for (const Json& value : *values) {
    if (!value.is_object()) continue;
    Family family;
    family.name = text_in(value, "value");
    const auto meta = value.find("meta");
    if (family.name.empty() || meta == value.end() || !meta->is_object()) continue;
    std::vector<std::string> extensions;
    take_texts(*meta, "extensions", extensions);
    for (std::string& extension : extensions) {
      std::string plain = extension_of(std::move(extension));
      if (!plain.empty()) family.extensions.push_back(std::move(plain));
    }
    take_texts(*meta, "ransomnotes-filenames", family.note_names);
    take_texts(*meta, "ransomnotes", family.texts);
    take_texts(*meta, "links", family.texts);
    take_texts(*meta, "emails", family.texts);
    if (!family.extensions.empty() || !family.note_names.empty() || !family.texts.empty())
      table.families.push_back(std::move(family));
  }
  return table;
}

std::vector<NamedFamily> name_families(const FamilyTable& table, const Marks& marks) {
  std::vector<NamedFamily> out;
  for (const Family& family : table.families) {
    NamedFamily named = weigh(family, marks);
    if (named.basis.empty()) continue;
    named.name = family.name;
    if (!table.caveat.empty()) named.strength = Strength::weak;
    named.table = fmt::format("{}{}{}{}", base::printable(table.name),
                              table.version.empty() ? "" : ", version " + base::printable(table.version),
                              table.date.empty() ? ", date unknown" : " of " + base::printable(table.date),
                              table.caveat.empty() ? "" : ": " + base::printable(table.caveat));
    out.push_back(std::move(named));
  }
  std::stable_sort(out.begin(), out.end(), [](const NamedFamily& a, const NamedFamily& b) {
    if (a.strength != b.strength) return a.strength > b.strength;
    return a.basis.size() != b.basis.size() ? a.basis.size() > b.basis.size() : a.name < b.name;
  });
  if (out.size() > k_named_max) out.resize(k_named_max);
  return out;
}

}  // namespace lastgood::families
