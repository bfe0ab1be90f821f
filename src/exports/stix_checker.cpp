// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/stix_checker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"
#include "exports/observable.h"
#include "exports/stix_types.h"
#include "exports/uuid.h"

namespace lastgood::exports {

namespace {

using nlohmann::ordered_json;

constexpr unsigned k_depth_max = 16;
constexpr std::int64_t k_count_max = 999'999'999;

std::string text_in(const ordered_json& object, std::string_view name) {
  const auto found = object.find(std::string(name));
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// RFC 3339 in UTC with "Z" (section 3.14).
std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() < 20 || !text.ends_with('Z') || text[10] != 'T') return std::nullopt;
  return base::parse_rfc3339(text);
}

bool is_time_name(std::string_view name) {
  constexpr std::array<std::string_view, 13> k_names = {
      "created", "modified",   "first_seen", "last_seen", "valid_from", "valid_until",  "first_observed",
      "date",    "start_time", "end_time",   "stop_time", "published",  "last_observed"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

std::string_view type_in(std::string_view id) { return id.substr(0, id.find("--")); }

bool is_identifier(std::string_view id) {
  const std::size_t dashes = id.find("--");
  if (dashes == std::string_view::npos || dashes < 3) return false;
  const std::string_view uuid = id.substr(dashes + 2);
  return parse_uuid(uuid) && uuid[14] >= '1' && uuid[14] <= '5' &&
         std::string_view("89ab").find(uuid[19]) != std::string_view::npos;
}

}  // namespace

void StixChecker::fault(std::string_view rule, const ordered_json& object, std::string_view sentence) {
  if (faults_.size() >= k_stix_faults_max) return;
  const std::string id = object.is_object() ? text_in(object, "id") : std::string();
  faults_.push_back(fmt::format("stix.{}: {}: {}", rule, id.empty() ? "an object" : base::printable(id), sentence));
}

void StixChecker::check_properties(const ordered_json& object, std::string_view type) {
  const StixType* known = find_stix_type(type);
  if (known == nullptr) return fault("type", object, fmt::format("type '{}' is not known", base::printable(type)));
  for (const auto& [name, value] : object.items()) {
    if (!has(common_properties(known->group), name) && !has(known->required, name) && !has(known->optional, name))
      fault("custom", object, fmt::format("property '{}' is not of this type", base::printable(name)));
  }
  for (const auto* list : {&required_properties(known->group), &known->required})
    for (const std::string_view name : *list)
      if (!object.contains(std::string(name))) fault("required", object, fmt::format("property '{}' is missing", name));
  if (!known->extension.empty()) {
    const auto extensions = object.find("extensions");
    if (extensions == object.end() || !extensions->is_object() || !extensions->contains(std::string(known->extension)))
      fault("extension", object, "the extension that defines this type is not named");
  }
  if (type == "malware" && object.value("is_family", ordered_json()) == true && text_in(object, "name").empty())
    fault("required", object, "a family has no name");
  if (type == "file" && !object.contains("hashes") && !object.contains("name"))
    fault("required", object, "a file has neither a name nor hashes");
  if (type == "indicator" && !is_pattern(text_in(object, "pattern")))
    fault("pattern", object, "the pattern does not read as one");
}

void StixChecker::check_common(const ordered_json& object, std::string_view type) {
  if (object.contains("spec_version") && text_in(object, "spec_version") != "2.1")
    fault("version", object, "spec_version is not 2.1");
  const auto check_range = [&](const char* name, std::int64_t low, std::int64_t high) {
    const auto found = object.find(name);
    if (found == object.end()) return;
    if (!found->is_number_integer() || found->get<std::int64_t>() < low || found->get<std::int64_t>() > high)
      fault("range", object, fmt::format("{} is not an integer from {} to {}", name, low, high));
  };
  check_range("confidence", 0, 100);
  check_range("number_observed", 1, k_count_max);
  check_range("count", 0, k_count_max);
  if (type == "relationship") {
    for (const char* name : {"source_ref", "target_ref"}) {
      const std::string end(type_in(text_in(object, name)));
      const StixType* known = find_stix_type(end);
      if (known != nullptr && known->group != StixClass::domain && known->group != StixClass::observable)
        fault("relationship", object, fmt::format("{} is a {}", name, end));
    }
  }
  if (type == "sighting") {
    const StixType* known = find_stix_type(type_in(text_in(object, "sighting_of_ref")));
    if (known != nullptr && known->group != StixClass::domain) fault("sighting", object, "sights no domain object");
  }
}

void StixChecker::check_times(const ordered_json& object, std::string_view type) {
  for (const auto& [name, value] : object.items()) {
    if (!is_time_name(name)) continue;
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (!parse_time(text))
      fault("time", object, fmt::format("{} is no time in UTC", base::printable(name)));
    else if ((name == "created" || name == "modified") &&
             text.size() < std::string_view("0000-00-00T00:00:00.000Z").size())
      fault("time", object, fmt::format("{} has no milliseconds", base::printable(name)));
  }
  constexpr std::array<std::array<const char*, 2>, 6> k_in_order = {{{"created", "modified"},
                                                                     {"first_seen", "last_seen"},
                                                                     {"first_observed", "last_observed"},
                                                                     {"start_time", "stop_time"},
                                                                     {"start_time", "end_time"},
                                                                     {"valid_from", "valid_until"}}};
  for (const auto& [first, second] : k_in_order) {
    const auto from = parse_time(text_in(object, first));
    const auto to = parse_time(text_in(object, second));
    if (from && to && *to < *from) fault("order", object, fmt::format("{} is before {}", second, first));
  }
  if (type == "indicator" && object.contains("valid_until") &&
      text_in(object, "valid_until") == text_in(object, "valid_from"))
    fault("order", object, "valid_until is valid_from");
}

void StixChecker::check_extensions(const ordered_json& object) {
  const auto extensions = object.find("extensions");
  if (extensions == object.end()) return;
  if (!extensions->is_object() || extensions->empty())
    return fault("extension", object, "extensions are no dictionary");
  for (const auto& [name, value] : extensions->items()) {
    if (!value.is_object() || value.empty()) {
      fault("extension", object, fmt::format("extension '{}' is empty", base::printable(name)));
      continue;
    }
    if (name.ends_with("-ext")) continue;
    if (!is_identifier(name) || type_in(name) != "extension-definition") {
      fault("extension", object, fmt::format("extension '{}' has no definition", base::printable(name)));
      continue;
    }
    wanted_.try_emplace(name, text_in(object, "id"));
    const StixVocabulary* kinds = nullptr;
    for (const StixVocabulary& row : stix_vocabularies())
      if (row.property == "extension_types") kinds = &row;
    if (kinds == nullptr || !has(kinds->words, text_in(value, "extension_type")))
      fault("extension", object, "extension_type is none of the five");
  }
  const auto core = extensions->find(std::string(k_incident_extension));
  if (core == extensions->end() || !core->is_object()) return;
  static const std::vector<std::string_view> k_determinations = {"blocked", "confirmed", "failed-attempt",
                                                                 "false-positive", "suspected"};
  if (!has(k_determinations, text_in(*core, "determination")) || text_in(*core, "investigation_status").empty())
    fault("extension", object, "the incident core lacks determination or investigation_status");
}

void StixChecker::check_identifier(const ordered_json& object, std::string_view type) {
  const std::string id = text_in(object, "id");
  if (!is_identifier(id)) return fault("id", object, "the identifier is not TYPE--UUID");
  if (type_in(id) != type) fault("id", object, "the identifier is of another type");
  if (!ids_.insert(id).second) fault("twice", object, "the identifier stands twice");
  const auto [known, is_new] = type_of_uuid_.try_emplace(id.substr(id.size() - 36), type);
  if (!is_new && known->second != type)
    fault("twice", object, fmt::format("its UUID is that of a {}, too", known->second));
  const StixType* row = find_stix_type(type);
  if (row != nullptr && row->group == StixClass::observable && observable_id(object).value_or("") != id)
    fault("id", object, "the identifier does not follow from the object's properties");
}

void StixChecker::check_hashes(const ordered_json& object) {
  const auto hashes = object.find("hashes");
  if (hashes == object.end()) return;
  if (!hashes->is_object() || hashes->empty()) return fault("hashes", object, "hashes are no dictionary");
  for (const auto& [name, value] : hashes->items()) {
    const std::string digits = value.is_string() ? value.get<std::string>() : std::string();
    const std::size_t size = name == "MD5"       ? 32
                             : name == "SHA-1"   ? 40
                             : name == "SHA-256" ? 64
                             : name == "SHA-512" ? 128
                                                 : 0;
    const bool is_hex = digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (size == 0 || digits.size() != size || !is_hex)
      fault("hashes", object, fmt::format("'{}' is no digest of {}", base::printable(digits), base::printable(name)));
  }
}

void StixChecker::check_vocabularies(const ordered_json& object, std::string_view type) {
  for (const StixVocabulary& row : stix_vocabularies()) {
    const auto found = object.find(std::string(row.property));
    if (row.type != type || found == object.end()) continue;
    const ordered_json list = found->is_array() ? *found : ordered_json::array({*found});
    for (const ordered_json& word : list)
      if (!word.is_string() || !has(row.words, word.get<std::string>()))
        fault("vocabulary", object, fmt::format("{} is none of its vocabulary", row.property));
  }
}

void StixChecker::see_reference(const ordered_json& object, std::string_view name, const ordered_json& value) {
  const bool is_list = name.ends_with("_refs");
  if (is_list != value.is_array())
    return fault("reference", object, fmt::format("{} has the wrong form", base::printable(name)));
  const ordered_json list = is_list ? value : ordered_json::array({value});
  for (const ordered_json& id : list) {
    const std::string text = id.is_string() ? id.get<std::string>() : std::string();
    if (!is_identifier(text)) {
      fault("reference", object, fmt::format("{} names no object", base::printable(name)));
      continue;
    }
    wanted_.try_emplace(text, text_in(object, "id"));
  }
}

void StixChecker::see_values(const ordered_json& object, const ordered_json& value, unsigned depth) {
  if (depth > k_depth_max) return fault("depth", object, "is nested too deeply");
  if (value.is_null()) fault("null", object, "a property is null");
  if (value.is_array() && value.empty()) fault("empty", object, "a list is empty");
  if (value.is_array())
    for (const ordered_json& item : value) see_values(object, item, depth + 1);
  if (!value.is_object()) return;
  for (const auto& [name, item] : value.items()) {
    const bool is_reference = name.ends_with("_ref") || name.ends_with("_refs");
    if (is_reference) see_reference(object, name, item);
    see_values(object, item, depth + 1);
  }
}

void StixChecker::see(const ordered_json& object) {
  if (!object.is_object()) return fault("object", object, "is none");
  const std::string type = text_in(object, "type");
  check_properties(object, type);
  check_common(object, type);
  check_times(object, type);
  check_extensions(object);
  check_identifier(object, type);
  check_hashes(object);
  check_vocabularies(object, type);
  see_values(object, object, 0);
}

std::vector<std::string> StixChecker::finish() {
  for (const auto& [id, by] : wanted_) {
    if (faults_.size() >= k_stix_faults_max) break;
    if (!ids_.contains(id))
      faults_.push_back(fmt::format("stix.reference: {}: refers to {}, which is not in the bundle", base::printable(by),
                                    base::printable(id)));
  }
  return std::move(faults_);
}

std::vector<std::string> check_stix_bundle(std::string_view text) {
  const ordered_json bundle = ordered_json::parse(text, nullptr, false);
  if (bundle.is_discarded() || !bundle.is_object()) return {"stix.json: the bundle: is no JSON object"};
  StixChecker checker;
  std::vector<std::string> faults;
  const std::string id = text_in(bundle, "id");
  if (text_in(bundle, "type") != "bundle" || type_in(id) != "bundle" || !is_identifier(id) || bundle.size() > 3)
    faults.emplace_back("stix.bundle: the bundle: is not type, id and objects");
  const auto objects = bundle.find("objects");
  if (objects == bundle.end() || !objects->is_array() || objects->empty()) {
    faults.emplace_back("stix.bundle: the bundle: holds no objects");
    return faults;
  }
  for (const ordered_json& object : *objects) checker.see(object);
  std::vector<std::string> of_objects = checker.finish();
  faults.insert(faults.end(), of_objects.begin(), of_objects.end());
  return faults;
}

}  // namespace lastgood::exports
