// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that countries are read as libmaxminddb reads them, and that no broken file is used: made files are cut at
// every byte, changed at every bit, and built to lead in circles.
#include "network/mmdb.h"

#include <gtest/gtest.h>
#include <maxminddb.h>
#include <netinet/in.h>

#include <cstring>
#include <random>

#include "network/testing/made_mmdb.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::network {

namespace {

using testing::MadeMmdb;
using testing::make_mmdb;

const std::vector<std::pair<std::string, std::string>> k_blocks = {
    {"1.2.3.0/24", "HK"}, {"5.6.0.0/16", "CN"}, {"5.6.7.128/25", "IN"}, {"9.9.9.9", "US"}, {"128.0.0.0/1", "ZZ"}};

std::string country(const Mmdb& mmdb, const char* address) {
  const auto found = mmdb.find_country(*model::parse_ip(address));
  return found ? std::string(found->data(), 2) : "none";
}

base::Result<Mmdb> parse(const std::string& bytes) { return parse_mmdb(base::ByteView(bytes)); }

std::string country_by_library(const MMDB_s& library, const model::IpAddress& address) {
  sockaddr_storage peer{};
  if (address.is_v6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(peer);
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(peer);
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.bytes.data(), 4);
  }
  int error = 0;
  MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&library, reinterpret_cast<const sockaddr*>(&peer), &error);
  MMDB_entry_data_s value{};
  if (error != MMDB_SUCCESS || !result.found_entry ||
      MMDB_get_value(&result.entry, &value, "country_code", nullptr) != MMDB_SUCCESS || !value.has_data) {
    return {};
  }
  return {value.utf8_string, value.data_size};
}

}  // namespace

TEST(Mmdb, finds_countries_in_every_record_size_and_both_shapes) {
  for (const unsigned bits : {24U, 28U, 32U}) {
    for (const bool nested : {false, true}) {
      MadeMmdb wanted{.record_bits = bits, .ip_version = 6, .blocks = k_blocks, .nested = nested};
      wanted.blocks.emplace_back("2001:67c::/32", "DE");
      const auto mmdb = parse(make_mmdb(wanted));
      ASSERT_TRUE(mmdb.ok()) << mmdb.error().what;
      EXPECT_EQ(country(mmdb.value(), "1.2.3.4"), "HK");
      EXPECT_EQ(country(mmdb.value(), "1.2.4.4"), "none");
      EXPECT_EQ(country(mmdb.value(), "5.6.7.127"), "CN");
      EXPECT_EQ(country(mmdb.value(), "5.6.7.128"), "IN");
      EXPECT_EQ(country(mmdb.value(), "9.9.9.9"), "US");
      EXPECT_EQ(country(mmdb.value(), "9.9.9.8"), "none");
      EXPECT_EQ(country(mmdb.value(), "2001:67c::1"), "DE");
      EXPECT_EQ(mmdb.value().built_at_s(), 1'669'161'600);
    }
  }
}

TEST(Mmdb, says_nothing_where_a_set_names_no_country) {
  const auto mmdb = parse(make_mmdb({.blocks = k_blocks}));
  ASSERT_TRUE(mmdb.ok());
  EXPECT_EQ(country(mmdb.value(), "200.1.1.1"), "none") << "ZZ is no country";
}

TEST(Mmdb, knows_no_ipv6_in_a_file_for_ipv4) {
  const auto mmdb = parse(make_mmdb({.ip_version = 4, .blocks = k_blocks}));
  ASSERT_TRUE(mmdb.ok());
  EXPECT_EQ(country(mmdb.value(), "1.2.3.4"), "HK");
  EXPECT_EQ(country(mmdb.value(), "2001:67c::1"), "none");
}

TEST(Mmdb, says_what_the_reference_library_says) {
  std::mt19937 random(11);
  MadeMmdb wanted{.record_bits = 28, .ip_version = 6, .blocks = {}};
  constexpr std::array<const char*, 5> k_countries = {"IN", "HK", "CN", "US", "DE"};
  for (int i = 0; i < 300; ++i) {
    const auto bits = static_cast<unsigned>(8 + random() % 25);
    wanted.blocks.emplace_back(std::to_string(random() % 224) + "." + std::to_string(random() % 256) + "." +
                                   std::to_string(random() % 256) + "." + std::to_string(random() % 256) + "/" +
                                   std::to_string(bits),
                               k_countries.at(random() % 5));
  }
  const std::string bytes = make_mmdb(wanted);
  const auto ours = parse(bytes);
  ASSERT_TRUE(ours.ok()) << ours.error().what;
  const os::testing::ScratchFolder scratch;
  os::testing::write_file(scratch / "made.mmdb", bytes);
  MMDB_s library{};
  ASSERT_EQ(MMDB_open((scratch / "made.mmdb").c_str(), MMDB_MODE_MMAP, &library), MMDB_SUCCESS);
  std::size_t known = 0;
  for (int i = 0; i < 200'000; ++i) {
    model::IpAddress address;
    for (std::size_t byte = 0; byte < 4; ++byte) address.bytes.at(byte) = static_cast<std::uint8_t>(random());
    const auto found = ours.value().find_country(address);
    known += found ? 1U : 0U;
    ASSERT_EQ(found ? std::string(found->data(), 2) : "", country_by_library(library, address))
        << model::text_of(address);
  }
  MMDB_close(&library);
  EXPECT_GT(known, 1000U);
}

TEST(Mmdb, refuses_a_file_that_is_cut_anywhere) {
  const std::string whole = make_mmdb({.blocks = k_blocks});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto mmdb = parse(whole.substr(0, length));
    ASSERT_FALSE(mmdb.ok()) << length;
    EXPECT_EQ(mmdb.error().code, base::ErrorCode::damaged_container);
  }
  EXPECT_FALSE(parse(whole.substr(1)).ok());
}

