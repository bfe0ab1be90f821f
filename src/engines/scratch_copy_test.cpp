// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file that cannot be read is left out of a copy and named, and that a backup that goes away while it is
// copied is no damaged database.
#include "engines/scratch_copy.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/evidence_view.h"
#include "engines/postgresql/wal_archive.h"
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

/// All that an engine would see, below its data folder.
std::set<std::string> shown_in_room(const ScratchCopy& copy) {
  os::RoomPlan plan;
  plan.command = {"/nothing"};
  const auto room = make_room(copy, plan, [](os::ScratchTree&) -> base::Status { return base::Done{}; });
  EXPECT_TRUE(room.ok()) << room.error().what;
  std::set<std::string> out;
  if (!room.ok()) return out;
  const std::string data = room.value().path_of("/room/data");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data))
    out.insert(entry.path().string().substr(data.size() + 1));
  return out;
}

base::Result<ScratchCopy> overlay_of(const std::string& data, const std::string& parent, ScratchStart& start) {
  const auto view = open_evidence_view(data, std::string());
  return make_scratch_copy(*view.value(), "", {.parent = parent, .copy_way = CopyWay::overlay},
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

TEST(ScratchCopy, is_none_of_files_that_somebody_exchanges_meanwhile) {
  const os::testing::ScratchFolder folder;
  testing::MemoryView view;
  for (const char* path : {"base/1", "base/2", "pg_xact/0000"}) view.files[path] = "page";
  view.exchanged = "pg_xact/0000";
  ScratchStart start;
  const auto made = make_scratch_copy(view, "", {.parent = folder.path()},
                                      {.is_wanted = [](std::string_view) { return true; }, .empty_folders = {}}, start);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, base::ErrorCode::busy_retry);
}

TEST(ScratchCopy, gets_no_saved_logs_that_somebody_exchanges_or_removes_meanwhile) {
  const os::testing::ScratchFolder folder;
  const std::string name = "000000010000000000000001";
  testing::MemoryView logs;
  logs.files[name] = "page";
  const auto put = [&](ScratchStart& start) {
    auto tree = os::ScratchTree::make(folder.path());
    EXPECT_TRUE(tree.ok());
    return postgresql::put_archive(logs, 0, folder.path(), tree.value(), start);
  };
  ScratchStart unreadable;
  logs.unreadable.insert(name);
  ASSERT_TRUE(put(unreadable).ok());
  EXPECT_EQ(unreadable.left_out.size(), 1U) << "damage leaves out what it struck";
  ScratchStart exchanged;
  logs.exchanged = name;
  const base::Status refused = put(exchanged);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::busy_retry);
}

TEST(ScratchCopy, that_is_an_overlay_shows_no_pipe_to_the_engine) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  ASSERT_EQ(::mkfifo((folder / "data/lis/p.ibd").c_str(), 0600), 0);
  ScratchStart start;
  const auto copied = overlay_of(folder / "data", folder.path(), start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  ASSERT_EQ(copied.value().way, CopyWay::overlay);
  EXPECT_EQ(shown_in_room(copied.value()), (std::set<std::string>{"lis", "lis/whole.ibd"}));
}

TEST(ScratchCopy, is_a_copy_where_no_overlay_is_to_be_had) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  std::filesystem::create_directories(folder / "a,comma");  // which overlayfs takes for the end of a path
  std::filesystem::create_directories(folder / "data/inside");
  for (const char* parent : {"a,comma", "data/inside"}) {
    ScratchStart start;
    const auto copied = overlay_of(folder / "data", folder / parent, start);
    ASSERT_TRUE(copied.ok()) << copied.error().what;
    EXPECT_EQ(copied.value().way, CopyWay::copy) << parent;
    EXPECT_TRUE(shown_in_room(copied.value()).contains("lis/whole.ibd")) << parent;
  }
}

