// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Photoshop documents are whole, and that sections, resources and the table of row lengths are held to.
#include "formats/psd/psd_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Psd, k_psd_format, "psd", {});

TEST(PsdWalker, knows_where_packed_pixels_end) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/psd/testdata/whole_packed.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 40, 0x77);
  EXPECT_EQ(testing::walk_bytes(k_psd_format, bytes, model::Depth::standard).end_bytes, end);
}

}  // namespace lastgood::formats
