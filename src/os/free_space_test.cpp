// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that who has no room is told how much is needed and how much there is.
#include "os/free_space.h"

#include <gtest/gtest.h>

#include "base/human.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

TEST(FreeSpace, is_that_of_the_disk_on_which_a_path_would_lie) {
  const testing::ScratchFolder scratch;
  const auto free = free_bytes(scratch.path());
  ASSERT_TRUE(free);
  EXPECT_GT(*free, 0U);
  EXPECT_TRUE(free_bytes(scratch.path() + "/not/there/yet"));
  EXPECT_TRUE(free_bytes("not-there"));
}

TEST(FreeSpace, is_said_beside_what_is_needed_of_a_full_disk_alone) {
  const testing::ScratchFolder scratch;
  const base::Error full = with_space(base::system_error("write", "x", ENOSPC), 5'000'000, scratch.path());
  EXPECT_NE(full.what.find(": " + base::human_bytes(5'000'000) + " are needed, "), std::string::npos) << full.what;
  EXPECT_TRUE(full.what.ends_with(" are free")) << full.what;
  EXPECT_EQ(with_space(base::system_error("write", "x", EIO), 5, scratch.path()).what,
            base::system_error("write", "x", EIO).what);
}

}  // namespace
}  // namespace lastgood::os
