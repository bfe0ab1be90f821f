// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a runtime image's locations are held to the file. Real images have a hundred MB, so these are made.
#include "formats/jimage/jimage_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// Two resources of 300 bytes, one behind the other; their names are offsets into 16 bytes of strings.
std::vector<std::uint8_t> image() {
  const std::vector<std::uint8_t> locations = {0x09, 0,    1, 0x1B << 0, 0, 0,  0,        2, 0x38 | 1, 1, 44,
                                               0,    0x18, 3, 0x28 | 1,  1, 44, 0x38 | 1, 1, 44,       0};
  std::vector<std::uint8_t> bytes(28 + 2 * 8, 0);
  put(bytes, 0, 0xCAFEDADA);
  put(bytes, 4, 0x00010000);
  put(bytes, 12, 2);
  put(bytes, 16, 2);
  put(bytes, 20, static_cast<std::uint32_t>(locations.size()));
  put(bytes, 24, 16);
  bytes.insert(bytes.end(), locations.begin(), locations.end());
  bytes.insert(bytes.end(), 16, 'n');
  bytes.insert(bytes.end(), 600, 'c');
  return bytes;
}

std::vector<testing::Sample> images() { return {{.name = "modules", .bytes = image()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Jimage, k_jimage_format, "jimage", {.made_whole = images});

TEST(JimageWalker, finds_an_image_cut_by_one_byte_broken) {
  std::vector<std::uint8_t> bytes = image();
  EXPECT_EQ(testing::walk_bytes(k_jimage_format, bytes, model::Depth::quick).end_bytes, bytes.size());
  bytes.pop_back();
  EXPECT_EQ(testing::walk_bytes(k_jimage_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
