// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/contact_book.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/error.h"
#include "model/ip_address.h"

namespace lastgood::facts {

namespace {

using model::Certainty;

constexpr std::size_t k_links_max = 8;

bool is_address_kind(std::string_view kind) { return kind == "ipv4" || kind == "ipv6"; }

/// "item 2097188, body as text" out of "ascii in item 2097188, body as text"; empty: not of a store.
std::string store_part_of(const std::string& encoding) {
  constexpr std::string_view k_before = " in item ";
  const std::size_t at = encoding.find(k_before);
  return at == std::string::npos ? std::string() : encoding.substr(at + 4);
}

/// "item 2097188, header": the mail came out of a store, and offsets are those in its header.
std::string store_item_of(const model::MailRecord& mail) {
  return mail.store_item ? fmt::format("item {}, header", *mail.store_item) : std::string();
}

/// The surest first; one of each rule is enough.
void add_link(std::vector<Link>& links, Link link) {
  const auto same =
      std::find_if(links.begin(), links.end(), [&](const Link& known) { return known.rule == link.rule; });
  if (same != links.end()) {
    if (link.certainty > same->certainty) *same = std::move(link);
  } else if (links.size() < k_links_max) {
    links.push_back(std::move(link));
  }
  std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) { return a.certainty > b.certainty; });
}

Link link_of_text(PathKind kind, const Place& place) {
  if (kind == PathKind::note) {
    return {.certainty = Certainty::strong,
            .rule = "link.note",
            .sentence = fmt::format("stands in the ransom note '{}'", base::printable(place.path)),
            .place = place};
  }
  return {.certainty = Certainty::strong,
          .rule = "link.encrypted_file",
          .sentence = fmt::format("stands in the encrypted file '{}' at byte {}", base::printable(place.path),
                                  place.offset_bytes),
          .place = place};
}

std::uint64_t count_different(std::vector<std::uint64_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  return static_cast<std::uint64_t>(std::unique(hashes.begin(), hashes.end()) - hashes.begin());
}

/// Tied ones first, the surest of them before the others, then by key.
template <typename Item>
std::vector<Item> ordered(std::vector<Item> items) {
  const auto rank = [](const Item& item) {
    return item.links.empty() ? -1 : static_cast<int>(item.links.front().certainty);
  };
  std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return rank(a) > rank(b); });
  return items;
}

}  // namespace

std::string sender_address(std::string_view from) {
  const std::size_t open = from.rfind('<');
  const std::size_t close = from.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close)
    from = from.substr(open + 1, close - open - 1);
  const std::size_t at = from.find('@');
  if (at == std::string_view::npos) return {};
  std::size_t begin = from.find_last_of(" \t\"(,:;", at);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  const std::size_t end = std::min(from.find_first_of(" \t\"),;>", at), from.size());
  std::string out(from.substr(begin, end - begin));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

ContactFacts* ContactBook::contact(std::string_view kind, const std::string& value, std::string_view level) {
  const std::pair key(std::string(kind), value);
  const auto found = contacts_.find(key);
  if (found != contacts_.end()) return &found->second;
  if (contacts_.size() >= CaseFacts::k_values_max) {
    ++left_out_;
    return nullptr;
  }
  ContactFacts& made = contacts_[key];
  made.kind = kind;
  made.value = value;
  made.level = level;
  return &made;
}

AddressFacts* ContactBook::address(const std::string& text) {
  const auto found = addresses_.find(text);
  if (found != addresses_.end()) return &found->second;
  if (addresses_.size() >= CaseFacts::k_values_max) {
    ++left_out_;
    return nullptr;
  }
  AddressFacts& made = addresses_[text];
  made.address = text;
  return &made;
}

AddressFacts* ContactBook::find_address(std::string_view text) {
  if (text.empty()) return nullptr;
  const auto found = addresses_.find(text);
  return found == addresses_.end() ? nullptr : &found->second;
}

void ContactBook::tie_address(const std::string& text, Link link) {
  if (AddressFacts* facts = address(text)) add_link(facts->links, std::move(link));
}

