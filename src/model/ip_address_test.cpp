// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that addresses are read in every form that mail servers print, printed in one form only, and scoped rightly.
#include "model/ip_address.h"

#include <gtest/gtest.h>

namespace lastgood::model {
namespace {

std::string again(std::string_view text) {
  const auto address = parse_ip(text);
  return address ? text_of(*address) : "none";
}

TEST(IpAddress, prints_one_form_for_every_form_read) {
  EXPECT_EQ(again("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(again("010.001.002.003"), "10.1.2.3");
  EXPECT_EQ(again("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(again("::ffff:c000:0201"), "192.0.2.1");
  EXPECT_EQ(again("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(again("2001:db8:0:1:0:0:0:1"), "2001:db8:0:1::1");
  EXPECT_EQ(again("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(again("fe80::859:d735:9964:608%6"), "fe80::859:d735:9964:608");
  EXPECT_EQ(again("::"), "::");
  EXPECT_EQ(again("::1"), "::1");
  EXPECT_EQ(again("1::"), "1::");
  EXPECT_EQ(again("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
  EXPECT_EQ(again("1:0:3:4:5:6:7:8"), "1:0:3:4:5:6:7:8");
}

TEST(IpAddress, refuses_what_is_none) {
  for (const char* text :
       {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "a.b.c.d", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3", "1:", "1.2.3.-4", "1.2.3.1000", "1:2:3:4:5:6:7::8:9"}) {
    EXPECT_EQ(again(text), "none") << text;
  }
}

TEST(IpAddress, knows_what_can_be_seen_on_the_internet) {
  const auto scope = [](std::string_view text) { return name_of(scope_of(*parse_ip(text))); };
  EXPECT_EQ(scope("8.8.8.8"), "global");
  EXPECT_EQ(scope("172.15.255.255"), "global");
  EXPECT_EQ(scope("172.16.0.0"), "private");
  EXPECT_EQ(scope("172.31.255.255"), "private");
  EXPECT_EQ(scope("172.32.0.0"), "global");
  EXPECT_EQ(scope("100.64.0.1"), "shared");
  EXPECT_EQ(scope("127.0.0.1"), "loopback");
  EXPECT_EQ(scope("203.0.113.9"), "documentation");
  EXPECT_EQ(scope("255.255.255.255"), "reserved");
  EXPECT_EQ(scope("2603:10b6::1"), "global");
  EXPECT_EQ(scope("fe80::1"), "link_local");
  EXPECT_EQ(scope("fd00::1"), "private");
  EXPECT_EQ(scope("2002:a05:6402::1"), "private");  // 6to4 of 10.5.100.2
  EXPECT_EQ(scope("2002:808:808::1"), "global");
  EXPECT_EQ(scope("4000::1"), "reserved");
}

TEST(IpBlock, holds_what_is_inside_and_nothing_else) {
  const auto holds = [](std::string_view block, std::string_view address) {
    return parse_ip_block(block)->contains(*parse_ip(address));
  };
  EXPECT_TRUE(holds("192.0.2.77/25", "192.0.2.127"));
  EXPECT_FALSE(holds("192.0.2.77/25", "192.0.2.128"));
  EXPECT_TRUE(holds("0.0.0.0/0", "255.1.1.1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(holds("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(parse_ip_block("192.0.2.0/33"));
  EXPECT_FALSE(parse_ip_block("192.0.2.0/"));
  EXPECT_FALSE(parse_ip_block("::/129"));
}

}  // namespace
}  // namespace lastgood::model
