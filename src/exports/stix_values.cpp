// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Contacts, addresses, mails and ransom notes of the case as observables, each with what was observed, an indicator
// where that is sure enough, and a note for each reason that ties it to the attack.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/error.h"
#include "exports/attack_mails.h"
#include "exports/observable.h"
#include "exports/stix_bundle.h"

namespace lastgood::exports {

namespace {

using facts::Standing;
using model::Certainty;
using nlohmann::ordered_json;

constexpr std::uint64_t k_times_max = 999'999'999;

/// A contact or an address, as both are written.
struct Value {
  std::string kind;
  std::string value;
  std::string words;  // what it is, one sentence
  Standing standing = Standing::fact;
  const std::vector<facts::Link>* links = nullptr;
  std::uint64_t times = 1;
  std::optional<std::int64_t> first_ns;  // seen by somebody who writes times that can be relied on
  std::optional<std::int64_t> last_ns;
  std::vector<std::string> places;
};

/// Only what is sure may make a sensor shout: a claim that anybody can write never does.
bool is_indicator(const Value& value) {
  return !value.links->empty() && value.links->front().certainty != Certainty::weak;
}

std::string first_seen(const StixBundle& bundle, const Value& value) {
  return value.first_ns ? stix_time(*value.first_ns) : bundle.created();
}

std::string add_observed(StixBundle& bundle, const Value& value, const std::vector<std::string>& objects) {
  ordered_json observed = bundle.begin("observed-data", {value.kind, value.value});
  observed["first_observed"] = first_seen(bundle, value);
  observed["last_observed"] = value.last_ns ? stix_time(*value.last_ns) : bundle.modified();
  observed["number_observed"] = std::clamp<std::uint64_t>(value.times, 1, k_times_max);
  observed["object_refs"] = objects;
  return bundle.add(std::move(observed));
}

std::string add_indicator(StixBundle& bundle, const Value& value, const std::string& pattern,
                          const std::string& observed) {
  ordered_json indicator = bundle.begin("indicator", {value.kind, value.value});
  indicator["confidence"] = confidence_of(value.links->front().certainty, value.standing);
  indicator["name"] = fmt::format("{} {}", value.kind, value.value);
  indicator["description"] = value.words;
  indicator["indicator_types"] = {"malicious-activity"};
  indicator["pattern"] = pattern;
  indicator["pattern_type"] = "stix";
  indicator["valid_from"] = first_seen(bundle, value);
  const std::string id = bundle.add(std::move(indicator));
  if (id.empty()) return id;
  if (!observed.empty()) {
    bundle.relate("based-on", id, observed);
    ordered_json sighting = bundle.begin("sighting", {value.kind, value.value});
    if (value.first_ns && value.last_ns) {
      sighting["first_seen"] = stix_time(*value.first_ns);
      sighting["last_seen"] = stix_time(*value.last_ns);
    }
    sighting["count"] = std::clamp<std::uint64_t>(value.times, 1, k_times_max);
    sighting["sighting_of_ref"] = id;
    sighting["observed_data_refs"] = {observed};
    sighting["where_sighted_refs"] = {bundle.author()};
    bundle.add(std::move(sighting));
  }
  return id;
}

/// One note for each reason, or one that says that there is none.
void add_reasons(StixBundle& bundle, const Value& value, const PublicWords& words,
                 const std::vector<std::string>& about) {
  std::string places;
  for (const std::string& place : value.places) places += "\n- " + place;
  if (!places.empty()) places = "\nFound at:" + places;
  const std::string head = fmt::format("{} '{}'. {}\n", value.kind, value.value, value.words);
  const auto add = [&](std::string_view rule, const std::string& content, int confidence) {
    ordered_json note = bundle.begin("note", {value.kind, value.value, rule});
    note["confidence"] = confidence;
    note["abstract"] = rule;
    note["content"] = content;
    note["object_refs"] = about;
    bundle.add(std::move(note));
  };
  for (const facts::Link& link : *value.links) {
    add(base::printable(link.rule),
        fmt::format("{}What ties it to the attack: {}. Certainty: {}. Standing: {}. Basis: {}.{}", head,
                    words.sentence(link), model::name_of(link.certainty), facts::name_of(value.standing),
                    words.place(link.place), places),
        confidence_of(link.certainty, value.standing));
  }
  if (value.links->empty()) add("link.none", head + "It was found, and nothing ties it to the attack." + places, 10);
}

/// Gives 1 when only a note carries it.
std::uint64_t add_value(StixBundle& bundle, const Value& value, const PublicWords& words, const MalwareOf& malware,
                        const std::string& incident) {
  const auto observable = find_observable(value.kind, value.value);
  std::string object;
  if (observable) {
    if (is_wallet_kind(value.kind)) add_wallet_definition(bundle);
    object = bundle.add(observable->object);
  }
  if (object.empty()) {
    add_reasons(bundle, value, words, {incident});
    return 1;
  }
  const std::string observed = add_observed(bundle, value, {object});
  std::vector<std::string> about = {object};
  if (is_indicator(value)) {
    const std::string indicator = add_indicator(bundle, value, observable->pattern, observed);
    if (!indicator.empty()) {
      about.push_back(indicator);
      auto of = malware.find(value.kind + ":" + value.value);
      if (of == malware.end()) of = malware.find("");
      if (of != malware.end()) bundle.relate("indicates", indicator, of->second);
    }
  }
  if (!value.links->empty() && !observed.empty()) bundle.relate("related-to", observed, incident);
  add_reasons(bundle, value, words, about);
  return 0;
}

std::string_view what_is(std::string_view kind) {
  if (kind == "email") return "A mail account; who uses it is unknown.";
  if (kind == "onion") return "The name of a hidden service.";
  if (kind == "domain") return "The name of a domain.";
  if (kind == "url") return "The address of a page.";
  if (kind == "victim_id") return "What the attack calls its victim.";
  if (kind == "hash") return "A digest that stands in the evidence.";
  if (is_wallet_kind(kind)) return "An address for payments; who holds it is unknown.";
  return "An account or a name; who uses it is unknown.";
}

Value value_of(const facts::ContactFacts& contact, const PublicWords& words) {
  Value value;
  value.kind = base::printable(contact.kind);
  value.value = base::printable(contact.value);
  value.words = fmt::format("{} It stands in {} encrypted files and {} ransom notes; {} mails say to come from it.",
                            what_is(contact.kind), contact.encrypted_files, contact.notes, contact.mails);
  value.links = &contact.links;
  value.times = contact.encrypted_files + contact.notes + contact.mails;
  for (const facts::Place& place : contact.places) {
    // Where names are withheld many places read the same; how many there are is said already.
    std::string line = words.place(place);
    if (std::find(value.places.begin(), value.places.end(), line) == value.places.end())
      value.places.push_back(std::move(line));
  }
  return value;
}

Value value_of(const facts::AddressFacts& address, const PublicWords& words) {
  Value value;
  const auto ip = model::parse_ip(address.address);
  value.kind = ip && ip->is_v6 ? "ipv6" : "ipv4";
  value.value = base::printable(address.address);
  value.words =
      "The address of a server or a network. It shows which one took part, not who used it or where that "
      "person was; it may be rented, relayed or itself a victim.";
  if (address.bytes_out > 0) value.words += fmt::format(" {} bytes were sent to it.", address.bytes_out);
  value.standing = address.standing;
  value.links = &address.links;
  value.times = address.times;
  for (const facts::Observation& seen : address.observations) {
    std::string line = fmt::format("{} ({}), {}", words.sentence(seen.what, seen.place), facts::name_of(seen.standing),
                                   words.place(seen.place));
    if (seen.port > 0) line += fmt::format(", port {}", seen.port);
    if (seen.at_ns) {
      line += fmt::format(", {} (time {})", stix_time(*seen.at_ns), model::name_of(seen.basis));
      if (seen.standing == Standing::fact) {
        value.first_ns = std::min(value.first_ns.value_or(*seen.at_ns), *seen.at_ns);
        value.last_ns = std::max(value.last_ns.value_or(*seen.at_ns), *seen.at_ns);
      }
    }
    value.places.push_back(std::move(line));
  }
  return value;
}

/// Digests of paths, as far as the case knows them.
std::map<std::string, std::string> known_digests(const facts::CaseFacts& facts) {
  std::map<std::string, std::string> digests;
  const auto see = [&](const facts::Place& place) {
    if (!place.path.empty() && place.sha256.size() == 64) digests.try_emplace(place.path, place.sha256);
  };
  for (const facts::ContactFacts& contact : facts.contacts) {
    for (const facts::Place& place : contact.places) see(place);
    for (const facts::Link& link : contact.links) see(link.place);
  }
  for (const facts::AddressFacts& address : facts.addresses)
    for (const facts::Observation& seen : address.observations) see(seen.place);
  for (const evidence::EvidenceItem& item : facts.evidence)
    if (item.sha256.size() == 64) digests.try_emplace(item.path, item.sha256);
  return digests;
}

std::string subject_of(const model::MailRecord& mail) { return base::printable(mail.subject); }

}  // namespace

std::uint64_t add_values(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                         const MalwareOf& malware, const std::string& incident) {
  std::uint64_t left_out = 0;
  for (const facts::ContactFacts* contact : chosen_contacts(input, words))
    left_out += add_value(bundle, value_of(*contact, words), words, malware, incident);
  for (const facts::AddressFacts* address : chosen_addresses(input, words))
    left_out += add_value(bundle, value_of(*address, words), words, malware, incident);
  return left_out;
}

void add_mails(StixBundle& bundle, const ExportInput& input, const PublicWords& words, const std::string& incident) {
  for (const model::MailRecord& mail : input.mails) {
    const std::string key = fmt::format("{}@{}", mail.sha256, mail.begin_bytes);
    ordered_json object = {{"type", "email-message"}, {"spec_version", "2.1"}, {"id", ""}, {"is_multipart", false}};
    std::vector<std::string> objects;
    const facts::ContactFacts* contact = sender_of(mail, input.facts);
    if (contact == nullptr || words.is_withheld(*contact)) continue;
    const auto sender = find_observable("email", base::printable(contact->value));
    const std::string from = sender ? bundle.add(sender->object) : std::string();
    if (from.empty()) continue;
    objects.push_back(from);
    object["from_ref"] = from;
    if (!mail.message_id.empty()) object["message_id"] = base::printable(mail.message_id);
    if (!mail.subject.empty()) object["subject"] = subject_of(mail);
    const auto id = observable_id(object);
    if (!id) continue;
    object["id"] = *id;
    objects.insert(objects.begin(), bundle.add(std::move(object)));
    if (objects.front().empty()) continue;

    const std::vector<facts::Link> none;
    Value value;
    value.kind = "mail";
    value.value = key;
    value.links = &none;
    const bool at_border = mail.boundary && mail.boundary->level == "fact" && mail.boundary->hop < mail.hops.size();
    if (at_border) value.first_ns = value.last_ns = mail.hops[mail.boundary->hop].date_ns;
    const std::string observed = add_observed(bundle, value, objects);
    if (observed.empty()) continue;
    bundle.relate("related-to", observed, incident);
    ordered_json note = bundle.begin("note", {"mail", key});
    note["abstract"] = "attack.mail";
    note["content"] = fmt::format(
        "A mail that says to come from an account of the attack; its own words about itself anybody can write. SHA-256 "
        "of its bytes: {}. Whether its body has several parts was not recorded.",
        base::printable(mail.sha256));
    note["object_refs"] = objects;
    bundle.add(std::move(note));
  }
}

void add_notes_left(StixBundle& bundle, const ExportInput& input, const MalwareOf& malware,
                    const std::string& incident) {
  const std::map<std::string, std::string> digests = known_digests(input.facts);
  const std::vector<facts::Link> none;
  for (const facts::CampaignFacts& found : input.facts.campaigns) {
    for (const std::string& path : found.campaign.notes) {
      const std::string name = PublicWords::file_name(path);
      const auto digest = digests.find(path);
      const std::string sha256 = digest == digests.end() ? std::string() : digest->second;
      if (name.empty()) continue;
      const Observable file = file_observable(name, sha256);
      const std::string object = bundle.add(file.object);
      if (object.empty()) continue;
      Value value;
      value.kind = "ransom note";
      value.value = sha256.empty() ? name : name + " " + sha256;
      value.words = "A ransom note that was left beside encrypted files.";
      value.links = &none;
      const std::string observed = add_observed(bundle, value, {object});
      if (observed.empty()) continue;
      bundle.relate("related-to", observed, incident);
      if (file.pattern.empty()) continue;  // the name alone may be anybody's
      ordered_json indicator = bundle.begin("indicator", {"ransom note", sha256});
      indicator["confidence"] = confidence_of(found.campaign.certainty, Standing::fact);
      indicator["name"] = fmt::format("ransom note {}", name);
      indicator["description"] = value.words;
      indicator["indicator_types"] = {"malicious-activity"};
      indicator["pattern"] = file.pattern;
      indicator["pattern_type"] = "stix";
      indicator["valid_from"] = bundle.created();
      const std::string made = bundle.add(std::move(indicator));
      if (made.empty()) continue;
      bundle.relate("based-on", made, observed);
      if (const auto of = malware.find(""); of != malware.end()) bundle.relate("indicates", made, of->second);
    }
  }
}

}  // namespace lastgood::exports
