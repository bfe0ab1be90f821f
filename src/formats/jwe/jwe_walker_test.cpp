// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a JWE is followed letter by letter in its three forms, and that a signed token is none.
#include "formats/jwe/jwe_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Jwe, k_jwe_format, "jwe", {});

namespace {

WalkReport walk_text(std::string_view text) {
  return testing::walk_bytes(k_jwe_format, std::vector<std::uint8_t>(text.begin(), text.end()), model::Depth::standard);
}

// {"alg":"dir","enc":"A256GCM"} and {"alg":"HS256"}
constexpr std::string_view k_header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";
constexpr std::string_view k_signed_header = "eyJhbGciOiJIUzI1NiJ9";

}  // namespace

TEST(JweWalker, takes_a_signed_token_for_none_of_its_own) {
  EXPECT_EQ(walk_text(std::string(k_signed_header) + ".eyJzdWIiOiJ4In0.AAAAAAAAAAAAAAAAAAAAAA").shape, Shape::foreign);
}

TEST(JweWalker, needs_all_five_parts) {
  const std::string whole = std::string(k_header) + "..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(walk_text(whole).shape, Shape::sealed);
  EXPECT_EQ(walk_text(whole.substr(0, whole.rfind('.'))).shape, Shape::broken);
}

TEST(JweWalker, takes_a_document_that_only_has_a_member_of_that_name_for_json) {
  EXPECT_EQ(walk_text(R"({"header":{"a":1},"ciphertext":"a rhyme, read backwards"})").shape, Shape::foreign);
  EXPECT_EQ(walk_text(R"({"header":{"x":{"ciphertext":"AAAA","tag":"AAAA","protected":"AAAA"}}})").shape,
            Shape::foreign);
}

}  // namespace lastgood::formats
