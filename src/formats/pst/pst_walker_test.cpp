// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that stores are whole and that pages and blocks which were replaced are named. The smallest store a mail
// program writes has 265 KiB of mostly nothing: it is built here from [MS-PST].
#include "formats/pst/pst_walker.h"

#include <gtest/gtest.h>

#include "formats/pst/pst_layout.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_map_at = 0x4400;
constexpr std::size_t k_nodes_at = 0x4C00;
constexpr std::size_t k_blocks_at = 0x4E00;
constexpr std::size_t k_block_at = 0x5000;
constexpr std::size_t k_block_bytes = 100;

void put(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint32_t sum(const Bytes& bytes, std::size_t at, std::size_t count) {
  return pst_sum(base::ByteView(std::span<const std::uint8_t>(bytes)).part(at, count));
}

std::uint64_t signature(std::uint64_t at, std::uint64_t id) { return ((at ^ id) >> 16 ^ (at ^ id)) & 0xFFFF; }

void seal_page(Bytes& bytes, std::size_t at, std::uint8_t type, std::uint64_t id) {
  bytes[at + 496] = bytes[at + 497] = type;
  if (type != 0x84) put(bytes, at + 498, signature(at, id), 2);
  put(bytes, at + 500, sum(bytes, at, 496), 4);
  put(bytes, at + 504, id, 8);
}

Bytes small_store() {
  Bytes bytes(271360, 0);
  std::fill_n(bytes.begin() + k_map_at, 40, std::uint8_t{0xFF});
  seal_page(bytes, k_map_at, 0x84, k_map_at);
  put(bytes, k_nodes_at + 488, 0x0020'0F00, 4);  // no entry, room for 15 of 32 bytes, level 0
  seal_page(bytes, k_nodes_at, 0x81, 6);
  put(bytes, k_blocks_at, 4, 8);  // block 4 ...
  put(bytes, k_blocks_at + 8, k_block_at, 8);
  put(bytes, k_blocks_at + 16, k_block_bytes, 2);
  put(bytes, k_blocks_at + 488, 0x0018'1401, 4);  // ... is the one entry of 24 bytes
  seal_page(bytes, k_blocks_at, 0x80, 8);
  for (std::size_t i = 0; i < k_block_bytes; ++i) bytes[k_block_at + i] = static_cast<std::uint8_t>('a' + i % 26);
  const std::size_t trailer = k_block_at + 128 - 16;
  put(bytes, trailer, k_block_bytes, 2);
  put(bytes, trailer + 2, signature(k_block_at, 4), 2);
  put(bytes, trailer + 4, sum(bytes, k_block_at, k_block_bytes), 4);
  put(bytes, trailer + 8, 4, 8);
  const std::string_view magic = "!BDN";
  std::copy(magic.begin(), magic.end(), bytes.begin());
  put(bytes, 8, 0x17'4D53, 4);  // "SM", version 23
  put(bytes, 184, bytes.size(), 8);
  put(bytes, 224, k_nodes_at, 8);
  put(bytes, 240, k_blocks_at, 8);
  put(bytes, 4, sum(bytes, 8, 471), 4);
  put(bytes, 524, sum(bytes, 8, 516), 4);
  return bytes;
}

std::vector<testing::Sample> stores() { return {{.name = "archive.pst", .bytes = small_store()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Pst, k_pst_format, "pst", {.made_whole = stores});

TEST(PstWalker, names_the_block_in_which_one_bit_changed) {
  Bytes bytes = small_store();
  bytes[k_block_at + 50] ^= 1;
  const WalkReport report = testing::walk_bytes(k_pst_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = k_block_at, .to = k_block_at + 128}));
}

TEST(PstWalker, notices_a_replaced_allocation_map_at_quick_depth) {
  Bytes bytes = small_store();
  const Bytes noise = testing::random_bytes(4096, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + k_map_at);
  EXPECT_EQ(testing::walk_bytes(k_pst_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
