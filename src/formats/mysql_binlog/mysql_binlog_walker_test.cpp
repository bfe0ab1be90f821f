// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that real binary logs, with and without sums, are whole and that a changed event is named.
#include "formats/mysql_binlog/mysql_binlog_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(MysqlBinlog, k_mysql_binlog_format, "mysql_binlog", {});

TEST(MysqlBinlogWalker, names_the_event_in_which_one_bit_changed) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/mysql_binlog/testdata/whole_sums.in");
  bytes[bytes.size() - 10] ^= 1;
  const WalkReport report = testing::walk_bytes(k_mysql_binlog_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].rule, "mysql-binlog.crc");
}

}  // namespace lastgood::formats
