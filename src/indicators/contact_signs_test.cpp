// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that no sign of a contact is missed, wherever in a text it stands.
#include "indicators/contact_signs.h"

#include <gtest/gtest.h>

#include <string>

namespace lastgood::indicators {

namespace {

bool has_sign(const std::string& text) { return has_contact_sign(base::ByteView(std::string_view(text))); }

TEST(ContactSign, is_found_at_every_place_of_texts_of_every_length) {
  for (const std::string sign : {"@", "onion", "ONION", "t.me/", "&#64;", "&#x40;", "commat", "'40"}) {
    for (std::size_t length = sign.size(); length < 70; ++length) {
      for (std::size_t at = 0; at + sign.size() <= length; ++at) {
        std::string text(length, '-');
        text.replace(at, sign.size(), sign);
        ASSERT_TRUE(has_sign(text)) << sign << " at " << at << " of " << length;
      }
    }
  }
}

TEST(ContactSign, is_a_number_as_long_as_an_id) {
  EXPECT_TRUE(has_sign("Write to us: " + std::string(66, 'A') + "."));
  EXPECT_FALSE(has_sign("The digest is " + std::string(64, 'A') + "."));
}

TEST(ContactSign, is_not_in_texts_that_hold_parts_of_one) {
  EXPECT_FALSE(has_sign("The union of companions in a minion comma separated summary; see item 40, colonial &# x"));
  EXPECT_FALSE(has_sign(""));
  EXPECT_FALSE(has_sign("onio"));
  EXPECT_FALSE(has_sign("n"));
}

}  // namespace
}  // namespace lastgood::indicators
