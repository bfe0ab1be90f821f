// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that LUKS headers of both versions are held to their fields, their digests and their second copy.
#include "formats/luks/luks_walker.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_copy_bytes = 16384;

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::string_view text) {
  for (const char letter : text) bytes[at++] = static_cast<std::uint8_t>(letter);
}

void put_number(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
}

std::vector<std::uint8_t> make_version_1() {
  std::vector<std::uint8_t> bytes = testing::random_bytes(8192, 1);
  for (std::size_t i = 0; i < 592; ++i) bytes[i] = 0;
  put(bytes, 0, "LUKS\xBA\xBE");
  put_number(bytes, 6, 1, 2);
  put(bytes, 8, "aes");
  put(bytes, 40, "xts-plain64");
  put(bytes, 72, "sha256");
  put_number(bytes, 104, 8, 4);
  for (std::size_t slot = 0; slot < 8; ++slot)
    put_number(bytes, 208 + slot * 48, slot == 0 ? 0x00AC71F3 : 0x0000DEAD, 4);
  return bytes;
}

void put_copy(std::vector<std::uint8_t>& bytes, std::size_t from, std::string_view magic) {
  put(bytes, from, magic);
  put_number(bytes, from + 6, 2, 2);
  put_number(bytes, from + 8, k_copy_bytes, 8);
  put(bytes, from + 0x48, "sha256");
  put_number(bytes, from + 0x100, from, 8);
  put(bytes, from + 4096, "{\"keyslots\":{},\"segments\":{\"0\":{\"type\":\"crypt\"}}}");
  const base::ByteView copy = base::ByteView(std::span<const std::uint8_t>(bytes)).part(from, k_copy_bytes);
  const base::Sha256Digest digest = base::sha256(copy);
  for (std::size_t i = 0; i < digest.size(); ++i) bytes[from + 0x1C0 + i] = digest[i];
}

std::vector<std::uint8_t> make_version_2() {
  std::vector<std::uint8_t> bytes(2 * k_copy_bytes, 0);
  put_copy(bytes, 0, "LUKS\xBA\xBE");
  put_copy(bytes, k_copy_bytes, "SKUL\xBA\xBE");
  const std::vector<std::uint8_t> payload = testing::random_bytes(4096, 2);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

}  // namespace

LASTGOOD_WALKER_SUITE(Luks, k_luks_format, "luks",
                      {.notices_footer = "a volume of any length is valid", .made_whole = [] {
                         return std::vector<testing::Sample>{{.name = "version-1", .bytes = make_version_1()},
                                                             {.name = "version-2", .bytes = make_version_2()}};
                       }});

TEST(LuksWalker, holds_the_json_area_to_its_digest) {
  std::vector<std::uint8_t> bytes = make_version_2();
  bytes[5000] ^= 1;
  const WalkReport report = testing::walk_bytes(k_luks_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "luks.header");
}

}  // namespace lastgood::formats
