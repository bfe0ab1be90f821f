// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that one holder excludes others, in this process and in another, and that a dead holder holds nothing.
#include "os/file_lock.h"

#include <gtest/gtest.h>

#include <array>

#include "os/identity.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

TEST(FileLock, excludes_a_second_holder_and_names_the_first) {
  const testing::ScratchFolder folder;
  auto first = try_file_lock(folder / "lock");
  ASSERT_TRUE(first.ok() && first.value().has_value());
  const auto second = try_file_lock(folder / "lock");
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second.value().has_value());
  EXPECT_EQ(describe_lock_holder(folder / "lock"), "process " + std::to_string(process_id()) + " on " + host_name());
  EXPECT_EQ(testing::run_in_child([&] {
              const auto third = try_file_lock(folder / "lock");
              return third.ok() && !third.value().has_value() ? 0 : 1;
            }),
            0);
}

TEST(FileLock, is_free_when_its_holder_lets_go) {
  const testing::ScratchFolder folder;
  { ASSERT_TRUE(try_file_lock(folder / "lock").value().has_value()); }
  EXPECT_TRUE(try_file_lock(folder / "lock").value().has_value());
}

TEST(FileLock, is_free_when_its_holder_was_killed) {
  const testing::ScratchFolder folder;
  EXPECT_EQ(testing::run_in_child([&] {
              const auto lock = try_file_lock(folder / "lock");
              if (!lock.ok() || !lock.value()) return 1;
              (void)std::raise(SIGKILL);
              return 2;
            }),
            -1);
  EXPECT_TRUE(try_file_lock(folder / "lock").value().has_value());
}

TEST(FileLock, refuses_a_planted_link) {
  const testing::ScratchFolder folder;
  testing::write_file(folder / "target", "precious");
  std::filesystem::create_symlink(folder / "target", folder / "lock");
  EXPECT_FALSE(try_file_lock(folder / "lock").ok());
  EXPECT_EQ(testing::read_file(folder / "target"), "precious");
}

TEST(FileLock, shows_a_strange_holder_harmlessly) {
  const testing::ScratchFolder folder;
  testing::write_file(folder / "lock", "\x1b[2Jgone\nsecond line");
  EXPECT_EQ(describe_lock_holder(folder / "lock"), "\\x1b[2Jgone");
  testing::write_file(folder / "lock", "");
  EXPECT_EQ(describe_lock_holder(folder / "lock"), "another process");
  EXPECT_EQ(describe_lock_holder(folder / "missing"), "another process");
}

}  // namespace lastgood::os
