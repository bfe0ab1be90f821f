// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What stands around the values in a bundle: markings, who reports, the incident with its impacts and events, the
// malware, and the report as envelope. No object for a person or a group that attacked is ever made.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "exports/observable.h"
#include "exports/stix_bundle.h"
#include "exports/stix_types.h"

namespace lastgood::exports {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view k_cisa = "identity--b3bca3c2-1f3d-4b54-b44f-dac42c3a8f01";
constexpr std::string_view k_oasis = "identity--8ce3f695-d5a4-4dc8-9e93-a65af453a31a";

ordered_json published_identity(std::string_view id, std::string_view created, std::string_view modified,
                                std::string_view name) {
  return {
      {"type", "identity"}, {"spec_version", "2.1"},           {"id", id}, {"created", created}, {"modified", modified},
      {"name", name},       {"identity_class", "organization"}};
}

struct Definition {
  std::string_view id;
  std::string_view by;
  std::string_view created;
  std::string_view modified;
  std::string_view name;
  std::string_view schema;
  std::string_view version;
  std::string_view extension_type;
};
ordered_json json_of(const Definition& definition) {
  return {{"type", "extension-definition"},
          {"spec_version", "2.1"},
          {"id", definition.id},
          {"created_by_ref", definition.by},
          {"created", definition.created},
          {"modified", definition.modified},
          {"name", definition.name},
          {"schema", definition.schema},
          {"version", definition.version},
          {"extension_types", {definition.extension_type}}};
}

// As published; the schema is named in words, since no address of a host stands in this program.
constexpr std::array<Definition, 4> k_published = {
    {{k_tlp_extension, k_cisa, "2022-10-01T00:00:00.000Z", "2022-10-01T00:00:00.000Z", "TLP 2.0",
      "OASIS CTI STIX common objects, extension-definition-specifications/tlp-2.0", "1.0.0", "property-extension"},
     {k_incident_extension, k_oasis, "2020-10-19T20:51:00.000Z", "2023-07-11T00:56:00.000Z", "Incident Core Extension",
      "OASIS CTI STIX common objects, extension-definition-specifications/incident-ef7", "2.0.0", "property-extension"},
     {k_impact_extension, k_oasis, "2023-05-16T21:01:53.607242Z", "2023-05-16T21:01:53.607242Z", "Impact Extension",
      "OASIS CTI STIX common objects, extension-definition-specifications/incident-ef7/impact", "1.0.0", "new-sdo"},
     {k_event_extension, k_oasis, "2023-05-16T20:47:23.388576Z", "2023-05-16T20:47:23.388576Z", "Event Extension",
      "OASIS CTI STIX common objects, extension-definition-specifications/incident-ef7/event", "1.0.0", "new-sdo"}}};

struct Counts {
  std::uint64_t files = 0;
  std::uint64_t hit_files = 0;
  std::uint64_t hit_bytes = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t hit_hosts = 0;
  std::uint64_t unfinished = 0;
};
Counts counts_of(const facts::CaseFacts& facts) {
  Counts counts;
  for (const facts::HostFacts& host : facts.hosts) {
    counts.files += host.files;
    counts.hit_files += host.hit_files;
    counts.hit_bytes += host.hit_bytes;
    counts.unreadable += host.unreadable;
    counts.hit_hosts += host.hit_files > 0 ? 1U : 0U;
    counts.unfinished += host.finished ? 0U : 1U;
  }
  return counts;
}

std::string sentence_of(const Counts& counts, std::size_t hosts) {
  if (hosts == 0) return "No machine was scanned: how many files are encrypted is unknown.";
  std::string text = fmt::format("{} of {} judged files ({} bytes) on {} of {} scanned machines are encrypted.",
                                 counts.hit_files, counts.files, counts.hit_bytes, counts.hit_hosts, hosts);
  if (counts.unreadable > 0)
    text += fmt::format(" {} files could not be read, so these are lower bounds.", counts.unreadable);
  if (counts.unfinished > 0)
    text += fmt::format(" The scans of {} machines did not run to their end, so these are lower bounds.",
                        counts.unfinished);
  return text;
}

/// "Persons held: 1000 to 1200 (estimate)." for each basis; the four are never folded into one.
std::string sentence_of(const facts::PersonsFacts& persons) {
  std::string text = fmt::format("Persons {}: ", base::printable(persons.basis));
  if (!persons.at_least && !persons.at_most) return text + "unknown.";
  if (persons.at_least && persons.at_most) {
    text += *persons.at_least == *persons.at_most ? fmt::format("{}", *persons.at_least)
                                                  : fmt::format("{} to {}", *persons.at_least, *persons.at_most);
  } else {
    text +=
        persons.at_least ? fmt::format("at least {}", *persons.at_least) : fmt::format("at most {}", *persons.at_most);
  }
  return text + (persons.is_final ? "." : " (estimate).");
}

/// How many at least on that basis; nothing: unknown, or none.
std::optional<std::uint64_t> persons_on(const facts::CaseFacts& facts, std::string_view basis) {
  for (const facts::PersonsFacts& persons : facts.exposure.persons)
    if (persons.basis == basis && persons.at_least.value_or(0) > 0) return persons.at_least;
  return std::nullopt;
}

bool is_confirmed(const ExportInput& input) {
  return std::any_of(input.facts.campaigns.begin(), input.facts.campaigns.end(), [](const auto& found) {
    return found.campaign.certainty != model::Certainty::weak && found.campaign.file_count > 0;
  });
}

ordered_json begin_impact(const StixBundle& bundle, std::string_view category) {
  ordered_json impact = bundle.begin("impact", {category});
  impact["impact_category"] = category;
  impact["extensions"] = {{k_impact_extension, {{"extension_type", "new-sdo"}}}};
  return impact;
}

ordered_json availability_of(const StixBundle& bundle, const ExportInput& input, const Counts& counts) {
  ordered_json impact = begin_impact(bundle, "availability");
  impact["description"] = sentence_of(counts, input.facts.hosts.size()) +
                          " The figure is the share of judged files that are encrypted, in percent, at least 1.";
  const double share = 100.0 * static_cast<double>(counts.hit_files) / static_cast<double>(counts.files);
  impact["extensions"]["availability-ext"] = {{"availability_impact", std::clamp(static_cast<int>(share), 1, 100)}};
  impact["impacted_entity_counts"] = {{"information-systems", counts.hit_hosts}};
  if (const auto persons = persons_on(input.facts, "encrypted"))
    impact["impacted_entity_counts"]["individuals"] = *persons;
  return impact;
}

/// Only where something shows that data left or could be read; nothing otherwise, which is not "none".
std::optional<ordered_json> confidentiality_of(const StixBundle& bundle, const ExportInput& input) {
  std::uint64_t bytes_out = 0;
  for (const facts::AddressFacts& address : input.facts.addresses)
    if (!address.links.empty()) bytes_out += address.bytes_out;
  const auto left = persons_on(input.facts, "leaving");
  const auto readable = persons_on(input.facts, "readable");
  if (bytes_out == 0 && !left && !readable) return std::nullopt;
  ordered_json impact = begin_impact(bundle, "confidentiality");
  std::string description;
  if (bytes_out > 0)
    description = fmt::format(
        "{} bytes were sent to addresses that are tied to the attack, as logs say; what was in them is unknown. ",
        bytes_out);
  for (const facts::PersonsFacts& persons : input.facts.exposure.persons)
    if (persons.basis == "leaving" || persons.basis == "readable") description += sentence_of(persons) + " ";
  description.pop_back();
  impact["description"] = description;
  impact["extensions"]["confidentiality-ext"] = {{"information_type", left || readable ? "pii" : "unknown"},
                                                 {"loss_type", "suspected-loss"}};
  if (bytes_out > 0) impact["extensions"]["confidentiality-ext"]["record_size"] = bytes_out;
  if (left || readable) impact["impacted_entity_counts"] = {{"individuals", left ? *left : *readable}};
  return impact;
}

/// What the case has counted; what it has not is not said.
std::vector<std::string> add_impacts(StixBundle& bundle, const ExportInput& input) {
  std::vector<std::string> ids;
  const Counts counts = counts_of(input.facts);
  if (counts.hit_files > 0) {
    ids.push_back(bundle.add(availability_of(bundle, input, counts)));
    ordered_json integrity = begin_impact(bundle, "integrity");
    integrity["description"] = "The contents of files were replaced by encrypted data.";
    integrity["extensions"]["integrity-ext"] = {
        {"information_type", "unknown"}, {"alteration", "partial-modification"}, {"record_size", counts.hit_bytes}};
    ids.push_back(bundle.add(std::move(integrity)));
  }
  if (auto confidentiality = confidentiality_of(bundle, input)) ids.push_back(bundle.add(std::move(*confidentiality)));
  return ids;
}

/// One event for each moment, contradicting ones side by side.
std::vector<std::string> add_events(StixBundle& bundle, const ExportInput& input, const PublicWords& words) {
  std::vector<std::string> ids;
  const auto add = [&](const std::string& name, std::int64_t at_ns, const std::string& description,
                       std::string_view status) {
    ordered_json event = bundle.begin("event", {name, stix_time(at_ns), description});
    event["name"] = name;
    event["description"] = description;
    event["status"] = status;
    event["start_time"] = stix_time(at_ns);
    event["extensions"] = {{k_event_extension, {{"extension_type", "new-sdo"}}}};
    ids.push_back(bundle.add(std::move(event)));
  };
  for (const facts::MomentFacts& moment : input.facts.moments) {
    const std::string description =
        fmt::format("Basis: {}. Time: {}. Certainty: {}.", words.sentence(moment.sentence, moment.place),
                    model::name_of(moment.basis), model::name_of(moment.certainty));
    const bool is_claimed = moment.basis == model::TimeBasis::claimed;
    add(moment.name.empty() ? "a moment of the attack" : base::printable(moment.name), moment.at_ns, description,
        is_claimed ? "undetermined" : "occurred");
  }
  if (!input.facts.aware.empty()) {
    const facts::AwareFacts& aware = input.facts.aware.back();
    add("the organisation became aware", aware.at_ns,
        fmt::format("As a person of the organisation said; recorded as entry {} of the case's ledger.",
                    aware.ledger_entry),
        "occurred");
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// Families that dated public tables name, each with what it stands on; a weak likeness is not passed on.
void add_families(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                  const std::set<std::string>& instances) {
  for (const facts::FamilyFacts& family : input.facts.families) {
    if (family.certainty == model::Certainty::weak || family.name.empty()) continue;
    ordered_json malware = bundle.begin("malware", {"family", family.name, family.table});
    malware["confidence"] = confidence_of(family.certainty, facts::Standing::claim);
    malware["name"] = base::printable(family.name);
    std::string description = fmt::format("Named by a public table ({}) for:", base::printable(family.table));
    for (const std::string& basis : family.basis) description += " " + words.sentence(basis, {}) + ";";
    description.back() = '.';
    malware["description"] = description;
    malware["malware_types"] = {"ransomware"};
    malware["is_family"] = true;
    const std::string id = bundle.add(std::move(malware));
    if (id.empty()) continue;
    for (const std::string& instance : instances)
      if (instance != id) bundle.relate("related-to", instance, id, description);
  }
}

/// Which account did the encryption, as logs say: an account, not a person.
void add_doers(StixBundle& bundle, const ExportInput& input, const PublicWords& words, const std::string& incident) {
  for (const facts::DoerFacts& doer : input.facts.doers) {
    const std::string said =
        fmt::format("The account '{}' wrote or renamed {} files that are encrypted, on '{}', from the address '{}'.",
                    doer.account.empty() ? "unknown" : doer.account, doer.files,
                    doer.host.empty() ? "unknown" : doer.host, doer.address.empty() ? "unknown" : doer.address);
    ordered_json note = bundle.begin("note", {"doer", doer.account, doer.address, doer.host});
    note["confidence"] = confidence_of(doer.certainty, facts::Standing::fact);
    note["abstract"] = "attack.doer";
    note["content"] = fmt::format("{} From {} to {}, as logs say. Certainty: {}. Basis: {}.",
                                  words.sentence(said, doer.place), stix_time(doer.first_ns), stix_time(doer.last_ns),
                                  model::name_of(doer.certainty), words.place(doer.place));
    note["object_refs"] = {incident};
    bundle.add(std::move(note));
  }
}

/// Both sides of what cannot both be right.
void add_contradictions(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                        const std::string& incident) {
  for (const timeline::Contradiction& found : input.facts.timeline.contradictions) {
    ordered_json note = bundle.begin("note", {"contradiction", found.sentence});
    note["abstract"] = "timeline.contradiction";
    note["content"] = "Sources contradict each other; both stand: " + words.sentence(found.sentence, {});
    note["object_refs"] = {incident};
    bundle.add(std::move(note));
  }
}

std::string organisation_of(const ExportInput& input) {
  const std::string& name = input.facts.about.organisation;
  return name.empty() ? "unknown organisation" : base::printable(name);
}

}  // namespace

void add_markings(StixBundle& bundle, const ExportInput& input) {
  ordered_json organisation = bundle.begin("identity", {"organisation"});
  organisation.erase("created_by_ref");
  organisation["name"] = organisation_of(input);
  organisation["identity_class"] = "organization";
  const std::string& sector = input.facts.about.sector;
  if (sector == "hospital" || sector == "health" || sector == "healthcare") organisation["sectors"] = {"healthcare"};
  bundle.add(std::move(organisation));

  const auto marking = bundle.marking();
  bundle.add_unmarked(
      {{"type", "marking-definition"},
       {"spec_version", "2.1"},
       {"id", marking},
       {"created", "2022-10-01T00:00:00.000Z"},
       {"name", fmt::format("TLP:{}", name_of(input.tlp))},
       {"extensions",
        {{k_tlp_extension, {{"extension_type", "property-extension"}, {"tlp_2_0", small_name_of(input.tlp)}}}}}});
  bundle.add_unmarked(published_identity(k_cisa, "2021-01-01T00:00:01.000Z", "2021-01-01T00:00:01.000Z",
                                         "Cybersecurity and Infrastructure Security Agency"));
  bundle.add_unmarked(published_identity(k_oasis, "2021-03-13T20:09:20.8889Z", "2021-12-01T16:19:51.601791Z", "OASIS"));
  for (const Definition& definition : k_published) bundle.add_unmarked(json_of(definition));
}

void add_wallet_definition(StixBundle& bundle) {
  bundle.add_unmarked(
      json_of({k_wallet_extension, k_lastgood_identity, "2026-11-26T00:00:00.000Z", "2026-11-26T00:00:00.000Z",
               "Cryptocurrency wallet",
               "A new cyber-observable object 'cryptocurrency-wallet'. Properties: value (required, "
               "string, the address as it is written; it alone contributes to the identifier), currency "
               "(optional, string, the currency's usual short name in lower case).",
               "1.0.0", "new-sco"}));
  bundle.add_unmarked(published_identity(k_lastgood_identity, "2026-11-26T00:00:00.000Z", "2026-11-26T00:00:00.000Z",
                                         "The lastgood authors"));
}

std::string add_incident(StixBundle& bundle, const ExportInput& input, const PublicWords& words) {
  const std::vector<std::string> impacts = add_impacts(bundle, input);
  const std::vector<std::string> events = add_events(bundle, input, words);
  const Counts counts = counts_of(input.facts);
  ordered_json incident = bundle.begin("incident", {"incident"});
  incident["confidence"] = is_confirmed(input) ? 90 : 50;
  incident["name"] = fmt::format("Incident at {}", organisation_of(input));
  std::string description = sentence_of(counts, input.facts.hosts.size());
  for (const facts::PersonsFacts& persons : input.facts.exposure.persons) description += " " + sentence_of(persons);
  if (input.facts.left_out > 0)
    description += fmt::format(" {} values beyond the case's limits are left out.", input.facts.left_out);
  incident["description"] = description;
  ordered_json core = {{"extension_type", "property-extension"},
                       {"determination", is_confirmed(input) ? "confirmed" : "suspected"},
                       {"investigation_status", "open"}};
  if (is_confirmed(input)) core["incident_types"] = {"ransomware"};
  if (!impacts.empty()) core["impact_refs"] = impacts;
  for (const std::string& event : events) core["events"].push_back({{"event_ref", event}});
  if (counts.hit_hosts > 0) core["impacted_entity_counts"] = {{"information-systems", counts.hit_hosts}};
  incident["extensions"] = {{k_incident_extension, std::move(core)}};
  const std::string id = bundle.add(std::move(incident));
  add_doers(bundle, input, words, id);
  add_contradictions(bundle, input, words, id);
  return id;
}

MalwareOf add_malware(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                      const std::string& incident) {
  MalwareOf of;
  std::set<std::string> ids;
  for (const facts::CampaignFacts& found : input.facts.campaigns) {
    const model::Campaign& campaign = found.campaign;
    const std::string extension = base::printable(campaign.extension);
    const bool is_family = !campaign.family.empty();
    ordered_json malware = bundle.begin("malware", {campaign.family, extension});
    malware["confidence"] = confidence_of(campaign.certainty, facts::Standing::fact);
    malware["name"] = is_family ? base::printable(campaign.family)
                                : fmt::format("unknown ransomware{}", extension.empty() ? "" : " (" + extension + ")");
    std::string description = is_family
                                  ? "The family is named by marks that are known of it in the files."
                                  : "No known family: named by what it left on files. The program itself was not seen.";
    if (!extension.empty()) description += fmt::format(" Files got the extension {}.", extension);
    for (const model::Reason& reason : campaign.reasons)
      description += fmt::format(" {}: {}.", base::printable(reason.rule), words.sentence(reason.sentence, {}));
    malware["description"] = description;
    malware["malware_types"] = {"ransomware"};
    malware["is_family"] = is_family;
    const std::string id = bundle.add(std::move(malware));
    if (id.empty()) continue;
    if (ids.insert(id).second) bundle.relate("related-to", incident, id);
    for (const std::string& contact : campaign.contacts) of.try_emplace(contact, id);
    if (campaign.certainty == model::Certainty::weak || extension.empty()) continue;
    ordered_json indicator = bundle.begin("indicator", {"extension", extension});
    indicator["confidence"] = confidence_of(campaign.certainty, facts::Standing::fact);
    indicator["name"] = fmt::format("Files renamed to {}", extension);
    indicator["description"] = "An extension alone proves nothing: owners use such names, too.";
    indicator["indicator_types"] = {"malicious-activity"};
    indicator["pattern"] = name_ends_with(extension);
    indicator["pattern_type"] = "stix";
    indicator["valid_from"] = bundle.created();
    const std::string made = bundle.add(std::move(indicator));
    if (!made.empty()) bundle.relate("indicates", made, id);
  }
  if (ids.size() == 1) of.try_emplace("", *ids.begin());
  add_families(bundle, input, words, ids);
  return of;
}

void add_report(StixBundle& bundle, const ExportInput& input) {
  ordered_json report = bundle.begin("report", {"report"});
  report["name"] = fmt::format("Incident at {}: what the case knows", organisation_of(input));
  report["description"] = fmt::format(
      "Made by lastgood from the records of the case. Addresses are servers and accounts are accounts: neither says "
      "who "
      "used them. {}",
      input.scope == Scope::all ? "Holds everything that was found, also what nothing ties to the attack."
                                : "Holds only what is tied to the attack; the organisation's own names are withheld.");
  report["report_types"] = {"observed-data"};
  report["published"] = bundle.modified();
  report["object_refs"] = bundle.ids();
  bundle.add(std::move(report));
}

}  // namespace lastgood::exports
