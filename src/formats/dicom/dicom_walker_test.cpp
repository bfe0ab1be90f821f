// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that DICOM objects in every transfer syntax are whole, and that foreign bytes in elements, fragments and
// pixels are found.
#include "formats/dicom/dicom_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/dicom/testdata/") + name);
}

}  // namespace

LASTGOOD_WALKER_SUITE(Dicom, k_dicom_format, "dicom", {});

TEST(DicomWalker, finds_foreign_cells_in_native_pixels_by_the_bits_above_the_stored_ones) {
  std::vector<std::uint8_t> bytes = sample("whole_ct_12_bits.in");
  const std::size_t at = bytes.size() - 2048;
  const std::vector<std::uint8_t> noise = testing::random_bytes(64, 5);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  const WalkReport report = testing::walk_bytes(k_dicom_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "dicom.pixels");
  EXPECT_LE(report.findings.front().range.from, at + 32);
  EXPECT_GE(report.findings.front().range.to, at + 32);
}

TEST(DicomWalker, tells_where_the_object_ends_when_bytes_follow_the_pixels) {
  std::vector<std::uint8_t> bytes = sample("whole_ct_12_bits.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 32, 0xAB);
  const WalkReport report = testing::walk_bytes(k_dicom_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(DicomWalker, reads_a_data_set_without_file_header) {
  std::vector<std::uint8_t> bytes = sample("whole_ct_12_bits.in");
  const std::size_t meta_bytes = 144 + bytes[140] + 256U * bytes[141];
  const std::vector<std::uint8_t> bare(bytes.begin() + static_cast<std::ptrdiff_t>(meta_bytes), bytes.end());
  EXPECT_EQ(testing::walk_bytes(k_dicom_format, bare, model::Depth::standard).shape, Shape::whole);
}

}  // namespace lastgood::formats
