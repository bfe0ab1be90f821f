// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that modules by clang are whole, block by block.
#include "formats/llvm_bitcode/llvm_bitcode_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(LlvmBitcode, k_llvm_bitcode_format, "llvm_bitcode", {});

TEST(LlvmBitcodeWalker, reads_through_the_wrapper_of_apple) {
  const std::vector<std::uint8_t> module =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/llvm_bitcode/testdata/whole_module.in");
  std::vector<std::uint8_t> bytes = {0xDE, 0xC0, 0x17, 0x0B, 0, 0, 0, 0, 20, 0, 0, 0};
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(module.size() >> (8 * i)));
  bytes.insert(bytes.end(), {7, 0, 0, 1});
  bytes.insert(bytes.end(), module.begin(), module.end());
  const WalkReport report = testing::walk_bytes(k_llvm_bitcode_format, bytes, model::Depth::quick);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

}  // namespace lastgood::formats
