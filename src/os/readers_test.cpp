// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what we write is for its owner alone until others are named, and that those may read and never write.
#include "os/readers.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "os/folder.h"
#include "os/fresh_files.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

struct stat status_of(const std::string& path) {
  struct stat out {};
  EXPECT_EQ(::stat(path.c_str(), &out), 0) << path;
  return out;
}

TEST(Readers, MayReadAndNeverWriteOnceTheyAreNamed) {
  const testing::ScratchFolder scratch;
  const std::string folder = scratch.path() + "/run";
  const std::string file = folder + "/a.pdf";
  ASSERT_TRUE(make_private_folder(folder, WhenThere::refuse).ok());
  ASSERT_TRUE(write_fresh_file(file, base::ByteView(std::string_view("x"))).ok());
  const auto let = [&](const std::string& word) {
    const auto readers = find_readers(word);
    ASSERT_TRUE(readers.ok());
    for (const std::string& path : {folder, file}) EXPECT_TRUE(let_read(path, readers.value()).ok());
  };
  let("");
  EXPECT_EQ(status_of(folder).st_mode & 07777U, 0700U);
  EXPECT_EQ(status_of(file).st_mode & 07777U, 0600U);
  EXPECT_EQ(find_only_reader(folder), ::geteuid());
  if (::geteuid() == 0) {
    let("daemon");
    EXPECT_EQ(status_of(folder).st_mode & 07777U, 0750U);
    EXPECT_EQ(status_of(file).st_mode & 07777U, 0640U);
    EXPECT_EQ(status_of(file).st_gid, 1U);
    EXPECT_FALSE(find_only_reader(folder));
  }
  let("everybody");
  EXPECT_EQ(status_of(folder).st_mode & 07777U, 0755U);
  EXPECT_EQ(status_of(file).st_mode & 07777U, 0644U);
}

TEST(Readers, AreKeptOutByAFolderAboveTheirs) {
  const testing::ScratchFolder scratch;  // as mkdtemp makes it: for its owner alone
  const std::string folder = scratch / "open/sheets";
  std::filesystem::create_directories(folder);
  const Readers everybody{.who = Readers::Who::everybody};
  EXPECT_EQ(find_closed_above(folder, everybody), scratch.path());
  EXPECT_EQ(find_closed_above(folder, Readers{}), "") << "nobody was asked for";
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0711), 0);
  EXPECT_EQ(find_closed_above(folder, everybody), "");
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0710), 0);
  EXPECT_EQ(find_closed_above(folder, everybody), scratch.path());
  EXPECT_EQ(find_closed_above(folder, {Readers::Who::group, status_of(scratch.path()).st_gid}), "");
  EXPECT_EQ(find_closed_above(folder, {Readers::Who::group, status_of(scratch.path()).st_gid + 1}), scratch.path());
}

TEST(Readers, ThatAreNoGroupOrALinkAreRefused) {
  EXPECT_EQ(find_readers("no-such-group").error().code, base::ErrorCode::misuse);
  const testing::ScratchFolder scratch;
  std::ofstream(scratch.path() + "/shadow") << "x";
  std::filesystem::permissions(scratch.path() + "/shadow", std::filesystem::perms::owner_read);
  std::filesystem::create_symlink("shadow", scratch.path() + "/link");
  EXPECT_FALSE(let_read(scratch.path() + "/link", find_readers("everybody").value()).ok());
  EXPECT_EQ(status_of(scratch.path() + "/shadow").st_mode & 07777U, 0400U);
}

}  // namespace
}  // namespace lastgood::os
