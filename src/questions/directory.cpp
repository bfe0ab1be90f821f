// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/directory.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/directory_list.h"

namespace lastgood::questions {

using nlohmann::json;

namespace {

constexpr std::size_t k_text_bytes_max = 4096;
constexpr std::size_t k_items_max = 256;

base::Error broken(std::string what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = std::move(what);
  error.hint = "install the whole package again, or mend the file: docs/directory.md says what stands in it";
  return error;
}

/// A member that is misspelt would be missing silently: a letter without "check before use", or without an office.
base::Status check_members(const json& object, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return broken(fmt::format("there is no member '{}'", base::printable(name)));
  }
  return base::Done{};
}

base::Status check_kind(const std::string& kind, std::initializer_list<std::string_view> known) {
  if (std::find(known.begin(), known.end(), kind) != known.end()) return base::Done{};
  return broken(fmt::format("there is no kind '{}'", base::printable(kind)));
}

base::Result<std::string> text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::string();
  if (!found->is_string()) return broken(fmt::format("'{}' is no text", key));
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > k_text_bytes_max) return broken(fmt::format("'{}' has {} bytes", key, text.size()));
  return text;
}

base::Result<std::string> needed_text(const json& object, const char* key) {
  LG_ASSIGN(std::string text, text_of(object, key));
  if (text.empty()) return broken(fmt::format("'{}' is missing", key));
  return text;
}

base::Result<Said> parse_said(const json& object) {
  if (!object.is_object()) return broken("a statement is no object");
  LG_TRY(check_members(object, {"text", "source", "as_of", "check"}));
  Said said;
  LG_ASSIGN(said.text, needed_text(object, "text"));
  LG_ASSIGN(said.source, needed_text(object, "source"));
  LG_ASSIGN(said.as_of, needed_text(object, "as_of"));
  if (!base::parse_rfc3339(said.as_of + "T00:00:00Z"))
    return broken(fmt::format("'{}' is no day", base::printable(said.as_of)));
  const auto check = object.find("check");
  if (check != object.end() && !check->is_boolean()) return broken("'check' is neither true nor false");
  said.check_first = check != object.end() && check->get<bool>();
  return said;
}

base::Status parse_list(const json& object, const char* key, std::vector<Said>& into) {
  const auto found = object.find(key);
  if (found == object.end()) return base::Done{};
  if (!found->is_array() || found->size() > k_items_max) return broken(fmt::format("'{}' is no list", key));
  for (const json& item : *found) {
    LG_ASSIGN(Said said, parse_said(item));
    into.push_back(std::move(said));
  }
  return base::Done{};
}

base::Result<json> parse_object(base::ByteView bytes) {
  if (bytes.size() > k_directory_file_bytes_max) return broken("the file is too long");
  json object = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (object.is_discarded() || !object.is_object()) return broken("the file is no JSON object");
  return object;
}

/// Paths of the folder's *.json, sorted.
base::Result<std::vector<std::string>> json_files(const std::string& folder) {
  LG_ASSIGN(const os::Descriptor root, os::open_evidence_root(folder));
  std::vector<std::string> paths;
  LG_TRY(os::list_directory(root, folder, [&](std::string_view name, std::optional<os::FileKind>) {
    if (name.ends_with(".json")) paths.push_back(fmt::format("{}/{}", folder, name));
    return paths.size() < 10'000;
  }));
  std::sort(paths.begin(), paths.end());
  return paths;
}

template <typename Item, typename Parse>
base::Status read_all(const std::string& folder, const Parse& parse, std::vector<Item>& into) {
  LG_ASSIGN(const std::vector<std::string> paths, json_files(folder));
  for (const std::string& path : paths) {
    LG_ASSIGN(const std::string bytes, os::read_own_file(path, k_directory_file_bytes_max));
    auto item = parse(base::ByteView(std::string_view(bytes)));
    if (!item.ok()) {
      base::Error error = std::move(item).error();
      error.what = fmt::format("cannot use '{}': {}", base::printable(path), error.what);
      error.path = path;
      return error;
    }
    into.push_back(std::move(item).value());
  }
  return base::Done{};
}

bool is_below(std::string_view domain, std::string_view zone) {
  return domain == zone ||
         (domain.size() > zone.size() && domain.ends_with(zone) && domain[domain.size() - zone.size() - 1] == '.');
}

}  // namespace

