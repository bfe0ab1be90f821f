// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the checker can fail: each rule is broken once in a bundle that is whole, and is named.
#include "exports/stix_checker.h"

#include <gtest/gtest.h>

#include <functional>

#include "exports/testing/made_case.h"
#include "exports/write_stix.h"

namespace lastgood::exports {

namespace {

using nlohmann::ordered_json;

ordered_json whole_bundle() { return ordered_json::parse(write_stix(testing::make_bak9_case()).bytes); }

ordered_json& first(ordered_json& bundle, const std::string& type) {
  for (ordered_json& object : bundle["objects"])
    if (object["type"] == type) return object;
  ADD_FAILURE() << "no " << type;
  return bundle;
}

/// The rules that are broken, each once.
std::string broken_by(const std::function<void(ordered_json&)>& change) {
  ordered_json bundle = whole_bundle();
  change(bundle);
  std::string rules;
  for (const std::string& fault : check_stix_bundle(bundle.dump())) {
    const std::string rule = fault.substr(0, fault.find(':'));
    if (rules.find(rule) == std::string::npos) rules += (rules.empty() ? "" : " ") + rule;
  }
  return rules;
}

TEST(StixChecker, a_whole_bundle_has_no_faults) {
  EXPECT_EQ(broken_by([](ordered_json&) {}), "");
}

TEST(StixChecker, each_rule_is_noticed) {
  const auto in = [](const std::string& type, const std::function<void(ordered_json&)>& change) {
    return broken_by([&](ordered_json& bundle) { change(first(bundle, type)); });
  };
  EXPECT_EQ(in("malware", [](auto& o) { o.erase("is_family"); }), "stix.required");
  EXPECT_EQ(in("identity", [](auto& o) { o.erase("name"); }), "stix.required");
  EXPECT_EQ(in("note", [](auto& o) { o["x_mine"] = "x"; }), "stix.custom");
  EXPECT_EQ(in("note", [](auto& o) { o["type"] = "opinion"; }), "stix.type stix.id");
  EXPECT_EQ(in("note", [](auto& o) { o["created"] = "2022-11-23T01:37:00Z"; }), "stix.time");
  EXPECT_EQ(in("note", [](auto& o) { o["created"] = "2022-11-23T01:37:00.000+00:00"; }), "stix.time");
  EXPECT_EQ(in("note", [](auto& o) { o["created"] = "2022-13-23T01:37:00.000Z"; }), "stix.time");
  EXPECT_EQ(in("note", [](auto& o) { o["created"] = "2100-01-01T00:00:00.000Z"; }), "stix.order");
  EXPECT_EQ(in("note", [](auto& o) { o["confidence"] = 101; }), "stix.range");
  EXPECT_EQ(in("note", [](auto& o) { o["confidence"] = "high"; }), "stix.range");
  EXPECT_EQ(in("note", [](auto& o) { o["object_refs"] = ordered_json::array(); }), "stix.empty");
  EXPECT_EQ(in("note", [](auto& o) { o["object_refs"] = "x"; }), "stix.reference");
  EXPECT_EQ(in("note", [](auto& o) { o["object_refs"] = {"incident--00000000-0000-5000-8000-000000000000"}; }),
            "stix.reference");
  EXPECT_EQ(in("note", [](auto& o) { o["content"] = nullptr; }), "stix.null");
  EXPECT_EQ(in("note", [](auto& o) { o["spec_version"] = "2.0"; }), "stix.version");
  EXPECT_EQ(in("indicator", [](auto& o) { o["pattern"] = "[file:name = 'x"; }), "stix.pattern");
  EXPECT_EQ(in("indicator", [](auto& o) { o["pattern_type"] = "regex"; }), "stix.vocabulary");
  EXPECT_EQ(in("indicator", [](auto& o) { o["valid_until"] = o["valid_from"]; }), "stix.order");
  EXPECT_EQ(in("observed-data", [](auto& o) { o["number_observed"] = 0; }), "stix.range");
  EXPECT_EQ(in("observed-data", [](auto& o) { o["last_observed"] = "1999-01-01T00:00:00Z"; }), "stix.order");
  EXPECT_EQ(in("email-addr", [](auto& o) { o["value"] = "other@mail.example"; }), "stix.id");
  EXPECT_EQ(in("file", [](auto& o) { o["hashes"]["SHA-256"] = "abc"; }), "stix.id stix.hashes");
  EXPECT_EQ(in("file",
               [](auto& o) {
                 o.erase("hashes");
                 o.erase("name");
               }),
            "stix.required stix.id");
  EXPECT_EQ(in("incident", [](auto& o) { o["extensions"].begin().value().erase("determination"); }), "stix.extension");
  EXPECT_EQ(in("incident", [](auto& o) { o["extensions"]["mine"] = {{"a", 1}}; }), "stix.extension");
  EXPECT_EQ(in("event", [](auto& o) { o["extensions"] = ordered_json::object(); }), "stix.extension");
  EXPECT_EQ(in("relationship", [](auto& o) { o["source_ref"] = o["id"]; }), "stix.relationship");
  EXPECT_EQ(in("sighting", [](auto& o) { o["sighting_of_ref"] = o["id"]; }), "stix.sighting");
}

TEST(StixChecker, what_stands_twice_is_noticed) {
  EXPECT_EQ(broken_by([](ordered_json& bundle) {
              const ordered_json again = bundle["objects"][0];
              bundle["objects"].push_back(again);
            }),
            "stix.twice");
  EXPECT_EQ(broken_by([](ordered_json& bundle) {
              ordered_json other = first(bundle, "note");
              const std::string uuid = first(bundle, "incident")["id"].get<std::string>().substr(10);
              other["id"] = "note--" + uuid;
              bundle["objects"].push_back(other);
            }),
            "stix.twice")
      << "two types share a UUID";
}

TEST(StixChecker, any_bytes_are_answered) {
  for (const std::string_view text : {"", "{", "[]", "{}", "null", R"({"type":"bundle"})", R"({"objects":[1,null,[]]})",
                                      R"({"type":"bundle","id":"bundle--x","objects":[{"type":5,"id":[]}]})"})
    EXPECT_FALSE(check_stix_bundle(text).empty()) << text;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_FALSE(check_stix_bundle(deep).empty());
  EXPECT_FALSE(check_stix_bundle(R"({"type":"bundle","id":"b","objects":[{"a":)" + deep + "}]}").empty());
  std::string many = R"({"type":"bundle","id":"b","objects":[0)";
  for (int i = 0; i < 1000; ++i) many += ",0";
  EXPECT_LE(check_stix_bundle(many + "]}").size(), k_stix_faults_max + 1);
  const std::string whole = write_stix(testing::make_bak9_case()).bytes;
  for (std::size_t cut = 0; cut < whole.size(); cut += 97)
    EXPECT_FALSE(check_stix_bundle(whole.substr(0, cut)).empty());
}

}  // namespace

}  // namespace lastgood::exports
