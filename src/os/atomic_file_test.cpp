// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file comes under its name as a whole or not at all, and never through a planted link.
#include "os/atomic_file.h"

#include <gtest/gtest.h>

#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

namespace {

using testing::read_file;
using testing::ScratchFolder;
using testing::write_file;

base::ByteView bytes_in(std::string_view text) { return base::ByteView(text); }

std::size_t count_entries(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

base::Status write_all(const std::string& path, Overwrite overwrite, std::string_view text) {
  LG_ASSIGN(AtomicFile file, begin_atomic_file(path, overwrite));
  LG_TRY(file.write(bytes_in(text)));
  return file.commit();
}

}  // namespace

TEST(AtomicFile, appears_with_all_its_bytes_when_committed) {
  const ScratchFolder folder;
  auto file = begin_atomic_file(folder / "report.html", Overwrite::no);
  ASSERT_TRUE(file.ok());
  const std::string piece(50'000, 'x');
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(file.value().write(bytes_in(piece)).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "report.html"));
  ASSERT_TRUE(file.value().commit().ok());
  EXPECT_EQ(read_file(folder / "report.html").size(), 250'000U);
  EXPECT_EQ(count_entries(folder.path()), 1U);
  EXPECT_EQ(std::filesystem::status(folder / "report.html").permissions(), std::filesystem::perms(0600));
}

TEST(AtomicFile, leaves_nothing_when_not_committed) {
  const ScratchFolder folder;
  {
    auto file = begin_atomic_file(folder / "report.html", Overwrite::no);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file.value().write(bytes_in("half")).ok());
  }
  EXPECT_EQ(count_entries(folder.path()), 0U);
}

TEST(AtomicFile, keeps_the_earlier_file_until_the_commit) {
  const ScratchFolder folder;
  write_file(folder / "plan", "earlier");
  auto file = begin_atomic_file(folder / "plan", Overwrite::yes);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value().write(bytes_in("later")).ok());
  EXPECT_EQ(read_file(folder / "plan"), "earlier");
  ASSERT_TRUE(file.value().commit().ok());
  EXPECT_EQ(read_file(folder / "plan"), "later");
}

TEST(AtomicFile, does_not_replace_unless_told) {
  const ScratchFolder folder;
  write_file(folder / "plan", "earlier");
  const auto file = begin_atomic_file(folder / "plan", Overwrite::no);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, base::ErrorCode::misuse);
  EXPECT_EQ(file.error().what, "cannot write '" + (folder / "plan") + "': it is there already");
}

TEST(AtomicFile, does_not_replace_a_file_that_came_in_between) {
  const ScratchFolder folder;
  auto file = begin_atomic_file(folder / "plan", Overwrite::no);
  ASSERT_TRUE(file.ok());
  write_file(folder / "plan", "somebody else's");
  EXPECT_FALSE(file.value().commit().ok());
  EXPECT_EQ(read_file(folder / "plan"), "somebody else's");
}

TEST(AtomicFile, refuses_a_link_and_leaves_its_target_alone) {
  const ScratchFolder folder;
  write_file(folder / "target", "precious");
  std::filesystem::create_symlink(folder / "target", folder / "report.html");
  const base::Status status = write_all(folder / "report.html", Overwrite::yes, "new");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().what.find("a link is in its place"), std::string::npos);
  EXPECT_EQ(read_file(folder / "target"), "precious");
}

TEST(AtomicFile, refuses_a_link_planted_before_the_commit) {
  const ScratchFolder folder;
  write_file(folder / "target", "precious");
  auto file = begin_atomic_file(folder / "report.html", Overwrite::yes);
  ASSERT_TRUE(file.ok());
  std::filesystem::create_symlink(folder / "target", folder / "report.html");
  EXPECT_FALSE(file.value().commit().ok());
  EXPECT_EQ(read_file(folder / "target"), "precious");
}

TEST(AtomicFile, refuses_names_that_are_no_file) {
  const ScratchFolder folder;
  EXPECT_FALSE(begin_atomic_file(folder / "", Overwrite::yes).ok());
  EXPECT_FALSE(begin_atomic_file(folder / "..", Overwrite::yes).ok());
  EXPECT_FALSE(begin_atomic_file(folder / "missing/report.html", Overwrite::yes).ok());
  std::filesystem::create_directory(folder / "place");
  EXPECT_FALSE(begin_atomic_file(folder / "place", Overwrite::yes).ok());
}

TEST(AtomicFile, takes_the_longest_name_there_is) {
  const ScratchFolder folder;
  EXPECT_TRUE(write_all(folder / std::string(255, 'n'), Overwrite::no, "x").ok());
}

TEST(AtomicFile, keeps_the_earlier_file_when_the_disk_is_full) {
  const ScratchFolder folder;
  write_file(folder / "plan", "earlier");
  const int answer = testing::run_in_child([&] {
    testing::limit_file_size(100'000);
    const base::Status status = write_all(folder / "plan", Overwrite::yes, std::string(300'000, 'x'));
    return !status.ok() && status.error().code == base::ErrorCode::no_space ? 0 : 1;
  });
  EXPECT_EQ(answer, 0);
  EXPECT_EQ(read_file(folder / "plan"), "earlier");
  EXPECT_EQ(count_entries(folder.path()), 1U);
}

}  // namespace lastgood::os
