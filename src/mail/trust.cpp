// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/trust.h"

#include <algorithm>

#include <fmt/format.h>

#include "mail/host_name.h"
#include "mail/letters.h"

namespace lastgood::mail {

namespace {

bool is_loopback(const model::IpAddress& ip) { return model::scope_of(ip) == model::IpScope::loopback; }

bool is_own_name(const std::vector<OwnRelay>& own, std::string_view host) {
  return std::any_of(own.begin(), own.end(), [host](const OwnRelay& relay) {
    if (relay.host.empty()) return false;
    if (same_word(relay.host, host)) return true;
    return relay.and_below && host.size() > relay.host.size() && ends_with_word(host, relay.host) &&
           host[host.size() - relay.host.size() - 1] == '.';
  });
}

bool is_own_address(const std::vector<OwnRelay>& own, const std::optional<model::IpAddress>& ip) {
  return ip && std::any_of(own.begin(), own.end(),
                           [&ip](const OwnRelay& relay) { return relay.block && relay.block->contains(*ip); });
}

/// Writers that look up the address of the name again before they print it.
bool confirms_names(const Received& line) {
  return begins_with_word(line.program, "Postfix") || begins_with_word(line.program, "Exim") ||
         begins_with_word(line.program, "8.") || line.by == "mx.google.com";
}

/// A relay of Microsoft's own about another one: no customer's server has such an address. What another customer sends
/// comes from such an address, too, and its relay then says "outbound".
bool is_microsoft_inside(const Received& line) {
  static const auto mailboxes = *model::parse_ip_block("2603:1000::/20");
  static const auto borders = *model::parse_ip_block("2a01:111::/32");
  if (provider_of(line.by) != Provider::microsoft || provider_of(line.helo) != Provider::microsoft) return false;
  const bool inside = mailboxes.contains(*line.ip) || borders.contains(*line.ip) || !model::is_outside(*line.ip);
  return inside && find_word(line.helo, ".outbound.") == std::string_view::npos;
}

/// One mailbox server of Microsoft about another: from outside only their borders ("protection") can be reached. A mail
/// that never left the house has no line but such.
bool is_microsoft_mailbox(const Received& line) {
  const auto is_mailbox = [](std::string_view host) {
    return ends_with_word(host, ".prod.outlook.com") && find_word(host, ".protection.") == std::string_view::npos &&
           find_word(host, ".outbound.") == std::string_view::npos;
  };
  return is_mailbox(line.by) && is_mailbox(line.helo);
}

/// Gmail's inner relays call themselves by addresses inside 10.0.0.0/8, written as IPv6, and say nothing of the peer.
bool is_gmail_inside(const Received& line) {
  static const auto block = *model::parse_ip_block("2002:a00::/24");
  return !line.has_from && line.by_ip && block.contains(*line.by_ip);
}

/// Until about 2016 they called themselves by the bare address. Any other relay may do so too, so this alone proves
/// nothing.
bool may_be_gmail_inside(const Received& line) {
  static const auto block = *model::parse_ip_block("10.0.0.0/8");
  return !line.has_from && line.by_ip && block.contains(*line.by_ip) && line.with == "SMTP" && !line.id.empty();
}

/// A program that fetched the mail from its mailbox: the line is about the reader's own login.
bool is_retrieval(const Received& line) {
  return begins_with_word(line.with, "POP3") || begins_with_word(line.with, "IMAP");
}

/// What the walk from the top down came to at one line.
enum class Step : std::uint8_t {
  pass,         // a relay of the reader's about another one: the next line is his, too
  pass_unsure,  // probably so
  stop,         // a stranger handed over here
};

class Walk {
 public:
  Walk(const std::vector<Hop>& hops, const TrustOptions& options) : hops_(hops), own_(options.own_relays) {}

