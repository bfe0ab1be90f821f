// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that hives are followed bin by bin and cell by cell. No tool here writes hives, so the samples are made.
#include "formats/registry_hive/registry_hive_walker.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void put_text(std::vector<std::uint8_t>& bytes, std::size_t at, const std::string& text) {
  std::copy(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<std::uint8_t> hive(std::size_t bins) {
  std::vector<std::uint8_t> bytes(4096 * (bins + 1), 0);
  put_text(bytes, 0, "regf");
  put(bytes, 20, 1);
  put(bytes, 24, 5);
  put(bytes, 36, 32);
  put(bytes, 40, static_cast<std::uint32_t>(bins * 4096));
  for (std::size_t i = 0; i < bins; ++i) {
    const std::size_t at = 4096 * (i + 1);
    put_text(bytes, at, "hbin");
    put(bytes, at + 4, static_cast<std::uint32_t>(i * 4096));
    put(bytes, at + 8, 4096);
    put(bytes, at + 32, static_cast<std::uint32_t>(-80));
    put_text(bytes, at + 36, "nk");
    put(bytes, at + 112, 4096 - 112);
  }
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < 508; ++at) sum ^= std::uint32_t{bytes[at]} << (8 * (at % 4));
  put(bytes, 508, sum);
  return bytes;
}

std::vector<testing::Sample> hives() { return {{.name = "SYSTEM", .bytes = hive(3)}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(RegistryHive, k_registry_hive_format, "registry_hive", {.made_whole = hives});

TEST(RegistryHiveWalker, goes_on_behind_a_bin_that_is_gone) {
  std::vector<std::uint8_t> bytes = hive(6);
  const std::vector<std::uint8_t> noise = testing::random_bytes(4096, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 2 * 4096);
  const WalkReport report = testing::walk_bytes(k_registry_hive_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().range, (model::ByteRange{.from = 2 * 4096, .to = 3 * 4096}));
}

}  // namespace lastgood::formats
