// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that logs with current and left-over frames are whole and that one changed bit breaks the frame it is in.
#include "formats/sqlite_wal/sqlite_wal_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(SqliteWal, k_sqlite_wal_format, "sqlite_wal", {});

TEST(SqliteWalWalker, names_the_frame_in_which_one_bit_changed) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/sqlite_wal/testdata/whole_two_frames.in");
  bytes[bytes.size() - 5] ^= 1;
  const WalkReport report = testing::walk_bytes(k_sqlite_wal_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().range.to, bytes.size());
}

}  // namespace lastgood::formats
