// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that JSON in its everyday variants is read to the last bracket, and that a cut one is named.
#include "formats/json/json_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Json, k_json_format, "json", {});

TEST(JsonWalker, leaves_text_that_only_begins_like_json_to_others) {
  const std::string text = "[\"x\" section]\nname = value\nother = 17\n";
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  EXPECT_EQ(testing::walk_bytes(k_json_format, bytes, model::Depth::standard, "settings").shape, Shape::foreign);
  EXPECT_EQ(testing::walk_bytes(k_json_format, bytes, model::Depth::standard, "settings.json").shape, Shape::whole);
}

}  // namespace lastgood::formats
