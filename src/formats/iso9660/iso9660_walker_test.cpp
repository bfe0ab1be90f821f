// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that images by common tools are whole, and that replaced descriptors, tables and records are seen. The images
// are mostly zeros and therefore stored as *.iso.gz.
#include "formats/iso9660/iso9660_walker.h"

#include <gtest/gtest.h>

#include "formats/codec/inflate_in_memory.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> image(const std::string& name) {
  const std::vector<std::uint8_t> packed =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/iso9660/testdata/" + name + ".iso.gz");
  const base::ByteView view{std::span<const std::uint8_t>(packed)};
  const Inflated inflated = inflate_in_memory(view, DeflateFrame::gzip, 1024 * 1024);
  EXPECT_EQ(inflated.end, DecodeEnd::complete) << name;
  return {inflated.made.begin(), inflated.made.end()};
}

std::vector<testing::Sample> images() {
  std::vector<testing::Sample> samples;
  for (const char* name : {"tiny", "small", "xo"}) samples.push_back({.name = name, .bytes = image(name)});
  return samples;
}

WalkReport walk_changed(std::size_t from, std::size_t count) {
  std::vector<std::uint8_t> bytes = image("small");
  const std::vector<std::uint8_t> noise = testing::random_bytes(count, 5);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(from));
  return testing::walk_bytes(k_iso9660_format, bytes, model::Depth::standard);
}

}  // namespace

LASTGOOD_WALKER_SUITE(Iso9660, k_iso9660_format, "iso9660",
                      {.notices_head = "the system area may hold anything", .made_whole = images});

TEST(Iso9660Walker, names_the_block_of_a_directory_that_was_replaced) {
  const std::vector<std::uint8_t> bytes = image("small");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::size_t root = std::size_t{view.le32(16 * 2048 + 156 + 2)} * 2048;
  const WalkReport report = walk_changed(root, 2048);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "iso9660.record");
  EXPECT_EQ(report.findings.front().range.from, root);
}

TEST(Iso9660Walker, sees_a_replaced_path_table) {
  const std::vector<std::uint8_t> bytes = image("small");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const WalkReport report = walk_changed(std::size_t{view.le32(16 * 2048 + 140)} * 2048, 64);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "iso9660.path-table");
}

TEST(Iso9660Walker, refuses_a_path_table_outside_the_volume) {
  std::vector<std::uint8_t> bytes = image("tiny");
  bytes[16 * 2048 + 143] = 0x7F;
  const WalkReport report = testing::walk_bytes(k_iso9660_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "iso9660.descriptors");
}

TEST(Iso9660Walker, says_what_it_checked) {
  const WalkReport report = testing::walk_bytes(k_iso9660_format, image("small"), model::Depth::standard);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().sentence,
            "3 descriptors, 3 directories and 10 records hold in a volume of 83968 bytes");
  EXPECT_EQ(report.end_bytes, 83968U);
}

}  // namespace lastgood::formats
