// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Ogg files are whole, and that every page is held to its checksum and to its place.
#include "formats/ogg/ogg_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ogg, k_ogg_format, "ogg", {});

TEST(OggWalker, names_each_page_that_was_changed_and_goes_on_behind_it) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/ogg/testdata/whole_vorbis.in");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::size_t second = view.find("OggS", 4);
  const std::size_t third = view.find("OggS", second + 4);
  bytes[second + 60] ^= 1;
  const WalkReport report = testing::walk_bytes(k_ogg_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].range.from, second);
  EXPECT_EQ(report.findings[0].range.to, third);
}

}  // namespace lastgood::formats
