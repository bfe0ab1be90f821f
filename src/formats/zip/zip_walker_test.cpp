// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives by common tools are whole, that directory, headers and payloads are held to each other, and that
// members are still told good or bad when the directory is gone.
#include "formats/zip/zip_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Zip, k_zip_format, "zip", {});

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/zip/testdata/" + name);
}

bool says(const WalkReport& report, std::string_view rule, std::string_view part) {
  for (const model::Finding& finding : report.findings) {
    if (finding.rule == rule && finding.sentence.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST(ZipWalker, names_the_format_that_the_archive_is) {
  const auto kind = [](const std::string& name) {
    return testing::walk_bytes(k_zip_format, sample(name), model::Depth::standard).format;
  };
  EXPECT_EQ(kind("whole_minimal_docx.in"), "docx");
  EXPECT_EQ(kind("whole_minimal_odt.in"), "odt");
  EXPECT_EQ(kind("whole_minimal_epub.in"), "epub");
  EXPECT_EQ(kind("whole_minimal_jar.in"), "jar");
}

TEST(ZipWalker, names_members_that_still_check_when_the_directory_is_gone) {
  std::vector<std::uint8_t> bytes = sample("whole_three_members.in");
  bytes.resize(bytes.size() - 60);
  const WalkReport report = testing::walk_bytes(k_zip_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_TRUE(says(report, "zip.members", "3 members still fit their CRC-32"))
      << testing::describe(k_zip_format, report);
}

TEST(ZipWalker, names_the_range_of_the_one_member_whose_payload_changed) {
  std::vector<std::uint8_t> bytes = sample("whole_three_members.in");
  bytes[200] ^= 0x55;
  const WalkReport report = testing::walk_bytes(k_zip_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_FALSE(report.findings.empty());
  const model::Finding& finding = report.findings.front();
  EXPECT_EQ(finding.rule, "zip.member");
  EXPECT_LE(finding.range.from, 200U);
  EXPECT_GT(finding.range.to, 200U);
  EXPECT_LT(finding.range.to, bytes.size() / 2);
  EXPECT_TRUE(says(report, "zip.members", "3 of 3 members agree with the directory, 2 fit"));
}

TEST(ZipWalker, finds_an_archive_behind_a_stub) {
  std::vector<std::uint8_t> bytes = sample("whole_three_members.in");
  const std::string stub = "#!/bin/sh\nexec unzip \"$0\"\n";
  bytes.insert(bytes.begin(), stub.begin(), stub.end());
  const WalkReport report = testing::walk_bytes(k_zip_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.reach, Reach::content);
  EXPECT_TRUE(says(report, "zip.prefix", "26 bytes"));
}

TEST(ZipWalker, does_not_count_zeros_behind_the_archive_as_foreign) {
  std::vector<std::uint8_t> bytes = sample("whole_three_members.in");
  const std::size_t end = bytes.size();
  bytes.resize(end + 512);
  const WalkReport report = testing::walk_bytes(k_zip_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 512U);
}

}  // namespace lastgood::formats
