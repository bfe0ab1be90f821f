// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that real indexes are whole and that their length is held to.
#include "formats/myisam/myisam_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Myisam, k_myisam_format, "myisam", {});

TEST(MyisamWalker, notices_an_index_cut_short) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/myisam/testdata/whole_empty.in");
  bytes.resize(bytes.size() - 1);
  EXPECT_EQ(testing::walk_bytes(k_myisam_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
