// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that blocks are held to address, tail and sum. No file of a real server is at hand: one is built here.
#include "formats/oracle/oracle_walker.h"

#include <array>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_block_bytes = 8192;
constexpr std::size_t k_blocks = 8;

Bytes data_file() {
  Bytes bytes((k_blocks + 1) * k_block_bytes, 0);
  bytes[1] = 0xA2;
  bytes[21] = k_block_bytes >> 8;
  bytes[24] = k_blocks;
  for (std::size_t i = 0; i < 4; ++i) bytes[28 + i] = static_cast<std::uint8_t>(0x7D - i);
  for (std::size_t number = 1; number <= k_blocks; ++number) {
    std::uint8_t* const block = bytes.data() + number * k_block_bytes;
    block[0] = 6;
    block[1] = 0xA2;
    block[4] = static_cast<std::uint8_t>(number);
    block[6] = 0x40;
    block[8] = 0x34;
    block[9] = 0x12;
    block[14] = 1;
    block[15] = 4;
    std::fill(block + 100, block + 8000, static_cast<std::uint8_t>('a' + number));
    const std::array<std::uint8_t, 4> tail = {1, 6, 0x34, 0x12};
    std::copy(tail.begin(), tail.end(), block + k_block_bytes - 4);
    for (std::size_t i = 0; i < k_block_bytes; ++i) {
      if (i != 16 && i != 17) block[16 + i % 2] ^= block[i];
    }
  }
  return bytes;
}

std::vector<testing::Sample> files() { return {{.name = "users01.dbf", .bytes = data_file()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Oracle, k_oracle_format, "oracle", {.made_whole = files});

TEST(OracleWalker, names_the_replaced_block) {
  Bytes bytes = data_file();
  const Bytes noise = testing::random_bytes(k_block_bytes, 5);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 5 * k_block_bytes);
  const WalkReport report = testing::walk_bytes(k_oracle_format, bytes, model::Depth::quick, "users01.dbf");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 5 * k_block_bytes, .to = 6 * k_block_bytes}));
}

}  // namespace lastgood::formats
