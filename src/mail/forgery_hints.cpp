// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/forgery_hints.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "mail/host_name.h"
#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_hints_max = 200;
constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::int64_t k_clock_hint_seconds = 300;  // smaller steps are everyday clocks
constexpr std::int64_t k_date_hint_seconds = 24 * 3600;

class Hints {
 public:
  void add(std::string_view rule, std::uint64_t offset, std::string sentence) {
    if (found_.size() >= k_hints_max) return;
    found_.push_back({"mail.hint." + std::string(rule), std::move(sentence), model::Weight::remarks, {offset, offset}});
  }
  std::vector<model::Finding> take() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.range.from < b.range.from; });
    return std::move(found_);
  }

 private:
  std::vector<model::Finding> found_;
};

std::string quoted(std::string_view text) { return "'" + base::printable(text.substr(0, 120)) + "'"; }

void check_doubles(const Header& header, Hints& hints) {
  for (const std::string_view name : {std::string_view("Date"), std::string_view("From"), std::string_view("Subject"),
                                      std::string_view("Message-ID"), std::string_view("Sender")}) {
    const std::size_t count = count_fields(header, name);
    if (count > 1) {
      hints.add("double", find_field(header, name)->offset_bytes,
                fmt::format("{} fields {} where one is allowed", count, name));
    }
  }
}

/// The writer of a line is the peer of the line above it.
void check_join(const Hop& upper, const Hop& lower, Hints& hints) {
  const Received& from = upper.received;
  const Received& by = lower.received;
  if (by.by.empty() || (from.helo.empty() && from.rdns.empty()) || is_hand_off(from)) return;
  const bool named = same_word(by.by, from.helo) || same_word(by.by, from.rdns) || same_house(by.by, from.helo) ||
                     same_house(by.by, from.rdns);
  const bool addressed = by.by_ip && from.ip && *by.by_ip == *from.ip;
  const bool inside =
      from.ip && !model::is_global(*from.ip) && model::scope_of(*from.ip) != model::IpScope::documentation;
  // Without a dotted name on both sides nothing can be compared.
  const bool comparable =
      !organisation_of(by.by).empty() && (!organisation_of(from.rdns).empty() || !organisation_of(from.helo).empty());
  if (named || addressed || inside || !comparable) return;
  hints.add("join", lower.offset_bytes,
            fmt::format("written by {}, while the line above was handed over by {}", quoted(by.by),
                        quoted(from.rdns.empty() ? from.helo : from.rdns)));
}

bool all_of_kind(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}

/// Message numbers that the program named in the line never writes.
void check_grammar(const Hop& hop, Hints& hints) {
  const Received& line = hop.received;
  const auto alnum = [](char c) { return is_letter(c) || is_digit(c); };
  if (line.id.empty()) return;
  const bool postfix = same_word(line.program, "Postfix");
  const bool sendmail =
      line.program.size() > 3 && line.program[0] == '8' && line.program[1] == '.' && is_digit(line.program[2]);
  const bool exim = begins_with_word(line.program, "Exim 4");
  const bool odd = (postfix && (!all_of_kind(line.id, alnum) || line.id.size() < 6 || line.id.size() > 20)) ||
                   (sendmail && (!all_of_kind(line.id, alnum) || line.id.size() < 8)) ||
                   (exim && std::count(line.id.begin(), line.id.end(), '-') != 2);
  if (odd) {
    hints.add("grammar", hop.offset_bytes,
              fmt::format("{} does not write message numbers like {}", quoted(line.program), quoted(line.id)));
  }
}

void check_names(const Hop& hop, Hints& hints) {
  const Received& line = hop.received;
  if (line.rdns_may_be_forged) {
    hints.add("rdns", hop.offset_bytes,
              fmt::format("the name {} does not lead back to the address", quoted(line.rdns)));
  }
  if (!line.ip || !line.authenticated_as.empty()) return;
  std::string_view helo = line.helo;
  if (helo.starts_with('[') && helo.ends_with(']')) helo = helo.substr(1, helo.size() - 2);
  if (begins_with_word(helo, "IPv6:")) helo.remove_prefix(5);
  if (const auto said = model::parse_ip(helo); said && *said != *line.ip && model::is_global(*said)) {
    hints.add(
        "helo", hop.offset_bytes,
        fmt::format("the peer called itself {} and connected from {}", quoted(line.helo), model::text_of(*line.ip)));
  }
  const Provider said = provider_of(line.helo);
  if (said != Provider::none && !line.rdns.empty() && !same_house(line.helo, line.rdns)) {
    hints.add(
        "helo", hop.offset_bytes,
        fmt::format("the peer called itself {}, its address has the name {}", quoted(line.helo), quoted(line.rdns)));
  }
}

/// Relays do not talk over the internet from addresses that the internet does not route.
void check_addresses(const std::vector<Hop>& hops, Hints& hints) {
  for (std::size_t i = 0; i + 1 < hops.size(); ++i) {
    const Received& line = hops[i].received;
    if (hops[i].trust != Trust::claim || !line.ip || is_hand_off(line)) continue;
    const model::IpScope scope = model::scope_of(*line.ip);
    const bool below_outside = !hops[i + 1].received.by.empty() && !same_house(line.by, hops[i + 1].received.by);
    if (scope == model::IpScope::global || scope == model::IpScope::loopback || scope == model::IpScope::link_local)
      continue;
    if (!below_outside) continue;
    hints.add("address", hops[i].offset_bytes,
              fmt::format("{} is a {} address, in the middle of a way between houses", model::text_of(*line.ip),
                          model::name_of(scope)));
  }
}

