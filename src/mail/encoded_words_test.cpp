// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that encoded words are shown as their writers meant them: the examples of RFC 2047 section 8, other charsets,
// and what is broken stays as written.
#include "mail/encoded_words.h"

#include <gtest/gtest.h>

namespace lastgood::mail {
namespace {

TEST(EncodedWords, shows_the_examples_of_the_standard) {
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.example>"),
            "Keld Jørn Simonsen <keld@dkuug.example>");
  EXPECT_EQ(
      decode_words(
          "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\t=?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?="),
      "If you can read this you understand the example.");
  EXPECT_EQ(decode_words("(=?ISO-8859-1?Q?a?=)"), "(a)");
  EXPECT_EQ(decode_words("(=?ISO-8859-1?Q?a?= b)"), "(a b)");
  EXPECT_EQ(decode_words("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)"), "(ab)");
  EXPECT_EQ(decode_words("(=?ISO-8859-1?Q?a_b?=)"), "(a b)");
  EXPECT_EQ(decode_words("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)"), "(a b)");
}

TEST(EncodedWords, reads_charsets_of_one_byte_and_letters_cut_between_words) {
  EXPECT_EQ(decode_words("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?="), "Привет");
  EXPECT_EQ(decode_words("=?koi8-r?B?8NLJ18XU?="), "Привет");
  EXPECT_EQ(decode_words("=?UTF-8*en?Q?=E2=82?= =?utf-8?Q?=AC 5?="), "€ 5");
  EXPECT_EQ(decode_words("=?windows-1252?Q?=80?="), "€");
}

TEST(EncodedWords, leaves_what_it_cannot_read) {
  for (const std::string_view raw :
       {"", "plain", "=?", "=?utf-8?", "=?utf-8?Q?open", "=?utf-8?X?a?=", "=?utf-8?Q?=FF?=", "=?big5?B?pGo=?=",
        "=?utf-8?B?***?=", "a =?big5?B?pGo=?= =?big5?B?pGo=?= b", "=?="}) {
    EXPECT_EQ(decode_words(raw), raw);
  }
  EXPECT_EQ(decode_words("=?utf-8?Q?a=00=0Ab=?="), "a  b=");
  std::string many;
  while (many.size() < 256U << 10U) many += "=?utf-8?Q?a?= ";
  EXPECT_LE(decode_words(many).size(), many.size());
  EXPECT_EQ(decode_words(std::string(256U << 10U, '?')).size(), 256U << 10U);
  std::string open;
  while (open.size() < 256U << 10U) open += "=?a?Q?";
  EXPECT_EQ(decode_words(open), open);
  std::string endless;
  while (endless.size() < 256U << 10U) endless += "=?a?Q?b";
  EXPECT_EQ(decode_words(endless), endless);
}

}  // namespace
}  // namespace lastgood::mail
