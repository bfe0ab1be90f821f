// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that files of a real restic repository are recognised by name and digest, and that any change is noticed.
// The samples keep the names restic gave them, so they are read here and not by the golden test.
#include "formats/restic/restic_walker.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_name_digits = 64;

std::vector<testing::Sample> repository_files() {
  std::vector<testing::Sample> samples;
  for (const auto& entry : std::filesystem::directory_iterator(LASTGOOD_FORMATS_DIR "/restic/testdata")) {
    const std::string name = entry.path().filename().string();
    if (name.size() == k_name_digits)
      samples.push_back({.name = name, .bytes = testing::read_sample(entry.path().string())});
  }
  return samples;
}

/// A pack too long for its digest below full depth: noise, and a closing length for ten blobs.
testing::Sample long_pack() {
  std::vector<std::uint8_t> bytes = testing::random_bytes(600'000, 11);
  bytes.insert(bytes.end(), {0xB2, 0x01, 0, 0});  // 32 + 8 * 41 + 2 * 37
  return {.name = base::hex(base::ByteView(
              std::span<const std::uint8_t>(base::sha256(base::ByteView(std::span<const std::uint8_t>(bytes)))))),
          .bytes = bytes};
}

}  // namespace

LASTGOOD_WALKER_SUITE(Restic, k_restic_format, "restic", {.made_whole = repository_files});

TEST(ResticWalker, calls_packs_and_indexes_sealed_and_keys_whole) {
  std::size_t sealed = 0;
  std::size_t whole = 0;
  for (const testing::Sample& sample : repository_files()) {
    const WalkReport report = testing::walk_bytes(k_restic_format, sample.bytes, model::Depth::standard, sample.name);
    EXPECT_EQ(report.reach, Reach::content);
    if (report.shape == Shape::sealed) ++sealed;
    if (report.shape == Shape::whole) ++whole;
  }
  EXPECT_EQ(sealed, 4U);
  EXPECT_EQ(whole, 1U);
}

TEST(ResticWalker, takes_a_long_pack_at_its_closing_length_and_proves_it_at_full_depth) {
  const testing::Sample pack = long_pack();
  const WalkReport standard = testing::walk_bytes(k_restic_format, pack.bytes, model::Depth::standard, pack.name);
  EXPECT_EQ(standard.shape, Shape::sealed);
  EXPECT_EQ(standard.reach, Reach::frame);
  EXPECT_EQ(testing::walk_bytes(k_restic_format, pack.bytes, model::Depth::full, pack.name).reach, Reach::content);
}

TEST(ResticWalker, calls_a_pack_broken_whose_digest_is_not_its_name) {
  testing::Sample pack = long_pack();
  pack.bytes[1000] ^= 1;
  const WalkReport report = testing::walk_bytes(k_restic_format, pack.bytes, model::Depth::full, pack.name);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "restic.digest");
}

}  // namespace lastgood::formats
