// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a time that a person types is read in the zone in which times are printed to him.
#include "cli/time_option.h"

#include <gtest/gtest.h>

#include "base/human.h"

namespace lastgood::cli {

namespace {

std::string read(const std::string& text, std::string_view zone = "+05:30") {
  const auto time_ns = parse_time_option("--until", text, zone);
  return time_ns.ok() ? base::utc_time(time_ns.value()) : "refused";
}

}  // namespace

TEST(TimeOption, is_read_in_the_zone_of_the_case_where_it_says_none) {
  EXPECT_EQ(read("2022-11-22"), "2022-11-21T18:30:00Z");
  EXPECT_EQ(read("2022-11-22", ""), "2022-11-22T00:00:00Z");
  EXPECT_EQ(read("2022-11-22 08:30"), "2022-11-22T03:00:00Z");
  EXPECT_EQ(read("2022-11-22T08:30:05"), "2022-11-22T03:00:05Z");
  EXPECT_EQ(read("2022-11-22 08:30:05.5"), "2022-11-22T03:00:05Z");
  EXPECT_EQ(read("2022-11-22 08:30", ""), "2022-11-22T08:30:00Z");
}

TEST(TimeOption, is_read_as_this_program_prints_it) {
  EXPECT_EQ(read("2022-11-22 08:30:05 +05:30", ""), "2022-11-22T03:00:05Z");
  EXPECT_EQ(read("2022-11-22 08:30:05 UTC"), "2022-11-22T08:30:05Z");
  EXPECT_EQ(read("2022-11-22T08:30:05Z"), "2022-11-22T08:30:05Z");
  EXPECT_EQ(read("2022-11-22T08:30:05+0530", ""), "2022-11-22T03:00:05Z");
  EXPECT_EQ(read("2022-11-22T08:30:05-03:00"), "2022-11-22T11:30:05Z");
}

TEST(TimeOption, that_is_none_is_refused) {
  for (const char* text : {"x", "2022-11-2", "2022-13-22", "2022-11-22 ", "2022-11-22 8:30", "2022-11-22T08:30:05IST",
                           "2022-11-22 25:00", "2022-11-22T08:30:05+", "2022-11-22 08:30.", "08:30"})
    EXPECT_EQ(read(text), "refused") << text;
}

}  // namespace lastgood::cli