TEST(ScratchCopy, of_files_that_nobody_may_write_can_be_worked_on_all_the_same) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  ASSERT_EQ(::chmod((folder / "data/lis/whole.ibd").c_str(), 0444), 0);
  ASSERT_EQ(::chmod((folder / "data/lis").c_str(), 0555), 0);
  ScratchStart start;
  const auto copied = overlay_of(folder / "data", folder.path(), start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  ASSERT_EQ(copied.value().way, CopyWay::overlay);
  os::RoomPlan plan;
  plan.programs = shared_libraries();
  plan.programs.push_back("/usr/bin/dash");
  plan.command = {"/usr/bin/dash", "-c", "echo more >>/room/data/lis/whole.ibd && echo new >/room/data/lis/new"};
  auto room = make_room(copied.value(), plan, [](os::ScratchTree&) -> base::Status { return base::Done{}; });
  ASSERT_TRUE(room.ok()) << room.error().what;
  ASSERT_TRUE(room.value().start().ok());
  EXPECT_EQ(room.value().wait(std::chrono::seconds(10)), 0) << room.value().last_words(1000);
  EXPECT_EQ(os::testing::read_file(folder / "data/lis/whole.ibd"), "page");
  ASSERT_EQ(::chmod((folder / "data/lis").c_str(), 0755), 0);
}

TEST(ScratchCopy, of_files_that_nobody_may_change_is_a_copy) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  const std::string data = folder / "data";
  // What guards backups against an attacker; not every file system knows it.
  if (std::system(("chattr -R +i '" + data + "' 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "no immutable files here";
  ScratchStart start;
  const auto copied = overlay_of(data, folder.path(), start);
  EXPECT_EQ(std::system(("chattr -R -i '" + data + "'").c_str()), 0);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  EXPECT_EQ(copied.value().way, CopyWay::copy);
  EXPECT_TRUE(shown_in_room(copied.value()).contains("lis/whole.ibd"));
}

TEST(ScratchCopy, keeps_what_was_made_in_an_overlay_when_its_room_is_made_again) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", "page");
  ScratchStart start;
  const auto copied = overlay_of(folder / "data", folder.path(), start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  os::RoomPlan plan;
  plan.command = {"/nothing"};
  {
    const auto room = make_room(copied.value(), plan, [](os::ScratchTree& data) -> base::Status {
      return data.make_folder("made/by_the_logs");
    });
    ASSERT_TRUE(room.ok()) << room.error().what;
  }
  EXPECT_TRUE(shown_in_room(copied.value()).contains("made/by_the_logs"));
}

TEST(ScratchCopy, leaves_the_times_of_what_it_looks_at) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/lis");
  os::testing::write_file(folder / "data/lis/whole.ibd", std::string(std::size_t{65} << 20U, 'p'));
  const auto access_times = [&] {
    std::string out;
    for (const char* path : {"data", "data/lis", "data/lis/whole.ibd"}) {
      struct stat status {};
      EXPECT_EQ(::lstat((folder / path).c_str(), &status), 0);
      out += fmt::format("{}.{} ", status.st_atim.tv_sec, status.st_atim.tv_nsec);
    }
    return out;
  };
  for (const char* path : {"data", "data/lis", "data/lis/whole.ibd"}) {
    const std::array<timespec, 2> old{{{.tv_sec = 1'000'000'000, .tv_nsec = 0}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (folder / path).c_str(), old.data(), 0), 0);
  }
  const std::string before = access_times();
  const auto view = open_evidence_view(folder / "data", std::string());
  ScratchStart start;
  const auto copied =
      make_scratch_copy(*view.value(), "", {.parent = folder.path()},
                        {.is_wanted = [](std::string_view) { return true; }, .empty_folders = {}}, start);
  ASSERT_TRUE(copied.ok()) << copied.error().what;
  EXPECT_NE(copied.value().way, CopyWay::copy) << "large enough to be looked at where it lies";
  static_cast<void>(shown_in_room(copied.value()));
  EXPECT_EQ(access_times(), before);
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
