// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Brotli streams decode to their exact end and that random bytes are no Brotli.
#include "formats/brotli/brotli_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Brotli, k_brotli_format, "brotli", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/brotli/testdata/") + name);
}
}  // namespace

TEST(BrotliWalker, tells_the_end_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0x41);
  EXPECT_EQ(testing::walk_bytes(k_brotli_format, bytes, model::Depth::full).end_bytes, end);
}

TEST(BrotliWalker, takes_no_random_bytes_for_a_stream) {
  int taken = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::vector<std::uint8_t> bytes = testing::random_bytes(16 + seed % 3000, seed);
    if (testing::walk_bytes(k_brotli_format, bytes, model::Depth::full, "x.br").shape == Shape::whole) ++taken;
  }
  EXPECT_EQ(taken, 0);
}

}  // namespace lastgood::formats
