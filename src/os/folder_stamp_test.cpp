// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that whatever is written below a folder is noticed, and that looking leaves no trace.
#include "os/folder_stamp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "os/testing/scratch_folder.h"

namespace lastgood::os {

TEST(FolderStamp, tells_every_kind_of_change) {
  const testing::ScratchFolder folder;
  const std::string file = folder / "base/5/16384";
  std::filesystem::create_directories(folder / "base/5");
  testing::write_file(file, "rows");
  const auto stamp = [&] { return stamp_folder(folder.path()).value(); };
  auto before = stamp();
  EXPECT_EQ(stamp(), before);
  const auto changes = [&] {
    const auto now = stamp();
    const bool is_other = now != before;
    before = now;
    return is_other;
  };
  std::fstream(file, std::ios::in | std::ios::out) << "ROWS";  // in place
  EXPECT_TRUE(changes());
  std::filesystem::create_directories(folder / "daily.1");
  before = stamp();
  ASSERT_EQ(::link(file.c_str(), (folder.path() + ".link").c_str()), 0);
  EXPECT_FALSE(changes()) << "a backup job that rotates hard links writes nothing";
  std::filesystem::remove(folder.path() + ".link");
  std::filesystem::rename(file, file + ".bak9");
  EXPECT_TRUE(changes());
  std::filesystem::remove(file + ".bak9");
  EXPECT_TRUE(changes());
  std::filesystem::create_directories(folder / "base/6");
  EXPECT_TRUE(changes());
  EXPECT_FALSE(changes());
  EXPECT_FALSE(stamp_folder(folder / "none").ok());
}

TEST(FolderStamp, leaves_access_times) {
  const testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "base");
  const timespec old[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder / "base").c_str(), old, 0), 0);
  ASSERT_TRUE(stamp_folder(folder.path()).ok());
  struct stat status {};
  ASSERT_EQ(::stat((folder / "base").c_str(), &status), 0);
  EXPECT_EQ(status.st_atim.tv_sec, 1'000'000'000);
}

}  // namespace lastgood::os
