// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// STIX 2.1 (OASIS Standard, 10 June 2021) sections 3 to 7 and 10; the incident extension suite of the OASIS CTI
// technical committee (incident core 2.0.0, impact 1.0.0, event 1.0.0).
#include <algorithm>

#include "exports/observable.h"
#include "exports/stix_types.h"

namespace lastgood::exports {

namespace {

using Words = std::vector<std::string_view>;

const std::vector<StixType>& stix_types() {
  static const std::vector<StixType> types = {
      {"identity",
       StixClass::domain,
       {"name"},
       {"description", "roles", "identity_class", "sectors", "contact_information"},
       {}},
      {"incident", StixClass::domain, {"name"}, {"description"}, {}},
      {"malware",
       StixClass::domain,
       {"is_family"},
       {"name", "description", "malware_types", "aliases", "first_seen", "last_seen", "sample_refs"},
       {}},
      {"indicator",
       StixClass::domain,
       {"pattern", "pattern_type", "valid_from"},
       {"name", "description", "indicator_types", "pattern_version", "valid_until"},
       {}},
      {"observed-data",
       StixClass::domain,
       {"first_observed", "last_observed", "number_observed", "object_refs"},
       {},
       {}},
      {"note", StixClass::domain, {"content", "object_refs"}, {"abstract", "authors"}, {}},
      {"report", StixClass::domain, {"name", "published", "object_refs"}, {"description", "report_types"}, {}},
      {"impact",
       StixClass::domain,
       {"impact_category", "extensions"},
       {"criticality", "description", "end_time", "end_time_fidelity", "impacted_entity_counts", "impacted_refs",
        "recoverability", "start_time", "start_time_fidelity", "superseded_by_ref"},
       k_impact_extension},
      {"event",
       StixClass::domain,
       {"status", "extensions"},
       {"changed_objects", "description", "end_time", "end_time_fidelity", "event_types", "goal", "name",
        "sighting_refs", "start_time", "start_time_fidelity", "subevents"},
       k_event_extension},
      {"relationship",
       StixClass::relationship,
       {"relationship_type", "source_ref", "target_ref"},
       {"description", "start_time", "stop_time"},
       {}},
      {"sighting",
       StixClass::relationship,
       {"sighting_of_ref"},
       {"description", "first_seen", "last_seen", "count", "observed_data_refs", "where_sighted_refs", "summary"},
       {}},
      {"domain-name", StixClass::observable, {"value"}, {"resolves_to_refs"}, {}},
      {"email-addr", StixClass::observable, {"value"}, {"display_name", "belongs_to_ref"}, {}},
      {"ipv4-addr", StixClass::observable, {"value"}, {"resolves_to_refs", "belongs_to_refs"}, {}},
      {"ipv6-addr", StixClass::observable, {"value"}, {"resolves_to_refs", "belongs_to_refs"}, {}},
      {"url", StixClass::observable, {"value"}, {}, {}},
      {"email-message",
       StixClass::observable,
       {"is_multipart"},
       {"date", "from_ref", "message_id", "subject", "received_lines"},
       {}},
      {"file", StixClass::observable, {}, {"hashes", "name", "size"}, {}},
      {"user-account", StixClass::observable, {}, {"user_id", "account_login", "account_type", "display_name"}, {}},
      {k_wallet_type, StixClass::observable, {"value", "extensions"}, {"currency"}, k_wallet_extension},
      {"marking-definition", StixClass::marking, {"name", "extensions"}, {}, {}},
      {"extension-definition",
       StixClass::definition,
       {"name", "schema", "version", "extension_types", "created_by_ref"},
       {"description"},
       {}},
  };
  return types;
}

}  // namespace

const StixType* find_stix_type(std::string_view name) {
  const auto& types = stix_types();
  const auto found = std::find_if(types.begin(), types.end(), [&](const StixType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

const Words& common_properties(StixClass group) {
  static const Words of_domain = {"type",
                                  "spec_version",
                                  "id",
                                  "created_by_ref",
                                  "created",
                                  "modified",
                                  "revoked",
                                  "labels",
                                  "confidence",
                                  "lang",
                                  "external_references",
                                  "object_marking_refs",
                                  "granular_markings",
                                  "extensions"};
  static const Words of_observable = {"type",     "spec_version", "id", "object_marking_refs", "granular_markings",
                                      "defanged", "extensions"};
  static const Words of_marking = {"type",
                                   "spec_version",
                                   "id",
                                   "created_by_ref",
                                   "created",
                                   "external_references",
                                   "object_marking_refs",
                                   "granular_markings",
                                   "extensions"};
  if (group == StixClass::observable) return of_observable;
  return group == StixClass::marking ? of_marking : of_domain;
}

const Words& required_properties(StixClass group) {
  static const Words of_domain = {"type", "spec_version", "id", "created", "modified"};
  static const Words of_observable = {"type", "id"};
  static const Words of_marking = {"type", "spec_version", "id", "created"};
  if (group == StixClass::observable) return of_observable;
  return group == StixClass::marking ? of_marking : of_domain;
}

const std::vector<StixVocabulary>& stix_vocabularies() {
  static const std::vector<StixVocabulary> vocabularies = {
      {"identity", "identity_class", {"individual", "group", "system", "organization", "class", "unknown"}},
      {"identity",
       "sectors",
       {"agriculture",
        "aerospace",
        "automotive",
        "chemical",
        "commercial",
        "communications",
        "construction",
        "defense",
        "education",
        "energy",
        "entertainment",
        "financial-services",
        "government",
        "emergency-services",
        "government-local",
        "government-national",
        "government-public-services",
        "government-regional",
        "healthcare",
        "hospitality-leisure",
        "infrastructure",
        "dams",
        "nuclear",
        "water",
        "insurance",
        "manufacturing",
        "mining",
        "non-profit",
        "pharmaceuticals",
        "retail",
        "technology",
        "telecommunications",
        "transportation",
        "utilities"}},
      {"malware", "malware_types", {"ransomware", "unknown"}},
      {"indicator",
       "indicator_types",
       {"anomalous-activity", "anonymization", "benign", "compromised", "malicious-activity", "attribution",
        "unknown"}},
      {"indicator", "pattern_type", {"stix"}},
      {"report",
       "report_types",
       {"attack-pattern", "campaign", "identity", "indicator", "intrusion-set", "malware", "observed-data",
        "threat-actor", "threat-report", "tool", "vulnerability"}},
      {"relationship", "relationship_type", {"indicates", "based-on", "related-to"}},
      {"event", "status", {"ongoing", "occurred", "not-occurred", "pending", "undetermined"}},
      {"impact", "impact_category", {"availability", "confidentiality", "integrity"}},
      {"extension-definition",
       "extension_types",
       {"new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"}},
  };
  return vocabularies;
}

}  // namespace lastgood::exports
