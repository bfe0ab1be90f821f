// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the innermost range decides, against a search of all ranges one by one, and that lines that are none
// refuse the whole table; that an exit list speaks for its own day only.
#include "network/range_table.h"

#include <gtest/gtest.h>

#include <random>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "network/tor_exits.h"

namespace lastgood::network {

namespace {

base::Status add(RangeTable& table, const std::string& csv) { return table.add_csv(base::ByteView(csv)); }
std::string network_at(const RangeTable& table, const char* address) {
  const auto found = table.find_network(*model::parse_ip(address));
  return found ? fmt::format("{} {}", found->number, found->name) : "none";
}

std::int64_t at(const char* text) { return *base::parse_rfc3339(text); }

}  // namespace

TEST(RangeTable, finds_who_announces_an_address) {
  RangeTable table;
  ASSERT_TRUE(add(table,
                  "1.0.0.0,1.0.0.255,13335,\"Cloudflare, \"\"Inc\"\".\"\r\n"
                  "2001:db8::,2001:db8::ffff,64500,Six\n"
                  "255.255.255.0,255.255.255.255,7,End")
                  .ok());
  table.finish();
  EXPECT_EQ(network_at(table, "1.0.0.0"), "13335 Cloudflare, \"Inc\".");
  EXPECT_EQ(network_at(table, "1.0.0.255"), "13335 Cloudflare, \"Inc\".");
  EXPECT_EQ(network_at(table, "1.0.1.0"), "none");
  EXPECT_EQ(network_at(table, "0.255.255.255"), "none");
  EXPECT_EQ(network_at(table, "255.255.255.255"), "7 End");
  EXPECT_EQ(network_at(table, "2001:db8::1234"), "64500 Six");
  EXPECT_EQ(network_at(table, "2001:db8::1:0"), "none");
}

TEST(RangeTable, agrees_with_a_search_of_all_ranges_that_lie_in_each_other) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    struct Range {
      std::uint32_t from, to, number;
    };
    // Blocks, as routing has them: one lies in another or beside it.
    std::vector<Range> ranges;
    std::string csv;
    for (std::uint32_t i = 0; i < 12; ++i) {
      const unsigned bits = random() % 9;  // of the last byte, up to all 256
      const std::uint32_t from = (random() % 256) >> bits << bits;
      const std::uint32_t to = from + (1U << bits) - 1;
      const bool twice =
          std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return r.from == from && r.to == to; });
      if (twice) continue;
      ranges.push_back({from, to, i + 1});
      csv += fmt::format("255.255.255.{},255.255.255.{},{},N\n", from, to, i + 1);
    }
    RangeTable table;
    ASSERT_TRUE(add(table, csv).ok());
    table.finish();
    for (std::uint32_t last = 0; last < 256; ++last) {
      const Range* best = nullptr;
      for (const Range& range : ranges) {
        if (range.from > last || range.to < last) continue;
        if (best == nullptr || range.to - range.from < best->to - best->from) best = &range;
      }
      const std::string address = fmt::format("255.255.255.{}", last);
      ASSERT_EQ(network_at(table, address.c_str()), best == nullptr ? "none" : fmt::format("{} N", best->number))
          << csv << address;
    }
  }
}

TEST(RangeTable, keeps_the_lower_number_where_two_announce_the_same) {
  RangeTable table;
  ASSERT_TRUE(add(table, "1.0.0.0,1.0.0.255,20,Twenty\n1.0.0.0,1.0.0.255,10,Ten\n").ok());
  table.finish();
  EXPECT_EQ(network_at(table, "1.0.0.1"), "10 Ten");
}

TEST(RangeTable, refuses_lines_that_are_no_range) {
  for (const char* line : {"x", "1.0.0.0", "1.0.0.0,1.0.0.255", "1.0.0.9,1.0.0.1,5,Back", "1.0.0.0,::1,5,Mixed",
                           "1.0.0.0,1.0.0.1,99999999999,Big", "1.0.0.0,1.0.0.1,-1,Less", "1.0.0.0,1.0.0.1,5x,Letter"}) {
    RangeTable table;
    const auto added = add(table, line);
    ASSERT_FALSE(added.ok()) << line;
    EXPECT_EQ(added.error().code, base::ErrorCode::damaged_container);
  }
  RangeTable table;
  EXPECT_FALSE(add(table, std::string(5000, '1')).ok());
}

TEST(RangeTable, reads_lists_of_blocks_that_lie_in_each_other) {
  RangeTable table;
  const std::string list = "# datacenters\n10.0.0.0/8\n10.1.0.0/16 # inner\n\n11.0.0.1\n2001:db8::/32\n";
  ASSERT_TRUE(table.add_blocks(base::ByteView(list)).ok());
  table.finish();
  EXPECT_TRUE(table.contains(*model::parse_ip("10.255.255.255")));
  EXPECT_TRUE(table.contains(*model::parse_ip("11.0.0.1")));
  EXPECT_FALSE(table.contains(*model::parse_ip("11.0.0.2")));
  EXPECT_TRUE(table.contains(*model::parse_ip("2001:db8:ffff::")));
  RangeTable broken;
  EXPECT_FALSE(broken.add_blocks(base::ByteView(std::string_view("10.0.0.0/33\n"))).ok());
}

TEST(TorExits, speaks_for_its_own_day_only) {
  TorExits exits;
  const std::string list =
      "@type tordnsel 1.0\nDownloaded 2022-11-23 07:02:00\nExitNode 00\nPublished 2022-11-22 19:19:54\n"
      "LastStatus 2022-11-23 06:00:00\nExitAddress 1.2.3.4 2022-11-23 06:10:41\n";
  ASSERT_TRUE(exits.add_lists(base::ByteView(list)).ok());
  const auto address = *model::parse_ip("1.2.3.4");
  EXPECT_EQ(exits.find(address, at("2022-11-23T23:59:59Z")), TorAnswer::listed);
  EXPECT_EQ(exits.find(*model::parse_ip("1.2.3.5"), at("2022-11-23T00:00:00Z")), TorAnswer::not_listed);
  EXPECT_EQ(exits.find(address, at("2022-11-24T00:00:00Z")), TorAnswer::no_list) << "another day";
  EXPECT_EQ(exits.find(address, 0), TorAnswer::no_list) << "an unknown time";
}

TEST(TorExits, refuses_lists_without_a_day) {
  for (const char* list :
       {"", "ExitAddress 1.2.3.4 2022-11-23 06:10:41\n", "Downloaded yesterday\n", "Downloaded 2022-13-23 07:02:00\n",
        "Downloaded 2022-11-23 07:02:00\nExitAddress nowhere\n"}) {
    TorExits exits;
    EXPECT_FALSE(exits.add_lists(base::ByteView(std::string_view(list))).ok()) << list;
  }
}

}  // namespace lastgood::network
