// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a growing file only grows, refuses links, and says when the disk is full.
#include "os/append_file.h"

#include <gtest/gtest.h>

#include <array>

#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {

namespace {

using testing::read_file;
using testing::ScratchFolder;
using testing::write_file;

base::ByteView view(std::string_view text) { return base::ByteView(text); }

TEST(ReadOwnFile, gives_all_of_a_file_up_to_the_limit_whatever_its_size) {
  const testing::ScratchFolder folder;
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100'000U}) {
    const std::string path = folder / ("f" + std::to_string(size));
    std::ofstream(path) << std::string(size, 'x');
    const auto read = read_own_file(path, 100'000);
    ASSERT_TRUE(read.ok()) << size;
    EXPECT_EQ(read.value(), std::string(size, 'x'));
    if (size == 0) continue;
    EXPECT_EQ(read_own_file(path, size - 1).error().code, base::ErrorCode::limit_reached) << size;
  }
}

}  // namespace

TEST(AppendFile, adds_at_the_end_and_reads_anywhere) {
  const ScratchFolder folder;
  const auto file = open_append_file(folder / "ledger", OpenAs::made_new);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value()->append(view("one")).ok());
  ASSERT_TRUE(file.value()->append(view("two")).ok());
  ASSERT_TRUE(file.value()->sync().ok());
  EXPECT_EQ(file.value()->size_bytes(), 6U);
  std::array<std::uint8_t, 8> bytes{};
  const auto count = file.value()->read(2, bytes);
  ASSERT_TRUE(count.ok());
  EXPECT_EQ(count.value(), 4U);
  EXPECT_EQ(bytes[0], 'e');
  EXPECT_EQ(std::filesystem::status(folder / "ledger").permissions(), std::filesystem::perms(0600));
}

TEST(AppendFile, is_made_once_and_opened_only_when_there) {
  const ScratchFolder folder;
  const auto missing = open_append_file(folder / "ledger", OpenAs::existing);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::not_found);
  write_file(folder / "ledger", "something");
  const auto twice = open_append_file(folder / "ledger", OpenAs::made_new);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, base::ErrorCode::misuse);
  EXPECT_EQ(read_file(folder / "ledger"), "something");
}

TEST(AppendFile, refuses_links_and_folders) {
  const ScratchFolder folder;
  write_file(folder / "target", "");
  std::filesystem::create_symlink(folder / "target", folder / "ledger");
  EXPECT_FALSE(open_append_file(folder / "ledger", OpenAs::made_new).ok());
  EXPECT_FALSE(open_append_file(folder / "ledger", OpenAs::existing).ok());
  EXPECT_FALSE(open_own_file(folder / "ledger").ok());
  EXPECT_FALSE(open_own_file(folder.path()).ok());
}

TEST(AppendFile, takes_turns_with_other_openings) {
  const ScratchFolder folder;
  const auto first = open_append_file(folder / "ledger", OpenAs::made_new);
  const auto second = open_append_file(folder / "ledger", OpenAs::existing);
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE(first.value()->lock().ok());
  const base::Status refused = second.value()->lock();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::busy_retry);
  first.value()->unlock();
  EXPECT_TRUE(second.value()->lock().ok());
  second.value()->unlock();
}

TEST(AppendFile, says_when_the_disk_is_full) {
  const ScratchFolder folder;
  const int answer = testing::run_in_child([&] {
    testing::limit_file_size(1000);
    const auto file = open_append_file(folder / "ledger", OpenAs::made_new);
    if (!file.ok()) return 1;
    if (!file.value()->append(view(std::string(900, 'x'))).ok()) return 2;
    const base::Status torn = file.value()->append(view(std::string(900, 'y')));
    if (torn.ok() || torn.error().code != base::ErrorCode::no_space) return 3;
    const base::Status refused = file.value()->append(view("z"));
    return !refused.ok() && refused.error().code == base::ErrorCode::no_space ? 0 : 4;
  });
  EXPECT_EQ(answer, 0);
  EXPECT_EQ(read_file(folder / "ledger").size(), 1000U);
}

}  // namespace lastgood::os
