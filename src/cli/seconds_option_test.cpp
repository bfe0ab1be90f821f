// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/seconds_option.h"

#include <gtest/gtest.h>

namespace lastgood::cli {

TEST(Seconds, are_whole_numbers_from_one_on) {
  for (const char* const good : {"1", "600", "0060", "999999999"}) EXPECT_EQ(describe_bad_seconds(good), "") << good;
  for (const char* const bad : {"", "0", "-1", "3s", "1.5", "1e3", "1000000000", "60 "})
    EXPECT_EQ(describe_bad_seconds(bad), "'" + std::string(bad) + "' is not a number of seconds, such as 600");
}

}  // namespace lastgood::cli
