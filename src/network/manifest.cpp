// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/manifest.h"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/rfc3339.h"

namespace lastgood::network {

using nlohmann::json;

namespace {

constexpr std::size_t k_sets_max = 256;
constexpr std::size_t k_files_max = 4096;
constexpr std::size_t k_text_bytes_max = 2048;

constexpr std::array<std::string_view, k_set_kind_count> k_kind_names = {
    "country.registered", "country.announced", "country.estimated", "networks",    "list.hosting",
    "list.vpn",           "list.cdn",          "list.mobile",       "list.access", "list.tor_exits"};
constexpr std::array<std::string_view, 4> k_format_names = {"mmdb", "csv", "blocks", "tor-exits"};

base::Error broken(std::string what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = "the manifest of the address data is not as it must be: " + std::move(what);
  error.hint = "install the data again with tools/get_address_data.sh";
  return error;
}

template <std::size_t count>
std::optional<std::size_t> find_name(const std::array<std::string_view, count>& names, std::string_view name) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names.at(i) == name) return i;
  }
  return std::nullopt;
}

/// Empty where it is no text, or too long to be one.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text.size() <= k_text_bytes_max ? text : std::string();
}

/// A path that stays in the folder.
bool is_inside(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

bool formats_fit(SetKind kind, SetFormat format) {
  switch (kind) {
    case SetKind::country_registered:
    case SetKind::country_announced:
    case SetKind::country_estimated: return format == SetFormat::mmdb;
    case SetKind::networks: return format == SetFormat::csv;
    case SetKind::tor_exits: return format == SetFormat::tor_exits;
    case SetKind::hosting:
    case SetKind::vpn:
    case SetKind::cdn:
    case SetKind::mobile:
    case SetKind::access: break;
  }
  return format == SetFormat::blocks;
}

base::Status parse_files(const json& object, DataSet& set) {
  const auto files = object.find("files");
  if (files == object.end() || !files->is_array() || files->empty() || files->size() > k_files_max) {
    return broken(fmt::format("'{}' has no files", base::printable(set.name)));
  }
  for (const json& file : *files) {
    SetFile read{.path = file.is_object() ? text_of(file, "path") : "",
                 .sha256 = file.is_object() ? text_of(file, "sha256") : ""};
    if (!is_inside(read.path)) return broken(fmt::format("a file of '{}' has no path", base::printable(set.name)));
    if (read.sha256.size() != 64 || !base::parse_hex(read.sha256)) {
      return broken(fmt::format("'{}' has no digest", base::printable(read.path)));
    }
    set.files.push_back(std::move(read));
  }
  return base::Done{};
}

base::Result<DataSet> parse_set(const json& object) {
  if (!object.is_object()) return broken("a set is no object");
  DataSet set;
  set.name = text_of(object, "name");
  const std::string shown = base::printable(set.name);
  const auto kind = find_name(k_kind_names, text_of(object, "kind"));
  const auto format = find_name(k_format_names, text_of(object, "format"));
  if (set.name.empty()) return broken("a set has no name");
  if (!kind || !format) return broken(fmt::format("'{}' is of no known kind or format", shown));
  set.kind = static_cast<SetKind>(*kind);
  set.format = static_cast<SetFormat>(*format);
  if (!formats_fit(set.kind, set.format)) return broken(fmt::format("'{}' has the wrong format for its kind", shown));
  set.version = text_of(object, "version");
  set.licence = text_of(object, "licence");
  set.attribution = text_of(object, "attribution");
  set.date = text_of(object, "date");
  const auto day = base::parse_rfc3339(set.date + "T00:00:00Z");
  if (!day) return broken(fmt::format("'{}' does not say of which day it is", shown));
  set.date_ns = *day;
  if (set.licence.empty()) return broken(fmt::format("'{}' has no licence", shown));
  LG_TRY(parse_files(object, set));
  return set;
}

}  // namespace

std::string_view name_of(SetKind kind) { return k_kind_names.at(static_cast<std::size_t>(kind)); }

base::Result<std::vector<DataSet>> parse_manifest(base::ByteView bytes) {
  if (bytes.size() > k_manifest_bytes_max) return broken("it is too long");
  const json whole = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (whole.is_discarded() || !whole.is_object()) return broken("it is no JSON object");
  const auto sets = whole.find("sets");
  if (sets == whole.end() || !sets->is_array() || sets->size() > k_sets_max) return broken("it has no sets");
  std::vector<DataSet> read;
  for (const json& object : *sets) {
    LG_ASSIGN(DataSet set, parse_set(object));
    read.push_back(std::move(set));
  }
  return read;
}

}  // namespace lastgood::network
