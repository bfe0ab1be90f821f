// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/below.h"

#include <gtest/gtest.h>

namespace lastgood::recovery {
namespace {

TEST(IsAtOrBelow, a_folder_holds_itself_and_what_is_in_it_and_no_namesake) {
  EXPECT_TRUE(is_at_or_below("/srv/db", "/srv/db"));
  EXPECT_TRUE(is_at_or_below("/srv/db/base/1", "/srv/db"));
  EXPECT_FALSE(is_at_or_below("/srv/db.old", "/srv/db"));
  EXPECT_FALSE(is_at_or_below("/srv", "/srv/db"));
}

TEST(IsAtOrBelow, a_slash_at_the_end_changes_nothing_and_all_is_below_the_root) {
  EXPECT_TRUE(is_at_or_below("/srv/db/base", "/srv/db/"));
  EXPECT_TRUE(is_at_or_below("/srv/db", "/srv/db//"));
  EXPECT_TRUE(is_at_or_below("/srv", "/"));
  EXPECT_TRUE(is_at_or_below("/", "/"));
}

}  // namespace
}  // namespace lastgood::recovery
