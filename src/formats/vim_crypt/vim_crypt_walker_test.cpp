// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that text encrypted by Vim is told by its magic in every method.
#include "formats/vim_crypt/vim_crypt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(VimCrypt, k_vim_crypt_format, "vim_crypt",
                      {.notices_footer = "ciphertext of any length is valid: there is no end to know"});

TEST(VimCryptWalker, refuses_a_method_nobody_knows) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/vim_crypt/testdata/sealed_zip.in");
  bytes[10] = '9';
  EXPECT_EQ(testing::walk_bytes(k_vim_crypt_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
