// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/add_timeline.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "timeline/event_texts.h"
#include "timeline/open_timeline.h"
#include "timeline/summarise.h"

namespace lastgood::facts {

namespace {

using model::Certainty;
using timeline::TimelineSummary;

Place place_of(const timeline::Proof& proof) {
  return {.path = proof.evidence, .offset_bytes = proof.offset_bytes, .sha256 = {}, .evidence_id = {}};
}

MomentFacts moment_of(const char* name, const timeline::Moment& moment, const timeline::EncryptionSpan& span) {
  return {.name = name,
          .at_ns = moment.at_ns,
          .basis = moment.proof.basis,
          .certainty = moment.certainty,
          .sentence = fmt::format("{}: {} files", span.source, base::human_count(span.files)),
          .host = {},
          .account = {},
          .address = {},
          .place = place_of(moment.proof)};
}

void add_moments(const TimelineSummary& summary, CaseFacts& facts) {
  for (const timeline::EncryptionSpan& span : summary.spans) {
    facts.moments.push_back(moment_of("first encryption", span.first, span));
    facts.moments.push_back(moment_of("last encryption", span.last, span));
  }
  for (const timeline::EntryCandidate& entry : summary.entries) {
    if (!timeline::is_telling(entry)) continue;
    facts.moments.push_back({.name = "first entry",
                             .at_ns = entry.first_ns,
                             .basis = entry.proof.basis,
                             .certainty = entry.certainty,
                             .sentence = entry.basis,
                             .host = entry.host,
                             .account = entry.account,
                             .address = entry.address,
                             .place = place_of(entry.proof)});
  }
}

void add_doers(const TimelineSummary& summary, CaseFacts& facts) {
  for (const timeline::Encryptor& found : summary.encryptors) {
    facts.doers.push_back({.account = found.account,
                           .address = found.address,
                           .host = found.host,
                           .files = found.files,
                           .first_ns = found.first_ns,
                           .last_ns = found.last_ns,
                           .certainty = found.certainty,
                           .place = place_of(found.first_proof)});
  }
}

bool is_outside_address(std::string_view text) {
  const auto ip = model::parse_ip(text);
  return ip && model::is_outside(*ip);
}

bool is_of_encryptor(const TimelineSummary& summary, const std::string& address) {
  return std::any_of(summary.encryptors.begin(), summary.encryptors.end(),
                     [&](const timeline::Encryptor& found) { return found.address == address; });
}

/// A day around the encryption; a hospital sends bytes to many on all other days.
bool is_near_the_attack(const TimelineSummary& summary, const timeline::Outflow& flow) {
  constexpr std::int64_t k_day_ns = 86'400'000'000'000;
  const timeline::Moment* first = timeline::first_encryption(summary);
  const timeline::Moment* last = timeline::last_encryption(summary);
  return first != nullptr && last != nullptr && flow.last_ns >= first->at_ns - k_day_ns &&
         flow.first_ns <= last->at_ns + k_day_ns;
}

/// Ties addresses to the attack by what the summary holds against them.
void tie_addresses(const TimelineSummary& summary, ContactBook& book) {
  for (const timeline::EntryCandidate& entry : summary.entries) {
    if (!is_outside_address(entry.address) || !timeline::is_telling(entry)) continue;
    book.tie_address(entry.address,
                     {.certainty = entry.certainty,
                      .rule = "link.login",
                      .sentence = fmt::format("the account {} logged in from it, after {} failed logins: {}",
                                              base::printable(entry.account), entry.failures_before, entry.basis),
                      .place = place_of(entry.proof)});
  }
  for (const timeline::Encryptor& found : summary.encryptors) {
    if (!is_outside_address(found.address)) continue;
    book.tie_address(found.address,
                     {.certainty = found.certainty,
                      .rule = "link.encryption",
                      .sentence = fmt::format("{} files were renamed or written from it by the account {}",
                                              base::human_count(found.files), base::printable(found.account)),
                      .place = place_of(found.first_proof)});
  }
  for (const timeline::Outflow& flow : summary.outflows) {
    const bool from_encryptor = is_of_encryptor(summary, flow.largest_from);
    if (!is_outside_address(flow.to_address) || (!from_encryptor && !is_near_the_attack(summary, flow))) continue;
    book.tie_address(flow.to_address,
                     {.certainty = from_encryptor ? Certainty::strong : Certainty::weak,
                      .rule = "link.flow",
                      .sentence = fmt::format("{} went to it, the most of them from {}{}",
                                              base::human_bytes(flow.bytes), base::printable(flow.largest_from),
                                              from_encryptor ? ", from where files were encrypted" : ""),
                      .place = place_of(flow.largest)});
  }
}

/// "login failed", "file renamed", ...
std::string words_of(model::EventKind kind) {
  std::string words(model::name_of(kind));
  for (char& c : words) c = c == '_' ? ' ' : c;
  return words;
}

enum class Side : std::uint8_t { from, to };

/// An event in which the address is one of the two sides.
Observation observation_of(const model::Event& event, Side side) {
  const bool is_target = side == Side::to;
  Observation seen;
  seen.at_ns = event.at_ns;
  seen.basis = event.basis;
  seen.standing = event.basis == model::TimeBasis::claimed ? Standing::claim : Standing::fact;
  seen.what = words_of(event.kind) + (is_target ? " to it" : "");
  seen.port = is_target ? event.to_port : event.port;
  seen.own_address = is_target ? event.address : event.to_address;
  seen.own_port = is_target ? event.port : event.to_port;
  seen.own_host = event.host;
  seen.account = event.account;
  seen.bytes_out = is_target ? event.bytes_out : 0;
  seen.place = {.path = event.evidence, .offset_bytes = event.offset_bytes, .sha256 = {}, .evidence_id = {}};
  return seen;
}

base::Status observe_addresses(const std::string& case_folder, casefile::CaseStore& store, ContactBook& book) {
  LG_ASSIGN(const auto stream, timeline::open_timeline_without_files(case_folder, store));
  model::Event event;
  while (true) {
    LG_ASSIGN(const bool more, stream->next());
    if (!more) return base::Done{};
    const events::EventView& view = stream->current();
    // Mails are in the book already, with what was said of each of their lines.
    if (view.kind == static_cast<std::uint8_t>(model::EventKind::mail_relayed)) continue;
    AddressFacts* from = book.find_address(timeline::address_of(view));
    AddressFacts* to = book.find_address(timeline::to_address_of(view));
    if (from == nullptr && to == nullptr) continue;
    events::copy_into(view, event);
    if (from != nullptr) ContactBook::observe(*from, observation_of(event, Side::from));
    if (to != nullptr) ContactBook::observe(*to, observation_of(event, Side::to));
  }
}

}  // namespace

base::Status add_timeline(const std::string& case_folder, casefile::CaseStore& store, CaseFacts& facts,
                          ContactBook& book) {
  timeline::SummaryOptions options;
  options.zone = facts.about.zone;
  for (const std::string& text : facts.about.own_blocks) {
    if (const auto block = model::parse_ip_block(text)) options.own.push_back(*block);
  }
  LG_ASSIGN(facts.timeline, timeline::summarise_timeline(case_folder, store, options));
  add_moments(facts.timeline, facts);
  add_doers(facts.timeline, facts);
  tie_addresses(facts.timeline, book);
  return book.has_addresses() ? observe_addresses(case_folder, store, book) : base::Status(base::Done{});
}

}  // namespace lastgood::facts
