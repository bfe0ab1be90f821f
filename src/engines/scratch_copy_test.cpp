// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file that cannot be read is left out of a copy and named, and that a backup that goes away while it is
// copied is no damaged database.
#include "engines/scratch_copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/evidence_view.h"
#include "engines/testing/memory_view.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::engines {
namespace {

base::Result<ScratchCopy> copy(std::size_t unreadable, const std::string& parent, ScratchStart& start) {
  testing::MemoryView view;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::string path = fmt::format("base/{:03}", i);
    view.files[path] = "page";
    if (i >= 50 && i < 50 + unreadable) view.unreadable.insert(path);
  }
  return make_scratch_copy(view, "", {.parent = parent},
                           {.is_wanted = [](std::string_view) { return true; }, .empty_folders = {}}, start);
}

}  // namespace

TEST(ScratchCopy, leaves_out_what_cannot_be_read_and_says_so) {
  const os::testing::ScratchFolder folder;
  ScratchStart start;
  const auto made = copy(3, folder.path(), start);
  ASSERT_TRUE(made.ok()) << made.error().what;
  EXPECT_EQ(start.unusable.size(), 3U);
  EXPECT_TRUE(made.value().unread.contains("base/051"));
  EXPECT_FALSE(std::filesystem::exists(made.value().tree.path() + "/data/base/051"));
  EXPECT_TRUE(std::filesystem::exists(made.value().tree.path() + "/data/base/053"));
}

TEST(ScratchCopy, that_is_an_overlay_shows_no_pipe_to_the_engine) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  ASSERT_EQ(::mkfifo((folder / "data/lis/p.ibd").c_str(), 0600), 0);
  const auto view = open_evidence_view(folder / "data", std::string());
  ASSERT_TRUE(view.ok());
  ScratchStart start;
  const auto copied =
      make_scratch_copy(*view.value(), "", {.parent = folder.path(), .copy_way = CopyWay::overlay},
                        {.is_wanted = [](std::string_view) { return true; }, .empty_folders = {}}, start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  ASSERT_EQ(copied.value().way, CopyWay::overlay);
  EXPECT_EQ(copied.value().unwanted, std::vector<std::string>{"lis/p.ibd"});
}

TEST(ScratchCopy, is_a_copy_where_the_kernel_makes_no_overlay) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  std::filesystem::create_directories(folder / "a,comma");  // which overlayfs takes for the end of a path
  const auto view = open_evidence_view(folder / "data", std::string());
  ASSERT_TRUE(view.ok());
  ScratchStart start;
  const auto copied =
      make_scratch_copy(*view.value(), "", {.parent = folder / "a,comma", .copy_way = CopyWay::overlay},
                        {.is_wanted = [](std::string_view) { return true; }, .empty_folders = {}}, start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  EXPECT_EQ(copied.value().way, CopyWay::copy);
  EXPECT_TRUE(std::filesystem::exists(copied.value().tree.path() + "/data/lis/whole.ibd"));
}

TEST(ScratchCopy, of_a_backup_that_goes_away_is_an_error_that_says_so) {
  const os::testing::ScratchFolder folder;
  ScratchStart start;
  const auto made = copy(150, folder.path(), start);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, base::ErrorCode::io);
  EXPECT_NE(made.error().what.find("went away while it was copied"), std::string::npos);
}

}  // namespace lastgood::engines
