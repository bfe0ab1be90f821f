// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that identifiers are those that other STIX programs make of the same values, and that a pattern says exactly
// the value, whatever stands in it.
#include "exports/observable.h"

#include <gtest/gtest.h>

#include "exports/uuid.h"

namespace lastgood::exports {

namespace {

std::string id_of(std::string_view kind, std::string_view value) {
  const auto made = find_observable(kind, value);
  return made ? made->object["id"].get<std::string>() : std::string("none");
}

TEST(Observable, identifiers_are_those_of_published_examples) {
  // The incident extension's own example, and one that OpenCTI made.
  EXPECT_EQ(id_of("email", "evil@decryptyourstuff.zip"), "email-addr--872bd204-384b-548b-a2d2-24eee3b48fe8");
  EXPECT_EQ(id_of("email", "test@test.com"), "email-addr--78b7af49-a1ce-5776-90fd-e6dd8629ec61");
  const nlohmann::ordered_json account = {
      {"type", "user-account"}, {"account_type", "fake-app"}, {"account_login", "qrzTalker4514"}};
  EXPECT_EQ(observable_id(account), "user-account--8692770d-34f4-5681-8628-810d62dbfcb6");
}

TEST(Observable, a_uuid_of_a_name_is_that_of_rfc_9562) {
  // RFC 9562 appendix A.4: "www.example.com" in the namespace of DNS names.
  const auto dns = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  ASSERT_TRUE(dns);
  EXPECT_EQ(text_of(uuid_of(*dns, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_FALSE(parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c"));
  EXPECT_FALSE(parse_uuid("6ba7b8109dad-11d1-80b4-00c04fd430c8a"));
  EXPECT_NE(uuid_of(*dns, {"a", "b,c"}), uuid_of(*dns, {"a,b", "c"})) << "parts do not run into each other";
}

TEST(Observable, each_kind_has_the_object_that_stix_has_for_it) {
  EXPECT_EQ(find_observable("ipv4", "193.0.6.139")->object["type"], "ipv4-addr");
  EXPECT_EQ(find_observable("ipv6", "2001:DB8::1")->object["value"], "2001:db8::1") << "one spelling, one identifier";
  EXPECT_EQ(find_observable("onion", std::string(56, 'a') + ".onion")->object["type"], "domain-name");
  EXPECT_EQ(find_observable("url", "https://a.example/x")->object["type"], "url");
  EXPECT_EQ(find_observable("hash", std::string(64, 'a'))->object["hashes"]["SHA-256"], std::string(64, 'a'));
  EXPECT_EQ(find_observable("tox", std::string(76, 'A'))->object["account_type"], "tox");
  const auto wallet = find_observable("btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
  EXPECT_EQ(wallet->object["type"], k_wallet_type);
  EXPECT_TRUE(wallet->object["extensions"].contains(std::string(k_wallet_extension)));
}

TEST(Observable, what_is_not_of_the_shape_is_none) {
  for (const auto& [kind, value] : std::vector<std::pair<std::string, std::string>>{{"email", "nobody"},
                                                                                    {"email", "a@b@c.example"},
                                                                                    {"email", ""},
                                                                                    {"domain", "10.0.0.1"},
                                                                                    {"domain", "a..b"},
                                                                                    {"domain", "-a.example"},
                                                                                    {"url", "no scheme"},
                                                                                    {"url", "https://a b"},
                                                                                    {"url", "https://a%zz"},
                                                                                    {"ipv4", "300.1.1.1"},
                                                                                    {"hash", "abc"},
                                                                                    {"hash", std::string(64, 'x')},
                                                                                    {"tox", "a b"},
                                                                                    {"victim_id", "8F2A"},
                                                                                    {"unheard_of", "x"}})
    EXPECT_EQ(id_of(kind, value), "none") << kind << " " << value;
}

TEST(Pattern, says_the_value_whatever_stands_in_it) {
  EXPECT_EQ(pattern_text("it's a \\ b"), R"('it\'s a \\ b')");
  for (const std::string value : {"x", "'", "\\", "\\'", "' OR 'a' = 'a", "]", "' ] OR [file:name = 'y", ""})
    EXPECT_TRUE(is_pattern("[file:name = " + pattern_text(value) + "]")) << value;
  EXPECT_EQ(name_ends_with(".b%a_k[9]"), R"([file:name MATCHES '\\.b%a_k\\[9\\]$'])");
  EXPECT_TRUE(is_pattern(name_ends_with("'].x")));
}

TEST(Pattern, what_does_not_balance_is_none) {
  EXPECT_TRUE(is_pattern("[a:b = 'x' AND c:d.'e-f'.g != 'y'] FOLLOWEDBY [a:b MATCHES '^z$']"));
  for (const std::string_view bad :
       {"", "[]", "[file:name = 'x'", "file:name = 'x']", "[file:name = x]", "[file:name 'x']", "[file = 'x']",
        "[file:name = 'x' AND]", "[file:name = 'x\\']", "[file:name = 'a\\n']", "[file:name = 'x'] OR", "[:a = 'x']",
        "[file:name = 'x']]"})
    EXPECT_FALSE(is_pattern(bad)) << bad;
}

}  // namespace

}  // namespace lastgood::exports