  /// The number of the border's line. REQUIRES: there are hops.
  std::size_t run() {
    if (own_.empty()) {
      house_ = hops_[0].received.by;
    } else if (!is_own_writer(0)) {
      doubt("the newest line was not written by one of the relays given as own");
      return 0;
    }
    std::size_t at = 0;
    while (true) {
      const bool retrieved = own_.empty() && is_retrieval(hops_[at].received);
      const Step step = retrieved ? Step::pass : own_.empty() ? infer(at) : compare(at);
      if (step == Step::stop) return at;
      if (at + 1 >= hops_.size()) {
        doubt("no line shows a stranger handing over");
        return at;
      }
      if (retrieved) house_ = hops_[at + 1].received.by;
      if (!is_own_writer(at + 1)) {
        doubt("the line is about a relay of the same house, and the next one is not of that house");
        return at;
      }
      if (step == Step::pass_unsure) {
        doubt(why_unsure(hops_[at].received));
      }
      ++at;
      if (own_.empty() && organisation_of(house_).empty()) house_ = hops_[at].received.by;
    }
  }

  [[nodiscard]] bool sure() const { return reason_.empty(); }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  /// The first doubt stays: it is the uppermost.
  void doubt(std::string why) {
    if (reason_.empty()) reason_ = std::move(why);
  }

  static std::string why_unsure(const Received& line) {
    const std::string writer = line.by.empty() ? "a line above" : fmt::format("the line of '{}' above", line.by);
    if (!line.ip) return fmt::format("{} does not say who handed over to it", writer);
    return fmt::format("{} names {}, and nothing proves that this is a relay of the same house", writer,
                       model::text_of(*line.ip));
  }

  bool is_own_writer(std::size_t at) const {
    const Received& line = hops_[at].received;
    if (!own_.empty()) {
      if (is_own_name(own_, line.by) || is_own_address(own_, line.by_ip)) return true;
      if (own_gmail() && (is_gmail_inside(line) || may_be_gmail_inside(line))) return true;
    } else {
      if (at == 0 || same_house(house_, line.by)) return true;
      // qmail's steps inside a machine do not name it.
      if (house_.empty() && line.by.empty() && begins_with_word(line.program, "qmail ")) return true;
      if (may_be_gmail_inside(hops_[at - 1].received) && (may_be_gmail_inside(line) || line.by == "mx.google.com"))
        return true;
      // The house's name shows only further down: a mailbox server on top says "localhost" or an address.
      if (organisation_of(house_).empty() && !organisation_of(line.by).empty())
        return is_hand_off(hops_[at - 1].received) || loopback_above(at);
    }
    // Filters of the same machine call it by another name.
    if (at == 0 || !loopback_above(at)) return false;
    return same_word(hops_[at - 1].received.by, line.by) || same_word(line.by, "localhost") ||
           (line.by_ip && is_loopback(*line.by_ip));
  }

  bool own_gmail() const {
    return std::any_of(own_.begin(), own_.end(),
                       [](const OwnRelay& relay) { return provider_of(relay.host) == Provider::google; });
  }

  bool loopback_above(std::size_t at) const {
    const auto& ip = hops_[at - 1].received.ip;
    return ip && is_loopback(*ip);
  }

  /// A line about nobody who connected over the network.
  static Step step_without_peer(const Received& line) {
    // Local programs and web services may hand over lines that somebody made up; deliveries do not take in new mail.
    const bool delivery = begins_with_word(line.with, "LMTP") || same_word(line.with, "mapi") ||
                          find_word(line.program, "invoked from network") != std::string_view::npos;
    return delivery || is_gmail_inside(line) ? Step::pass : Step::pass_unsure;
  }

