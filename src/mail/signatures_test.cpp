// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that DKIM and ARC are checked as others check them: the examples of RFC 6376 and RFC 8463, and some hundred
// mails that dkimpy signed, sealed, broke and judged itself. Then what only we do: saved keys, reasons, weak and
// expired ones.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include <openssl/evp.h>

#include "base/base64.h"
#include "base/checksum.h"
#include "mail/arc.h"
#include "mail/canonical.h"
#include "mail/dkim.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::mail {
namespace {

// RFC 8463 appendix A.
constexpr std::string_view k_zone_8463 =
    "brisbane._domainkey.football.example.com. IN TXT \"v=DKIM1; k=ed25519; \" "
    "\"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n"
    "test._domainkey.football.example.com. IN TXT \"v=DKIM1; k=rsa; "
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR\" "
    "\"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/"
    "8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pzo\" "
    "\"xZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\"\n";

constexpr std::string_view k_mail_8463 =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\n"
    " d=football.example.com; i=@football.example.com;\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\n"
    " subject : date : message-id : from : subject : date;\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"
    " d=football.example.com; i=@football.example.com;\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\n"
    " date : message-id : from : subject : date;\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\n"
    "From: Joe SixPack <joe@football.example.com>\n"
    "To: Suzie Q <suzie@shopping.example.net>\n"
    "Subject: Is dinner ready?\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"
    "\n"
    "Hi.\n\nWe lost the game.  Are you hungry yet?\n\nJoe.\n";

SavedZone zone_of(std::string_view text) {
  SavedZone zone;
  EXPECT_TRUE(zone.add(text).empty());
  return zone;
}

std::vector<SignatureVerdict> verify(std::string_view mail, const SavedZone& zone, VerifyOptions options = {}) {
  const base::ByteView bytes(mail);
  const Header header = parse_header(bytes);
  return verify_dkim(header, bytes.part(header.body_bytes), zone, options);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t at = result.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return result.replace(at, from.size(), to);
}

TEST(Dkim, holds_for_both_signatures_of_the_example_in_rfc_8463) {
  const auto verdicts = verify(k_mail_8463, zone_of(k_zone_8463));
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].result, AuthResult::pass) << verdicts[0].reason;
  EXPECT_EQ(verdicts[1].result, AuthResult::pass) << verdicts[1].reason;
  EXPECT_FALSE(verdicts[0].weak);
  EXPECT_TRUE(verdicts[1].weak);
  EXPECT_EQ(verdicts[1].key_bits, 1024U);
  EXPECT_EQ(verdicts[0].signed_at_seconds, 1528637909);
}

// RFC 6376 appendix A.2 and A.3; the blanks of its folds are signed.
constexpr std::string_view k_zone_6376 =
    "brisbane._domainkey.example.com IN TXT \"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ\" "
    "\"KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt\" \"IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v\" "
    "\"/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi\" \"tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\"\n";

constexpr std::string_view k_mail_6376 =
    "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\n"
    "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\n"
    "      h=Received : From : To : Subject : Date : Message-ID;\n"
    "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\n"
    "      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\n"
    "      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\n"
    "      4bmp/YzhwvcubU4=;\n"
    "Received: from client1.football.example.com  [192.0.2.1]\n"
    "      by submitserver.example.com with SUBMISSION;\n"
    "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\n"
    "From: Joe SixPack <joe@football.example.com>\n"
    "To: Suzie Q <suzie@shopping.example.net>\n"
    "Subject: Is dinner ready?\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"
    "\n"
    "Hi.\n\nWe lost the game. Are you hungry yet?\n\nJoe.\n";

TEST(Dkim, holds_for_the_example_in_rfc_6376) {
  const auto verdicts = verify(k_mail_6376, zone_of(k_zone_6376));
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].result, AuthResult::pass) << verdicts[0].reason;
  EXPECT_EQ(verdicts[0].identity, "joe@football.example.com");
  EXPECT_EQ(verdicts[0].key_bits, 1024U);
  for (const std::string_view blank : {"com  [192", "      by", ": from", "game. Are"}) {
    const auto changed = verify(replaced(k_mail_6376, blank, std::string(blank) + " "), zone_of(k_zone_6376));
    EXPECT_EQ(changed.at(0).result, AuthResult::fail) << blank;
  }
}

