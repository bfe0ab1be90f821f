// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that segments and indexes of real Borg repositories are whole, and that an entry's checksum is held to.
#include "formats/borg/borg_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

/// Repository indexes of the tool begin at 41 KB: this one has eight buckets, three of them in use.
std::vector<testing::Sample> small_index() {
  std::vector<std::uint8_t> bytes = {'B', 'O', 'R', 'G', '_', 'I', 'D', 'X', 3, 0, 0, 0, 8, 0, 0, 0, 32, 8};
  for (std::uint64_t i = 0; i < 8; ++i) {
    const bool used = i % 3 == 0;
    const std::vector<std::uint8_t> key = used ? testing::random_bytes(32, i + 1) : std::vector<std::uint8_t>(32, 0);
    bytes.insert(bytes.end(), key.begin(), key.end());
    bytes.insert(bytes.end(), 8, used ? std::uint8_t{1} : std::uint8_t{0xFF});
  }
  return {{.name = "index.3", .bytes = bytes}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(Borg, k_borg_format, "borg", {.made_whole = small_index});

TEST(BorgWalker, goes_on_behind_an_entry_whose_checksum_does_not_fit) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/borg/testdata/whole_unencrypted.in");
  bytes[60] ^= 1;
  const WalkReport report = testing::walk_bytes(k_borg_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().rule, "borg.crc");
  EXPECT_LT(report.findings.front().range.to, bytes.size());
}

TEST(BorgWalker, counts_the_buckets_in_use_against_the_header) {
  std::vector<std::uint8_t> bytes = small_index().front().bytes;
  bytes[8] = 4;
  EXPECT_EQ(testing::walk_bytes(k_borg_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
