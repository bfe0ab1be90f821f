// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that closed and open logs are whole and that a replaced chunk is named. The smallest log has 68 KiB; it is
// built here from the published layout.
#include "formats/evtx/evtx_walker.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

void put(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

base::ByteView part(const Bytes& bytes, std::size_t at, std::size_t count) {
  return base::ByteView(std::span<const std::uint8_t>(bytes)).part(at, count);
}

void add_chunk(Bytes& bytes, std::uint64_t first_record) {
  const std::size_t from = bytes.size();
  bytes.resize(from + 65536, 0);
  const std::string_view magic("ElfChnk\0", 8);
  std::copy(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(from));
  std::size_t at = from + 512;
  for (std::uint64_t record = first_record; record < first_record + 300; ++record) {
    constexpr std::size_t k_length = 96;
    put(bytes, at, 0x2A2A, 4);
    put(bytes, at + 4, k_length, 4);
    put(bytes, at + 8, record, 8);
    for (std::size_t i = 24; i < k_length - 4; ++i) bytes[at + i] = static_cast<std::uint8_t>('A' + (record + i) % 26);
    put(bytes, at + k_length - 4, k_length, 4);
    at += k_length;
  }
  put(bytes, from + 40, 128, 4);
  put(bytes, from + 48, at - from, 4);
  put(bytes, from + 52, base::crc32(part(bytes, from + 512, at - from - 512)), 4);
  put(bytes, from + 124, base::crc32(part(bytes, from + 128, 384), base::crc32(part(bytes, from, 120))), 4);
}

Bytes closed_log() {
  Bytes bytes(4096, 0);
  const std::string_view magic("ElfFile\0", 8);
  std::copy(magic.begin(), magic.end(), bytes.begin());
  put(bytes, 32, 128, 4);
  put(bytes, 36, 0x0003'0001, 4);
  put(bytes, 40, 4096, 2);
  put(bytes, 42, 2, 2);
  put(bytes, 124, base::crc32(part(bytes, 0, 120)), 4);
  add_chunk(bytes, 1);
  add_chunk(bytes, 301);
  return bytes;
}

std::vector<testing::Sample> logs() { return {{.name = "Security.evtx", .bytes = closed_log()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Evtx, k_evtx_format, "evtx", {.made_whole = logs});

TEST(EvtxWalker, names_the_chunk_whose_records_were_replaced) {
  Bytes bytes = closed_log();
  const Bytes noise = testing::random_bytes(2000, 5);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 4096 + 65536 + 3000);
  const WalkReport report = testing::walk_bytes(k_evtx_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 4096 + 65536, .to = 4096 + 2 * 65536}));
}

TEST(EvtxWalker, allows_records_newer_than_the_checksum_of_their_chunk) {
  Bytes bytes = closed_log();
  put(bytes, 4096 + 65536 + 52, 0, 4);
  EXPECT_EQ(testing::walk_bytes(k_evtx_format, bytes, model::Depth::standard).shape, Shape::whole);
}

}  // namespace lastgood::formats