TEST(Dkim, reads_an_identity_in_the_quoted_form) {
  const auto identity = [](std::string_view text) {
    return verify(replaced(k_mail_8463, "i=@football.example.com", text), zone_of(k_zone_8463)).at(0).identity;
  };
  EXPECT_EQ(identity("i=joe=40football=2Eexample.com"), "joe@football.example.com");
  EXPECT_EQ(identity("i=jo\n e@football.example.com"), "joe@football.example.com");
  EXPECT_EQ(identity("i==4@football.example.com"), "=4@football.example.com");
}

TEST(Dkim, says_what_does_not_hold) {
  const SavedZone zone = zone_of(k_zone_8463);
  const auto first = [&](std::string_view from, std::string_view to) {
    const auto verdicts = verify(replaced(k_mail_8463, from, to), zone);
    return std::string(name_of(verdicts.at(0).result)) + ": " + verdicts.at(0).reason;
  };
  EXPECT_EQ(first("lost the game", "won the game"), "fail: the body is not the one that was signed");
  EXPECT_EQ(first("Is dinner", "is dinner"), "fail: the signature does not hold");
  EXPECT_EQ(first("a=ed25519-sha256", "a=rsa-sha256"), "permerror: the key is for ed25519");
  EXPECT_EQ(first("a=ed25519-sha256", "a=gost"), "permerror: the algorithm is not known");
  EXPECT_EQ(first("v=1;", "v=2;"), "permerror: the version is not 1");
  EXPECT_EQ(first("c=relaxed/relaxed", "c=nowsp"), "permerror: the canonical form is not known");
  EXPECT_EQ(first("i=@football.example.com", "i=@example.com"),
            "permerror: the identity is of another domain than the signature");
  EXPECT_EQ(first("h=from : to :\n subject : date : message-id : from : subject : date;", "h=to;"),
            "permerror: the field From is not signed");
  EXPECT_EQ(first(" s=brisbane;", ""), "permerror: the tag 's' is missing");
  EXPECT_EQ(first("v=1; ", "v=1; v=1; "), "permerror: the field is no list of tags");
  EXPECT_EQ(first("t=1528637909", "t=later"), "permerror: a time or the length is no number");
  EXPECT_EQ(first("t=1528637909", "t=1528637909; x=1528637908"), "permerror: it expires before it was signed");
  EXPECT_EQ(first("t=1528637909", "l=9999"), "permerror: 9999 bytes of the body are signed, 54 are there");
  EXPECT_EQ(first("s=brisbane", "s=other"), "temperror: the key 'other._domainkey.football.example.com' was not saved");
}

/// Signs with the key of RFC 8032 section 7.1, test 1, whose public half is RFC 8463's: for tags that dkimpy cannot
/// write.
std::string signed_here(const std::string& tags, const std::string& body) {
  const std::string seed = *base::parse_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const std::string rest = "From: joe@football.example.com\n\n" + body;
  const BodyDigest digest = digest_body(base::ByteView(body), Canonicalization::relaxed, base::DigestKind::sha256, 4);
  const std::string unsigned_field =
      "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=football.example.com; s=brisbane; l=4; h=from; " +
      tags + " bh=" + base::base64(base::ByteView(std::span<const std::uint8_t>(digest.digest))) + "; b=";
  const std::string mail = unsigned_field + "\n" + rest;
  const Header header = parse_header(base::ByteView(mail));
  const std::string text = canonical_field(header.fields.at(1), Canonicalization::relaxed) +
                           canonical_signature_field(header.fields.at(0), Canonicalization::relaxed);
  const auto hashed = base::sha256(base::ByteView(text));
  EVP_PKEY* const key =
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, base::ByteView(seed).begin(), seed.size());
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  std::vector<std::uint8_t> signature(64);
  std::size_t size = signature.size();
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key), 1);
  EXPECT_EQ(EVP_DigestSign(context, signature.data(), &size, hashed.data(), hashed.size()), 1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return unsigned_field + base::base64(base::ByteView(std::span<const std::uint8_t>(signature))) + "\n" + rest;
}

TEST(Dkim, judges_expiry_by_the_day_the_mail_was_received) {
  const SavedZone zone = zone_of(k_zone_8463);
  const std::string mail = signed_here("t=1528637909; x=1528637999;", "text");
  const auto at = [&](std::optional<std::int64_t> received) {
    const auto verdict = verify(mail, zone, {received}).at(0);
    return std::string(name_of(verdict.result)) + ": " + verdict.reason;
  };
  EXPECT_EQ(at(std::nullopt), "pass: ");
  EXPECT_EQ(at(1528637999), "pass: ");
  EXPECT_EQ(at(1528638000), "fail: it had expired when the mail was received");
}

