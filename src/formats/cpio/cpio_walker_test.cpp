// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that cpio archives of every dialect, alone and as an initramfs, are whole, and that their sums are held to.
#include "formats/cpio/cpio_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(
    Cpio, k_cpio_format, "cpio",
    {.notices_footer = "an initramfs ends with a compressed archive, whose end standard depth does not look for"});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/cpio/testdata/") + name);
}
}  // namespace

TEST(CpioWalker, sees_data_whose_sum_does_not_fit) {
  std::vector<std::uint8_t> bytes = sample("whole_crc.in");
  bytes[300] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_cpio_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "cpio.sum");
}

TEST(CpioWalker, knows_the_end_of_an_initramfs_when_it_decodes_it) {
  const std::vector<std::uint8_t> bytes = sample("whole_initramfs.in");
  EXPECT_EQ(testing::walk_bytes(k_cpio_format, bytes, model::Depth::full).end_bytes, bytes.size());
  EXPECT_EQ(testing::walk_bytes(k_cpio_format, bytes, model::Depth::standard).end_bytes, std::nullopt);
}

}  // namespace lastgood::formats
