// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that blocks of both forms are held to their checksums and tile the archive. The samples were put together by
// hand from the technotes: no tool that writes RAR is free.
#include "formats/rar/rar_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Rar, k_rar_format, "rar", {});

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/rar/testdata/" + name);
}

}  // namespace

TEST(RarWalker, names_the_stored_file_that_does_not_fit_its_checksum) {
  for (const char* name : {"whole_old_stored.in", "whole_new_stored.in"}) {
    SCOPED_TRACE(name);
    std::vector<std::uint8_t> bytes = sample(name);
    bytes[150] ^= 1;
    const WalkReport report = testing::walk_bytes(k_rar_format, bytes, model::Depth::standard);
    ASSERT_EQ(report.shape, Shape::broken);
    EXPECT_EQ(report.findings.front().rule, "rar.file");
    EXPECT_LT(report.findings.front().range.from, 150U);
    EXPECT_LT(report.findings.front().range.to, bytes.size());
  }
}

TEST(RarWalker, tells_where_the_archive_ends_when_bytes_follow) {
  for (const char* name : {"whole_old_stored.in", "whole_new_stored.in"}) {
    SCOPED_TRACE(name);
    std::vector<std::uint8_t> bytes = sample(name);
    const std::size_t end = bytes.size();
    bytes.insert(bytes.end(), 38, 0x11);
    EXPECT_EQ(testing::walk_bytes(k_rar_format, bytes, model::Depth::standard).end_bytes, end);
  }
}

TEST(RarWalker, does_not_ask_archives_before_rar_3_for_an_end_block) {
  EXPECT_EQ(testing::walk_bytes(k_rar_format, sample("whole_old_no_end.in"), model::Depth::standard).shape,
            Shape::whole);
}

}  // namespace lastgood::formats
