// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that class files by javac are whole to their last byte, and that every constant and attribute is held to it.
#include "formats/java_class/java_class_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(JavaClass, k_java_class_format, "java_class", {});

TEST(JavaClassWalker, finds_a_class_cut_by_one_byte_broken) {
  const std::vector<std::uint8_t> whole =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/java_class/testdata/whole_shapes.in");
  const std::vector<std::uint8_t> cut(whole.begin(), whole.end() - 1);
  EXPECT_EQ(testing::walk_bytes(k_java_class_format, cut, model::Depth::quick).shape, Shape::broken);
}

TEST(JavaClassWalker, leaves_fat_mach_o_programs_to_others) {
  const std::vector<std::uint8_t> fat = {0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 2, 1, 0, 0, 7, 0, 0, 0, 3};
  EXPECT_EQ(testing::walk_bytes(k_java_class_format, fat, model::Depth::quick).shape, Shape::foreign);
}

}  // namespace lastgood::formats
