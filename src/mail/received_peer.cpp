// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/received_peer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

/// Names that stand for "the address has none".
bool is_no_name(std::string_view name) {
  constexpr std::array<std::string_view, 11> k_names = {"unknown",    "<unknown>",      "[unknown]",     "unverified",
                                                        "softdnserr", "unknownhost",    "<unavailable>", "may",
                                                        "untrusted",  "no-reverse-dns", "misconfigured"};
  return name.empty() || std::any_of(k_names.begin(), k_names.end(), [name](auto no) { return same_word(no, name); });
}

std::string host_text(std::string_view name) {
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return is_no_name(name) || parse_literal(name) ? std::string() : std::string(name);
}

/// "NAME=VALUE": the value; brackets stay.
std::optional<std::string_view> value_of(std::string_view word, std::string_view name) {
  if (!begins_with_word(word, name) || word.size() <= name.size() || word[name.size()] != '=') return std::nullopt;
  return word.substr(name.size() + 1);
}

/// What a comment beside the peer's name says.
struct PeerComment {
  std::optional<PeerLiteral> literal;
  std::string_view name;
  std::string_view helo;
  std::string_view ident;
  std::optional<std::size_t> port;
  bool says_helo = false;
  bool may_be_forged = false;
  bool verified = false;
  bool glued = false;
  std::size_t strange_words = 0;
};

/// A word behind which the rest of the comment is what a person or program added.
bool is_flag(PeerComment& comment, std::string_view word) {
  if (same_word(word, "verified")) {
    comment.verified = true;
    return true;
  }
  constexpr std::array<std::string_view, 7> k_flags = {"unverified", "RDNS",          "failed",   "local",
                                                       "helo",       "misconfigured", "untrusted"};
  return std::any_of(k_flags.begin(), k_flags.end(), [word](auto flag) { return same_word(flag, word); }) ||
         begins_with_word(word, "rhost-flags");
}

void take_comment_word(PeerComment& comment, std::string_view word) {
  if (const auto helo = value_of(word, "helo")) {
    comment.helo = *helo;
    comment.says_helo = true;
  } else if (const auto ident = value_of(word, "ident")) {
    comment.ident = *ident;
  } else if (const auto port = value_of(word, "port")) {
    comment.port = parse_decimal(*port, 65535);
  } else if (word.size() > 6 && word.front() == '"' && helo_comment(word.substr(1, word.size() - 2))) {
    comment.helo = *helo_comment(word.substr(1, word.size() - 2));
    comment.says_helo = true;
  } else if (const auto literal = parse_literal(word)) {
    // The first one behind a name counts; a second, different one makes the comment strange.
    if (comment.literal && comment.literal->ip != literal->ip) ++comment.strange_words;
    comment.literal = literal;
  } else if (is_flag(comment, word)) {
    return;
  } else if (comment.name.empty() && !comment.literal && !comment.says_helo) {
    // "name[1.2.3.4]" without a blank: Smail and others.
    const std::size_t bracket = word.find('[');
    if (bracket != std::string_view::npos && bracket > 0) comment.literal = parse_literal(word.substr(bracket));
    comment.name = comment.literal ? word.substr(0, bracket) : word;
  } else if (comment.literal) {
    // Words behind the address (ZMailer's "smtp-auth: <none>") say nothing about it.
    return;
  } else {
    ++comment.strange_words;
  }
}

/// Obtuse's "(1.2.3.4, claiming to be "helo")": the part behind the comma.
void take_claimed_name(PeerComment& comment, std::string_view& text) {
  constexpr std::string_view k_words = ", claiming to be \"";
  const std::size_t at = find_word(text, k_words);
  if (at == std::string_view::npos) return;
  const std::string_view name = text.substr(at + k_words.size());
  comment.helo = name.substr(0, name.find('"'));
  comment.says_helo = true;
  text = text.substr(0, at);
}

PeerComment read_comment(const Token& token) {
  PeerComment comment;
  comment.glued = token.glued;
  std::string_view text = token.text;
  take_claimed_name(comment, text);
  for (const Token& word : split_tokens(text)) {
    if (word.kind == TokenKind::comment) {
      comment.may_be_forged = comment.may_be_forged || find_word(word.text, "forged") != std::string_view::npos;
      continue;
    }
    take_comment_word(comment, word.text);
  }
  comment.may_be_forged = comment.may_be_forged || find_word(token.text, "may be forged") != std::string_view::npos;
  // Sendmail's "IDENT:user@host [ip]" and "user@host [ip]".
  if (same_word(comment.name, "account")) {
    comment.name = {};
    comment.strange_words = 0;
  }
  if (const std::size_t at = comment.name.rfind('@'); at != std::string_view::npos && comment.literal) {
    comment.ident = comment.name.substr(0, at);
    if (begins_with_word(comment.ident, "ident:")) comment.ident.remove_prefix(6);
    comment.name = comment.name.substr(at + 1);
  }
  return comment;
}

