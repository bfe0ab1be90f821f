// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an inventory's packed part is decoded to its end.
#include "formats/sphinx_inventory/sphinx_inventory_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(SphinxInventory, k_sphinx_inventory_format, "sphinx_inventory", {});

TEST(SphinxInventoryWalker, finds_a_changed_byte_in_the_stream) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/sphinx_inventory/testdata/whole_inventory.in");
  bytes[bytes.size() - 20] ^= 0x40;
  EXPECT_EQ(testing::walk_bytes(k_sphinx_inventory_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
