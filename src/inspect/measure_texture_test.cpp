// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that random pages are found where a program's payload is plain, and left alone where something explains them.
#include "inspect/measure_texture.h"

#include <gtest/gtest.h>

#include <random>

#include "base/byte_source.h"

namespace lastgood::inspect {

namespace {

constexpr std::uint64_t k_page = 4096;

std::vector<model::ByteRange> find_in(const std::vector<std::uint8_t>& bytes,
                                      const std::vector<model::Region>& regions) {
  formats::WalkBuffers buffers;
  base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
  formats::WalkInput input(source, buffers, "program", model::Depth::full,
                           {.read_bytes_max = UINT64_MAX, .steps_max = UINT64_MAX});
  return find_random_unexplained(input, regions);
}

/// `pages` pages of one repeated instruction, with noise in page `random_page`.
std::vector<std::uint8_t> program_with_noise(std::uint64_t pages, std::uint64_t random_page) {
  std::vector<std::uint8_t> bytes(pages * k_page, 0x90);
  std::mt19937_64 random(3);
  std::generate_n(bytes.begin() + static_cast<std::ptrdiff_t>(random_page * k_page), k_page,
                  [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

TEST(RandomUnexplained, is_a_random_page_in_a_plain_region) {
  const std::vector<std::uint8_t> bytes = program_with_noise(40, 17);
  const std::vector<model::Region> plain = {
      {.range = {.from = 100, .to = bytes.size()}, .kind = model::RegionKind::plain}};
  const std::vector<model::ByteRange> expected = {{.from = 17 * k_page, .to = 18 * k_page}};
  EXPECT_EQ(find_in(bytes, plain), expected);
}

TEST(RandomUnexplained, is_nothing_in_a_region_that_is_packed_or_proven) {
  const std::vector<std::uint8_t> bytes = program_with_noise(40, 17);
  for (const model::RegionKind kind : {model::RegionKind::compressed, model::RegionKind::verified}) {
    EXPECT_TRUE(find_in(bytes, {{.range = {.from = 0, .to = bytes.size()}, .kind = kind}}).empty());
  }
}

TEST(RandomUnexplained, is_nothing_where_code_only_looks_busy) {
  std::vector<std::uint8_t> bytes(40 * k_page);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>((i * i / 7) % 61);
  EXPECT_TRUE(find_in(bytes, {{.range = {.from = 0, .to = bytes.size()}, .kind = model::RegionKind::plain}}).empty());
}

}  // namespace
}  // namespace lastgood::inspect
