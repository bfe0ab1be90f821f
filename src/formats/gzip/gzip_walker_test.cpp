// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that gzip files of one and of many members are whole and that a changed byte anywhere in them is seen.
#include "formats/gzip/gzip_walker.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Gzip, k_gzip_format, "gzip", {.attack_size_bytes_min = 160});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/gzip/testdata/") + name);
}
}  // namespace

TEST(GzipWalker, sees_every_inverted_byte_behind_the_header) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  for (std::size_t at = 40; at < bytes.size(); at += 7) {
    bytes[at] ^= 0xFF;
    EXPECT_EQ(testing::walk_bytes(k_gzip_format, bytes, model::Depth::standard).shape, Shape::broken) << at;
    bytes[at] ^= 0xFF;
  }
}

TEST(GzipWalker, goes_on_after_a_broken_block_where_the_blocks_say_their_size) {
  std::vector<std::uint8_t> bytes = sample("whole_bgzf.in");
  bytes[100] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_gzip_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

TEST(GzipWalker, allows_zeros_behind_the_last_member_and_nothing_else) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 1000, 0);
  WalkReport report = testing::walk_bytes(k_gzip_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 1000U);
  bytes.push_back(1);
  report = testing::walk_bytes(k_gzip_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(GzipWalker, sees_that_a_dump_was_cut_before_it_was_packed) {
  std::string dump = "--\n-- PostgreSQL database dump\n--\n\nCOPY public.t (id) FROM stdin;\n";
  std::uint32_t state = 1;
  while (dump.size() < 9'000'000) dump += std::to_string(state = state * 1664525 + 1013904223) + "\n";
  const auto pack = [](const std::string& text) {
    std::vector<std::uint8_t> bytes(text.size());
    z_stream z{};
    deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    std::vector<std::uint8_t> in(text.begin(), text.end());
    z.next_in = in.data();
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = bytes.data();
    z.avail_out = static_cast<uInt>(bytes.size());
    deflate(&z, Z_FINISH);
    bytes.resize(z.total_out);
    deflateEnd(&z);
    return bytes;
  };
  // A few KiB are unpacked in memory, the long one piece by piece.
  for (const std::size_t size : {std::size_t{700}, std::size_t{20'000}, dump.size()}) {
    const std::string cut = dump.substr(0, size);
    const std::string whole = cut + "\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n";
    for (const model::Depth depth : {model::Depth::standard, model::Depth::full}) {
      const WalkReport report = testing::walk_bytes(k_gzip_format, pack(cut), depth);
      EXPECT_EQ(report.shape, Shape::broken) << size;
      ASSERT_FALSE(report.findings.empty());
      EXPECT_EQ(report.findings.front().rule, "gzip.dump.cut");
      EXPECT_EQ(testing::walk_bytes(k_gzip_format, pack(whole), depth).shape, Shape::whole) << size;
      std::vector<std::uint8_t> stopped = pack(whole);
      stopped.resize(stopped.size() * 3 / 4);
      EXPECT_EQ(testing::walk_bytes(k_gzip_format, stopped, depth).shape, Shape::broken) << size;
    }
  }
}

}  // namespace lastgood::formats
