// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One Received field as values: RFC 5321 section 4.4, and what Postfix, Exim, Sendmail, qmail and its children,
// Exchange, Gmail, Yahoo, Zimbra, Courier, Dovecot, Domino, IronPort, Haraka, OpenSMTPD, MDaemon, CommuniGate, ZMailer,
// Momentum, XMail, smap and others make of it.
//
// Which name is which depends on who wrote it. The peer's address is the writer's own observation; the HELO name is
// what the peer said of itself; the reverse name is what the DNS said of the address:
//   HELO (RDNS [IP])            Postfix, Sendmail, Gmail, Courier, Haraka, OpenSMTPD, Barracuda, hMailServer, MDaemon
//   RDNS ([IP] helo=HELO)       Exim: the first word is looked up, not said
//   RDNS (HELO HELO) (ID@IP)    qmail, IronPort, Yahoo, GMX
//   HELO (IP)  HELO ([IP])      Exchange, Domino, MailEnable, PowerMTA
//   [IP] (HELO HELO)            CommuniGate
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/mail_date.h"
#include "model/ip_address.h"

namespace lastgood::mail {

/// Ten times what the longest real lines have. What is behind is not read.
inline constexpr std::size_t k_received_bytes_max = 16U << 10U;

/// How sure it is that `ip` is what the writer saw, judged by grammar alone. Never makes a forged line true.
enum class PeerReading : std::uint8_t {
  none,   // no address of the peer in the line
  firm,   // stands where this grammar puts the peer's address
  loose,  // may as well be what the peer said of itself: a bare first word, several addresses, unknown grammar
};

/// Empty: not in the line.
struct Received {
  std::string helo;                    // what the peer called itself, as written
  std::string rdns;                    // name looked up for the peer's address, without a final dot
  bool rdns_may_be_forged = false;     // the writer says that the name does not lead back
  std::optional<model::IpAddress> ip;  // the peer
  PeerReading peer = PeerReading::none;
  std::optional<std::size_t> port;  // of the peer
  std::string ident;
  std::string by;
  std::optional<model::IpAddress> by_ip;
  std::string via;
  std::string with;     // protocol words: "ESMTPS", "Microsoft SMTP Server", "HTTP"
  std::string program;  // the comment behind `by`: "Postfix", "Exim 4.96", "8.15.2/8.15.2"
  std::string id;
  std::string recipient;      // of "for"
  std::string envelope_from;  // where it is noted in the line
  std::string authenticated_as;
  std::string tls;  // the comment about it, as written
  std::string date_text;
  std::optional<MailDate> date;
  bool has_from = false;  // a "from" clause stands there, even an empty one
};

/// Never fails: what cannot be told stays empty. `line` is unfolded.
Received parse_received(std::string_view line);

/// True when nobody came in over the network with this line: local delivery, a filter, a pick-up, LMTP.
bool is_hand_off(const Received& received);

}  // namespace lastgood::mail