base::Result<Provider> parse_provider(base::ByteView bytes) {
  LG_ASSIGN(const json object, parse_object(bytes));
  LG_TRY(check_members(object, {"id", "name", "kind", "country", "domains", "who_may_ask", "held", "not_held",
                                "how_to_ask", "preservation_days", "preservation_source", "authority"}));
  Provider provider;
  LG_ASSIGN(provider.id, needed_text(object, "id"));
  LG_ASSIGN(provider.name, needed_text(object, "name"));
  LG_ASSIGN(provider.kind, needed_text(object, "kind"));
  LG_TRY(check_kind(provider.kind, {"mail", "telegram", "network", "registry"}));
  LG_ASSIGN(provider.country, text_of(object, "country"));
  LG_ASSIGN(provider.authority, text_of(object, "authority"));
  const auto domains = object.find("domains");
  if (domains != object.end()) {
    if (!domains->is_array() || domains->size() > k_items_max) return broken("'domains' is no list");
    for (const json& domain : *domains) {
      if (!domain.is_string() || domain.get_ref<const std::string&>().size() > 255)
        return broken("a domain is no text");
      provider.domains.push_back(domain.get<std::string>());
    }
  }
  LG_TRY(parse_list(object, "who_may_ask", provider.who_may_ask));
  LG_TRY(parse_list(object, "held", provider.held));
  LG_TRY(parse_list(object, "not_held", provider.not_held));
  LG_TRY(parse_list(object, "how_to_ask", provider.how_to_ask));
  const auto days = object.find("preservation_days");
  if (days != object.end()) {
    if (!days->is_number_integer() || days->get<std::int64_t>() < 0 || days->get<std::int64_t>() > 3650) {
      return broken("'preservation_days' is no number of days");
    }
    provider.preservation_days = days->get<int>();
  }
  const auto preservation = object.find("preservation_source");
  if (preservation == object.end()) return broken("'preservation_source' is missing");
  LG_ASSIGN(provider.preservation, parse_said(*preservation));
  return provider;
}

base::Result<Agency> parse_agency(base::ByteView bytes) {
  LG_ASSIGN(const json object, parse_object(bytes));
  LG_TRY(check_members(object, {"id", "name", "kind", "country", "step", "only_offence", "role"}));
  Agency agency;
  LG_ASSIGN(agency.id, needed_text(object, "id"));
  LG_ASSIGN(agency.name, needed_text(object, "name"));
  LG_ASSIGN(agency.kind, needed_text(object, "kind"));
  LG_TRY(check_kind(agency.kind, {"police", "interpol", "mla", "cert", "coordination", "foreign-central"}));
  LG_ASSIGN(agency.country, text_of(object, "country"));
  LG_ASSIGN(agency.step, needed_text(object, "step"));
  LG_ASSIGN(agency.only_offence, text_of(object, "only_offence"));
  LG_TRY(parse_list(object, "role", agency.role));
  return agency;
}

base::Result<Directory> read_directory(const std::string& providers_folder, const std::string& agencies_folder) {
  Directory directory;
  LG_TRY(read_all(providers_folder, parse_provider, directory.providers));
  LG_TRY(read_all(agencies_folder, parse_agency, directory.agencies));
  return directory;
}

const Provider* Directory::provider_of(std::string_view kind, std::string_view domain) const {
  const Provider* best = nullptr;
  std::size_t best_length = 0;
  for (const Provider& provider : providers) {
    if (provider.kind != kind) continue;
    if (provider.domains.empty() && best == nullptr) best = &provider;  // a kind with one provider
    for (const std::string& zone : provider.domains) {
      const std::size_t length = zone == "*" ? 1 : zone.size() + 1;
      if ((zone == "*" || is_below(domain, zone)) && length > best_length) {
        best = &provider;
        best_length = length;
      }
    }
  }
  return best;
}

const Agency* Directory::agency(std::string_view id) const {
  for (const Agency& agency : agencies) {
    if (agency.id == id) return &agency;
  }
  return nullptr;
}

const Agency* Directory::agency_of(std::string_view kind, std::string_view country) const {
  for (const Agency& agency : agencies) {
    if (agency.kind == kind && agency.country == country && agency.only_offence.empty()) return &agency;
  }
  return nullptr;
}

}  // namespace lastgood::questions
