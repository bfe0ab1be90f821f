// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a git-crypt blob is told by its header and that a cut header is not.
#include "formats/git_crypt/git_crypt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(GitCrypt, k_git_crypt_format, "git_crypt",
                      {.notices_footer = "ciphertext of any length is valid: there is no end to know"});

TEST(GitCryptWalker, needs_the_whole_header) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/git_crypt/testdata/sealed_blob.in");
  bytes.resize(20);
  EXPECT_EQ(testing::walk_bytes(k_git_crypt_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