  Step compare(std::size_t at) const {
    const Received& line = hops_[at].received;
    if (own_gmail() && may_be_gmail_inside(line)) return Step::pass;
    if (!line.ip) return step_without_peer(line);
    if (is_relay(line)) return Step::pass;
    // A filter of the same machine, or a program there that was made to send: with lines below that it made up.
    if (is_own_address(own_, line.ip) || is_loopback(*line.ip)) return Step::pass_unsure;
    if (is_own_name(own_, line.rdns) && !line.rdns_may_be_forged) return Step::pass_unsure;
    // An inside address that was not given: a relay of the reader's, if the next line says so, or a machine in the
    // house.
    const bool joined = at + 1 < hops_.size() && is_own_writer(at + 1) && !model::is_outside(*line.ip);
    return joined ? Step::pass_unsure : Step::stop;
  }

  /// A relay that was given by its own address or name. Below a domain and in a block there are other machines, too:
  /// one of them may be infected and have handed over lines that it made up.
  bool is_relay(const Received& line) const {
    if (line.peer != PeerReading::firm) return false;
    return std::any_of(own_.begin(), own_.end(), [&line](const OwnRelay& relay) {
      if (relay.block)
        return relay.block->prefix_bits == (relay.block->first.is_v6 ? 128U : 32U) && relay.block->first == *line.ip;
      return !relay.and_below && same_word(relay.host, line.rdns) && !line.rdns_may_be_forged && confirms_names(line);
    });
  }

  Step infer(std::size_t at) const {
    const Received& line = hops_[at].received;
    if (!line.ip) return step_without_peer(line);
    if (is_microsoft_inside(line)) return Step::pass;
    if (is_microsoft_mailbox(line)) return Step::pass_unsure;
    if (is_loopback(*line.ip)) return Step::pass_unsure;
    const bool next_is_own = at + 1 < hops_.size() && is_own_writer(at + 1);
    if (same_word(line.with, "mapi")) return Step::pass;
    if (!model::is_outside(*line.ip)) return next_is_own ? Step::pass_unsure : Step::stop;
    const bool own_name = same_house(house_, line.rdns) && !line.rdns_may_be_forged;
    return own_name && next_is_own ? Step::pass_unsure : Step::stop;
  }

