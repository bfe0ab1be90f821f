// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that catalogues by msgfmt, in both byte orders, are whole, and that a string without its NUL is named.
#include "formats/gettext/gettext_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Gettext, k_gettext_format, "gettext", {});

TEST(GettextWalker, names_the_string_that_lost_its_end) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/gettext/testdata/whole_little_endian.in");
  bytes.back() = 'x';
  const WalkReport report = testing::walk_bytes(k_gettext_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "gettext.string");
  EXPECT_EQ(report.findings.back().range.to, bytes.size());
}

TEST(GettextWalker, tells_where_the_last_string_ends) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/gettext/testdata/whole_little_endian.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 32, 0xAB);
  EXPECT_EQ(testing::walk_bytes(k_gettext_format, bytes, model::Depth::quick).end_bytes, end);
}

}  // namespace lastgood::formats
