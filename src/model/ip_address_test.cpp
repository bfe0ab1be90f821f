// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that addresses are read as the standards write them, and nothing else is taken for one.
#include "model/ip_address.h"

#include <gtest/gtest.h>

namespace lastgood::model {
namespace {

TEST(IpAddress, IsWrittenInOneWayHoweverItWasRead) {
  for (const auto& [read, written] : std::initializer_list<std::pair<const char*, const char*>>{
           {"192.0.2.1", "192.0.2.1"},
           {"0.0.0.0", "0.0.0.0"},
           {"255.255.255.255", "255.255.255.255"},
           {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
           {"FF01:0:0:0:0:0:0:101", "ff01::101"},
           {"0:0:0:0:0:0:0:1", "::1"},
           {"::", "::"},
           {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
           {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
           {"2001:db8::0:0:1", "2001:db8::1"},
           {"1::", "1::"},
           {"::ffff:192.0.2.128", "::ffff:192.0.2.128"},
           {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
           {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"}}) {
    const auto address = parse_ip(read);
    ASSERT_TRUE(address) << read;
    EXPECT_EQ(format_ip(*address), written);
  }
}

TEST(IpAddress, IsNothingThatOnlyLooksLikeOne) {
  for (const char* const text : {"",
                                 ".",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "256.1.1.1",
                                 "01.2.3.4",
                                 "1.2.3.4 ",
                                 "+1.2.3.4",
                                 "1..2.3",
                                 ":",
                                 ":::",
                                 "1:2:3:4:5:6:7",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1::2::3",
                                 "12345::",
                                 "g::",
                                 "1:2:3:4:5:6:7::8",
                                 "::1.2.3",
                                 "1.2.3.4::",
                                 "::1%eth0",
                                 "[::1]",
                                 "1:2:3:4:5:6:7:1.2.3.4"}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
}

TEST(IpBlock, HoldsTheAddressesThatShareItsBeginning) {
  const auto block = parse_ip_block("198.51.100.64/26");
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->contains(*parse_ip("198.51.100.64")));
  EXPECT_TRUE(block->contains(*parse_ip("198.51.100.127")));
  EXPECT_FALSE(block->contains(*parse_ip("198.51.100.128")));
  EXPECT_FALSE(block->contains(*parse_ip("::1")));
  EXPECT_TRUE(parse_ip_block("::/0")->contains(*parse_ip("2001:db8::1")));
  for (const char* const text :
       {"198.51.100.65/26", "198.51.100.0/33", "::/129", "::1/64", "1.2.3.4/", "/8", "1.2.3.4/08"})
    EXPECT_FALSE(parse_ip_block(text)) << text;
}

TEST(IpUse, IsWhatTheRegistriesSay) {
  for (const auto& [text, use] :
       std::initializer_list<std::pair<const char*, IpUse>>{{"8.8.8.8", IpUse::global},
                                                            {"10.1.2.3", IpUse::private_},
                                                            {"172.31.255.255", IpUse::private_},
                                                            {"172.32.0.0", IpUse::global},
                                                            {"100.64.0.1", IpUse::shared},
                                                            {"127.0.0.1", IpUse::loopback},
                                                            {"169.254.1.1", IpUse::link_local},
                                                            {"224.0.0.251", IpUse::multicast},
                                                            {"255.255.255.255", IpUse::reserved},
                                                            {"203.0.113.9", IpUse::documentation},
                                                            {"::1", IpUse::loopback},
                                                            {"fd00::1", IpUse::private_},
                                                            {"2606:4700::1", IpUse::global},
                                                            {"2001:db8::1", IpUse::documentation},
                                                            {"fe80::1", IpUse::link_local},
                                                            {"ff02::1", IpUse::multicast},
                                                            {"::ffff:10.0.0.1", IpUse::private_},
                                                            {"4000::1", IpUse::reserved}}) {
    EXPECT_EQ(use_of(*parse_ip(text)), use) << text;
  }
}

}  // namespace
}  // namespace lastgood::model
