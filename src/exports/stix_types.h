// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The object types of STIX 2.1 that exports write: which properties each may have and must have. Private to exports/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lastgood::exports {

enum class StixClass : std::uint8_t { domain, relationship, observable, marking, definition };

struct StixType {
  std::string_view name;
  StixClass group = StixClass::domain;
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;  // without those that all of the class have
  std::string_view extension;              // that defines the type, when STIX itself does not
};

/// nullptr: exports write no such type.
[[nodiscard]] const StixType* find_stix_type(std::string_view name);
/// Properties that every object of the class may have.
[[nodiscard]] const std::vector<std::string_view>& common_properties(StixClass group);
[[nodiscard]] const std::vector<std::string_view>& required_properties(StixClass group);

struct StixVocabulary {
  std::string_view type;
  std::string_view property;  // a text, or a list of texts
  std::vector<std::string_view> words;
};
/// Closed ones, and the open ones whose words exports keep to.
[[nodiscard]] const std::vector<StixVocabulary>& stix_vocabularies();

inline constexpr std::string_view k_incident_extension = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";
inline constexpr std::string_view k_impact_extension = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9";
inline constexpr std::string_view k_event_extension = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e";
inline constexpr std::string_view k_tlp_extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

}  // namespace lastgood::exports