/// Everything of the clause, before it is decided what is what.
struct Clause {
  std::string_view first;
  std::optional<PeerLiteral> first_literal;
  std::optional<PeerLiteral> outside;  // a literal behind the first word, outside comments
  std::vector<PeerComment> comments;   // with an address or a name
  std::optional<std::string_view> helo;
  bool several = false;  // more than one address that may be the peer's
};

void take_clause_word(Clause& clause, std::string_view word) {
  if (clause.first.empty() && !clause.first_literal) {
    // "name[1.2.3.4]" without a blank.
    const std::size_t bracket = word.find('[');
    if (bracket != std::string_view::npos && bracket > 0 && parse_literal(word.substr(bracket))) {
      clause.first = word.substr(0, bracket);
      clause.outside = parse_literal(word.substr(bracket));
      return;
    }
    clause.first = word;
    clause.first_literal = parse_literal(word);
    return;
  }
  if (const auto literal = parse_literal(word); literal && literal->bracketed) {
    if (clause.outside && clause.outside->ip != literal->ip) clause.several = true;
    clause.outside = literal;
  }
}

Clause read_clause(Received& received, std::span<const Token> tokens) {
  Clause clause;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::word) {
      // smap: name(ip), claiming to be "helo"
      if (same_word(token.text, "claiming") && i + 3 < tokens.size() && same_word(tokens[i + 2].text, "be")) {
        std::string_view name = tokens[i + 3].text;
        if (name.size() > 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
        clause.helo = name;
        i += 3;
        continue;
      }
      // Exchange's own pick-up folder: nobody connected.
      if (same_word(token.text, "mail") && i + 2 < tokens.size() && same_word(tokens[i + 1].text, "pickup")) {
        received.via = "mail pickup service";
        return clause;
      }
      take_clause_word(clause, token.text);
      continue;
    }
    if (const auto helo = helo_comment(token.text)) {
      clause.helo = helo;
      if (begins_with_word(token.text, "account ")) (void)take_remark(received, token.text);
      continue;
    }
    const bool remark = take_remark(received, token.text);
    // CommuniGate: "(account user@host [IP] verified)".
    if (remark && !(begins_with_word(token.text, "account ") && token.text.find('[') != std::string_view::npos))
      continue;
    PeerComment comment = read_comment(token);
    if (remark) comment.name = {};
    if (!comment.literal && comment.name.empty() && !comment.says_helo) continue;
    for (const PeerComment& other : clause.comments) {
      if (other.literal && comment.literal && other.literal->ip != comment.literal->ip) clause.several = true;
    }
    clause.comments.push_back(comment);
  }
  return clause;
}

/// Message numbers of Exim: "1GNrLz-000295-00", since 4.97 "1qAbCd-00000001234-5678".
bool is_exim_id(std::string_view id) {
  const auto shape = [id](std::size_t middle, std::size_t last) {
    if (id.size() != 6 + 1 + middle + 1 + last || id[6] != '-' || id[7 + middle] != '-') return false;
    return std::all_of(id.begin(), id.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  };
  return shape(6, 2) || shape(11, 4);
}

bool is_exim(const Received& received) {
  return find_word(received.program, "exim") != std::string_view::npos || is_exim_id(received.id);
}

/// Grammars whose first word is looked up although only an address stands beside it.
bool first_word_is_looked_up(const Received& received, const PeerComment& comment) {
  const bool ident = (comment.literal && !comment.literal->ident.empty()) || !comment.ident.empty();
  // Sendmail's "HELO (user@[IP])" is an address that has no name.
  if (comment.verified || (ident && !received.program.starts_with("8."))) return true;
  if (is_exim(received)) return true;
  // qmail: a bare address, no id, a date in universal time with the zone "-0000".
  const bool bare = comment.literal && !comment.literal->bracketed;
  const bool smtp = same_word(received.with, "SMTP") || begins_with_word(received.with, "ESMTP");
  if (bare && smtp && received.id.empty() && received.date && received.date->zone_text == "-0000") return true;
  // Critical Path writes the version alone: "(7.0.028)".
  const bool version_only = received.program.size() > 3 && std::all_of(received.program.begin(), received.program.end(),
                                                                       [](char c) { return is_digit(c) || c == '.'; });
  return bare && received.with.empty() && version_only;
}

void take_literal(Received& received, const PeerLiteral& literal, PeerReading peer) {
  received.ip = literal.ip;
  received.peer = peer;
  received.port = literal.port;
  if (!literal.ident.empty()) received.ident = std::string(literal.ident);
}

void decide_with_address_comment(Received& received, const Clause& clause, const PeerComment& comment) {
  const bool strange = clause.several || comment.strange_words > 0;
  take_literal(received, *comment.literal, strange ? PeerReading::loose : PeerReading::firm);
  if (comment.port) received.port = comment.port;
  if (!comment.ident.empty()) received.ident = std::string(comment.ident);
  received.rdns_may_be_forged = comment.may_be_forged;
  if (comment.says_helo || clause.helo) {
    received.helo = std::string(comment.says_helo ? comment.helo : *clause.helo);
    received.rdns = host_text(clause.first);
    if (received.rdns.empty()) received.rdns = host_text(comment.name);
  } else if (!comment.name.empty()) {
    received.helo = std::string(clause.first);
    received.rdns = host_text(comment.name);
  } else if (comment.glued && !comment.literal->bracketed && received.helo.empty()) {
    received.rdns = host_text(clause.first);  // smap
  } else {
    received.helo = std::string(clause.first);
    if (first_word_is_looked_up(received, comment)) received.rdns = host_text(clause.first);
  }
}

void decide_without(Received& received, const Clause& clause) {
  const PeerComment* const named = clause.comments.empty() ? nullptr : &clause.comments.front();
  if (clause.outside) {
    take_literal(received, *clause.outside, clause.several ? PeerReading::loose : PeerReading::firm);
    if (clause.helo || named != nullptr) {
      received.rdns = host_text(clause.first);
      received.helo = std::string(clause.helo ? *clause.helo : named->says_helo ? named->helo : named->name);
    } else {
      received.helo = std::string(clause.first);
      if (is_exim(received)) received.rdns = host_text(clause.first);
    }
    return;
  }
  const bool says_helo = clause.helo || (named != nullptr && named->says_helo);
  if (clause.first_literal) {
    // A web mailer has no HELO; otherwise the first word may be the peer's own.
    const bool web = begins_with_word(received.with, "HTTP");
    take_literal(received, *clause.first_literal, says_helo || web ? PeerReading::firm : PeerReading::loose);
    if (named != nullptr && named->port) received.port = named->port;
  } else {
    received.helo = std::string(clause.first);
  }
  if (clause.helo) received.helo = std::string(*clause.helo);
  if (named != nullptr && named->says_helo) received.helo = std::string(named->helo);
  // A local program is named by its user.
  if (says_helo && !clause.first_literal && !begins_with_word(received.with, "local")) {
    received.rdns = host_text(clause.first);
  }
}

}  // namespace

