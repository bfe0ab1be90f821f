// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/folder_user.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

/// A program that sleeps, begun by a shell in a way of its own.
class Sleeper {
 public:
  explicit Sleeper(const std::string& script) : child_(::fork()) {
    if (child_ == 0) {
      ::execl("/bin/sh", "sh", "-c", (script + "; exec sleep 60").c_str(), nullptr);
      ::_exit(1);
    }
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  [[nodiscard]] long id() const { return child_; }

 private:
  pid_t child_;
};

/// It takes a moment to begin.
std::optional<FolderUser> wait_for_user(const std::string& folder) {
  for (int i = 0; i < 500; ++i) {
    if (auto user = find_folder_user(folder)) return user;
    ::usleep(10'000);
  }
  return std::nullopt;
}

TEST(FolderUser, is_who_works_in_the_folder) {
  const testing::ScratchFolder folder;
  EXPECT_FALSE(find_folder_user(folder.path()));
  const Sleeper sleeper("cd '" + folder.path() + "'");
  const auto user = wait_for_user(folder.path());
  ASSERT_TRUE(user);
  EXPECT_EQ(user->process_id, sleeper.id());
  EXPECT_FALSE(user->name.empty());
}

TEST(FolderUser, is_who_has_a_file_of_it_open_and_nobody_who_has_one_beside_it) {
  const testing::ScratchFolder folder;
  std::filesystem::create_directory(folder / "data");
  testing::write_file(folder / "data/ibdata1", "x");
  testing::write_file(folder / "other", "x");
  const Sleeper beside("exec 3<'" + (folder / "other") + "'");
  EXPECT_FALSE(find_folder_user(folder / "data"));
  const Sleeper sleeper("cd /; exec 3<'" + (folder / "data/ibdata1") + "'");
  const auto user = wait_for_user(folder / "data");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->process_id, sleeper.id());
}

TEST(FolderUser, is_no_process_of_our_own_that_has_what_we_have_open) {
  const testing::ScratchFolder folder;
  testing::write_file(folder / "ibdata1", "x");
  const int open = ::open((folder / "ibdata1").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(open, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  EXPECT_FALSE(find_folder_user(folder.path()));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(open);
}

TEST(FolderUser, is_nobody_in_a_folder_that_is_not_there) { EXPECT_FALSE(find_folder_user("/no/such/folder")); }

}  // namespace
}  // namespace lastgood::os
