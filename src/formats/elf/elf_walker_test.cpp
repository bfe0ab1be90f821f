// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that objects, libraries and debug files by common tools are whole, and that tables are held to the file's
// size.
#include "formats/elf/elf_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Elf, k_elf_format, "elf", {});

namespace {
std::vector<std::uint8_t> object() {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/elf/testdata/whole_object.in");
}
}  // namespace

TEST(ElfWalker, finds_a_cut_object_broken_by_its_section_table) {
  const std::vector<std::uint8_t> whole = object();
  const std::vector<std::uint8_t> bytes(whole.begin(), whole.end() - 10);
  const WalkReport report = testing::walk_bytes(k_elf_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "elf.tables");
}

TEST(ElfWalker, notices_encryption_from_byte_80_on_with_the_header_left_plain) {
  std::vector<std::uint8_t> bytes = object();
  const std::vector<std::uint8_t> noise = testing::random_bytes(bytes.size(), 7);
  for (std::size_t i = 0x50; i < bytes.size(); ++i) bytes[i] = noise[i];
  EXPECT_EQ(testing::walk_bytes(k_elf_format, bytes, model::Depth::quick).shape, Shape::broken);
}

TEST(ElfWalker, allows_a_module_signature_and_no_other_footer) {
  std::vector<std::uint8_t> bytes = object();
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0xA5);
  const std::vector<std::uint8_t> record = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 100};
  bytes.insert(bytes.end(), record.begin(), record.end());
  const std::string mark = "~Module signature appended~\n";
  bytes.insert(bytes.end(), mark.begin(), mark.end());
  WalkReport report = testing::walk_bytes(k_elf_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, bytes.size() - end);
  bytes.back() = 'x';
  report = testing::walk_bytes(k_elf_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(ElfWalker, holds_every_table_of_an_object_to_what_it_points_at) {
  const std::vector<std::uint8_t> bytes = object();
  const WalkReport before = testing::walk_bytes(k_elf_format, bytes, model::Depth::standard);
  ASSERT_EQ(before.shape, Shape::whole);
  for (const model::Region& region : before.regions) {
    if (region.kind != model::RegionKind::structured || region.range.length() < 96 || region.range.from < 64) continue;
    std::vector<std::uint8_t> changed = bytes;
    for (std::uint64_t at = region.range.from + 32; at < region.range.from + 96; ++at) changed[at] = 0xEE;
    EXPECT_EQ(testing::walk_bytes(k_elf_format, changed, model::Depth::standard).shape, Shape::broken)
        << region.range.from;
  }
}

}  // namespace lastgood::formats