void check_clocks(const std::vector<Hop>& hops, Hints& hints) {
  for (const ClockStep& step : find_clock_steps(hops)) {
    if (step.backwards_seconds < k_clock_hint_seconds) continue;
    hints.add(
        "time", hops[step.hop].offset_bytes,
        fmt::format("{} seconds ({}) later than the line above, which was written after it: a clock or a line is wrong",
                    step.backwards_seconds, base::human_seconds(static_cast<double>(step.backwards_seconds))));
  }
  for (const Hop& hop : hops) {
    if (!hop.received.date && !hop.received.date_text.empty()) {
      hints.add("date", hop.offset_bytes, fmt::format("no calendar has the date {}", quoted(hop.received.date_text)));
    }
  }
}

/// The date that the sender's program wrote, against the oldest line.
void check_sent_date(const Header& header, const std::vector<Hop>& hops, Hints& hints) {
  const HeaderField* const field = find_field(header, "Date");
  if (field == nullptr) return;
  const std::string text = unfold(field->body);
  const auto sent = parse_mail_date(text);
  if (!sent) {
    hints.add("date", field->offset_bytes, fmt::format("no calendar has the date {}", quoted(text)));
    return;
  }
  const auto oldest = std::find_if(hops.rbegin(), hops.rend(),
                                   [](const Hop& hop) { return hop.received.date && hop.received.date->moment_known; });
  if (oldest == hops.rend()) return;
  const MailDate& first = *oldest->received.date;
  const std::int64_t later = (sent->time_ns - first.time_ns) / k_second_ns;
  if (later > k_clock_hint_seconds || later < -k_date_hint_seconds) {
    hints.add("date", field->offset_bytes,
              fmt::format("the sender's date is {} seconds {} the oldest line's", later < 0 ? -later : later,
                          later < 0 ? "before" : "after"));
  }
  if (sent->zone_minutes && first.zone_minutes && *first.zone_minutes != 0 && *sent->zone_minutes != 0 &&
      *sent->zone_minutes != *first.zone_minutes) {
    hints.add("zone", field->offset_bytes,
              fmt::format("the sender's zone is {}, that of the first server {}", sent->zone_text, first.zone_text));
  }
}

/// The Message-ID is made by the first program or server that the mail met.
void check_message_id(const Header& header, const std::vector<Hop>& hops, Hints& hints) {
  const HeaderField* const field = find_field(header, "Message-ID");
  if (field == nullptr || hops.empty()) return;
  const std::string text = unfold(field->body);
  const std::size_t at = text.rfind('@');
  std::string_view domain = at == std::string::npos ? std::string_view() : std::string_view(text).substr(at + 1);
  domain = domain.substr(0, domain.find('>'));
  if (organisation_of(domain).empty()) return;
  const HeaderField* const from = find_field(header, "From");
  if (from != nullptr && find_word(unfold(from->body), organisation_of(domain)) != std::string_view::npos) return;
  for (const Hop& hop : hops) {
    const Received& line = hop.received;
    if (same_house(domain, line.by) || same_house(domain, line.helo) || same_house(domain, line.rdns)) return;
  }
  hints.add("message-id", field->offset_bytes,
            fmt::format("made at {}, which neither the sender nor the way shows", quoted(domain)));
}

void check_statements(const std::vector<Hop>& hops, const std::vector<PeerStatement>& statements,
                      const std::optional<Boundary>& boundary, Hints& hints) {
  for (const PeerStatement& statement : statements) {
    const std::string ip = model::text_of(statement.ip);
    if (statement.about_client) {
      const bool inside =
          !model::is_global(statement.ip) && model::scope_of(statement.ip) != model::IpScope::documentation;
      hints.add("client", statement.offset_bytes,
                fmt::format("{} names {}{} as the sender's client: a lead, written by whoever wrote the field",
                            statement.field_name, ip, inside ? ", an address inside a network," : ""));
      continue;
    }
    const bool in_trace =
        std::any_of(hops.begin(), hops.end(), [&statement](const Hop& hop) { return hop.received.ip == statement.ip; });
    if (boundary && boundary->ip && *boundary->ip != statement.ip) {
      hints.add("statement", statement.offset_bytes,
                fmt::format("{} names {} as the peer, the border's line {}{}", statement.field_name, ip,
                            model::text_of(*boundary->ip), in_trace ? "" : "; no line of the trace has it"));
    }
  }
}

}  // namespace

std::vector<ClockStep> find_clock_steps(const std::vector<Hop>& hops) {
  std::vector<ClockStep> steps;
  const Hop* newer = nullptr;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const auto& date = hops[i].received.date;
    if (!date) continue;
    // A zone that is not known may be off by a day in either direction.
    if (!date->moment_known) continue;
    if (newer != nullptr) {
      const std::int64_t backwards = (date->time_ns - newer->received.date->time_ns) / k_second_ns;
      if (backwards > 1) steps.push_back({i, backwards});
    }
    newer = &hops[i];
  }
  return steps;
}

std::vector<model::Finding> find_hints(const Header& header, const std::vector<Hop>& hops,
                                       const std::vector<PeerStatement>& statements,
                                       const std::optional<Boundary>& boundary) {
  Hints hints;
  check_doubles(header, hints);
  const std::size_t border = boundary ? boundary->hop : 0;
  for (std::size_t i = border; i < hops.size(); ++i) {
    if (i > border) check_grammar(hops[i], hints);
    check_names(hops[i], hints);
    if (i + 1 < hops.size()) check_join(hops[i], hops[i + 1], hints);
  }
  check_addresses(hops, hints);
  check_clocks(hops, hints);
  check_sent_date(header, hops, hints);
  check_message_id(header, hops, hints);
  check_statements(hops, statements, boundary, hints);
  return hints.take();
}

}  // namespace lastgood::mail
