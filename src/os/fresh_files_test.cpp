// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a fresh file has its name with all its bytes or not at all, and takes no other's place.
#include "os/fresh_files.h"

#include <gtest/gtest.h>

#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

namespace {

using testing::ScratchFolder;

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

}  // namespace

TEST(FreshFile, has_all_its_bytes_under_its_name_and_nothing_beside) {
  const ScratchFolder folder;
  const std::string bytes(100'000, 'x');
  ASSERT_TRUE(write_fresh_file(folder / "ward.pdf", base::ByteView(std::string_view(bytes))).ok());
  EXPECT_EQ(testing::read_file(folder / "ward.pdf"), bytes);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"ward.pdf"});
}

TEST(FreshFile, on_a_full_disk_leaves_no_half_file) {
  const ScratchFolder folder;
  const int refused = testing::run_in_child([&] {
    testing::limit_file_size(50'000);
    const std::string bytes(100'000, 'x');
    return write_fresh_file(folder / "ward.pdf", base::ByteView(std::string_view(bytes))).ok() ? 0 : 1;
  });
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{});
}

TEST(FreshFile, has_its_name_and_those_of_the_folders_around_it_synced_or_an_error) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "run/sheets");
  ASSERT_TRUE(write_fresh_file(scratch / "run/sheets/a.pdf", base::ByteView(std::string_view("x"))).ok());
  EXPECT_TRUE(sync_names_below(scratch / "run").ok());
  EXPECT_FALSE(sync_names_below(scratch / "gone").ok());
}

TEST(FreshFile, takes_no_place_that_is_taken) {
  const ScratchFolder folder;
  testing::write_file(folder / "ward.pdf", "earlier");
  EXPECT_FALSE(write_fresh_file(folder / "ward.pdf", base::ByteView(std::string_view("later"))).ok());
  std::filesystem::create_symlink("elsewhere", folder / "link.pdf");
  EXPECT_FALSE(write_fresh_file(folder / "link.pdf", base::ByteView(std::string_view("later"))).ok());
  EXPECT_EQ(testing::read_file(folder / "ward.pdf"), "earlier");
  EXPECT_EQ(names_in(folder.path()).size(), 2U);
}

}  // namespace lastgood::os
