// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/received.h"

#include <algorithm>
#include <array>

#include "mail/letters.h"
#include "mail/received_peer.h"
#include "mail/trace_tokens.h"

namespace lastgood::mail {

namespace {

enum class Clause : std::uint8_t { none, from, by, via, with, id, recipient, envelope_from };

Clause clause_of(std::string_view word) {
  if (same_word(word, "from")) return Clause::from;
  if (same_word(word, "by")) return Clause::by;
  if (same_word(word, "via")) return Clause::via;
  if (same_word(word, "with")) return Clause::with;
  if (same_word(word, "id")) return Clause::id;
  if (same_word(word, "for")) return Clause::recipient;
  if (same_word(word, "envelope-from") || same_word(word, "envelope-sender")) return Clause::envelope_from;
  return Clause::none;
}

std::string address_text(std::string_view word) {
  while (!word.empty() && word.front() == '<') word.remove_prefix(1);
  while (!word.empty() && (word.back() == '>' || word.back() == ';')) word.remove_suffix(1);
  return std::string(word);
}

bool has_leading_zero(std::string_view dotted) {
  for (std::size_t at = dotted.find(".0"); at != std::string_view::npos; at = dotted.find(".0", at + 1)) {
    if (at + 2 < dotted.size() && is_digit(dotted[at + 2])) return true;
  }
  return false;
}

void append_word(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

/// Reads the clauses behind "from". Each value is the first of its kind: what comes later was not written by the
/// grammar.
class ClauseReader {
 public:
  ClauseReader(std::span<const Token> tokens, std::optional<MailDate> date) : tokens_(tokens) {
    received_.date = std::move(date);
  }

  Received read() {
    find_from();
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_++];
      if (token.kind == TokenKind::comment) {
        take_comment(token.text);
      } else if (const Clause clause = clause_of(token.text); clause != Clause::none) {
        begin(clause);
      } else if (current_ == Clause::with || current_ == Clause::via) {
        take_protocol_word(token.text);
      } else if (const auto literal = parse_literal(token.text); current_ == Clause::by && literal) {
        if (!received_.by_ip) received_.by_ip = literal->ip;
      }
    }
    if (received_.has_from) read_peer(received_, tokens_.subspan(from_begin_, from_end_ - from_begin_));
    return std::move(received_);
  }

 private:
  /// The tokens of the "from" clause: up to the next clause word, but for the word behind "from", which is a name.
  void find_from() {
    if (tokens_.empty() || tokens_[0].kind != TokenKind::word || !same_word(tokens_[0].text, "from")) return;
    received_.has_from = true;
    from_begin_ = 1;
    at_ = 1;
    // "from by mx.example": an empty name, unless another "by" follows.
    const auto is_by = [](const Token& token) { return token.kind == TokenKind::word && same_word(token.text, "by"); };
    const bool empty =
        tokens_.size() > 1 && is_by(tokens_[1]) && std::count_if(tokens_.begin() + 1, tokens_.end(), is_by) == 1;
    if (!empty && tokens_.size() > 1 && tokens_[1].kind == TokenKind::word) at_ = 2;
    while (at_ < tokens_.size() &&
           (tokens_[at_].kind == TokenKind::comment || clause_of(tokens_[at_].text) == Clause::none)) {
      ++at_;
    }
    from_end_ = at_;
  }

  void begin(Clause clause) {
    // "with ESMTP with STARTTLS": the first says the protocol.
    protocol_closed_ = clause == Clause::with ? !received_.with.empty() : !received_.via.empty();
    current_ = clause;
    std::string* const value = place_of(clause);
    if (value == nullptr) return;
    if (at_ >= tokens_.size() || tokens_[at_].kind == TokenKind::comment) return;
    const std::string_view word = tokens_[at_].text;
    // An empty value ("id for <x>") leaves the next clause its word.
    if (clause != Clause::by && clause_of(word) != Clause::none) return;
    ++at_;
    if (!value->empty()) return;
    const bool address = clause == Clause::recipient || clause == Clause::envelope_from || clause == Clause::from;
    *value = address || clause == Clause::id ? address_text(word) : std::string(word);
    if (clause == Clause::by) {
      while (value->size() > 1 && value->back() == '.') value->pop_back();
      if (const auto literal = parse_literal(word)) received_.by_ip = literal->ip;
    }
  }

  std::string* place_of(Clause clause) {
    switch (clause) {
      case Clause::by: return &received_.by;
      case Clause::id: return &received_.id;
      case Clause::recipient: return &received_.recipient;
      case Clause::from:  // a later "from <address>" is the envelope's
      case Clause::envelope_from: return &received_.envelope_from;
      case Clause::via:
      case Clause::with:
      case Clause::none: break;
    }
    return nullptr;
  }

  void take_protocol_word(std::string_view word) {
    std::string& text = current_ == Clause::with ? received_.with : received_.via;
    if (text.size() < 80 && !protocol_closed_) append_word(text, word);
  }

  void take_comment(std::string_view comment) {
    // "(7.0.028.1)" is a version: addresses are written without leading zeros.
    const auto literal = has_leading_zero(comment) ? std::nullopt : parse_literal(comment);
    if (current_ == Clause::by && literal && !received_.by_ip) {
      received_.by_ip = literal->ip;
      return;
    }
    if (current_ == Clause::by && !received_.by_ip && comment.ends_with(']')) {
      // "(host [IP])": the writer's own name and address.
      const std::size_t blank = comment.rfind(' ');
      if (const auto own = parse_literal(comment.substr(blank + 1)); own && blank != std::string_view::npos) {
        received_.by_ip = own->ip;
        return;
      }
    }
    if (take_remark(received_, comment)) return;
    if (received_.program.empty() && !comment.empty()) received_.program = std::string(comment);
  }

