// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file that cannot be read is left out of a copy and named, and that a backup that goes away while it is
// copied is no damaged database.
#include "engines/scratch_copy.h"

#include <gtest/gtest.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
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

TEST(ScratchCopy, of_a_backup_that_goes_away_is_an_error_that_says_so) {
  const os::testing::ScratchFolder folder;
  ScratchStart start;
  const auto made = copy(150, folder.path(), start);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, base::ErrorCode::io);
  EXPECT_NE(made.error().what.find("went away while it was copied"), std::string::npos);
}

}  // namespace lastgood::engines
