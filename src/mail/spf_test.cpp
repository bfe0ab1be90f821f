// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that SPF records are evaluated as RFC 7208 says, with its own examples (appendix A, section 7.4), its limits,
// every mechanism, and what only a saved zone has: answers that nobody saved.
#include "mail/spf.h"

#include <gtest/gtest.h>

#include "mail/spf_record.h"

namespace lastgood::mail {
namespace {

// RFC 7208 appendix A.
constexpr std::string_view k_appendix_a =
    "$COMPLETE .\n"
    "example.com MX 10 mail-a.example.com\nexample.com MX 20 mail-b.example.com\n"
    "example.com A 192.0.2.10\nexample.com A 192.0.2.11\n"
    "amy.example.com A 192.0.2.65\nbob.example.com A 192.0.2.66\n"
    "mail-a.example.com A 192.0.2.129\nmail-b.example.com A 192.0.2.130\n"
    "example.org MX 10 mail-c.example.org\nmail-c.example.org A 192.0.2.140\n"
    "10.2.0.192.in-addr.arpa PTR example.com\n11.2.0.192.in-addr.arpa PTR example.com\n"
    "65.2.0.192.in-addr.arpa PTR amy.example.com\n66.2.0.192.in-addr.arpa PTR bob.example.com\n"
    "129.2.0.192.in-addr.arpa PTR mail-a.example.com\n130.2.0.192.in-addr.arpa PTR mail-b.example.com\n"
    "140.2.0.192.in-addr.arpa PTR mail-c.example.org\n10.0.0.4.in-addr.arpa PTR bob.example.com\n";

SpfVerdict check(const std::string& zone_text, std::string_view ip, std::string mail_from = "a@example.com") {
  SavedZone zone;
  EXPECT_TRUE(zone.add(zone_text).empty());
  return check_spf({*model::parse_ip(ip), "helo.example.net", std::move(mail_from), 0}, zone);
}

std::string result(std::string_view record, std::string_view ip, std::string_view more = "") {
  const std::string zone =
      std::string(k_appendix_a) + "example.com TXT \"" + std::string(record) + "\"\n" + std::string(more);
  return std::string(name_of(check(zone, ip).result));
}

TEST(Spf, agrees_with_the_examples_of_the_rfc) {
  EXPECT_EQ(result("v=spf1 +all", "203.0.113.1"), "pass");
  EXPECT_EQ(result("v=spf1 a -all", "192.0.2.10"), "pass");
  EXPECT_EQ(result("v=spf1 a -all", "192.0.2.65"), "fail");
  EXPECT_EQ(result("v=spf1 a:example.org -all", "192.0.2.10"), "fail");
  EXPECT_EQ(result("v=spf1 mx -all", "192.0.2.129"), "pass");
  EXPECT_EQ(result("v=spf1 mx -all", "192.0.2.140"), "fail");
  EXPECT_EQ(result("v=spf1 mx:example.org -all", "192.0.2.140"), "pass");
  EXPECT_EQ(result("v=spf1 mx mx:example.org -all", "192.0.2.140"), "pass");
  EXPECT_EQ(result("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131"), "pass");
  EXPECT_EQ(result("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143"), "pass");
  EXPECT_EQ(result("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.144"), "fail");
  EXPECT_EQ(result("v=spf1 ptr -all", "192.0.2.65"), "pass");
  EXPECT_EQ(result("v=spf1 ptr -all", "192.0.2.140"), "fail");
  EXPECT_EQ(result("v=spf1 ptr -all", "4.0.0.10"), "fail");  // the name does not lead back
  EXPECT_EQ(result("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129"), "pass");
  EXPECT_EQ(result("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65"), "fail");
}

TEST(Spf, expands_macros_as_section_7_4_shows) {
  MacroValues values{"strong-bad@email.example.com",       "email.example.com", "h.example",
                     *model::parse_ip("192.0.2.3"),        "unknown",           0,
                     [] { return std::string("unknown"); }};
  const auto expand = [&](std::string_view text) {
    return expand_macros(text, values, MacroUse::domain).value_or("none");
  };
  EXPECT_EQ(expand("%{s}"), "strong-bad@email.example.com");
  EXPECT_EQ(expand("%{o}"), "email.example.com");
  EXPECT_EQ(expand("%{d4}"), "email.example.com");
  EXPECT_EQ(expand("%{d2}"), "example.com");
  EXPECT_EQ(expand("%{d1}"), "com");
  EXPECT_EQ(expand("%{dr}"), "com.example.email");
  EXPECT_EQ(expand("%{d2r}"), "example.email");
  EXPECT_EQ(expand("%{l-}"), "strong.bad");
  EXPECT_EQ(expand("%{lr-}"), "bad.strong");
  EXPECT_EQ(expand("%{l1r-}"), "strong");
  EXPECT_EQ(expand("%{ir}.%{v}._spf.%{d2}"), "3.2.0.192.in-addr._spf.example.com");
  EXPECT_EQ(expand("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}"), "bad.strong.lp.3.2.0.192.in-addr._spf.example.com");
  EXPECT_EQ(expand("%{S}"), "strong-bad%40email.example.com");
  EXPECT_EQ(expand("a%%b%_c%-d"), "a%b c%20d");
  values.ip = *model::parse_ip("2001:db8::cb01");
  EXPECT_EQ(expand("%{ir}.%{v}._spf.%{d2}"),
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
  for (const char* bad : {"%", "%{", "%{}", "%{x}", "%{s0}", "%{d%}", "%a", "%{c}", "a b"})
    EXPECT_EQ(expand(bad), "none") << bad;
}

TEST(Spf, gives_each_kind_of_result) {
  EXPECT_EQ(result("v=spf1 ?all", "203.0.113.1"), "neutral");
  EXPECT_EQ(result("v=spf1 ~all", "203.0.113.1"), "softfail");
  EXPECT_EQ(result("v=spf1", "203.0.113.1"), "neutral");
  EXPECT_EQ(result("v=spf10 -all", "203.0.113.1"), "none");
  EXPECT_EQ(result("v=spf1 -all", "203.0.113.1", "example.com TXT \"v=spf1 +all\"\n"), "permerror");
  EXPECT_EQ(result("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::1"), "pass");
  EXPECT_EQ(result("v=spf1 a//64 -all", "2001:db8::9", "example.com AAAA 2001:db8::1\n"), "pass");
  EXPECT_EQ(result("v=spf1 include:i.example -all", "192.0.2.9", "i.example TXT \"v=spf1 ip4:192.0.2.9 -all\"\n"),
            "pass");
  EXPECT_EQ(result("v=spf1 include:i.example ~all", "192.0.2.8", "i.example TXT \"v=spf1 ip4:192.0.2.9 -all\"\n"),
            "softfail");
  EXPECT_EQ(result("v=spf1 include:none.example ~all", "192.0.2.8"), "permerror");
  EXPECT_EQ(result("v=spf1 redirect=i.example", "192.0.2.8", "i.example TXT \"v=spf1 ip4:192.0.2.9 -all\"\n"), "fail");
  EXPECT_EQ(result("v=spf1 redirect=none.example", "192.0.2.8"), "permerror");
  EXPECT_EQ(result("v=spf1 exists:%{ir}.l.example -all", "192.0.2.8", "8.2.0.192.l.example A 127.0.0.2\n"), "pass");
  EXPECT_EQ(result("v=spf1 exists:%{ir}.l.example -all", "192.0.2.7", "8.2.0.192.l.example A 127.0.0.2\n"), "fail");
  EXPECT_EQ(std::string(name_of(check("$COMPLETE .\n", "192.0.2.1", "a@localhost").result)), "none");
}

TEST(Spf, refuses_the_whole_record_for_one_wrong_term) {
  for (const char* term : {"foo",
                           "a:",
                           "a/33",
                           "a/05",
                           "a//129",
                           "ip4",
                           "ip4:1.2.3",
                           "ip4:1.2.3.4/33",
                           "ip6:1.2.3.4",
                           "all:x",
                           "include",
                           "include:",
                           "exists",
                           "redirect=",
                           "redirect=a.example redirect=b.example",
                           "mx:a.1",
                           "a:%{x}.example",
                           "ptr:",
                           "ip4:192.0.2.1/",
                           "-",
                           "a:b c:d",
                           "exp=x exp=y"}) {
    EXPECT_EQ(result("v=spf1 ip4:203.0.113.1 " + std::string(term) + " -all", "203.0.113.1"), "permerror") << term;
  }
  EXPECT_EQ(result("v=spf1 a:foo:bar/baz.example.com -all", "192.0.2.9", "foo:bar/baz.example.com A 192.0.2.9\n"),
            "pass");
  EXPECT_EQ(result("v=spf1 unknown-thing=%{d} +all", "203.0.113.1"), "pass");
}

TEST(Spf, keeps_its_limits) {
  std::string eleven = "v=spf1";
  for (int i = 0; i < 11; ++i) eleven += " exists:e" + std::to_string(i) + ".example";
  EXPECT_EQ(result(eleven + " +all", "203.0.113.1"), "permerror");
  EXPECT_EQ(result("v=spf1 a:n1.example a:n2.example +all", "203.0.113.1"), "pass");
  EXPECT_EQ(result("v=spf1 a:n1.example a:n2.example a:n3.example +all", "203.0.113.1"), "permerror");
  EXPECT_EQ(result("v=spf1 include:example.com +all", "203.0.113.1"), "permerror");
  EXPECT_EQ(result("v=spf1 redirect=example.com", "203.0.113.1"), "permerror");
  std::string many;
  for (int i = 0; i < 11; ++i) many += "m.example MX " + std::to_string(i) + " h.example\n";
  EXPECT_EQ(result("v=spf1 mx:m.example +all", "203.0.113.1", many), "permerror");
}

TEST(Spf, does_not_know_what_was_not_saved) {
  const SpfVerdict nothing = check("", "192.0.2.1");
  EXPECT_EQ(nothing.result, AuthResult::temperror);
  EXPECT_EQ(nothing.reason, "what the DNS says of 'example.com' was not saved");
  const SpfVerdict part = check("example.com TXT \"v=spf1 include:i.example -all\"\n", "192.0.2.1");
  EXPECT_EQ(part.reason, "what the DNS says of 'i.example' was not saved");
  EXPECT_EQ(check("example.com TXT \"v=spf1 ip4:192.0.2.1 include:i.example -all\"\n", "192.0.2.1").result,
            AuthResult::pass);
  EXPECT_EQ(check("example.com TXT FAILED\n", "192.0.2.1").reason, "the DNS did not answer for 'example.com'");
}

TEST(Spf, says_which_term_decided_and_what_the_domain_explains) {
  const SpfVerdict verdict = check(
      "$COMPLETE .\nexample.com TXT \"v=spf1 ip4:192.0.2.1 -all exp=why.%{d}\"\nwhy.example.com TXT \"%{i} is not one "
      "of %{d}'s\"\n",
      "192.0.2.7");
  EXPECT_EQ(verdict.result, AuthResult::fail);
  EXPECT_EQ(verdict.matched, "-all");
  EXPECT_EQ(verdict.explanation, "192.0.2.7 is not one of example.com's");
  const SpfVerdict bounce = check("$COMPLETE .\nhelo.example.net TXT \"v=spf1 ip4:192.0.2.7 -all\"\n", "192.0.2.7", "");
  EXPECT_EQ(bounce.result, AuthResult::pass);
  EXPECT_EQ(bounce.domain, "helo.example.net");
}

TEST(Spf, asks_for_names_with_blanks_as_zone_files_write_them) {
  const std::string zone = "$COMPLETE .\na%percent\\032\\032space.example.net A 192.0.2.1\n";
  EXPECT_EQ(check(zone + "example.com TXT \"v=spf1 a:a%%percent%_%_space.example.net -all\"\n", "192.0.2.1").result,
            AuthResult::pass);
}

}  // namespace
}  // namespace lastgood::mail
