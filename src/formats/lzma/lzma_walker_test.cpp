// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that .lzma files with and without a stored size decode to their end.
#include "formats/lzma/lzma_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Lzma, k_lzma_format, "lzma", {});

TEST(LzmaWalker, tells_the_end_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/lzma/testdata/whole_text.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0x41);
  EXPECT_EQ(testing::walk_bytes(k_lzma_format, bytes, model::Depth::full).end_bytes, end);
}

}  // namespace lastgood::formats