  const std::vector<Hop>& hops_;
  const std::vector<OwnRelay>& own_;
  std::string house_;  // a host of the house that holds the mailbox, when inferred
  std::string reason_;
};

/// The receiver's own statement above the border that names another address.
const PeerStatement* find_contradiction(const std::vector<PeerStatement>& statements, const Hop& border) {
  for (const PeerStatement& statement : statements) {
    if (!statement.about_client && statement.field < border.field && border.received.ip &&
        statement.ip != *border.received.ip) {
      return &statement;
    }
  }
  return nullptr;
}

/// Why the border's address is not a fact; empty: it is one.
std::string doubt_about(const Hop& border, const Walk& walk, const std::vector<PeerStatement>& statements,
                        const TrustOptions& options) {
  const Received& line = border.received;
  if (!line.ip) return "the line at the border holds no address of who handed over";
  if (!walk.sure()) return walk.reason();
  if (line.peer != PeerReading::firm) {
    return "the line may show what the peer said of itself instead of where it connected from";
  }
  if (is_hand_off(line)) return "the line is about a delivery inside, not about a connection";
  if (const PeerStatement* other = find_contradiction(statements, border)) {
    return fmt::format("{} at byte {} names {} instead", other->field_name, other->offset_bytes,
                       model::text_of(other->ip));
  }
  if (!options.own_relays.empty()) return {};
  if (!model::is_outside(*line.ip)) return "the address is one inside a network, and it is not known whose relay it is";
  if (organisation_of(line.by).empty()) return "the line does not say of which house its writer is";
  return {};
}

/// Lines below the border that a provider's relays wrote about their own house.
void vouch_for_provider(std::vector<Hop>& hops, const Boundary& boundary, const TrustOptions& options) {
  const Received& border = hops[boundary.hop].received;
  const bool known = boundary.level == Level::fact && options.signature_holds && !border.rdns_may_be_forged &&
                     provider_of(border.rdns) != Provider::none && confirms_names(border);
  if (!known) return;
  for (std::size_t i = boundary.hop + 1; i < hops.size(); ++i) {
    const Received& line = hops[i].received;
    // Gmail's inner relays write addresses as their names.
    const bool of_house = same_house(border.rdns, line.by) ||
                          (provider_of(border.rdns) == Provider::google && !line.has_from && line.by_ip);
    if (!of_house) return;
    hops[i].trust = Trust::vouched;
    const bool stranger = line.ip && model::is_outside(*line.ip) && !same_house(border.rdns, line.rdns);
    if (stranger) return;
  }
}

void vouch_for_sealers(std::vector<Hop>& hops, const Boundary& boundary, const TrustOptions& options) {
  const auto sealed = [&options](std::string_view host) {
    return std::any_of(options.vouching_sealers.begin(), options.vouching_sealers.end(),
                       [host](const auto& sealer) { return same_house(host, sealer); });
  };
  for (std::size_t i = boundary.hop + 1; i < hops.size(); ++i) {
    const Received& line = hops[i].received;
    if (!sealed(line.by)) return;
    hops[i].trust = Trust::vouched;
    const bool stranger = line.ip && model::is_outside(*line.ip) && !sealed(line.rdns) && !sealed(line.helo);
    if (stranger) return;
  }
}

}  // namespace

std::string_view name_of(Trust trust) {
  switch (trust) {
    case Trust::trusted: return "trusted";
    case Trust::semi_trusted: return "semi_trusted";
    case Trust::vouched: return "vouched";
    case Trust::claim: return "claim";
  }
  return "";
}

std::string_view name_of(Level level) { return level == Level::fact ? "fact" : "claim"; }

std::optional<OwnRelay> parse_own_relay(std::string_view text) {
  text = trim(text);
  OwnRelay relay;
  if (const auto block = model::parse_ip_block(text)) {
    relay.block = block;
    return relay;
  }
  if (text.starts_with("*.")) text.remove_prefix(1);
  relay.and_below = text.starts_with('.');
  if (relay.and_below) text.remove_prefix(1);
  const bool host = !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
  if (!host) return std::nullopt;
  relay.host = lower(text);
  return relay;
}

std::vector<Hop> find_hops(const Header& header) {
  std::vector<Hop> hops;
  for (std::size_t i = 0; i < header.fields.size() && hops.size() < k_hops_max; ++i) {
    const HeaderField& field = header.fields[i];
    if (!same_word(field.name, "received")) continue;
    hops.push_back({i, field.offset_bytes, parse_received(unfold(field.body)), Trust::claim});
  }
  return hops;
}

std::optional<Boundary> decide_trust(std::vector<Hop>& hops, const std::vector<PeerStatement>& statements,
                                     const TrustOptions& options) {
  for (Hop& hop : hops) hop.trust = Trust::claim;
  if (hops.empty()) return std::nullopt;
  Walk walk(hops, options);
  Boundary boundary;
  boundary.hop = walk.run();
  const Hop& border = hops[boundary.hop];
  boundary.ip = border.received.ip;
  const std::string doubt = doubt_about(border, walk, statements, options);
  boundary.level = doubt.empty() ? Level::fact : Level::claim;
  boundary.reason = !doubt.empty() ? doubt
                    : options.own_relays.empty()
                        ? "written by the house that holds the mailbox, provided the mail was saved from there"
                        : "written by one of the relays given as own";
  // Without a sure way down, the lines above the border are claims as well, but for the newest one.
  for (std::size_t i = 0; i < boundary.hop; ++i) hops[i].trust = walk.sure() || i == 0 ? Trust::trusted : Trust::claim;
  hops[boundary.hop].trust = boundary.level == Level::fact ? Trust::semi_trusted : Trust::claim;
  vouch_for_provider(hops, boundary, options);
  if (boundary.level == Level::fact) vouch_for_sealers(hops, boundary, options);
  return boundary;
}

}  // namespace lastgood::mail
