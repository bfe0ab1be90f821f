// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that crate metadata by rustc is whole between its opening and its closing mark.
#include "formats/rust_metadata/rust_metadata_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(RustMetadata, k_rust_metadata_format, "rust_metadata", {});

TEST(RustMetadataWalker, misses_the_closing_mark) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/rust_metadata/testdata/whole_crate.in");
  bytes.back() ^= 1;
  const WalkReport report = testing::walk_bytes(k_rust_metadata_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "rust_metadata.end");
}

}  // namespace lastgood::formats
