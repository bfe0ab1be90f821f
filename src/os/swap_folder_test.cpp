// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a folder made aside takes a used one's place with its owner, that the used one is kept, and that links
// are given and never followed.
#include "os/swap_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "os/testing/scratch_folder.h"

namespace lastgood::os {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint32_t owner_of(const fs::path& path) {
  struct ::stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_uid;
}

TEST(SwapFolder, puts_the_made_one_in_place_and_keeps_the_other) {
  const testing::ScratchFolder folder;
  const fs::path top = folder.path();
  write(top / "data/pg/old", "old");
  write(top / "scratch/made/new", "new");
  ASSERT_TRUE(
      swap_folders((top / "scratch/made").string(), (top / "data/pg").string(), (top / "data/pg.before").string())
          .ok());
  EXPECT_EQ(text_of(top / "data/pg/new"), "new");
  EXPECT_EQ(text_of(top / "data/pg.before/old"), "old");
  EXPECT_FALSE(fs::exists(top / "scratch/made"));
}

TEST(SwapFolder, does_nothing_when_the_name_to_keep_under_is_taken) {
  const testing::ScratchFolder folder;
  const fs::path top = folder.path();
  write(top / "pg/old", "old");
  write(top / "made/new", "new");
  write(top / "pg.before", "somebody's");
  const auto swapped = swap_folders((top / "made").string(), (top / "pg").string(), (top / "pg.before").string());
  ASSERT_FALSE(swapped.ok());
  EXPECT_EQ(swapped.error().code, base::ErrorCode::misuse);
  EXPECT_EQ(text_of(top / "pg/old"), "old");
  EXPECT_EQ(text_of(top / "made/new"), "new");
}

TEST(SwapFolder, gives_a_tree_to_its_owner_and_never_follows_links) {
  const testing::ScratchFolder folder;
  const fs::path top = folder.path();
  write(top / "outside", "not ours to give");
  write(top / "made/deep/er/file", "x");
  fs::create_symlink(top / "outside", top / "made/link");
  fs::create_directory_symlink(top, top / "made/deep/up");
  constexpr std::uint32_t k_owner = 12'345;
  ASSERT_TRUE(give_tree((top / "made").string(), {.user_id = k_owner, .group_id = k_owner, .mode = 0700}).ok());
  for (const char* const name : {"made", "made/deep", "made/deep/er/file", "made/link", "made/deep/up"})
    EXPECT_EQ(owner_of(top / name), k_owner) << name;
  EXPECT_NE(owner_of(top / "outside"), k_owner);
  EXPECT_NE(owner_of(top), k_owner);
  const auto owner = folder_owner((top / "made").string());
  ASSERT_TRUE(owner.ok());
  EXPECT_EQ(owner.value().mode, 0700U);
  EXPECT_FALSE(folder_owner((top / "made/deep/up").string()).ok()) << "a link is no folder";
}

}  // namespace

}  // namespace lastgood::os
