// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Does a bundle keep what STIX 2.1 says an object MUST be? Own code beside the official schemas (tools/
// check_exports.py), because a schema cannot see that a reference leads nowhere, that a time runs backwards, or that an
// identifier is not the one its object must have. Covers the object types that exports write; any other is a finding.
// Every export is checked by it before it is written. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace lastgood::exports {

inline constexpr std::size_t k_stix_faults_max = 64;

/// One object at a time, then the whole: memory is that of the identifiers.
class StixChecker {
 public:
  void see(const nlohmann::ordered_json& object);
  /// After the last object: what is still wrong, each "stix.RULE: ID: sentence", at most k_stix_faults_max.
  [[nodiscard]] std::vector<std::string> finish();

 private:
  void fault(std::string_view rule, const nlohmann::ordered_json& object, std::string_view sentence);
  void check_common(const nlohmann::ordered_json& object, std::string_view type);
  void check_properties(const nlohmann::ordered_json& object, std::string_view type);
  void check_times(const nlohmann::ordered_json& object, std::string_view type);
  void check_extensions(const nlohmann::ordered_json& object);
  void check_identifier(const nlohmann::ordered_json& object, std::string_view type);
  void check_hashes(const nlohmann::ordered_json& object);
  void check_vocabularies(const nlohmann::ordered_json& object, std::string_view type);
  void see_values(const nlohmann::ordered_json& object, const nlohmann::ordered_json& value, unsigned depth);
  void see_reference(const nlohmann::ordered_json& object, std::string_view name, const nlohmann::ordered_json& value);

  std::vector<std::string> faults_;
  std::set<std::string, std::less<>> ids_;
  std::map<std::string, std::string, std::less<>> type_of_uuid_;
  std::map<std::string, std::string, std::less<>> wanted_;  // identifier that is referred to -> by whom
};

/// A whole bundle, as text. Any bytes.
[[nodiscard]] std::vector<std::string> check_stix_bundle(std::string_view text);

}  // namespace lastgood::exports
