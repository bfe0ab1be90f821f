// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that JPEG files of all common processes are whole, and that foreign bytes in scans are found: by the byte
// rule, and by decoding where cells hold no 0xFF at all.
#include "formats/jpeg/jpeg_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/jpeg/testdata/") + name);
}

/// Writes a cell of `count` foreign bytes without 0xFF at `at`.
void overwrite_quietly(std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t count, std::uint64_t seed) {
  const std::vector<std::uint8_t> noise = testing::random_bytes(count, seed);
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = noise[i] == 0xFF ? std::uint8_t{0x5A} : noise[i];
}

}  // namespace

LASTGOOD_WALKER_SUITE(Jpeg, k_jpeg_format, "jpeg", {});

TEST(JpegWalker, decodes_every_process_at_full_depth) {
  for (const char* name : {"whole_baseline.in", "whole_progressive.in", "whole_restart.in", "whole_grey.in"}) {
    SCOPED_TRACE(name);
    const WalkReport report = testing::walk_bytes(k_jpeg_format, sample(name), model::Depth::full);
    EXPECT_EQ(report.shape, Shape::whole);
    EXPECT_EQ(report.reach, Reach::content);
  }
}

TEST(JpegWalker, finds_cells_of_64_bytes_without_a_marker_byte_by_decoding) {
  for (const char* name : {"whole_baseline.in", "whole_progressive.in", "whole_restart.in", "whole_grey.in"}) {
    SCOPED_TRACE(name);
    const std::vector<std::uint8_t> good = sample(name);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      std::vector<std::uint8_t> bytes = good;
      for (std::size_t at = bytes.size() / 3; at + 512 < bytes.size(); at += 192)
        overwrite_quietly(bytes, at, 64, seed + at);
      EXPECT_EQ(testing::walk_bytes(k_jpeg_format, bytes, model::Depth::full).shape, Shape::broken) << seed;
    }
  }
}

TEST(JpegWalker, names_the_restart_intervals_that_do_not_decode) {
  std::vector<std::uint8_t> bytes = sample("whole_restart.in");
  const std::size_t at = bytes.size() * 3 / 4;
  overwrite_quietly(bytes, at, 64, 7);
  const WalkReport report = testing::walk_bytes(k_jpeg_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_LE(report.findings.front().range.from, at + 64);
  EXPECT_GT(report.findings.front().range.to, at);
  EXPECT_LT(report.findings.front().range.length(), bytes.size() / 2);
}

TEST(JpegWalker, walks_the_second_picture_behind_the_first) {
  std::vector<std::uint8_t> bytes = sample("whole_baseline.in");
  const std::vector<std::uint8_t> second = sample("whole_grey.in");
  bytes.insert(bytes.end(), second.begin(), second.end());
  const WalkReport report = testing::walk_bytes(k_jpeg_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

TEST(JpegWalker, takes_a_complete_scan_without_end_marker_for_whole) {
  std::vector<std::uint8_t> bytes = sample("whole_baseline.in");
  bytes.resize(bytes.size() - 2);
  EXPECT_EQ(testing::walk_bytes(k_jpeg_format, bytes, model::Depth::standard).shape, Shape::whole);
  bytes.resize(bytes.size() - 200);
  EXPECT_EQ(testing::walk_bytes(k_jpeg_format, bytes, model::Depth::standard).shape, Shape::broken);
}

TEST(JpegWalker, allows_filling_behind_the_end_marker_and_nothing_else) {
  std::vector<std::uint8_t> bytes = sample("whole_grey.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0);
  WalkReport report = testing::walk_bytes(k_jpeg_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 100U);
  bytes.back() = 0x41;
  report = testing::walk_bytes(k_jpeg_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

}  // namespace lastgood::formats
