// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the event is one that MISP takes: numbers are texts, identifiers stand once, pairs of category and type
// are allowed, and only what is sure may alert. The official schema is held against it by tools/check_exports.py.
#include "exports/write_misp.h"

#include <gtest/gtest.h>

#include <set>

#include <nlohmann/json.hpp>

#include "exports/misp_types.h"
#include "exports/testing/made_case.h"
#include "exports/uuid.h"

namespace lastgood::exports {

namespace {

using nlohmann::json;

void expect_no_numbers(const json& value, const std::string& at) {
  EXPECT_FALSE(value.is_number()) << at;
  EXPECT_FALSE(value.is_null()) << at;
  if (value.is_object())
    for (const auto& [name, item] : value.items()) expect_no_numbers(item, at + "/" + name);
  if (value.is_array())
    for (const json& item : value) expect_no_numbers(item, at);
}

void expect_attribute(const json& attribute, std::set<std::string>& uuids) {
  EXPECT_TRUE(is_misp_pair(attribute["category"].get<std::string>(), attribute["type"].get<std::string>()));
  EXPECT_FALSE(attribute["value"].get<std::string>().empty());
  EXPECT_TRUE(uuids.insert(attribute["uuid"].get<std::string>()).second);
  EXPECT_TRUE(parse_uuid(attribute["uuid"].get<std::string>()));
}

TEST(Misp, every_made_case_is_an_event_that_misp_takes) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const ExportInput input = testing::make_case(seed);
    const Exported made = write_misp(input);
    EXPECT_EQ(made.bytes, write_misp(input).bytes);
    const json event = json::parse(made.bytes)["Event"];
    expect_no_numbers(event, "");
    std::set<std::string> uuids = {event["uuid"].get<std::string>()};
    for (const json& attribute : event["Attribute"]) expect_attribute(attribute, uuids);
    for (const json& object : event["Object"]) {
      EXPECT_TRUE(uuids.insert(object["uuid"].get<std::string>()).second);
      EXPECT_FALSE(object["Attribute"].empty());
      for (const json& attribute : object["Attribute"]) {
        expect_attribute(attribute, uuids);
        EXPECT_TRUE(attribute.contains("object_relation"));
      }
    }
    EXPECT_EQ(event["Tag"][0]["name"], "tlp:" + std::string(small_name_of(input.tlp)));
  }
}

TEST(Misp, a_claim_does_not_alert_and_own_names_stay) {
  const Exported made = write_misp(testing::make_bak9_case());
  const json event = json::parse(made.bytes)["Event"];
  for (const json& attribute : event["Attribute"]) {
    const std::string value = attribute["value"];
    EXPECT_EQ(attribute["to_ids"], value != "192.88.99.1") << value;
    EXPECT_NE(value, "vendor@shop.example");
  }
  EXPECT_EQ(event["Attribute"].size(), 4U);
  EXPECT_EQ(event["distribution"], "0") << "AMBER+STRICT goes no further than this organisation";
  for (const std::string_view own : {"hims1", "Asha", "/srv", "mx.hospital", "Dr Rao"})
    EXPECT_EQ(made.bytes.find(own), std::string::npos) << own;
}

}  // namespace

}  // namespace lastgood::exports
