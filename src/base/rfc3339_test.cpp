// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that times are written in their one shape, before and after 1970, and that other shapes are refused.
#include "base/rfc3339.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace lastgood::base {

TEST(Rfc3339, writes_nine_digits_and_utc) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(format_rfc3339(1'669'187'220'000'000'007), "2022-11-23T07:07:00.000000007Z");
}

TEST(Rfc3339, counts_backwards_before_1970) {
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_rfc3339(INT64_MIN), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(format_rfc3339(INT64_MAX), "2262-04-11T23:47:16.854775807Z");
}

TEST(Rfc3339, knows_its_own_shape_only) {
  EXPECT_TRUE(is_rfc3339("2024-02-29T23:59:59.999999999Z"));
  EXPECT_FALSE(is_rfc3339("2023-02-29T23:59:59.999999999Z"));
  EXPECT_FALSE(is_rfc3339("2024-02-29T24:00:00.000000000Z"));
  EXPECT_FALSE(is_rfc3339("2024-02-29T23:59:60.000000000Z"));
  EXPECT_FALSE(is_rfc3339("0000-01-01T00:00:00.000000000Z"));
  EXPECT_FALSE(is_rfc3339("2024-02-29t23:59:59.999999999Z"));
  EXPECT_FALSE(is_rfc3339("2024-02-29T23:59:59Z"));
  EXPECT_FALSE(is_rfc3339("2024-02-29T23:59:59.99999999 Z"));
  EXPECT_FALSE(is_rfc3339(""));
}

TEST(Rfc3339, reads_fractions_and_zones_of_any_kind) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01Z"), 1'000'000'000);
  EXPECT_EQ(parse_rfc3339("2022-11-23T12:37:00.5+05:30"), parse_rfc3339("2022-11-23T07:07:00.500000000Z"));
  EXPECT_EQ(parse_rfc3339(format_rfc3339(1'669'187'220'123'456'789)), 1'669'187'220'123'456'789);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59Z"), INT64_MAX);
  for (const char* wrong : {"", "2022-11-23", "2022-11-31T00:00:00Z", "2022-11-23T24:00:00Z", "2022-11-23T07:07:00.Z",
                            "2022-11-23T07:07:00", "2022-11-23T07:07:00+5:30"})
    EXPECT_FALSE(parse_rfc3339(wrong)) << wrong;
}

}  // namespace lastgood::base