TEST(Mmdb, survives_every_flipped_bit) {
  const std::string whole =
      make_mmdb({.ip_version = 4, .blocks = {{"1.0.0.0/8", "HK"}, {"64.0.0.0/2", "CN"}, {"1.2.0.0/15", "IN"}}});
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto mmdb = parse(flipped);
    refused += mmdb.ok() ? 0U : 1U;
    if (!mmdb.ok()) continue;  // another country, or another way: the file's digest is there to notice that
    for (const char* address : {"1.2.3.4", "5.6.7.130", "255.255.255.255", "0.0.0.0", "::1", "ffff::"})
      (void)country(mmdb.value(), address);
  }
  EXPECT_GT(refused, whole.size());
}

TEST(Mmdb, refuses_a_tree_that_leads_in_circles) {
  std::string bytes = make_mmdb({.record_bits = 32, .ip_version = 4, .blocks = {{"1.2.3.4", "HK"}}});
  // The 31st node leads back to the root instead of to the data.
  bytes.replace(31 * 8 + 0, 8, std::string(8, '\0'));
  const auto mmdb = parse(bytes);
  ASSERT_FALSE(mmdb.ok());
  EXPECT_NE(mmdb.error().what.find("deeper than 32 bits"), std::string::npos) << mmdb.error().what;
}

TEST(Mmdb, refuses_data_that_leads_in_circles_or_explodes) {
  // A value that is a map of two, both of which point at the map itself.
  const std::string whole = make_mmdb({.record_bits = 24, .ip_version = 4, .blocks = {{"0.0.0.0/1", "HK"}}});
  const std::size_t data = 6 + 16;
  std::string circle = whole;
  const std::string self = testing::made::map(2) + testing::made::text("a") + std::string("\x20\x00", 2) +
                           testing::made::text("b") + std::string("\x20\x00", 2);
  circle.replace(data, self.size(), self);
  EXPECT_FALSE(parse(circle).ok());
}

TEST(Mmdb, refuses_counts_beyond_the_file) {
  for (const std::uint64_t nodes : {std::uint64_t{2}, std::uint64_t{100'000}, std::uint64_t{0xffffffff}}) {
    std::string bytes = make_mmdb({.record_bits = 24, .ip_version = 4, .blocks = {{"0.0.0.0/1", "HK"}}});
    const std::string key = testing::made::text("node_count");
    const std::size_t at = bytes.find(key) + key.size();
    bytes.replace(at, 2, testing::made::number(6, nodes));
    EXPECT_FALSE(parse(bytes).ok()) << nodes;
  }
}

}  // namespace lastgood::network
