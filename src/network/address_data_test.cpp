// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a folder of data sets says of each answer which set gave it, and that a set which was changed or is
// broken is left out and said, never used.
#include "network/address_data.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "network/testing/made_data.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::network {

namespace {

using os::testing::ScratchFolder;

model::IpAddress ip(const char* text) { return *model::parse_ip(text); }

}  // namespace

TEST(AddressData, says_what_each_set_says) {
  const ScratchFolder scratch;
  testing::make_data(scratch.path());
  const auto data = open_address_data(scratch.path());
  ASSERT_TRUE(data.ok()) << data.error().what;
  ASSERT_TRUE(data.value().troubles().empty()) << data.value().troubles().front().what;
  const AddressFacts facts = data.value().look_up(ip("1.2.3.4"), *base::parse_rfc3339("2022-11-23T01:30:00Z"));
  ASSERT_EQ(facts.countries.size(), 3U);
  EXPECT_EQ(facts.countries[0].country, "HK");
  EXPECT_EQ(facts.countries[1].country, "HK");
  EXPECT_EQ(facts.countries[2].country, "US");
  ASSERT_TRUE(facts.network);
  EXPECT_EQ(facts.network->number, 64500U);
  EXPECT_EQ(facts.network->name, "Example Cloud (HK), Limited");
  ASSERT_EQ(facts.classes.size(), 1U);
  EXPECT_EQ(facts.classes[0].kind, SetKind::hosting);
  EXPECT_EQ(facts.tor, TorAnswer::not_listed);
  EXPECT_EQ(data.value().look_up(ip("1.2.3.4"), 0).tor, TorAnswer::no_list);
  const AddressFacts nothing = data.value().look_up(ip("99.99.99.99"), 0);
  EXPECT_FALSE(nothing.network);
  EXPECT_FALSE(nothing.countries[0].country);
}

TEST(AddressData, leaves_out_a_set_that_was_changed_and_uses_the_others) {
  const ScratchFolder scratch;
  testing::make_data(scratch.path());
  std::string csv = os::testing::read_file(scratch / "asn.csv");
  csv[0] = '2';
  os::testing::write_file(scratch / "asn.csv", csv);
  const auto data = open_address_data(scratch.path());
  ASSERT_TRUE(data.ok());
  ASSERT_EQ(data.value().troubles().size(), 1U);
  EXPECT_NE(data.value().troubles()[0].what.find("asn.csv' is not what was installed"), std::string::npos);
  EXPECT_FALSE(data.value().has(SetKind::networks));
  EXPECT_FALSE(data.value().look_up(ip("1.2.3.4"), 0).network);
  EXPECT_EQ(data.value().look_up(ip("1.2.3.4"), 0).countries[0].country, "HK");
}

TEST(AddressData, leaves_out_a_set_that_is_gone) {
  const ScratchFolder scratch;
  testing::make_data(scratch.path());
  std::filesystem::remove(scratch / "registered.mmdb");
  const auto data = open_address_data(scratch.path());
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data.value().troubles().size(), 1U);
  EXPECT_FALSE(data.value().has(SetKind::country_registered));
}

TEST(AddressData, tells_no_folder_from_a_broken_one) {
  const ScratchFolder scratch;
  const auto none = open_address_data(scratch / "nowhere");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, base::ErrorCode::not_found);
  os::testing::write_file(scratch / "manifest.json", "{\"sets\":7}");
  const auto broken = open_address_data(scratch.path());
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, base::ErrorCode::damaged_container);
}

TEST(Manifest, refuses_what_leads_out_of_the_folder_or_lacks_a_licence) {
  const auto parse = [](const std::string& files, const std::string& licence, const std::string& date) {
    const std::string text = "{\"sets\":[{\"kind\":\"networks\",\"format\":\"csv\",\"name\":\"n\",\"licence\":\"" +
                             licence + "\",\"date\":\"" + date + "\",\"files\":[{\"path\":\"" + files +
                             "\",\"sha256\":\"" + std::string(64, 'a') + "\"}]}]}";
    return parse_manifest(base::ByteView(text)).ok();
  };
  EXPECT_TRUE(parse("a/b.csv", "MIT", "2022-11-23"));
  for (const char* path : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "./a"})
    EXPECT_FALSE(parse(path, "MIT", "2022-11-23")) << path;
  EXPECT_FALSE(parse("a", "", "2022-11-23"));
  EXPECT_FALSE(parse("a", "MIT", "2022-11-31"));
  EXPECT_FALSE(parse("a", "MIT", ""));
}

TEST(Manifest, survives_cuts_and_depth) {
  const ScratchFolder scratch;
  testing::make_data(scratch.path());
  const std::string whole = os::testing::read_file(scratch / "manifest.json");
  for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
    EXPECT_FALSE(parse_manifest(base::ByteView(std::string_view(whole).substr(0, length))).ok());
  }
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(parse_manifest(base::ByteView(deep)).ok());
}

}  // namespace lastgood::network
