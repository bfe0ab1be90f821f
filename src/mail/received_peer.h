// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The "from" clause of a Received field: who is who in it. Used by received.cpp only.
#pragma once

#include <span>

#include "mail/received.h"
#include "mail/trace_tokens.h"

namespace lastgood::mail {

/// An address as trace fields write it: "[IPv6:::1]", "1.2.3.4:25", "[1.2.3.4]:25", "ident@1.2.3.4",
/// "[10.0.8.6.13219]".
struct PeerLiteral {
  model::IpAddress ip;
  std::optional<std::size_t> port;
  std::string_view ident;
  bool bracketed = false;
};
std::optional<PeerLiteral> parse_literal(std::string_view word);

/// A comment that says HELO ("HELO x", "EHLO x", "account u HELO x"): the name, which may be empty.
std::optional<std::string_view> helo_comment(std::string_view comment);

/// Takes a comment that is about TLS, authentication, the envelope or a claim: true when it was one of these.
bool take_remark(Received& received, std::string_view comment);

/// Fills helo, rdns, ip, peer, port, ident from the tokens between "from" and the next clause. The rest of `received`
/// is filled already: which grammar it is shows there.
void read_peer(Received& received, std::span<const Token> tokens);

}  // namespace lastgood::mail