void ContactBook::observe(AddressFacts& address, Observation observation) {
  ++address.times;
  address.bytes_out += observation.bytes_out;
  if (observation.standing == Standing::fact) address.standing = Standing::fact;
  const auto time = [](const Observation& seen) {
    return seen.at_ns.value_or(std::numeric_limits<std::int64_t>::max());
  };
  auto& seen = address.observations;
  const auto behind = std::upper_bound(seen.begin(), seen.end(), observation,
                                       [&](const Observation& a, const Observation& b) { return time(a) < time(b); });
  if (seen.size() < CaseFacts::k_observations_max) {
    seen.insert(behind, std::move(observation));
  } else if (behind != seen.end()) {
    seen.insert(behind, std::move(observation));
    seen.pop_back();
  }
}

void ContactBook::add_place(ContactFacts& contact, const Place& place, PathKind kind) {
  if (kind == PathKind::note) seen_in_[&contact].notes.push_back(KnownPaths::hash_of(place.path));
  if (kind == PathKind::encrypted) seen_in_[&contact].encrypted.push_back(KnownPaths::hash_of(place.path));
  const bool known = std::any_of(contact.places.begin(), contact.places.end(), [&](const Place& other) {
    return other.path == place.path && other.offset_bytes == place.offset_bytes && other.inside == place.inside;
  });
  if (!known && contact.places.size() < CaseFacts::k_places_max) contact.places.push_back(place);
  if (kind != PathKind::other) add_link(contact.links, link_of_text(kind, place));
}

void ContactBook::add_campaign(const model::Campaign& campaign, const std::string& host) {
  for (const std::string& text : campaign.contacts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) continue;
    const std::string kind = text.substr(0, colon);
    const std::string value = text.substr(colon + 1);
    const std::string sentence =
        fmt::format("is a contact of the campaign{}{} on '{}' ({} files)", campaign.extension.empty() ? "" : " ",
                    base::printable(campaign.extension), base::printable(host), campaign.file_count);
    Link link{.certainty = campaign.certainty, .rule = "link.campaign", .sentence = sentence, .place = {}};
    if (is_address_kind(kind)) {
      if (AddressFacts* facts = address(value)) add_link(facts->links, std::move(link));
    } else if (ContactFacts* facts = contact(kind, value, "shape")) {
      add_link(facts->links, std::move(link));
    }
  }
}

void ContactBook::add_sighting(const model::Sighting& sighting) {
  const PathKind kind = paths_.kind_of(sighting.path);
  const Place place{.path = sighting.path, .offset_bytes = sighting.offset_bytes, .sha256 = {}, .evidence_id = {}};
  if (is_address_kind(sighting.kind)) {
    model::FoundValue found;
    found.value = sighting.value;
    return add_address_in_text(found, place, kind);
  }
  ContactFacts* facts = contact(sighting.kind, sighting.value, sighting.level);
  if (facts == nullptr) return;
  if (sighting.level == "checksum") facts->level = sighting.level;
  add_place(*facts, place, kind);
}

void ContactBook::add_address_in_text(const model::FoundValue& found, const Place& place, PathKind kind) {
  const auto ip = model::parse_ip(found.value);
  if (!ip || !model::is_outside(*ip)) return;  // a block, or nothing that a provider can be asked about
  AddressFacts* facts = address(model::text_of(*ip));
  if (facts == nullptr) return;
  Observation seen;
  seen.port = found.port.value_or(0);
  seen.what = kind == PathKind::note        ? "stands in a ransom note"
              : kind == PathKind::encrypted ? "stands in an encrypted file"
                                            : "stands in a file";
  seen.place = place;
  observe(*facts, std::move(seen));
  if (kind != PathKind::other) add_link(facts->links, link_of_text(kind, place));
}

std::string offset_words(const Place& place) {
  return fmt::format("byte {}{}{}", place.offset_bytes, place.inside.empty() ? "" : " of ",
                     base::printable(place.inside));
}

std::string digest_words(const Place& place) {
  std::string words;
  if (!place.sha256.empty()) words += ", SHA-256 of the file " + base::printable(place.sha256);
  if (!place.mail_sha256.empty()) words += ", SHA-256 of the mail " + base::printable(place.mail_sha256);
  return words;
}

