// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the entries of Java key stores lead to their digest.
#include "formats/jks/jks_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Jks, k_jks_format, "jks",
                      {.notices_footer = "a serialised secret key has no length, so the end is not known behind it"});

TEST(JksWalker, knows_the_end_of_a_store_of_certificates) {
  const std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/jks/testdata/whole_trusted.in");
  EXPECT_EQ(testing::walk_bytes(k_jks_format, bytes, model::Depth::standard).end_bytes, bytes.size());
}

}  // namespace lastgood::formats
