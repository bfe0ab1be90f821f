// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a real control file is whole and that its checksum guards every field.
#include "formats/postgresql_control/postgresql_control_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(PostgresqlControl, k_postgresql_control_format, "postgresql_control", {});

TEST(PostgresqlControlWalker, notices_one_changed_bit_among_the_fields) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/postgresql_control/testdata/whole_fifteen.in");
  bytes[100] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_postgresql_control_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
