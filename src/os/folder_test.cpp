// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that our folders are private, made once, and resolved to one name; and that random bytes and names are there.
#include "os/folder.h"

#include <gtest/gtest.h>

#include <array>

#include "os/identity.h"
#include "os/paths.h"
#include "os/random.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

TEST(Folder, is_made_for_its_owner_only) {
  const testing::ScratchFolder folder;
  ASSERT_TRUE(make_private_folder(folder / "NAME.case/", WhenThere::refuse).ok());
  EXPECT_EQ(std::filesystem::status(folder / "NAME.case").permissions(), std::filesystem::perms(0700));
  EXPECT_EQ(make_private_folder(folder / "NAME.case", WhenThere::refuse).error().code, base::ErrorCode::misuse);
  EXPECT_TRUE(make_private_folder(folder / "NAME.case", WhenThere::accept).ok());
  EXPECT_EQ(make_private_folder(folder / "missing/NAME.case", WhenThere::accept).error().code,
            base::ErrorCode::not_found);
}

TEST(Folder, is_not_taken_for_a_link_or_a_file) {
  const testing::ScratchFolder folder;
  testing::write_file(folder / "file", "");
  std::filesystem::create_directory_symlink(folder.path(), folder / "link");
  EXPECT_FALSE(make_private_folder(folder / "file", WhenThere::accept).ok());
  EXPECT_FALSE(make_private_folder(folder / "link", WhenThere::accept).ok());
}

TEST(Paths, are_followed_through_links_as_the_system_does_also_to_what_is_not_there) {
  const testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/mysql");
  std::filesystem::create_directory_symlink("../data", folder / "data/up");
  std::filesystem::create_directory_symlink("data/up/mysql", folder / "link");
  std::filesystem::create_symlink(folder / "data/q.db", folder / "q.db");
  std::filesystem::create_symlink("round", folder / "round");
  EXPECT_EQ(follow_links(folder / "link/t.ibd"), folder / "data/mysql/t.ibd");
  EXPECT_EQ(follow_links(folder / "q.db"), folder / "data/q.db");
  EXPECT_EQ(follow_links(folder / "data/mysql"), folder / "data/mysql");
  EXPECT_EQ(follow_links(folder / "round/x"), folder / "round/x");
  EXPECT_EQ(follow_links("/no/such/folder"), "/no/such/folder");
}

TEST(Folder, resolves_to_a_path_without_links) {
  const testing::ScratchFolder folder;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  EXPECT_EQ(resolve_folder(folder / "link/../link").value(), folder / "real");
  testing::write_file(folder / "file", "");
  EXPECT_FALSE(resolve_folder(folder / "file").ok());
  EXPECT_EQ(resolve_folder(folder / "missing").error().code, base::ErrorCode::not_found);
}

TEST(Random, fills_every_byte_and_never_the_same_way) {
  std::array<std::uint8_t, 1000> first{};
  std::array<std::uint8_t, 1000> second{};
  fill_random(first);
  fill_random(second);
  EXPECT_NE(first, second);
  EXPECT_NE(std::string(first.end() - 16, first.end()), std::string(16, '\0'));
}

TEST(Identity, names_host_and_user) {
  const Identity identity = current_identity();
  EXPECT_FALSE(identity.host.empty());
  EXPECT_FALSE(identity.user.empty());
}

}  // namespace lastgood::os
