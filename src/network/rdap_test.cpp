// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that answers of registries are read as RFC 9083 has them, that names of individuals are not taken over, and
// that empty, cut, huge, deep and wrong answers are refused with a sentence.
#include "network/rdap.h"

#include <gtest/gtest.h>

namespace lastgood::network {
namespace {

const model::IpAddress k_asked = model::parse_ip("193.0.6.139").value();

constexpr std::string_view k_golden = R"json({
 "rdapConformance": ["rdap_level_0"], "objectClassName": "ip network", "handle": "193.0.0.0 - 193.0.7.255",
 "startAddress": "193.0.0.0", "endAddress": "193.0.7.255", "ipVersion": "v4", "name": "RIPE-NCC", "type": "ASSIGNED PA",
 "country": "nl", "links": [{"rel": "self", "href": "https://rdap.db.ripe.net/ip/193.0.6.139"},
  {"rel": "x", "href": "http://plain.example/"}, {"rel": "x", "href": "javascript:alert(1)"}],
 "events": [{"eventAction": "registration", "eventDate": "2003-03-17T12:15:57Z"}],
 "entities": [
  {"objectClassName": "entity", "handle": "ORG-RIEN1-RIPE", "roles": ["registrant"],
   "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Reseaux IP"], ["kind", {}, "text", "org"]]],
   "entities": [{"handle": "AB-1", "roles": ["abuse"], "vcardArray": ["vcard", [["kind", {}, "text", "group"],
     ["fn", {}, "text", "Abuse desk"], ["email", {}, "text", "abuse@ripe.example"], ["tel", {"type": "voice"}, "uri", "tel:+31-20-1"]]]}]},
  {"handle": "AA-1", "roles": ["administrative"], "vcardArray": ["vcard", [["kind", {}, "text", "individual"],
     ["fn", {}, "text", "Ann Person"], ["email", {}, "text", "ann@ripe.example"]]]}]
})json";

TEST(Rdap, the_golden_answer_is_read_and_no_individual_is_named) {
  const auto read = parse_rdap_network(k_golden, k_asked);
  ASSERT_TRUE(read.ok()) << read.error().what;
  const RdapNetwork& network = read.value();
  EXPECT_EQ(network.name, "RIPE-NCC");
  EXPECT_EQ(network.country, "NL");
  EXPECT_EQ(model::text_of(network.last), "193.0.7.255");
  ASSERT_EQ(network.entities.size(), 3U);
  ASSERT_NE(find_role(network, "registrant"), nullptr);
  EXPECT_EQ(find_role(network, "registrant")->name, "Reseaux IP");
  ASSERT_NE(find_role(network, "abuse"), nullptr);
  EXPECT_EQ(find_role(network, "abuse")->mails, std::vector<std::string>{"abuse@ripe.example"});
  EXPECT_EQ(find_role(network, "abuse")->phones, std::vector<std::string>{"+31-20-1"});
  const RdapEntity* person = find_role(network, "administrative");
  ASSERT_NE(person, nullptr);
  EXPECT_TRUE(person->is_individual);
  EXPECT_TRUE(person->name.empty() && person->mails.empty());
  ASSERT_EQ(network.events.size(), 1U);
  EXPECT_EQ(network.events[0].date, "2003-03-17T12:15:57Z");
  EXPECT_EQ(network.links, std::vector<std::string>{"https://rdap.db.ripe.net/ip/193.0.6.139"});
  EXPECT_EQ(find_role(network, "noc"), nullptr);
}

TEST(Rdap, every_cut_of_the_answer_is_refused) {
  for (std::size_t size = 0; size + 1 < k_golden.size(); ++size)
    EXPECT_FALSE(parse_rdap_network(k_golden.substr(0, size), k_asked).ok()) << size;
}

