// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that movies, sound and pictures in boxes are whole, and that boxes, sample tables and samples are held to.
#include "formats/isobmff/isobmff_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/isobmff/testdata/") + name);
}

std::size_t find(const std::vector<std::uint8_t>& bytes, std::string_view what) {
  return base::ByteView(std::span<const std::uint8_t>(bytes)).find(what);
}

}  // namespace

LASTGOOD_WALKER_SUITE(Isobmff, k_isobmff_format, "isobmff", {});

TEST(IsobmffWalker, names_the_sample_whose_parts_do_not_add_up) {
  std::vector<std::uint8_t> bytes = sample("whole_avc.in");
  const std::size_t media = find(bytes, "mdat") + 4;
  bytes[media + 1] ^= 0x55;  // length of the first NAL unit
  const WalkReport report = testing::walk_bytes(k_isobmff_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "isobmff.sample");
  EXPECT_EQ(report.findings.front().range.from, media);
}

TEST(IsobmffWalker, notices_a_chunk_offset_that_points_outside_the_media_data) {
  std::vector<std::uint8_t> bytes = sample("whole_avc.in");
  bytes[find(bytes, "stco") + 12] ^= 0x40;
  const WalkReport report = testing::walk_bytes(k_isobmff_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "isobmff.chunk");
}

TEST(IsobmffWalker, finds_a_recording_without_movie_box_broken) {
  std::vector<std::uint8_t> bytes = sample("whole_avc.in");
  bytes.resize(find(bytes, "moov") - 4);
  EXPECT_EQ(testing::walk_bytes(k_isobmff_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
