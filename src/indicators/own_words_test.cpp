// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what others said is taken out of a text, and that numbers of victims are told from other words.
#include "indicators/own_words.h"

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

TEST(OwnWords, are_not_in_lines_that_quote_a_letter) {
  EXPECT_EQ(without_quoted_lines("mine\n> his\n >his\n>>> ornament\n"), "mine\n>>> ornament\n");
}

TEST(OwnWords, are_not_in_sentences_between_quotation_marks) {
  EXPECT_EQ(without_quotations("it said \"all of your files are locked\" in red"), "it said  in red");
  EXPECT_EQ(without_quotations("\u201Ealle Ihre Dateien sind gesperrt\u201C stand da"), " stand da");
  for (const std::string_view kept : {"quote \"CASE 319512\" now", "a \" lone mark of all these words", "\"\"",
                                      "\"one mark here and\nthe other in the next line\""})
    EXPECT_EQ(without_quotations(kept), kept);
}

TEST(OwnWords, of_english_hold_its_small_words) {
  EXPECT_TRUE(is_english("look at the door and call your friend"));
  EXPECT_FALSE(is_english("semua berkas dikunci"));
}

TEST(NumberOfVictim, mixes_digits_with_hex_letters_or_with_capitals) {
  for (const std::string_view text : {"ID 91B09485B930", "id: 1bb8c071ce72.", "XY7F0STTQ4"})
    EXPECT_TRUE(has_number_of_victim(text)) << text;
  for (const std::string_view text : {"12345678", "ABCDEFGH", "AES-256", "CURVE25519", "91B09485@post.example.org",
                                      "91B09485.example.org", "deadbeef", ""})
    EXPECT_FALSE(has_number_of_victim(text)) << text;
}

}  // namespace
}  // namespace lastgood::indicators
