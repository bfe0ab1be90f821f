// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that pages are held to the sum most of them carry. No file of a real server is at hand: one is built here.
#include "formats/ese/ese_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_page_bytes = 4096;
constexpr std::size_t k_pages = 12;

void put(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

Bytes database() {
  Bytes bytes((k_pages + 2) * k_page_bytes, 0);
  for (const std::size_t header : {std::size_t{0}, k_page_bytes}) {
    put(bytes, header + 4, 0x89ABCDEF);
    put(bytes, header + 8, 0x620);
    put(bytes, header + 236, k_page_bytes);
  }
  for (std::size_t number = 1; number <= k_pages; ++number) {
    const std::size_t from = (number + 1) * k_page_bytes;
    put(bytes, from + 4, static_cast<std::uint32_t>(number));
    for (std::size_t i = 40; i < 3000; ++i) bytes[from + i] = static_cast<std::uint8_t>('a' + (i + number) % 26);
    std::uint32_t sum = 0x89ABCDEF;
    for (std::size_t at = 4; at < k_page_bytes; at += 4)
      sum ^= base::ByteView(std::span<const std::uint8_t>(bytes)).le32(from + at);
    put(bytes, from, sum);
  }
  return bytes;
}

std::vector<testing::Sample> files() { return {{.name = "ntds.dit", .bytes = database()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Ese, k_ese_format, "ese", {.made_whole = files});

TEST(EseWalker, names_the_page_in_which_one_bit_changed) {
  Bytes bytes = database();
  bytes[5 * k_page_bytes + 1000] ^= 1;
  const WalkReport report = testing::walk_bytes(k_ese_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 5 * k_page_bytes, .to = 6 * k_page_bytes}));
}

}  // namespace lastgood::formats
