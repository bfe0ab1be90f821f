// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that programs by two linkers are whole, and that sections, checksums, kernels and appended payloads are told.
#include "formats/pe/pe_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

void put32(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// A kernel image without PE header: one setup sector, then a payload that begins as a gzip stream.
std::vector<std::uint8_t> kernel() {
  std::vector<std::uint8_t> bytes(1024 + 4096, 0);
  bytes[497] = 1;
  put32(bytes, 500, 4096 / 16);
  bytes[510] = 0x55;
  bytes[511] = 0xAA;
  put32(bytes, 514, 0x53726448);  // "HdrS"
  bytes[518] = 0x08;
  bytes[519] = 0x02;
  put32(bytes, 584, 256);
  put32(bytes, 588, 2048);
  bytes[1024 + 256] = 0x1F;
  bytes[1024 + 257] = 0x8B;
  bytes[1024 + 258] = 0x08;
  return bytes;
}

}  // namespace

LASTGOOD_WALKER_SUITE(Pe, k_pe_format, "pe", {});

TEST(PeWalker, proves_a_program_by_its_checksum) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/pe/testdata/whole_with_symbols.in");
  EXPECT_EQ(testing::walk_bytes(k_pe_format, bytes, model::Depth::standard).reach, Reach::content);
  bytes[bytes.size() - 100] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_pe_format, bytes, model::Depth::standard).reach, Reach::frame);
}

TEST(PeWalker, allows_an_installers_archive_and_no_other_footer) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/pe/testdata/whole_64.in");
  const std::size_t end = bytes.size();
  const std::vector<std::uint8_t> archive = {'7', 'z', 0xBC, 0xAF, 0x27, 0x1C};
  bytes.insert(bytes.end(), archive.begin(), archive.end());
  bytes.insert(bytes.end(), 500, 0x5A);
  WalkReport report = testing::walk_bytes(k_pe_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, bytes.size() - end);
  bytes[end] = 'x';
  report = testing::walk_bytes(k_pe_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(PeWalker, knows_a_kernel_by_its_boot_header_and_its_payload_by_the_packers_magic) {
  std::vector<std::uint8_t> bytes = kernel();
  EXPECT_EQ(
      k_pe_format.recognise({.head = base::ByteView(std::span<const std::uint8_t>(bytes)), .size_bytes = bytes.size()}),
      Likeness::strong);
  EXPECT_EQ(testing::walk_bytes(k_pe_format, bytes, model::Depth::quick).shape, Shape::whole);
  bytes[1024 + 256] = 0x77;
  EXPECT_EQ(testing::walk_bytes(k_pe_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
