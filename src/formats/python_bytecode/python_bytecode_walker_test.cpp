// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that modules compiled by several versions of Python are whole, and that one wrong object is noticed.
#include "formats/python_bytecode/python_bytecode_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(PythonBytecode, k_python_bytecode_format, "python_bytecode", {});

TEST(PythonBytecodeWalker, finds_a_module_cut_by_one_byte_broken) {
  const std::vector<std::uint8_t> whole =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/python_bytecode/testdata/whole_3_11.in");
  const std::vector<std::uint8_t> cut(whole.begin(), whole.end() - 1);
  EXPECT_EQ(testing::walk_bytes(k_python_bytecode_format, cut, model::Depth::quick).shape, Shape::broken);
}

TEST(PythonBytecodeWalker, refuses_nesting_that_python_refuses) {
  std::vector<std::uint8_t> bytes = {0xA7, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'c'};
  bytes.insert(bytes.end(), 20, 0);
  for (int i = 0; i < 5000; ++i) {
    bytes.push_back(')');
    bytes.push_back(1);
  }
  EXPECT_EQ(testing::walk_bytes(k_python_bytecode_format, bytes, model::Depth::full).shape, Shape::broken);
}

}  // namespace lastgood::formats