std::optional<PeerLiteral> parse_literal(std::string_view word) {
  PeerLiteral literal;
  const std::string_view whole = word;
  if (const std::size_t at = word.rfind('@'); at != std::string_view::npos) {
    literal.ident = word.substr(0, at);
    word = word.substr(at + 1);
    if (literal.ident.size() > 256) return std::nullopt;
  }
  std::string_view port;
  if (!word.empty() && word.front() == '[') {
    const std::size_t close = word.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    port = word.substr(close + 1);
    if (!port.empty() && port.front() != ':') return std::nullopt;
    if (!port.empty()) port.remove_prefix(1);
    word = trim(word.substr(1, close - 1));
    literal.bracketed = true;
  } else if (!literal.ident.empty() && begins_with_word(whole, "[")) {
    return std::nullopt;
  }
  if (begins_with_word(word, "IPv6:")) word.remove_prefix(5);
  auto ip = model::parse_ip(word);
  if (!ip) {
    // IPv4 with a port behind ':' or, from some, behind a fifth dot.
    const std::size_t last = word.find_last_of(":.");
    if (last == std::string_view::npos || !port.empty()) return std::nullopt;
    ip = model::parse_ip(word.substr(0, last));
    port = word.substr(last + 1);
    if (!ip || ip->is_v6) return std::nullopt;
  }
  if (!port.empty()) {
    literal.port = parse_decimal(port, 65535);
    if (!literal.port) return std::nullopt;
  }
  literal.ip = *ip;
  return literal;
}

std::optional<std::string_view> helo_comment(std::string_view comment) {
  for (const std::string_view word : {std::string_view("HELO"), std::string_view("EHLO"), std::string_view("LHLO")}) {
    std::string_view rest = comment;
    if (begins_with_word(rest, "account ")) {
      const std::size_t at = find_word(rest, word == "HELO" ? " HELO " : word == "EHLO" ? " EHLO " : " LHLO ");
      if (at == std::string_view::npos) continue;
      rest = rest.substr(at + 1);
    }
    if (!begins_with_word(rest, word)) continue;
    rest.remove_prefix(word.size());
    if (!rest.empty() && rest.front() != ' ') continue;
    rest = trim(rest);
    return rest.substr(0, rest.find(' '));
  }
  return std::nullopt;
}

void read_peer(Received& received, std::span<const Token> tokens) {
  const Clause clause = read_clause(received, tokens);
  if (clause.helo) received.helo = std::string(*clause.helo);
  for (auto comment = clause.comments.rbegin(); comment != clause.comments.rend(); ++comment) {
    if (comment->literal) {
      decide_with_address_comment(received, clause, *comment);
      return;
    }
  }
  decide_without(received, clause);
}

}  // namespace lastgood::mail
