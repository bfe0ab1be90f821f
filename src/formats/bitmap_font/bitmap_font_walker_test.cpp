// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that bitmap fonts of X11, the console and GRUB are whole, and that their glyphs are held to the size.
#include "formats/bitmap_font/bitmap_font_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(BitmapFont, k_bitmap_font_format, "bitmap_font", {});

TEST(BitmapFontWalker, finds_a_console_font_without_its_last_unicode_entries_broken) {
  const std::vector<std::uint8_t> whole =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/bitmap_font/testdata/whole_psf2.in");
  const std::vector<std::uint8_t> cut(whole.begin(), whole.end() - 8);
  EXPECT_EQ(testing::walk_bytes(k_bitmap_font_format, cut, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
