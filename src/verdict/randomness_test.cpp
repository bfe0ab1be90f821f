// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that random blocks are told from seeded_text, zeros and records, and alternating ciphertext from its
// surroundings.
#include "verdict/randomness.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "verdict/phase_pattern.h"

namespace lastgood::verdict {
namespace {

std::vector<std::uint8_t> seeded_noise(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine() >> 11);
  return bytes;
}

std::vector<std::uint8_t> seeded_text(std::size_t count) {
  const std::string line = "2022-11-23 07:07:00 ward 7 bed 12: potassium 4.1 mmol/l, sodium 139 mmol/l\n";
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<std::uint8_t>(line[i % line.size()] + (i % 131 == 0 ? 1 : 0));
  return bytes;
}

base::ByteView view(const std::vector<std::uint8_t>& bytes) {
  return base::ByteView(std::span<const std::uint8_t>(bytes));
}

TEST(TextureOf, calls_random_blocks_random_at_every_size) {
  for (const std::size_t size : {128U, 512U, 4096U, 65536U}) {
    int random = 0;
    for (unsigned seed = 0; seed < 200; ++seed)
      random += texture_of(view(seeded_noise(size, seed))) == Texture::random ? 1 : 0;
    EXPECT_GE(random, 196) << "blocks of " << size;
  }
}

TEST(TextureOf, never_calls_text_zeros_or_repetition_random) {
  EXPECT_EQ(texture_of(view(seeded_text(4096))), Texture::plain);
  EXPECT_EQ(texture_of(view(std::vector<std::uint8_t>(4096, 0))), Texture::zero);
  EXPECT_EQ(texture_of(view(std::vector<std::uint8_t>(4096, 0xE5))), Texture::repeated);
  EXPECT_EQ(texture_of({}), Texture::zero);
}

TEST(TextureOf, calls_a_slope_of_one_to_four_channels_plain_at_every_length) {
  std::mt19937 engine(11);
  for (std::size_t channels = 1; channels <= 4; ++channels) {
    for (std::size_t length = 4096; length < 4096 + 20; ++length) {
      std::vector<std::uint8_t> slope(length);
      // Every value equally often, each channel at a height of its own, and nearly the same as its neighbour.
      for (std::size_t i = 0; i < length; ++i)
        slope[i] = static_cast<std::uint8_t>(i / channels + 77 * (i % channels) + engine() % 8);
      EXPECT_EQ(texture_of(view(slope)), Texture::plain) << channels << " channels, " << length << " bytes";
    }
  }
}

TEST(TextureOf, takes_slopes_of_pixels_and_samples_for_plain_although_every_value_is_as_frequent) {
  for (const std::size_t channels : {1U, 2U, 3U, 4U}) {
    std::vector<std::uint8_t> bytes(4096);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(i / channels * 5 + i % channels * 85);
    EXPECT_NE(texture_of(view(bytes)), Texture::random) << channels;
  }
}

TEST(ChiSquare, is_about_255_for_random_bytes) {
  ByteCounts counts{};
  count_bytes(view(seeded_noise(1 << 20, 7)), counts);
  EXPECT_NEAR(chi_square(counts), 255, 100);
  EXPECT_GT(entropy_bits(counts), 7.99);
}

TEST(PassesAsCiphertext, is_true_of_noise_of_every_length_and_false_of_a_small_bias_in_bits) {
  int noise_passes = 0;
  int biased_passes = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::vector<std::uint8_t> bytes = seeded_noise(std::size_t{4096} << seed % 5, seed);
    ByteCounts counts{};
    count_bytes(view(bytes), counts);
    noise_passes += passes_as_ciphertext(counts) ? 1 : 0;
    // One bit in forty is cleared, as where codes of a compressor begin with zeros a little more often.
    for (std::size_t i = 0; i < bytes.size(); i += 5) bytes[i] &= static_cast<std::uint8_t>(~(1U << i % 8));
    counts = {};
    count_bytes(view(bytes), counts);
    biased_passes += passes_as_ciphertext(counts) ? 1 : 0;
  }
  EXPECT_GE(noise_passes, 297);
  EXPECT_LE(biased_passes, 30);
}

TEST(RepeatedCells, betray_a_block_cipher_over_regular_data) {
  std::vector<std::uint8_t> cells = seeded_noise(16, 1);
  std::vector<std::uint8_t> ecb;
  for (int i = 0; i < 100; ++i) ecb.insert(ecb.end(), cells.begin(), cells.end());
  EXPECT_DOUBLE_EQ(repeated_cell_share(view(ecb), 16), 1.0);
  EXPECT_DOUBLE_EQ(repeated_cell_share(view(seeded_noise(65536, 2)), 16), 0.0);
}

struct Alternation {
  std::size_t period;
  std::size_t length;
};

class FindPhasePattern : public ::testing::TestWithParam<Alternation> {};

TEST_P(FindPhasePattern, names_period_and_length_of_what_a_family_encrypts) {
  const auto [period, length] = GetParam();
  std::vector<std::uint8_t> bytes = seeded_text(512 * 1024);
  const std::vector<std::uint8_t> cipher = seeded_noise(bytes.size(), 5);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at % period < length) bytes[at] = cipher[at];
  }
  const auto found = find_phase_pattern(view(bytes), 0);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->period_bytes, period);
  EXPECT_EQ(found->from_bytes, 0U);
  EXPECT_EQ(found->length_bytes, length);
  const auto ranges = ranges_of(*found, 3 * period, 100);
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_EQ(ranges[1], (model::ByteRange{.from = period, .to = period + length}));
}

INSTANTIATE_TEST_SUITE_P(KnownPatterns, FindPhasePattern,
                         ::testing::Values(Alternation{32, 16}, Alternation{192, 64}, Alternation{6400, 64},
                                           Alternation{64, 32}));

TEST(FindPhasePattern, finds_nothing_in_text_or_in_noise) {
  EXPECT_FALSE(find_phase_pattern(view(seeded_text(256 * 1024)), 0));
  EXPECT_FALSE(find_phase_pattern(view(seeded_noise(256 * 1024, 3)), 0));
}

TEST(FindPhasePattern, is_not_fooled_by_one_random_table_at_a_round_offset) {
  std::vector<std::uint8_t> bytes = seeded_text(256 * 1024);
  const std::vector<std::uint8_t> table = seeded_noise(64 * 1024, 4);
  std::copy(table.begin(), table.end(), bytes.begin() + 8192);
  EXPECT_FALSE(find_phase_pattern(view(bytes), 0));
}

}  // namespace
}  // namespace lastgood::verdict
