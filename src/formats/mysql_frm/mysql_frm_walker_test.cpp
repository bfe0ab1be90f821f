// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that definitions of tables and views are whole and that their length is held to.
#include "formats/mysql_frm/mysql_frm_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(MysqlFrm, k_mysql_frm_format, "mysql_frm", {});

TEST(MysqlFrmWalker, notices_a_definition_cut_short) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/mysql_frm/testdata/whole_table.in");
  bytes.resize(bytes.size() - 1);
  EXPECT_EQ(testing::walk_bytes(k_mysql_frm_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
