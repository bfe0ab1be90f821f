// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/pack_tables.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/human.h"
#include "network/country_names.h"
#include "questions/time_windows.h"

namespace lastgood::questions {

using documents::Runs;
using documents::RunStyle;
using documents::Table;

namespace {

Runs plain(std::string text) { return {{std::move(text), RunStyle::plain}}; }
Runs quoted(std::string text) { return text.empty() ? Runs{} : Runs{{std::move(text), RunStyle::quoted}}; }

/// "E-0001, byte 6, SHA-256 ...": where whoever checks finds it again.
Runs runs_of(const facts::Place& place) {
  if (place.path.empty()) return plain("the case itself");
  Runs runs = quoted(place.path);
  std::string more = ", " + facts::offset_words(place);
  if (!place.evidence_id.empty()) more += ", evidence " + place.evidence_id;
  more += facts::digest_words(place);
  runs.push_back({std::move(more), RunStyle::plain});
  return runs;
}

/// Sentences of links name files and senders: they are quoted as a whole.
Runs link_runs(const std::vector<facts::Link>& links) {
  if (links.empty()) return plain("nothing ties it to the attack: asked about because a person named it");
  Runs runs;
  for (const facts::Link& link : links) {
    if (!runs.empty()) runs.push_back({"; ", RunStyle::plain});
    runs.push_back({link.sentence, RunStyle::quoted});
    runs.push_back({fmt::format(" ({})", model::name_of(link.certainty)), RunStyle::plain});
  }
  return runs;
}

std::vector<facts::Place> places_of(const Pack& pack) {
  std::vector<facts::Place> places;
  for (const facts::ContactFacts& contact : pack.contacts)
    places.insert(places.end(), contact.places.begin(), contact.places.end());
  for (const AskedAddress& asked : pack.addresses) {
    for (const facts::Observation& seen : asked.facts.observations) places.push_back(seen.place);
    for (const facts::Link& link : asked.facts.links) places.push_back(link.place);
  }
  return places;
}

std::string count_words(const facts::ContactFacts& contact) {
  std::string words;
  const auto add = [&](std::uint64_t count, std::string_view one, std::string_view many) {
    if (count == 0) return;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", base::human_count(count), count == 1 ? one : many);
  };
  add(contact.encrypted_files, "encrypted file", "encrypted files");
  add(contact.notes, "ransom note", "ransom notes");
  add(contact.mails, "mail that says to come from it", "mails that say to come from it");
  return words.empty() ? "-" : words;
}

}  // namespace

Runs runs_of(const Said& said) {
  Runs runs = plain(said.text);
  runs.push_back(
      {fmt::format(" [{}, as of {}{}]", said.source, said.as_of, said.check_first ? "; check before use" : ""),
       RunStyle::plain});
  return runs;
}

std::string country_words(const std::string& code) {
  if (code.empty()) return {};
  const std::string_view name = network::country_name(code);
  return name.empty() ? code : fmt::format("{} ({})", code, name);
}

Table window_table(const std::vector<Window>& windows, const CaseFrame& frame) {
  Table table;
  table.header = {"span", "from", "until", "basis"};
  table.widths = {16, 24, 24, 36};
  for (const Window& window : windows) {
    const auto both = [&](std::int64_t at_ns) { return plain(time_in_utc(at_ns) + ", " + time_in_zone(at_ns, frame)); };
    // The basis repeats sentences about files and logs, with their names.
    table.rows.push_back({plain(window.name), both(window.from_ns), both(window.to_ns), quoted(window.basis)});
  }
  return table;
}

Table contact_table(const std::vector<facts::ContactFacts>& contacts) {
  Table table;
  table.header = {"kind", "value", "how sure", "stands in", "tie to the attack", "for example"};
  table.widths = {8, 19, 11, 13, 24, 25};
  for (const facts::ContactFacts& contact : contacts) {
    table.rows.push_back({plain(contact.kind), quoted(contact.value), plain(contact.level), plain(count_words(contact)),
                          link_runs(contact.links),
                          contact.places.empty() ? plain("-") : runs_of(contact.places.front())});
  }
  return table;
}

Table address_table(const std::vector<AskedAddress>& addresses, const CaseFrame& frame) {
  Table table;
  table.header = {"address and port", "seen at",           "what was seen",
                  "on our side",      "tie to the attack", "where it stands"};
  table.widths = {15, 20, 17, 14, 16, 18};
  for (const AskedAddress& asked : addresses) {
    for (const facts::Observation& seen : asked.facts.observations) {
      const std::string where = seen.port == 0 ? asked.facts.address + ", port unknown"
                                               : fmt::format("{} port {}", asked.facts.address, seen.port);
      std::string time = "unknown";
      if (seen.at_ns)
        time =
            fmt::format("{}, {}; {}", time_in_utc(*seen.at_ns), time_in_zone(*seen.at_ns, frame), words_of(seen.basis));
      Runs what = quoted(seen.what);
      what.push_back({fmt::format(" ({})", facts::name_of(seen.standing)), RunStyle::plain});
      if (seen.bytes_out > 0)
        what.push_back({fmt::format(", {} sent to it", base::human_bytes(seen.bytes_out)), RunStyle::plain});
      std::string own = seen.own_host;
      if (!seen.own_address.empty()) own += (own.empty() ? "" : ", ") + seen.own_address;
      if (seen.own_port != 0) own += fmt::format(" port {}", seen.own_port);
      if (!seen.account.empty()) own += (own.empty() ? "account " : ", account ") + seen.account;
      table.rows.push_back({plain(where), plain(time), std::move(what), own.empty() ? plain("unknown") : quoted(own),
                            link_runs(asked.facts.links), runs_of(seen.place)});
    }
    if (asked.facts.observations.empty()) {
      table.rows.push_back({plain(asked.facts.address + ", port unknown"), plain("unknown"), plain("-"),
                            plain("unknown"), link_runs(asked.facts.links), plain("-")});
    }
  }
  return table;
}

Table evidence_table(const Pack& pack, const CaseFrame& frame) {
  std::set<std::string> ids;
  for (const facts::Place& place : places_of(pack)) {
    if (!place.evidence_id.empty()) ids.insert(place.evidence_id);
  }
  Table table;
  table.header = {"evidence", "what", "SHA-256", "taken by", "authority"};
  table.widths = {10, 28, 34, 14, 14};
  for (const evidence::EvidenceItem& item : frame.evidence) {
    if (!ids.contains(item.id)) continue;
    table.rows.push_back({plain(item.id), quoted(item.path),
                          quoted(item.sha256.empty() ? "of its manifest: " + item.manifest_sha256 : item.sha256),
                          quoted(item.statement.by), quoted(item.statement.authority)});
  }
  return table;
}

Table pack_list(const Packs& all) {
  Table table;
  table.header = {"letter", "to", "country", "questions", "renew the preservation by"};
  table.widths = {20, 36, 14, 10, 20};
  for (const Pack& pack : all.packs) {
    Runs to = plain(pack.recipient);
    if (!pack.network.empty()) {
      to.push_back({": ", RunStyle::plain});
      to.push_back({pack.network, RunStyle::quoted});
    }
    const std::string country = country_words(pack.country);
    table.rows.push_back({plain(pack.id), std::move(to), plain(country.empty() ? "unknown" : country),
                          plain(std::to_string(pack.questions.size())),
                          plain(pack.renew_by_ns.empty() ? "-" : day_in_zone(pack.renew_by_ns.front(), all.frame))});
  }
  return table;
}

}  // namespace lastgood::questions
