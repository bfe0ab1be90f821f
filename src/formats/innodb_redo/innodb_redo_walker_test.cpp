// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that redo logs made of blocks and of a stream are whole and that a replaced block is named. No server of the
// block form is at hand: that log is built here from the published layout.
#include "formats/innodb_redo/innodb_redo_walker.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

void put_be32(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

void seal_block(std::vector<std::uint8_t>& bytes, std::size_t at) {
  put_be32(bytes, at + 508, base::crc32c(base::ByteView(std::span<const std::uint8_t>(bytes)).part(at, 508)));
}

/// Header, two checkpoints, eight written blocks and eight never written.
std::vector<std::uint8_t> block_log() {
  std::vector<std::uint8_t> bytes(2048 + 16 * 512, 0);
  put_be32(bytes, 0, 1);
  const std::string_view creator = "MySQL 5.7.44";
  std::copy(creator.begin(), creator.end(), bytes.begin() + 16);
  for (const std::size_t at : {std::size_t{0}, std::size_t{512}, std::size_t{1536}}) seal_block(bytes, at);
  for (std::uint32_t block = 0; block < 8; ++block) {
    const std::size_t at = 2048 + block * 512;
    put_be32(bytes, at, 17 + block);
    bytes[at + 4] = 2;  // data length 512
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 12,
              bytes.begin() + static_cast<std::ptrdiff_t>(at) + 508, static_cast<std::uint8_t>(block));
    seal_block(bytes, at);
  }
  return bytes;
}

/// Header and checkpoints of MariaDB's stream form; the records are left out.
std::vector<std::uint8_t> stream_log() {
  std::vector<std::uint8_t> bytes(12288 + 4096, 0);
  put_be32(bytes, 0, 0x50687973);
  bytes[14] = 0x30;
  const std::string_view creator = "MariaDB 10.11.19";
  std::copy(creator.begin(), creator.end(), bytes.begin() + 16);
  seal_block(bytes, 0);
  bytes[4096 + 7] = 1;
  put_be32(bytes, 4096 + 60, base::crc32c(base::ByteView(std::span<const std::uint8_t>(bytes)).part(4096, 60)));
  return bytes;
}

std::vector<testing::Sample> made_logs() {
  return {{.name = "ib_logfile0", .bytes = block_log()}, {.name = "ib_logfile0", .bytes = stream_log()}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(InnodbRedo, k_innodb_redo_format, "innodb_redo",
                      {.notices_footer = "the stream form does not say where it ends", .made_whole = made_logs});

TEST(InnodbRedoWalker, names_the_replaced_blocks) {
  std::vector<std::uint8_t> bytes = block_log();
  const std::vector<std::uint8_t> noise = testing::random_bytes(1000, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 4096);
  const WalkReport report = testing::walk_bytes(k_innodb_redo_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 4096, .to = 5120}));
}

}  // namespace lastgood::formats