TEST(Dkim, says_how_much_of_the_body_nobody_signed) {
  const SavedZone zone = zone_of(k_zone_8463);
  const auto whole = verify(signed_here("", "te"), zone).at(0);
  EXPECT_EQ(whole.result, AuthResult::pass) << whole.reason;
  EXPECT_FALSE(whole.weak);
  const auto part = verify(signed_here("", "te") + "planted\n", zone).at(0);
  EXPECT_EQ(part.result, AuthResult::fail);
  const auto longer = verify(signed_here("", "te\r\n") + "planted\n", zone).at(0);
  EXPECT_EQ(longer.result, AuthResult::pass) << longer.reason;
  EXPECT_EQ(longer.unsigned_bytes, 9U);
  EXPECT_TRUE(longer.weak);
}

TEST(Dkim, reads_keys_as_they_are_published) {
  const auto with_key = [](std::string_view record) {
    const auto verdicts =
        verify(k_mail_8463, zone_of("brisbane._domainkey.football.example.com TXT " + std::string(record) + "\n"));
    return std::string(name_of(verdicts.at(0).result)) + ": " + verdicts.at(0).reason;
  };
  constexpr std::string_view k_key = "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const auto quoted = [&](std::string_view before) { return "\"" + std::string(before) + std::string(k_key) + "\""; };
  EXPECT_EQ(with_key(quoted("k=ed25519; ")), "pass: ");
  EXPECT_EQ(with_key(quoted("k=ed25519; h=sha256; s=email; n=note; ")), "pass: ");
  EXPECT_EQ(with_key("k=ed25519; " + std::string(k_key)), "pass: ");
  EXPECT_EQ(with_key(quoted("k=ed25519; h=sha1; ")), "permerror: the key must not be used with sha256");
  EXPECT_EQ(with_key(quoted("k=ed25519; s=other; ")), "permerror: the key is not for mail");
  EXPECT_EQ(with_key(quoted("k=ed25519; t=s; ")), "pass: ");
  EXPECT_EQ(with_key(quoted("v=DKIM2; k=ed25519; ")), "permerror: the key record is of another version than DKIM1");
  EXPECT_EQ(with_key(quoted("k=ed25519; v=DKIM1; ")), "permerror: the version of the key record does not stand first");
  EXPECT_EQ(with_key("\"k=ed25519; p=\""), "permerror: the key was revoked");
  EXPECT_EQ(with_key("\"k=ed25519\""), "permerror: the key record has no key");
  EXPECT_EQ(with_key("\"k=ed25519; p=AAAA\""), "permerror: the key cannot be read");
  EXPECT_EQ(with_key("\"k=ed25519; p=!!\""), "permerror: the key is no base64");
  EXPECT_EQ(with_key("NONE"), "permerror: there was no key 'brisbane._domainkey.football.example.com'");
  EXPECT_EQ(with_key("FAILED").substr(0, 9), "temperror");
}

TEST(Dkim, does_not_call_a_pasted_header_a_broken_signature) {
  const std::string_view header = k_mail_8463.substr(0, k_mail_8463.find("\n\n") + 1);
  EXPECT_EQ(verify(header, zone_of(k_zone_8463)).at(0).result, AuthResult::temperror);
  EXPECT_EQ(verify(header, zone_of(k_zone_8463)).at(0).reason, "the body that was signed is not here");
}

TEST(Dkim, limits_the_signatures_it_checks) {
  std::string mail;
  for (int i = 0; i < 1000; ++i)
    mail += "DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=s; h=from; bh=AAAA; b=AAAA\n";
  EXPECT_EQ(verify(mail + "From: a@x.example\n\nbody\n", SavedZone()).size(), k_signatures_max);
}