  std::span<const Token> tokens_;
  Received received_;
  std::size_t at_ = 0;
  std::size_t from_begin_ = 0;
  std::size_t from_end_ = 0;
  Clause current_ = Clause::none;
  bool protocol_closed_ = false;
};

/// A date that no ';' parts from the clauses: it begins with a day's name, near the end.
std::size_t find_bare_date(std::string_view line) {
  constexpr std::size_t k_tail = 100;
  std::size_t found = std::string_view::npos;
  const std::size_t from = line.size() > k_tail ? line.size() - k_tail : 0;
  for (const std::string_view day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
    for (std::size_t at = find_word(line, day, from); at != std::string_view::npos; at = find_word(line, day, at + 1)) {
      const bool word =
          at > 0 && is_blank(line[at - 1]) && at + 3 < line.size() && (line[at + 3] == ',' || line[at + 3] == ' ');
      if (word && parse_mail_date(line.substr(at))) found = found == std::string_view::npos ? at : std::max(at, found);
    }
  }
  return found;
}

/// Some writers put clauses behind the date.
void take_behind_date(Received& received, std::string_view date) {
  const std::vector<Token> tokens = split_tokens(date);
  const Received rest = ClauseReader(tokens, std::nullopt).read();
  if (received.id.empty()) received.id = rest.id;
  if (received.envelope_from.empty()) received.envelope_from = rest.envelope_from;
}

}  // namespace

bool take_remark(Received& received, std::string_view comment) {
  constexpr std::array<std::string_view, 14> k_tls = {"using ", "version=",  "TLS",     "SSL",     "cipher",
                                                      "Cipher", "No client", "Client ", "client ", "not using ",
                                                      "CN \"",  "verified",  "with ",   "peer"};
  if (begins_with_word(comment, "envelope-") || begins_with_word(comment, "return-path")) {
    const std::size_t begin = comment.find_first_of(" =");
    if (begin != std::string_view::npos && received.envelope_from.empty()) {
      received.envelope_from =
          address_text(trim(comment.substr(begin + 1)).substr(0, comment.find_first_of(" ,", begin + 1)));
      received.envelope_from = received.envelope_from.substr(0, received.envelope_from.find_first_of(" ,>"));
    }
    return true;
  }
  constexpr std::array<std::string_view, 8> k_accounts = {
      "Authenticated sender:", "Authenticated user:", "authenticated as",   "account ",
      "AUTH: LOGIN",           "AUTH: PLAIN",         "smtp-auth username", "Authenticated-Id:"};
  for (const auto beginning : k_accounts) {
    if (!begins_with_word(comment, beginning)) continue;
    const std::string_view rest = trim(comment.substr(beginning.size()));
    received.authenticated_as = std::string(rest.substr(0, rest.find_first_of(" ,")));
    return true;
  }
  if (const std::size_t at = find_word(comment, "authenticated user "); at != std::string_view::npos) {
    received.authenticated_as = std::string(trim(comment.substr(at + 19)));
    return true;
  }
  if (begins_with_word(comment, "authenticated") || begins_with_word(comment, "AUTH:") ||
      begins_with_word(comment, "sender:") || begins_with_word(comment, "ORCPT")) {
    return true;
  }
  // "(peer.example [192.0.2.1])" is an address, whatever the name begins with.
  if (comment.ends_with(']') || comment.find("] ") != std::string_view::npos ||
      comment.find("]:") != std::string_view::npos)
    return false;
  for (const auto beginning : k_tls) {
    if (!comment.starts_with(beginning)) continue;
    if (received.tls.empty() && find_word(comment, "client") != 0 && !comment.starts_with("No ")) {
      received.tls = std::string(comment);
    }
    return true;
  }
  return false;
}

Received parse_received(std::string_view line) {
  line = line.substr(0, k_received_bytes_max);
  TraceParts parts = split_date(line);
  if (parts.date.empty()) {
    if (const std::size_t at = find_bare_date(line); at != std::string_view::npos) {
      parts = {line.substr(0, at), trim(line.substr(at))};
    }
  }
  std::vector<Token> tokens = split_tokens(parts.clauses);
  // "(from NAME [IP]) by ...": the clause itself stands in a comment.
  if (!tokens.empty() && tokens[0].kind == TokenKind::comment && begins_with_word(tokens[0].text, "from ") &&
      tokens[0].text.find("network") == std::string_view::npos) {
    std::vector<Token> inner = split_tokens(tokens[0].text);
    inner.insert(inner.end(), tokens.begin() + 1, tokens.end());
    tokens = std::move(inner);
  }
  // The date tells some grammars apart, so it is known before the clauses are read.
  Received received = ClauseReader(tokens, parse_mail_date(parts.date)).read();
  received.date_text = std::string(parts.date);
  if (!parts.date.empty()) take_behind_date(received, parts.date);
  return received;
}

bool is_hand_off(const Received& received) {
  if (!received.has_from || received.via == "mail pickup service") return true;
  constexpr std::array<std::string_view, 10> k_local = {"LMTP", "local", "mapi",  "pipe",           "uucp",
                                                        "POP3", "IMAP",  "spool", "ASMTP-internal", "stdin"};
  return std::any_of(k_local.begin(), k_local.end(),
                     [&received](auto word) { return begins_with_word(received.with, word); });
}

}  // namespace lastgood::mail