void ContactBook::add_searched(const model::SearchedFile& file) {
  const PathKind kind = paths_.kind_of(file.path);
  for (const model::FoundValue& found : file.values) {
    if (!found.apart.empty()) continue;
    const Place place{.path = file.path,
                      .offset_bytes = found.offset_bytes,
                      .sha256 = file.sha256,
                      .evidence_id = {},
                      .inside = store_part_of(found.encoding)};
    if (is_address_kind(found.kind)) {
      add_address_in_text(found, place, kind);
      continue;
    }
    ContactFacts* facts = contact(found.kind, found.value, found.level);
    if (facts == nullptr) continue;
    if (found.level == "checksum") facts->level = found.level;
    // A scan may have counted this very file; the digest that only the search knows is kept then.
    const auto known = std::find_if(facts->places.begin(), facts->places.end(), [&](const Place& other) {
      return other.path == place.path && other.offset_bytes == place.offset_bytes && other.inside == place.inside;
    });
    if (known == facts->places.end()) {
      add_place(*facts, place, kind);
    } else {
      known->sha256 = file.sha256;
    }
  }
}

void ContactBook::add_mail(const model::MailRecord& mail) {
  const std::string sender = sender_address(mail.from);
  ContactFacts* contact = nullptr;
  if (const auto found = contacts_.find({"email", sender}); found != contacts_.end()) contact = &found->second;
  const bool is_attack = contact != nullptr && !contact->links.empty();
  const std::string inside = store_item_of(mail);
  const Place place{.path = mail.path,
                    .offset_bytes = inside.empty() ? mail.begin_bytes : 0,
                    .sha256 = {},
                    .evidence_id = {},
                    .inside = inside,
                    .mail_sha256 = mail.sha256};
  if (contact != nullptr) {
    ++contact->mails;
    if (contact->places.size() < CaseFacts::k_places_max) contact->places.push_back(place);
  }
  for (std::size_t i = 0; i < mail.hops.size(); ++i) {
    const model::MailHop& hop = mail.hops[i];
    const bool is_border = mail.boundary && mail.boundary->hop == i;
    const auto ip = model::parse_ip(is_border ? mail.boundary->ip : hop.ip);
    if (!ip || !model::is_outside(*ip) || hop.trust == "trusted") continue;
    AddressFacts* facts = address(model::text_of(*ip));
    if (facts == nullptr) continue;
    const bool is_fact = is_border && mail.boundary->level == "fact";
    Observation seen;
    seen.at_ns = hop.date_ns;
    seen.basis = is_fact ? model::TimeBasis::recorded : model::TimeBasis::claimed;
    seen.standing = is_fact ? Standing::fact : Standing::claim;
    seen.what = is_border ? "handed over a mail" : "is named in a line below the border of a mail";
    seen.port =
        static_cast<std::uint16_t>(hop.port.empty() ? 0 : std::min(65535L, std::strtol(hop.port.c_str(), nullptr, 10)));
    seen.own_host = is_border ? hop.by : std::string();
    seen.place = place;
    seen.place.offset_bytes = hop.offset_bytes;
    const Place at = seen.place;
    observe(*facts, std::move(seen));
    // What lies below the border anybody can have made up: it ties nobody to the attack unless it is vouched for.
    if (!is_attack || (!is_border && hop.trust != "vouched")) continue;
    add_link(facts->links,
             {.certainty = is_fact ? Certainty::strong : Certainty::weak,
              .rule = is_border ? "link.mail.border" : "link.mail.vouched",
              .sentence = fmt::format("handed {} a mail that says to come from {}",
                                      is_border ? "over" : "on, as is vouched for,", base::printable(sender)),
              .place = at});
  }
}

void ContactBook::hand_over(CaseFacts& facts) {
  for (auto& [key, contact] : contacts_) {
    if (const auto seen = seen_in_.find(&contact); seen != seen_in_.end()) {
      contact.encrypted_files = count_different(seen->second.encrypted);
      contact.notes = count_different(seen->second.notes);
    }
    facts.contacts.push_back(std::move(contact));
  }
  for (auto& [key, address] : addresses_) facts.addresses.push_back(std::move(address));
  facts.contacts = ordered(std::move(facts.contacts));
  facts.addresses = ordered(std::move(facts.addresses));
  facts.left_out = left_out_;
}

}  // namespace lastgood::facts
