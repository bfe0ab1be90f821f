// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives of several methods are whole, that headers and files are held to their checksums, and that
// encrypted archives are told from broken ones.
#include "formats/seven_zip/seven_zip_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(SevenZip, k_seven_zip_format, "seven_zip", {});

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/seven_zip/testdata/" + name);
}

}  // namespace

TEST(SevenZipWalker, notices_one_changed_bit_in_the_middle_of_the_packed_files) {
  std::vector<std::uint8_t> bytes = sample("whole_lzma.in");
  bytes[200] ^= 4;
  const WalkReport report = testing::walk_bytes(k_seven_zip_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "7z.folder");
  EXPECT_EQ(report.findings.front().range.from, 32U);
}

TEST(SevenZipWalker, tells_where_the_archive_ends_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = sample("whole_lzma2.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 32, 0xAB);
  EXPECT_EQ(testing::walk_bytes(k_seven_zip_format, bytes, model::Depth::quick).end_bytes, end);
}

TEST(SevenZipWalker, reaches_the_content_of_every_method_it_decodes) {
  for (const char* name : {"whole_lzma.in", "whole_lzma2.in", "whole_copy.in", "whole_filtered.in",
                           "whole_not_solid.in", "whole_deflate.in", "whole_bzip2.in"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(testing::walk_bytes(k_seven_zip_format, sample(name), model::Depth::full).reach, Reach::content);
  }
}

}  // namespace lastgood::formats
