// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/write_misp.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "base/error.h"
#include "base/rfc3339.h"
#include "exports/attack_mails.h"
#include "exports/misp_types.h"
#include "exports/observable.h"
#include "exports/public_words.h"
#include "exports/stix_bundle.h"

namespace lastgood::exports {

namespace {

using model::Certainty;
using nlohmann::ordered_json;

/// MISP's own form: microseconds and a zone.
std::string misp_time(std::int64_t time_ns) { return base::format_rfc3339(time_ns).substr(0, 26) + "+00:00"; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

/// 0: this organisation, 1: this community, 2: connected ones, 3: all. Never wider than the marking allows.
std::string_view distribution_of(Tlp tlp) {
  switch (tlp) {
    case Tlp::clear: return "3";
    case Tlp::green: return "2";
    case Tlp::amber: return "1";
    case Tlp::amber_strict:
    case Tlp::red: break;
  }
  return "0";
}

class MispEvent {
 public:
  MispEvent(const ExportInput& input, const PublicWords& words)
      : input_(input), words_(words), space_(uuid_of(case_space(input), {"misp"})) {
    timestamp_ = std::to_string(input.times.changed_ns / 1'000'000'000);
  }

  void add_contact(const facts::ContactFacts& contact);
  void add_address(const facts::AddressFacts& address);
  void add_mail(const model::MailRecord& mail);
  void add_notes_left();
  void add_incident();
  [[nodiscard]] Exported finish() &&;

 private:
  enum class Alert : std::uint8_t { no, yes };

  ordered_json attribute(std::string_view owner, std::string_view category, std::string_view type,
                         const std::string& value, Alert alert, const std::string& comment) const {
    LG_ASSERT(is_misp_pair(category, type));
    return {{"uuid", text_of(uuid_of(space_, {"attribute", owner, category, type, value}))},
            {"type", type},
            {"category", category},
            {"value", value},
            {"to_ids", alert == Alert::yes},
            {"timestamp", timestamp_},
            {"distribution", "5"},
            {"comment", comment},
            {"disable_correlation", false}};
  }
  ordered_json begin_object(const MispTemplate& made_by, std::string_view key, const std::string& comment) const {
    return {{"uuid", text_of(uuid_of(space_, {"object", made_by.name, key}))},
            {"name", made_by.name},
            {"description", made_by.description},
            {"template_uuid", made_by.uuid},
            {"template_version", made_by.version},
            {"meta-category", made_by.meta_category},
            {"timestamp", timestamp_},
            {"distribution", "5"},
            {"comment", comment},
            {"Attribute", ordered_json::array()}};
  }
  void put(ordered_json& object, std::string_view relation, std::string_view category, std::string_view type,
           const std::string& value, Alert alert = Alert::no) const {
    if (value.empty()) return;
    ordered_json made =
        attribute(object["uuid"].get<std::string>() + std::string(relation), category, type, value, alert, "");
    made["object_relation"] = relation;
    object["Attribute"].push_back(std::move(made));
  }
  void add_object(ordered_json object) {
    if (object["Attribute"].empty() || !uuids_.insert(object["uuid"].get<std::string>()).second) return;
    objects_.push_back(std::move(object));
  }
  void add_attribute(ordered_json made) {
    if (uuids_.insert(made["uuid"].get<std::string>()).second) attributes_.push_back(std::move(made));
  }
  [[nodiscard]] std::string reasons(const std::vector<facts::Link>& links, facts::Standing standing) const {
    if (links.empty()) return "Found; nothing ties it to the attack.";
    std::string out;
    for (const facts::Link& link : links)
      out += fmt::format("{}What ties it to the attack: {} ({}, {}).", out.empty() ? "" : " ", words_.sentence(link),
                         model::name_of(link.certainty), facts::name_of(standing));
    return out;
  }
  static Alert alert_of(const std::vector<facts::Link>& links) {
    return !links.empty() && links.front().certainty != Certainty::weak ? Alert::yes : Alert::no;
  }

  const ExportInput& input_;
  const PublicWords& words_;
  Uuid space_;
  std::string timestamp_;
  std::set<std::string> uuids_;
  ordered_json attributes_ = ordered_json::array();
  ordered_json objects_ = ordered_json::array();
};

void MispEvent::add_contact(const facts::ContactFacts& contact) {
  const std::string value = base::printable(contact.value);
  const std::string comment =
      fmt::format("{}: {}", base::printable(contact.kind), reasons(contact.links, facts::Standing::fact));
  if (const auto type = misp_type_of(contact.kind, value)) {
    const Alert alert = type->can_alert ? alert_of(contact.links) : Alert::no;
    return add_attribute(attribute("", type->category, type->type, value, alert, comment));
  }
  ordered_json wallet = begin_object(k_misp_coin_address, contact.kind + ":" + value, comment);
  put(wallet, "symbol", "Other", "text", upper(contact.kind));
  if (contact.kind == "btc") {
    put(wallet, "address", "Financial fraud", "btc", value, alert_of(contact.links));
  } else if (contact.kind == "xmr") {
    put(wallet, "address-xmr", "Financial fraud", "xmr", value, alert_of(contact.links));
  } else {
    put(wallet, "address-crypto", "Other", "text", value);
  }
  add_object(std::move(wallet));
}

void MispEvent::add_address(const facts::AddressFacts& address) {
  const std::string value = base::printable(address.address);
  const std::string comment =
      "The address of a server or a network, not of a person. " + reasons(address.links, address.standing);
  const std::string_view type = address.bytes_out > 0 ? "ip-dst" : "ip-src";
  ordered_json made = attribute("", "Network activity", type, value, alert_of(address.links), comment);
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  for (const facts::Observation& seen : address.observations) {
    if (!seen.at_ns || seen.standing != facts::Standing::fact) continue;
    first = std::min(first.value_or(*seen.at_ns), *seen.at_ns);
    last = std::max(last.value_or(*seen.at_ns), *seen.at_ns);
  }
  if (first && last) {
    made["first_seen"] = misp_time(*first);
    made["last_seen"] = misp_time(*last);
  }
  add_attribute(std::move(made));
  for (const facts::Observation& seen : address.observations) {
    if (seen.port == 0) continue;  // without a port it says no more than the attribute
    const std::string key =
        fmt::format("{}:{} {} {}", value, seen.port, seen.at_ns.value_or(0), seen.place.offset_bytes);
    ordered_json connection = begin_object(k_misp_connection, key,
                                           fmt::format("{} ({}), {}", words_.sentence(seen.what, seen.place),
                                                       facts::name_of(seen.standing), words_.place(seen.place)));
    put(connection, "ip-src", "Network activity", "ip-src", value);
    put(connection, "src-port", "Network activity", "port", std::to_string(seen.port));
    if (seen.at_ns) put(connection, "first-packet-seen", "Other", "datetime", misp_time(*seen.at_ns));
    add_object(std::move(connection));
  }
}

void MispEvent::add_mail(const model::MailRecord& mail) {
  ordered_json object = begin_object(k_misp_email, fmt::format("{}@{}", mail.sha256, mail.begin_bytes),
                                     fmt::format("Says to come from an account of the attack. SHA-256 of its bytes: {}",
                                                 base::printable(mail.sha256)));
  const facts::ContactFacts* sender = sender_of(mail, input_.facts);
  if (sender != nullptr && !words_.is_withheld(*sender))
    put(object, "from", "Payload delivery", "email-src", base::printable(sender->value), alert_of(sender->links));
  put(object, "subject", "Payload delivery", "email-subject", base::printable(mail.subject));
  put(object, "message-id", "Payload delivery", "email-message-id", base::printable(mail.message_id));
  if (mail.boundary && mail.boundary->level == "fact")
    put(object, "received-header-ip", "Network activity", "ip-src", base::printable(mail.boundary->ip));
  add_object(std::move(object));
}

void MispEvent::add_notes_left() {
  std::set<std::string> names;
  for (const facts::CampaignFacts& found : input_.facts.campaigns) {
    for (const std::string& path : found.campaign.notes) {
      const std::string name = PublicWords::file_name(path);
      if (name.empty() || !names.insert(name).second) continue;
      ordered_json file = begin_object(k_misp_file, name, "A ransom note that was left beside encrypted files.");
      put(file, "filename", "Artifacts dropped", "filename", name);
      put(file, "state", "Other", "text", "Malicious");
      add_object(std::move(file));
    }
  }
}

void MispEvent::add_incident() {
  std::uint64_t hit = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  for (const facts::HostFacts& host : input_.facts.hosts) {
    hit += host.hit_files;
    bytes += host.hit_bytes;
    unreadable += host.unreadable;
  }
  ordered_json incident = begin_object(k_misp_incident, "incident", "");
  put(incident, "name", "Other", "text", "Incident");
  put(incident, "description", "Other", "text",
      input_.facts.hosts.empty()
          ? std::string("How many files are encrypted is unknown: no machine was scanned.")
          : fmt::format("{} files ({} bytes) are encrypted; {} could not be read.", hit, bytes, unreadable));
  if (hit > 0) put(incident, "incident_type", "Other", "text", "ransomware");
  put(incident, "investigation_status", "Other", "text", "open");
  add_object(std::move(incident));
}

Exported MispEvent::finish() && {
  const std::string& name = input_.facts.about.organisation;
  const std::string organisation = name.empty() ? "unknown organisation" : base::printable(name);
  ordered_json tags = ordered_json::array();
  tags.push_back({{"name", fmt::format("tlp:{}", small_name_of(input_.tlp))}});
  const bool is_ransomware = !input_.facts.campaigns.empty();
  if (is_ransomware) tags.push_back({{"name", "malware_classification:malware-category=\"Ransomware\""}});
  const ordered_json org = {{"uuid", text_of(uuid_of(space_, {"organisation"}))}, {"name", organisation}};
  Exported exported;
  exported.objects = attributes_.size() + objects_.size();
  const ordered_json event = {{"Event",
                               {{"uuid", text_of(uuid_of(space_, {"event"}))},
                                {"info", fmt::format("Incident at {}", organisation)},
                                {"date", base::format_rfc3339(input_.times.created_ns).substr(0, 10)},
                                {"threat_level_id", "4"},
                                {"analysis", "1"},
                                {"published", false},
                                {"timestamp", timestamp_},
                                {"distribution", distribution_of(input_.tlp)},
                                {"Org", org},
                                {"Orgc", org},
                                {"Tag", tags},
                                {"Attribute", std::move(attributes_)},
                                {"Object", std::move(objects_)}}}};
  exported.bytes = event.dump(1) + "\n";
  return exported;
}

}  // namespace

Exported write_misp(const ExportInput& input) {
  const PublicWords words(input.facts, input.scope);
  MispEvent event(input, words);
  event.add_incident();
  for (const facts::ContactFacts* contact : chosen_contacts(input, words)) event.add_contact(*contact);
  for (const facts::AddressFacts* address : chosen_addresses(input, words)) event.add_address(*address);
  for (const model::MailRecord& mail : input.mails) event.add_mail(mail);
  event.add_notes_left();
  return std::move(event).finish();
}

}  // namespace lastgood::exports
