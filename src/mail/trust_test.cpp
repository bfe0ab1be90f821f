// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the border is found in chains of many kinds of houses, and that no line which the sender made up is ever
// called a fact: generated attacks put forged lines below every kind of true ones.
#include "mail/trust.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include <fmt/format.h>

#include "mail/forgery_hints.h"

namespace lastgood::mail {
namespace {

constexpr std::string_view k_date = "Wed, 23 Nov 2022 07:07:00 +0000";

struct Decided {
  std::shared_ptr<const std::string> text;  // the header's fields are views into it
  Header header;
  std::vector<Hop> hops;
  std::vector<PeerStatement> statements;
  std::optional<Boundary> boundary;
};

Decided decide(const std::string& text, const std::vector<std::string>& own = {}, TrustOptions options = {}) {
  Decided decided;
  decided.text = std::make_shared<const std::string>(text);
  decided.header = parse_header(base::ByteView(*decided.text));
  decided.hops = find_hops(decided.header);
  decided.statements = find_peer_statements(decided.header);
  for (const std::string& relay : own) options.own_relays.push_back(*parse_own_relay(relay));
  decided.boundary = decide_trust(decided.hops, decided.statements, options);
  return decided;
}

std::string shown(const Decided& d) {
  if (!d.boundary) return "none";
  return fmt::format("{} {} {}", d.boundary->hop, d.boundary->ip ? model::text_of(*d.boundary->ip) : "-",
                     name_of(d.boundary->level));
}

std::string line(std::string_view clauses) { return fmt::format("Received: {}; {}\n", clauses, k_date); }

const std::string k_forged =
    line("from bank.example (bank.example [203.0.113.66]) by mx.hospital.example (Postfix) with ESMTP id 4NHX2k5q9R");

TEST(Trust, ends_at_the_first_stranger) {
  const std::string border =
      line("from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1");
  EXPECT_EQ(shown(decide(border + k_forged + "\n")), "0 198.51.100.7 fact");
  const Decided d = decide(border + k_forged + "\n", {"mx.hospital.example"});
  EXPECT_EQ(shown(d), "0 198.51.100.7 fact");
  EXPECT_EQ(d.hops[0].trust, Trust::semi_trusted);
  EXPECT_EQ(d.hops[1].trust, Trust::claim);
}

TEST(Trust, passes_filters_and_deliveries_of_the_same_machine) {
  const std::string chain =
      line("from mail.hospital.example by mail.hospital.example with LMTP id aBc") +
      line("from localhost (localhost [127.0.0.1]) by mail.hospital.example (Postfix) with ESMTP id AB12CD34EF") +
      line(
          "from mail.hospital.example ([127.0.0.1]) by localhost (mail.hospital.example [127.0.0.1]) (amavisd-new, "
          "port 10024) with ESMTP id xyz");
  const std::string border =
      line("from evil (unknown [198.51.100.7]) by mail.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1");
  EXPECT_EQ(shown(decide(chain + border + k_forged + "\n", {"mail.hospital.example", "127.0.0.1"})),
            "3 198.51.100.7 fact");
  // Without that word a program of the machine may have been made to send, with lines below that it made up.
  EXPECT_EQ(shown(decide(chain + border + k_forged + "\n", {"mail.hospital.example"})), "3 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(chain + border + k_forged + "\n")), "3 198.51.100.7 claim");
}

TEST(Trust, is_a_claim_behind_an_inside_address_that_nobody_named) {
  const std::string inner = line(
      "from gate.hospital.example (unknown [10.0.0.5]) by mbx.hospital.example (Postfix) with ESMTP id AB12CD34EF");
  const std::string border =
      line("from evil (unknown [198.51.100.7]) by gate.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1");
  EXPECT_EQ(shown(decide(inner + border + "\n")), "1 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(inner + border + "\n", {".hospital.example"})), "1 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(inner + border + "\n", {".hospital.example", "10.0.0.5"})), "1 198.51.100.7 fact");
  // A block may hold an infected machine, too.
  EXPECT_EQ(shown(decide(inner + border + "\n", {".hospital.example", "10.0.0.0/8"})), "1 198.51.100.7 claim");
  const std::string named = line(
      "from gate.hospital.example (gate.hospital.example [10.0.0.5]) by mbx.hospital.example (Postfix) with ESMTP id "
      "AB12CD34EF");
  EXPECT_EQ(shown(decide(named + border + "\n", {".hospital.example", "10.0.0.0/8"})), "1 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(named + border + "\n", {".hospital.example", "gate.hospital.example"})),
            "1 198.51.100.7 fact");
}

TEST(Trust, does_not_believe_an_infected_machine_of_the_house) {
  const std::string infected = line(
      "from pc17.hospital.example (pc17.hospital.example [10.1.2.3]) by mx.hospital.example (Postfix) with ESMTP id "
      "AB12CD34EF");
  for (const char* by : {"pc17.hospital.example", "mx.hospital.example", "gate.hospital.example"}) {
    const std::string planted = line(
        fmt::format("from bank.example (bank.example [203.0.113.66]) by {} (Postfix) with ESMTP id 4NHX2k5q9R", by));
    for (const auto& own : std::vector<std::vector<std::string>>{{},
                                                                 {".hospital.example"},
                                                                 {".hospital.example", "10.0.0.0/8"},
                                                                 {"mx.hospital.example", "gate.hospital.example"}}) {
      const Decided d = decide(infected + planted + "\n", own);
      EXPECT_TRUE(d.boundary->level == Level::claim || d.boundary->hop == 0) << by << " " << shown(d);
    }
  }
}

TEST(Trust, survives_an_empty_house) { EXPECT_EQ(shown(decide("Received:\nReceived: ;\n\n")), "0 - claim"); }

TEST(Trust, knows_the_border_of_a_large_provider) {
  const std::string chain =
      line("from DM4.namprd19.prod.outlook.com (::1) by MN0.namprd19.prod.outlook.com with HTTPS") +
      line(
          "from BN9.namprd03.prod.outlook.com (2603:10b6:408:f8::18) by DM4.namprd19.prod.outlook.com "
          "(2603:10b6:8:68::16) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.6631.47") +
      line(
          "from DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com (2a01:111:f400:7e0a::207) by "
          "BN9.outlook.office365.com (2603:10b6:408:f8::18) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id "
          "15.20.6631.44 via Frontend Transport");
  const std::string spf =
      "Received-SPF: Pass (protection.outlook.com: domain of x.example designates 198.51.100.7 as permitted sender)\n";
  const std::string border = line(
      "from mail.x.example (198.51.100.7) by BN1NAM02FT046.mail.protection.outlook.com (10.13.3.181) with Microsoft "
      "SMTP Server id 15.20.6631.47 via Frontend Transport");
  const std::string forged = line(
      "from DM4.namprd19.prod.outlook.com (2603:10b6::9) by X.prod.outlook.com with Microsoft SMTP Server id "
      "15.20.1.1");
  EXPECT_EQ(shown(decide(chain + spf + border + forged + "\n")), "3 198.51.100.7 fact");
  // Another customer's mail comes from the provider's own addresses: that is the border.
  const std::string tenant = line(
      "from EUR05-AM6-obe.outbound.protection.outlook.com (2a01:111:f403:2614::715) by "
      "BN1NAM02FT046.mail.protection.outlook.com (10.13.3.181) with Microsoft SMTP Server id 15.20.6631.47");
  EXPECT_EQ(shown(decide(chain + tenant + forged + "\n")), "3 2a01:111:f403:2614::715 fact");
  const std::string gmail = line("by 2002:a05:6402:1d51:b0:469:b5f2:1b with SMTP id dz17csp") +
                            "X-Received: by 2002:a05:6a0:b with SMTP id z; Wed\n" +
                            line("from s.example (s.example. [198.51.100.8]) by mx.google.com with ESMTPS id d7");
  EXPECT_EQ(shown(decide(gmail + forged + "\n")), "1 198.51.100.8 fact");
  EXPECT_EQ(shown(decide(gmail + forged + "\n", {"mx.google.com"})), "1 198.51.100.8 fact");
}

TEST(Trust, calls_no_mailbox_server_of_microsoft_a_stranger) {
  const std::string inside = line(
      "from ME2PR01MB4419.ausprd01.prod.outlook.com (198.51.100.138) by ME2PR01MB5026.ausprd01.prod.outlook.com "
      "(198.51.100.84) with Microsoft SMTP Server id 15.20.2347.16");
  const std::string pickup = line(
      "from ME2PR01MB4419.ausprd01.prod.outlook.com ([fe80::bcd1]) by ME2PR01MB4419.ausprd01.prod.outlook.com "
      "([fe80::bcd1%6]) with mapi id 15.20.2327.026");
  EXPECT_EQ(decide(inside + pickup + "\n").boundary->level, Level::claim);
  const std::string border = line(
      "from s.example (198.51.100.9) by SY3AUS01FT004.mail.protection.outlook.com (10.152.234.101) with Microsoft SMTP "
      "Server id 15.20.2347.16");
  EXPECT_EQ(shown(decide(inside + border + k_forged + "\n")), "1 198.51.100.9 claim");
}

TEST(Trust, follows_the_steps_of_old_gmail_and_qmail_that_name_no_house) {
  const std::string gmail =
      line("by 10.142.214.7 with SMTP id m7cs191725wfg") + line("by 10.223.27.71 with SMTP id h7mr8095002fac.142");
  const std::string border = line("from s.example (s.example [198.51.100.8]) by mx.google.com with ESMTP id d24si2");
  // Any relay may call itself by such an address, so it is a fact only for those who say that they have Gmail.
  EXPECT_EQ(shown(decide(gmail + border + k_forged + "\n")), "2 198.51.100.8 claim");
  EXPECT_EQ(shown(decide(gmail + border + k_forged + "\n", {"mx.google.com"})), "2 198.51.100.8 fact");
  EXPECT_EQ(shown(decide(gmail + k_forged + "\n")), "2 203.0.113.66 claim");
  const std::string qmail = line("(qmail 21816 invoked by uid 500)") + line("(qmail 21510 invoked from network)") +
                            line("from s.example (HELO pc) (198.51.100.9) by mx.hospital.example with SMTP");
  EXPECT_EQ(shown(decide(qmail + k_forged + "\n")), "2 198.51.100.9 claim");
}

TEST(Trust, is_a_claim_behind_a_program_that_could_have_made_lines_up) {
  for (const char* local : {"by web.hospital.example (Postfix, from userid 33) id AB12CD34EF",
                            "from www-data by web.hospital.example with local (Exim 4.94) id 1mYabc-0001De-2f",
                            "(qmail 10681 invoked by uid 404)", "by web.hospital.example with HTTP",
                            "by web.hospital.example with SMTP id 1"}) {
    EXPECT_EQ(shown(decide(line(local) + k_forged + "\n")), "1 203.0.113.66 claim") << local;
    EXPECT_NE(decide(line(local) + k_forged + "\n", {".hospital.example", "10.0.0.0/8"}).boundary->level, Level::fact)
        << local;
  }
}

TEST(Trust, follows_a_program_that_fetched_the_mail) {
  const std::string fetched = line(
      "from pop.provider.example [203.0.113.10] by localhost with POP3 (fetchmail-6.3.26) for <a@localhost> "
      "(single-drop)");
  const std::string border =
      line("from evil (e.example [198.51.100.7]) by mx.provider.example (Postfix) with ESMTP id 4NHX2k5q9Rz1");
  EXPECT_EQ(shown(decide(fetched + border + k_forged + "\n")), "1 198.51.100.7 fact");
}

TEST(Trust, is_a_claim_where_the_receiver_says_otherwise) {
  const std::string spf = "Received-SPF: pass (mx: x) client-ip=198.51.100.99;\n";
  const std::string border =
      line("from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1");
  EXPECT_EQ(shown(decide(spf + border + "\n")), "0 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(border + spf + "\n")), "0 198.51.100.7 fact");
}

TEST(Trust, is_a_claim_where_the_line_does_not_show_the_peer_for_sure) {
  EXPECT_EQ(shown(decide(line("from evil by mx.hospital.example with ESMTP id 1") + k_forged + "\n")),
            "1 203.0.113.66 claim");
  EXPECT_EQ(shown(decide(line("from 198.51.100.7 by mx.hospital.example with SMTP") + "\n")), "0 198.51.100.7 claim");
  EXPECT_EQ(shown(decide(line("from evil (e [198.51.100.7]) by localhost (Postfix) with SMTP id AB12CD34EF") + "\n")),
            "0 198.51.100.7 claim");
  EXPECT_EQ(shown(decide("Subject: x\n\n")), "none");
  EXPECT_EQ(shown(decide(k_forged + "\n", {"mx.other.example"})), "0 203.0.113.66 claim");
}

TEST(Trust, vouches_below_the_border_only_for_signed_mail_of_a_known_relay) {
  const std::string border = line(
      "from mail-ej1-f51.google.com (mail-ej1-f51.google.com [198.51.100.51]) by mx.hospital.example (Postfix) with "
      "ESMTPS id 4NHX2k5q9Rz1");
  const std::string inner =
      line("by mail-ej1-f51.google.com with SMTP id n12so") +
      line("from [192.168.1.5] (dsl.isp.example. [198.51.100.77]) by smtp.gmail.com with ESMTPSA id x1") + k_forged;
  const Decided unsigned_mail = decide(border + inner + "\n");
  EXPECT_EQ(unsigned_mail.hops[1].trust, Trust::claim);
  const Decided signed_mail =
      decide(border + inner + "\n", {}, {.own_relays = {}, .vouching_sealers = {}, .signature_holds = true});
  EXPECT_EQ(signed_mail.hops[1].trust, Trust::vouched);
  EXPECT_EQ(signed_mail.hops[2].trust, Trust::vouched);
  EXPECT_EQ(signed_mail.hops[3].trust, Trust::claim);
  const Decided sealed = decide(
      line("from list.example (list.example [198.51.100.5]) by mx.hospital.example (Postfix) with ESMTP id "
           "4NHX2k5q9Rz1") +
          line("from a.example (a.example [198.51.100.6]) by in.list.example (Postfix) with ESMTP id 4NHX2k5q9Rz2") +
          k_forged + "\n",
      {}, {.own_relays = {}, .vouching_sealers = {"list.example"}, .signature_holds = false});
  EXPECT_EQ(sealed.hops[1].trust, Trust::vouched);
  EXPECT_EQ(sealed.hops[2].trust, Trust::claim);
}

TEST(Trust, reads_own_relays_as_people_write_them) {
  EXPECT_TRUE(parse_own_relay("*.hospital.example")->and_below);
  EXPECT_EQ(parse_own_relay(" MX.Hospital.example ")->host, "mx.hospital.example");
  EXPECT_TRUE(parse_own_relay("10.0.0.0/8")->block);
  EXPECT_TRUE(parse_own_relay("2001:db8::1")->block);
  for (const char* text : {"", ".", "10.0.0.0/33", "a b", "mx@x", "<mx>"}) EXPECT_FALSE(parse_own_relay(text)) << text;
}

/// A mail with a known way: inside, border, and below it whatever the attacker made up.
struct Generated {
  std::string text;
  std::string boundary_ip;
  std::size_t boundary_hop = 0;
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Generated make() {
    Generated mail;
    const std::size_t inner = pick(4);
    for (std::size_t i = 0; i < inner; ++i) mail.text += inside(i, inner);
    mail.boundary_ip = fmt::format("198.51.100.{}", 1 + pick(250));
    mail.boundary_hop = inner;
    mail.text += handed_over("helo" + std::to_string(pick(9)), pick(2) == 0 ? "" : "dsl.isp.example", mail.boundary_ip,
                             host(inner));
    for (std::size_t i = pick(4); i > 0; --i) mail.text += forged(inner);
    mail.text += "Subject: x\n\n";
    return mail;
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  static std::string host(std::size_t i) { return fmt::format("r{}.hospital.example", i); }

  /// A line of a true relay about the next one below it.
  std::string inside(std::size_t i, std::size_t count) {
    (void)count;
    switch (pick(4)) {
      case 0: return line(fmt::format("from {} by {} with LMTP id x{}", host(i + 1), host(i), i));
      case 1:
        return line(fmt::format("from {0} ({0} [10.1.0.{1}]) by {2} (Postfix) with ESMTP id AB12CD34E{1}", host(i + 1),
                                i + 1, host(i)));
      case 2:
        return line(fmt::format("from {} (10.1.0.{}) by {} (10.1.0.{}) with Microsoft SMTP Server (TLS) id 15.0.1497.2",
                                host(i + 1), i + 1, host(i), i));
      default:
        return line(
            fmt::format("from {} (HELO {}) ([10.1.0.{}]) by {} with ESMTP", host(i + 1), host(i + 1), i + 1, host(i)));
    }
  }

  std::string handed_over(const std::string& helo, const std::string& rdns, const std::string& ip,
                          const std::string& by) {
    switch (pick(5)) {
      case 0:
        return line(fmt::format("from {} ({} [{}]) by {} (Postfix) with ESMTPS id 4NHX2k5q9Rz1", helo,
                                rdns.empty() ? "unknown" : rdns, ip, by));
      case 1:
        return line(fmt::format("from {} ([{}] helo={}) by {} with esmtps (Exim 4.96) id 1p0Abc-0001De-2f",
                                rdns.empty() ? "unknown" : rdns, ip, helo, by));
      case 2:
        return line(
            fmt::format("from {} (HELO {}) ({}) by {} with SMTP", rdns.empty() ? "unknown" : rdns, helo, ip, by));
      case 3:
        return line(
            fmt::format("from {} ({}) by {} (10.1.0.9) with Microsoft SMTP Server id 15.1.2507.6", helo, ip, by));
      default:
        return line(fmt::format(
            "from {} ([{}]) by {} (Lotus Domino Release 9.0.1) with ESMTP id 2022112307070012-12345", helo, ip, by));
    }
  }

  /// The attacker knows the house's names and servers and pretends to come from another place.
  std::string forged(std::size_t inner) {
    const std::string by = pick(2) == 0 ? host(pick(inner + 2)) : "mx.bank.example";
    switch (pick(3)) {
      case 0: return handed_over(host(pick(3)), host(pick(3)), fmt::format("10.1.0.{}", 1 + pick(9)), by);
      case 1: return line(fmt::format("from {} by {} with LMTP id z", host(pick(3)), by));
      default:
        return handed_over("mail.bank.example", "mail.bank.example", fmt::format("203.0.113.{}", 1 + pick(250)), by);
    }
  }

  std::mt19937 random_;
};

TEST(Trust, never_calls_a_forged_address_a_fact) {
  Generator generator(4711);
  std::vector<std::string> own = {".hospital.example"};
  for (int i = 0; i < 10; ++i) own.push_back(fmt::format("10.1.0.{}", i));
  int inferred_right = 0;
  int inferred_facts = 0;
  constexpr int k_mails = 1'000;
  for (int i = 0; i < k_mails; ++i) {
    const Generated mail = generator.make();
    const Decided given = decide(mail.text, own);
    ASSERT_TRUE(given.boundary);
    EXPECT_EQ(shown(given), fmt::format("{} {} fact", mail.boundary_hop, mail.boundary_ip)) << mail.text;
    const Decided inferred = decide(mail.text);
    const bool right = inferred.boundary->ip && model::text_of(*inferred.boundary->ip) == mail.boundary_ip;
    inferred_right += right ? 1 : 0;
    if (inferred.boundary->level == Level::fact) {
      ++inferred_facts;
      EXPECT_TRUE(right) << mail.text << shown(inferred);
    }
    if (HasFailure()) break;
  }
  RecordProperty("inferred_right", inferred_right);
  RecordProperty("inferred_facts", inferred_facts);
  EXPECT_GE(inferred_right, k_mails * 999 / 1000);
  EXPECT_GE(inferred_facts, k_mails / 5);
}

bool has_hint(const Decided& d, std::string_view rule) {
  for (const auto& hint : find_hints(d.header, d.hops, d.statements, d.boundary)) {
    if (hint.rule == rule) return true;
  }
  return false;
}

TEST(ForgeryHints, name_what_does_not_fit_and_are_silent_where_all_fits) {
  const std::string border = line(
      "from out.s.example (out.s.example [198.51.100.7]) by mx.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz1");
  const std::string lower =
      line("from pc (dsl.s.example [198.51.100.8]) by out.s.example (Postfix) with ESMTPSA id 4NHX2k5q9Rz2");
  const std::string rest = "From: a@s.example\nDate: Wed, 23 Nov 2022 07:06:00 +0000\nMessage-ID: <1@s.example>\n";
  const Decided fine = decide(border + lower + rest + "\n");
  EXPECT_TRUE(find_hints(fine.header, fine.hops, fine.statements, fine.boundary).empty());

  EXPECT_TRUE(has_hint(decide(border + lower + rest + "Date: x\n\n"), "mail.hint.double"));
  EXPECT_TRUE(has_hint(
      decide(
          border +
          line(
              "from a.b.example (a.b.example [198.51.100.8]) by mx.bank.example (Postfix) with ESMTP id 4NHX2k5q9Rz2") +
          rest + "\n"),
      "mail.hint.join"));
  EXPECT_TRUE(has_hint(
      decide(border +
             line("from a.b.example (a.b.example [198.51.100.8]) by out.s.example (Postfix) with ESMTP id <12@x>") +
             rest + "\n"),
      "mail.hint.grammar"));
  EXPECT_TRUE(has_hint(decide(line("from [8.8.8.8] (out.s.example [198.51.100.7]) by mx.hospital.example (Postfix) "
                                   "with ESMTPS id 4NHX2k5q9Rz1") +
                              rest + "\n"),
                       "mail.hint.helo"));
  EXPECT_TRUE(has_hint(decide(line("from mail.google.com (dsl.isp.example [198.51.100.7]) by mx.hospital.example "
                                   "(Postfix) with ESMTPS id 4NHX2k5q9Rz1") +
                              rest + "\n"),
                       "mail.hint.helo"));
  EXPECT_TRUE(has_hint(decide(border +
                              "Received: from pc (dsl.s.example [198.51.100.8]) by out.s.example (Postfix) with "
                              "ESMTPSA id 4NHX2k5q9Rz2; Wed, 23 Nov 2022 09:07:00 +0000\n" +
                              rest + "\n"),
                       "mail.hint.time"));
  EXPECT_TRUE(has_hint(decide(border + lower + "Date: Wed, 23 Nov 0000 07:06:00 +0000\n\n"), "mail.hint.date"));
  EXPECT_TRUE(has_hint(decide(border + lower + "Date: Mon, 21 Nov 2022 07:06:00 +0000\n\n"), "mail.hint.date"));
  EXPECT_TRUE(has_hint(decide(border + lower + "From: a@s.example\nMessage-ID: <1@elsewhere.example>\n\n"),
                       "mail.hint.message-id"));
  EXPECT_TRUE(has_hint(decide(border + lower + rest + "X-Originating-IP: [10.0.0.7]\n\n"), "mail.hint.client"));
  EXPECT_TRUE(has_hint(decide(border + lower + rest + "X-Sender-IP: 203.0.113.1\n\n"), "mail.hint.statement"));
  EXPECT_TRUE(has_hint(
      decide(border + line("from x.s.example (x [192.168.7.7]) by out.s.example (Postfix) with ESMTP id 4NHX2k5q9Rz2") +
             line("from y (y [198.51.100.9]) by mx.bank.example (Postfix) with ESMTP id 4NHX2k5q9Rz3") + rest + "\n"),
      "mail.hint.address"));
}

TEST(ReceiverStatements, read_the_forms_of_large_receivers) {
  const auto results = parse_authentication_results(
      "mx.google.com; dkim=pass header.i=@s.example header.s=k1 header.b=\"aB;c\"; spf=pass (google.com: domain of "
      "a@s.example "
      "designates 198.51.100.7 as permitted sender) smtp.mailfrom=a@s.example; dmarc=pass (p=NONE sp=NONE dis=NONE) "
      "header.from=s.example");
  EXPECT_EQ(results.authserv_id, "mx.google.com");
  ASSERT_EQ(results.results.size(), 3U);
  EXPECT_EQ(results.results[0].property("header.b"), "aB;c");
  EXPECT_EQ(results.results[1].method, "spf");
  EXPECT_EQ(find_stated_ip(results.results[1].comments), model::parse_ip("198.51.100.7"));
  const auto nameless = parse_authentication_results(
      "spf=softfail (sender IP is 198.51.100.9) smtp.mailfrom=c.example; dkim=none (message not signed) "
      "header.d=none;dmarc=fail "
      "action=quarantine header.from=c.example;compauth=fail reason=000");
  EXPECT_EQ(nameless.authserv_id, "");
  EXPECT_EQ(nameless.results.size(), 4U);
  EXPECT_EQ(parse_authentication_results("i=2; mx.x.example 1; arc=pass").instance, 2U);
  EXPECT_EQ(parse_authentication_results("i=2; mx.x.example 1; arc=pass").authserv_id, "mx.x.example");
  EXPECT_TRUE(parse_authentication_results("example.com; none").results.empty());
  EXPECT_TRUE(parse_authentication_results("").results.empty());
}

}  // namespace
}  // namespace lastgood::mail
