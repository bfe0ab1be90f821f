// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that dates in all the forms of mail programs give the right moment, and that what is no date gives none.
#include "mail/mail_date.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"

namespace lastgood::mail {
namespace {

std::string moment(std::string_view text) {
  const auto date = parse_mail_date(text);
  if (!date) return "none";
  const std::string zone = date->zone_minutes ? std::to_string(*date->zone_minutes) : "?";
  return base::format_rfc3339(date->time_ns).substr(0, 19) + " " + zone;
}

struct Example {
  const char* text;
  const char* expected;
};

TEST(MailDate, reads_the_forms_of_many_programs) {
  const Example examples[] = {
      {"Wed, 23 Nov 2022 07:07:00 +0530", "2022-11-23T01:37:00 330"},
      {"Wed, 23 Nov 2022 07:07:00 +0530 (IST)", "2022-11-23T01:37:00 330"},
      {" 23 Nov 2022 07:07 +0000", "2022-11-23T07:07:00 0"},
      {"Wed,23 Nov 2022 07:07:00 -0800 (Pacific (US) Time)", "2022-11-23T15:07:00 -480"},
      {"Wed, 23 Nov 2022 07:07:00 -0000", "2022-11-23T07:07:00 ?"},
      {"23 Nov 2022 07:07:00", "2022-11-23T07:07:00 ?"},
      {"Wed, 23 Nov 22 07:07:00 GMT", "2022-11-23T07:07:00 0"},
      {"8 Mar 04 12:23:56 -0000", "2004-03-08T12:23:56 ?"},
      {"Wed, 23 Nov 122 07:07:00 GMT", "2022-11-23T07:07:00 0"},
      {"Wed, 23 Nov 97 07:07:00 EST", "1997-11-23T12:07:00 -300"},
      {"Wed Nov 23 07:07:00 2022", "2022-11-23T07:07:00 ?"},
      {"Wed Nov  3 07:07:00 IST 2022", "2022-11-03T07:07:00 ?"},
      {"Wed Nov 23 07:07:00 CET 2022", "2022-11-23T06:07:00 60"},
      {"Wed Nov 23 07:07:00 2022 +0530", "2022-11-23T01:37:00 330"},
      {"2022-11-23 07:07:00.123456789 +0000 UTC m=+123", "2022-11-23T07:07:00 0"},
      {"2022-11-23T07:07:00Z", "2022-11-23T07:07:00 0"},
      {"2022-11-23T07:07:00+05:30", "2022-11-23T01:37:00 330"},
      {"23-Nov-2022 07:07:00 +0100", "2022-11-23T06:07:00 60"},
      {"Mittwoch, 23 Nov 2022 07:07:00 +0100", "2022-11-23T06:07:00 60"},
      {"Wed, 23 Nov 2022 07.07.00 +0100", "2022-11-23T06:07:00 60"},
      {"Wed, 23 Nov 2022 7:07:00 PM +0100", "2022-11-23T18:07:00 60"},
      {"Wed, 23 Nov 2022 07:07:00+0100", "2022-11-23T06:07:00 60"},
      {"Wed, 23 Nov 2022 07:07:00 GMT+0530", "2022-11-23T01:37:00 330"},
      {"Wed, 23 Nov 2022 07:07:00 GMT-8", "2022-11-23T15:07:00 -480"},
      {"Wed, 23 November 2022 07:07:00 UT", "2022-11-23T07:07:00 0"},
      {"Wed, 23 Sept. 2022 07:07:00 UT", "2022-09-23T07:07:00 0"},
      {"(comment) Wed, (a (b)) 23 Nov 2022 (c) 07:07:00 +0000", "2022-11-23T07:07:00 0"},
      {"Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00 0"},
      {"Thu, 29 Feb 2024 24:00:00 +0000", "2024-03-01T00:00:00 0"},
      {"Wed, 23 Nov 2022 07:07:00 +2400", "2022-11-22T07:07:00 1440"},
      {"Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00 0"},
  };
  for (const Example& example : examples) EXPECT_EQ(moment(example.text), example.expected) << example.text;
}

TEST(MailDate, refuses_what_no_calendar_has) {
  for (const char* text :
       {"", "garbage", "Wed, 23 Nov 0 07:07:00 +0000", "Wed, 23 Nov 0000 07:07:00 +0000",
        "Wed, 23 Nov 99999 07:07:00 +0000", "Wed, 23 Nov 2300 07:07:00 +0000", "Wed, 30 Feb 2022 07:07:00 +0000",
        "Wed, 0 Nov 2022 07:07:00 +0000", "Wed, 32 Nov 2022 07:07:00 +0000", "Wed, 23 Nov 2022", "07:07:00 +0000",
        "Wed, 23 Nov 2022 25:00:00 +0000", "Wed, 23 Nov 2022 07:60:00 +0000", "Wed, 23 Nov 2022 24:00:01 +0000",
        "11/12/2022 07:07:00", "Wed, 23 Nov 1960 07:07:00 +0000", "((((((", "23 23 23 23:23"}) {
    EXPECT_EQ(moment(text), "none") << text;
  }
}

TEST(MailDate, says_what_is_oddly_written) {
  EXPECT_FALSE(parse_mail_date("Wed, 23 Nov 2022 07:07:00 +0530 (IST)")->oddly_written);
  EXPECT_FALSE(parse_mail_date("23 Nov 2022 07:07:00 -0000")->oddly_written);
  EXPECT_TRUE(parse_mail_date("Wed, 23 Nov 22 07:07:00 +0530")->oddly_written);
  EXPECT_TRUE(parse_mail_date("Wed, 23 Nov 2022 07:07:00")->oddly_written);
  EXPECT_EQ(parse_mail_date("Wed, 23 Nov 2022 07:07:00 -0000")->zone_text, "-0000");
}

TEST(MailDate, knows_the_moment_only_where_the_zone_has_one_meaning) {
  EXPECT_TRUE(parse_mail_date("Wed, 23 Nov 2022 07:07:00 -0000")->moment_known);
  EXPECT_TRUE(parse_mail_date("Wed, 23 Nov 2022 07:07:00 CET")->moment_known);
  EXPECT_FALSE(parse_mail_date("Wed, 23 Nov 2022 07:07:00 IST")->moment_known);
  EXPECT_FALSE(parse_mail_date("Wed, 23 Nov 2022 07:07:00")->moment_known);
}

TEST(MailDate, reads_back_every_minute_zone_it_is_given) {
  for (int zone = -24 * 60; zone <= 24 * 60; zone += 15) {
    const int size = zone < 0 ? -zone : zone;
    char text[64];
    (void)std::snprintf(text, sizeof text, "Wed, 23 Nov 2022 12:00:00 %c%02d%02d", zone < 0 ? '-' : '+', size / 60,
                        size % 60);
    const auto date = parse_mail_date(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->time_ns, (1'669'204'800 - std::int64_t{zone} * 60) * 1'000'000'000) << text;
  }
}

TEST(MailDate, survives_any_word_repeated_without_end) {
  for (const char* word : {"23 ", "Nov ", "07:07:00 ", "+0530 ", "(", ")", "2022 ", "Wed, ", "- "}) {
    std::string text;
    while (text.size() < 1'000'000) text += word;
    EXPECT_EQ(moment(text), "none") << word;
  }
}

}  // namespace
}  // namespace lastgood::mail