class SignedByOthers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch() = std::make_unique<os::testing::ScratchFolder>();
    const std::vector<std::string> command = {
        "/usr/bin/python3", LASTGOOD_SOURCE_DIR "/src/mail/testdata/sign_mails.py", scratch()->path()};
    const auto end = os::run_program(command, "/tmp");
    ASSERT_TRUE(end.ok());
    ASSERT_EQ(end.value().exit_code, 0) << end.value().printed;
  }
  static void TearDownTestSuite() { scratch().reset(); }
  static std::unique_ptr<os::testing::ScratchFolder>& scratch() {
    static std::unique_ptr<os::testing::ScratchFolder> folder;
    return folder;
  }
  static std::string read(const std::string& name) {
    std::ifstream file(*scratch() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
};

TEST_F(SignedByOthers, are_judged_as_they_judge_themselves) {
  const SavedZone zone = zone_of(read("zone"));
  std::istringstream cases(read("cases"));
  std::string name;
  std::string kind;
  std::string expected;
  int passed = 0;
  int failed = 0;
  while (cases >> name >> kind >> expected) {
    const std::string mail = read(name);
    const base::ByteView bytes(mail);
    const Header header = parse_header(bytes);
    const base::ByteView body = bytes.part(header.body_bytes);
    std::string reason;
    bool pass = false;
    if (kind == "arc") {
      const ArcVerdict verdict = verify_arc(header, body, zone, {});
      pass = verdict.result == AuthResult::pass;
      reason = verdict.reason;
    } else {
      const auto verdicts = verify_dkim(header, body, zone, {});
      ASSERT_EQ(verdicts.size(), 1U) << name;
      pass = verdicts[0].result == AuthResult::pass;
      reason = verdicts[0].reason;
    }
    EXPECT_EQ(pass ? "pass" : "fail", expected) << name << ": " << reason;
    ++(pass ? passed : failed);
  }
  EXPECT_GT(passed, 400);
  EXPECT_GT(failed, 200);
}

TEST_F(SignedByOthers, chains_name_what_breaks_them) {
  const SavedZone zone = zone_of(read("zone"));
  const auto reason = [&zone](const std::string& mail, const SavedZone* other = nullptr) {
    const base::ByteView bytes(mail);
    const Header header = parse_header(bytes);
    const ArcVerdict verdict = verify_arc(header, bytes.part(header.body_bytes), other != nullptr ? *other : zone, {});
    return std::string(name_of(verdict.result)) + ": " + verdict.reason;
  };
  EXPECT_EQ(reason(read("arc3-asis")), "pass: ");
  EXPECT_EQ(reason(read("arc3-gap")), "fail: instance 3 is not complete");
  EXPECT_EQ(reason(read("arc3-cv")), "fail: instance 3 says cv=none, where only pass or fail may stand");
  EXPECT_EQ(reason(read("arc3-stated")), "fail: the seal of instance 3: the signature does not hold");
  EXPECT_EQ(reason(replaced(read("arc2-asis"), "ARC-Seal: i=2", "ARC-Seal: i=51")).substr(0, 20),
            "fail: the ARC-Seal a");
  EXPECT_EQ(reason(read("arc1-asis") + ""), "pass: ");
  EXPECT_EQ(reason("From: a@b.example\n\nx\n"), "none: ");
  const SavedZone nothing;
  EXPECT_EQ(reason(read("arc1-asis"), &nothing),
            "temperror: the message signature of instance 1: the key 'seal._domainkey.s.example' was not saved");
}

TEST(SavedZone, tells_not_saved_from_not_there) {
  SavedZone zone;
  EXPECT_TRUE(
      zone.add("# a comment\nA.example. 300 IN TXT \"v=spf1 \" \"-all\"\nb.example A NONE\nc.example A FAILED\n"
               "d.example MX 20 y.example\nd.example MX 10 x.example\ne.example CNAME a.example\n$COMPLETE z.example\n"
               "q.example TXT \"a\\\"b\\065\"\nbare.example TXT no quotes; here\n")
          .empty());
  EXPECT_EQ(zone.find("a.EXAMPLE", RecordType::txt).values.at(0), "v=spf1 -all");
  EXPECT_EQ(zone.find("a.example", RecordType::a).status, LookupStatus::not_saved);
  EXPECT_EQ(zone.find("b.example.", RecordType::a).status, LookupStatus::none);
  EXPECT_EQ(zone.find("c.example", RecordType::a).status, LookupStatus::failed);
  EXPECT_EQ(zone.find("d.example", RecordType::mx).values, (std::vector<std::string>{"x.example", "y.example"}));
  EXPECT_EQ(zone.find("e.example", RecordType::txt).values.at(0), "v=spf1 -all");
  EXPECT_EQ(zone.find("x.z.example", RecordType::txt).status, LookupStatus::none);
  EXPECT_EQ(zone.find("q.example", RecordType::txt).values.at(0), "a\"bA");
  EXPECT_EQ(zone.find("bare.example", RecordType::txt).values.at(0), "no quotes; here");
  EXPECT_EQ(zone.add("x\nx A\nx B y\nx MX y\nx TXT \"open\n").size(), 5U);
  SavedZone circle;
  EXPECT_TRUE(circle.add("a.example CNAME b.example\nb.example CNAME a.example\n").empty());
  EXPECT_EQ(circle.find("a.example", RecordType::a).status, LookupStatus::not_saved);
}

}  // namespace
}  // namespace lastgood::mail
