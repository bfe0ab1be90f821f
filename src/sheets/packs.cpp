// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/packs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/letters.h"
#include "os/append_file.h"
#include "os/directory_list.h"
#include "os/program_files.h"

namespace lastgood::sheets {

namespace {

using base::lower;

constexpr std::size_t k_file_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t k_fingerprints_max = 200;
constexpr std::size_t k_tables_max = 2'000;
constexpr std::size_t k_columns_of_table_max = 500;
constexpr std::size_t k_packs_max = 1'000;
constexpr std::size_t k_missing_shown = 20;
constexpr int k_depth_max = 8;

base::Error wrong(const std::string& path, std::string why) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("'{}' is no pack of sheets: {}", base::printable(path), why),
          .path = path,
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "docs/services.md says what a pack is"};
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<services::DataKind> find_kind(const std::string& name) {
  for (const auto kind : {services::DataKind::postgresql, services::DataKind::mariadb, services::DataKind::sqlite,
                          services::DataKind::orthanc}) {
    if (services::name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

bool has_data(const services::ServicesFile& file, const std::string& name) {
  return std::any_of(file.services.begin(), file.services.end(), [&](const services::Service& service) {
    return std::any_of(service.data.begin(), service.data.end(),
                       [&](const services::DataUnit& unit) { return unit.name == name; });
  });
}

/// Why it is none; empty: it was read.
std::string read_fingerprint(const nlohmann::json& object, Fingerprint& out) {
  if (!object.is_object()) return "a fingerprint is no object";
  out.data = text_of(object, "data");
  const auto kind = find_kind(text_of(object, "kind"));
  if (!kind) return fmt::format("'kind' of a fingerprint must be postgresql, mariadb, sqlite or orthanc");
  out.kind = *kind;
  const auto tables = object.find("tables");
  if (tables == object.end() || !tables->is_object() || tables->empty()) return "a fingerprint names no tables";
  if (tables->size() > k_tables_max) return fmt::format("a fingerprint names more than {} tables", k_tables_max);
  for (const auto& [table, columns] : tables->items()) {
    if (!columns.is_array() || columns.empty() || columns.size() > k_columns_of_table_max)
      return fmt::format("table '{}' must name 1 to {} columns", base::printable(table), k_columns_of_table_max);
    TableNeed need{table, {}};
    for (const nlohmann::json& column : columns) {
      if (!column.is_string()) return fmt::format("a column of '{}' is no text", base::printable(table));
      need.columns.push_back(column.get<std::string>());
    }
    out.needs.push_back(std::move(need));
  }
  return {};
}

nlohmann::json parse_object(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    too_deep = too_deep || depth > k_depth_max;
    return !too_deep;
  };
  nlohmann::json value = nlohmann::json::parse(text, watch, false);
  if (too_deep || !value.is_object()) return nlohmann::json(nlohmann::json::value_t::discarded);
  return value;
}

}  // namespace

base::Result<Pack> parse_pack(std::string_view fingerprint_json, std::string_view services_toml,
                              const std::string& path) {
  if (fingerprint_json.size() > k_file_bytes_max) return wrong(path, "it is larger than 1 MiB");
  const nlohmann::json json = parse_object(fingerprint_json);
  if (json.is_discarded()) return wrong(path, "its fingerprint is no JSON object");
  Pack pack;
  pack.id = text_of(json, "id");
  pack.title = text_of(json, "title");
  pack.about = text_of(json, "about");
  if (pack.id.empty() || pack.id.size() > 100) return wrong(path, "it has no id");
  services::ReadServices read = services::parse_services(services_toml, path);
  if (!read.mistakes.empty())
    return wrong(path, fmt::format("line {}: {}", read.mistakes.front().line, read.mistakes.front().sentence));
  pack.file = std::move(read.file);
  const auto fingerprints = json.find("fingerprints");
  if (fingerprints == json.end() || !fingerprints->is_array() || fingerprints->empty() ||
      fingerprints->size() > k_fingerprints_max)
    return wrong(path, fmt::format("it needs 1 to {} fingerprints", k_fingerprints_max));
  for (const nlohmann::json& one : *fingerprints) {
    Fingerprint fingerprint;
    if (const std::string why = read_fingerprint(one, fingerprint); !why.empty()) return wrong(path, why);
    if (!has_data(pack.file, fingerprint.data))
      return wrong(path, fmt::format("no service has the data '{}'", base::printable(fingerprint.data)));
    pack.fingerprints.push_back(std::move(fingerprint));
  }
  if (const auto query = json.find("patient_query"); query != json.end() && query->is_object()) {
    pack.patient_data = text_of(*query, "data");
    pack.patient_sql = text_of(*query, "sql");
  }
  return pack;
}

base::Result<std::vector<Pack>> read_packs(const std::string& folder) {
  std::string place = folder;
  if (place.empty()) {
    LG_ASSIGN(const std::string one, os::find_program_file("sheets/drill-hospital.json"));
    place = one.substr(0, one.rfind('/'));
  }
  LG_ASSIGN(const os::Descriptor directory, os::open_evidence_root(place));
  std::set<std::string> names;
  LG_TRY(os::list_directory(directory, place, [&](std::string_view name, std::optional<os::FileKind>) {
    if (name.ends_with(".json")) names.emplace(name.substr(0, name.size() - 5));
    return names.size() <= k_packs_max;
  }));
  std::vector<Pack> packs;
  for (const std::string& name : names) {
    LG_ASSIGN(const std::string json, os::read_own_file(place + "/" + name + ".json", k_file_bytes_max));
    LG_ASSIGN(const std::string toml, os::read_own_file(place + "/" + name + ".toml", k_file_bytes_max));
    LG_ASSIGN(Pack pack, parse_pack(json, toml, place + "/" + name + ".toml"));
    packs.push_back(std::move(pack));
  }
  std::sort(packs.begin(), packs.end(), [](const Pack& a, const Pack& b) { return a.id < b.id; });
  return packs;
}

Likeness compare(const Fingerprint& fingerprint, std::span<const engines::TableName> tables) {
  std::map<std::string, std::set<std::string>> known;
  for (const engines::TableName& table : tables) {
    std::set<std::string>& columns = known[lower(table.table)];
    for (const std::string& column : table.columns) columns.insert(lower(column));
  }
  Likeness out;
  const auto miss = [&](std::string what) {
    if (out.missing.size() < k_missing_shown) out.missing.push_back(std::move(what));
  };
  for (const TableNeed& need : fingerprint.needs) {
    out.needed += need.columns.size();
    const auto found = known.find(lower(need.table));
    if (found == known.end()) {
      miss("table " + need.table);
      continue;
    }
    for (const std::string& column : need.columns) {
      if (found->second.count(lower(column)) > 0) {
        ++out.found;
      } else {
        miss(need.table + "." + column);
      }
    }
  }
  return out;
}

}  // namespace lastgood::sheets
