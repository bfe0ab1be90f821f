// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives of every tar dialect are whole, and that replaced headers are named and passed.
#include "formats/tar/tar_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Tar, k_tar_format, "tar", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/tar/testdata/") + name);
}
}  // namespace

TEST(TarWalker, names_a_replaced_header_and_goes_on_with_the_next_entry) {
  std::vector<std::uint8_t> bytes = sample("whole_gnu.in");
  const std::vector<std::uint8_t> noise = testing::random_bytes(512, 7);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 1536);
  const WalkReport report = testing::walk_bytes(k_tar_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].range.from, 1536U);
  EXPECT_LT(report.findings[0].range.to, bytes.size());
}

TEST(TarWalker, reads_an_archive_without_end_blocks) {
  std::vector<std::uint8_t> bytes = sample("whole_gnu.in");
  while (bytes.size() > 512 && bytes.back() == 0) bytes.pop_back();
  bytes.resize((bytes.size() + 511) / 512 * 512);
  const WalkReport report = testing::walk_bytes(k_tar_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

TEST(TarWalker, tells_a_hole_from_the_end) {
  std::vector<std::uint8_t> bytes = sample("whole_pax.in");
  const std::vector<std::uint8_t> second = sample("whole_python_pax_size.in");
  bytes.insert(bytes.end(), second.begin(), second.end());
  std::fill(bytes.begin() + 1024, bytes.begin() + 3072, std::uint8_t{0});
  const WalkReport report = testing::walk_bytes(k_tar_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "tar.hole");
  EXPECT_EQ(report.findings.front().range.from, 1024U);
}

TEST(TarWalker, reads_archives_that_follow_each_other) {
  std::vector<std::uint8_t> bytes = sample("whole_gnu.in");
  const std::vector<std::uint8_t> second = sample("whole_pax.in");
  bytes.insert(bytes.end(), second.begin(), second.end());
  const WalkReport report = testing::walk_bytes(k_tar_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

}  // namespace lastgood::formats
