// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that output of openssl enc is told by its salt, raw and as Base64, and that what cannot be Base64 is named.
#include "formats/openssl_salted/openssl_salted_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(OpensslSalted, k_openssl_salted_format, "openssl_salted",
                      {.notices_footer = "ciphertext of any length is valid: there is no end to know"});

TEST(OpensslSaltedWalker, names_the_bytes_behind_a_base64_body) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/openssl_salted/testdata/sealed_base64.in");
  const std::size_t end = bytes.size();
  const std::vector<std::uint8_t> footer = testing::random_bytes(534, 1);
  bytes.insert(bytes.end(), footer.begin(), footer.end());
  const WalkReport report = testing::walk_bytes(k_openssl_salted_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_NEAR(static_cast<double>(report.findings.back().range.from), static_cast<double>(end), 8);
}

}  // namespace lastgood::formats
