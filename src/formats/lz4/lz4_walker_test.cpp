// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that LZ4 files of both frame kinds are whole and that block sizes and checksums are held to.
#include "formats/lz4/lz4_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Lz4, k_lz4_format, "lz4", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/lz4/testdata/") + name);
}
}  // namespace

TEST(Lz4Walker, sees_a_content_checksum_that_does_not_fit) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  bytes.back() ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_lz4_format, bytes, model::Depth::standard).shape, Shape::broken);
}

TEST(Lz4Walker, reads_the_size_linux_appends_to_a_legacy_image) {
  std::vector<std::uint8_t> bytes = sample("whole_legacy.in");
  const std::vector<std::uint8_t> decoded_size = {0x28, 0x23, 0x00, 0x00};
  bytes.insert(bytes.end(), decoded_size.begin(), decoded_size.end());
  const WalkReport report = testing::walk_bytes(k_lz4_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

}  // namespace lastgood::formats