TEST(Rdap, an_answer_about_another_block_or_about_nothing_is_refused) {
  EXPECT_FALSE(parse_rdap_network(k_golden, model::parse_ip("193.0.8.0").value()).ok());
  EXPECT_FALSE(parse_rdap_network(k_golden, model::parse_ip("2001:db8::1").value()).ok());
  for (const char* text : {"", "{}", "[]", "null", "\"x\"", R"({"errorCode": 404})", R"({"objectClassName": "domain"})",
                           R"({"objectClassName": "ip network", "startAddress": 7, "endAddress": {}})"})
    EXPECT_FALSE(parse_rdap_network(text, k_asked).ok()) << text;
}

TEST(Rdap, deep_and_huge_answers_are_refused_before_they_are_parsed) {
  EXPECT_FALSE(parse_rdap_network(std::string(100'000, '['), k_asked).ok());
  std::string deep = R"({"objectClassName":"ip network","startAddress":"193.0.0.0","endAddress":"193.0.7.255","x":)";
  EXPECT_FALSE(parse_rdap_network(deep + std::string(100, '[') + std::string(100, ']') + "}", k_asked).ok());
  EXPECT_TRUE(parse_rdap_network(deep + R"("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["})", k_asked).ok());
  EXPECT_FALSE(parse_rdap_network(deep + "\"" + std::string(k_rdap_bytes_max, 'x') + "\"}", k_asked).ok());
}

TEST(Rdap, lists_longer_than_the_limits_are_cut) {
  std::string many = R"({"objectClassName":"ip network","startAddress":"193.0.0.0","endAddress":"193.0.7.255",)"
                     R"("entities":[{})";
  for (int i = 0; i < 500; ++i) many += ",{}";
  many += R"(],"events":[{})";
  for (int i = 0; i < 500; ++i) many += ",{}";
  const auto read = parse_rdap_network(many + "]}", k_asked);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().entities.size(), k_rdap_entities_max);
  EXPECT_EQ(read.value().events.size(), k_rdap_texts_max);
}

TEST(RdapBootstrap, the_smallest_block_names_the_server_and_only_https_counts) {
  const auto read = parse_rdap_bootstrap(R"({"version":"1.0","publication":"2026-01-01T00:00:00Z","services":[
    [["193.0.0.0/8"],["http://plain.example/","https://rdap.one.example"]],
    [["193.0.0.0/16","2001:db8::/32"],["https://rdap.two.example/base/"]],
    [["41.0.0.0/8"],["http://only.example/"]], 7, [[]], [["x"],["https://a.example"]]]})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().published, "2026-01-01T00:00:00Z");
  EXPECT_EQ(find_rdap_server(read.value(), k_asked), "https://rdap.two.example/base/");
  EXPECT_EQ(find_rdap_server(read.value(), model::parse_ip("193.9.0.1").value()), "https://rdap.one.example/");
  EXPECT_EQ(find_rdap_server(read.value(), model::parse_ip("2001:db8::7").value()), "https://rdap.two.example/base/");
  EXPECT_EQ(find_rdap_server(read.value(), model::parse_ip("41.1.1.1").value()), "");
  EXPECT_FALSE(parse_rdap_bootstrap("{}").ok());
}

TEST(RdapUrl, only_plain_addresses_pass) {
  for (const char* good : {"https://rdap.arin.net/registry/", "https://a.example:8443/x?y=1", "http://127.0.0.1:80/",
                           "https://[2001:db8::1]/", "https://[2001:db8::1]:1/"})
    EXPECT_TRUE(parse_rdap_url(good)) << good;
  for (const char* bad : {"", "ftp://a/", "file:///etc/passwd", "https://", "https:///x", "https://a@b/",
                          "https://a b/", "https://a/\n", "https://a:x/", "https://a:123456/", "https://[x]/",
                          "https://a_b/", "https://a/#f", "https://a/{1,2}", "HTTPS://a/", "https://a:/"})
    EXPECT_FALSE(parse_rdap_url(bad)) << bad;
  EXPECT_EQ(parse_rdap_url("https://A.Example:1/")->host, "a.example");
}

}  // namespace
}  // namespace lastgood::network
