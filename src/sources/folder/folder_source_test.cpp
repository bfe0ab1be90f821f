// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that folders are read as a source without leaving a trace, that snapshots are recognised as such, and that a
// file that changes is noticed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/human.h"
#include "os/run_program.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"
#include "sources/content_bytes.h"
#include "sources/folder/open_folder.h"
#include "sources/testing/reference_tree.h"
#include "sources/testing/source_suite.h"

namespace lastgood::sources::folder {
namespace {

using os::testing::ScratchFolder;
using os::testing::write_file;

std::unique_ptr<Source> open(const std::string& path, const OpenOptions& options = {}) {
  auto source = open_folder(path, {}, options);
  EXPECT_TRUE(source) << (source ? "" : source.error().what);
  return source ? std::move(source).value() : nullptr;
}

void make_folder(const std::string& path) { std::filesystem::create_directories(path); }

std::vector<std::string> ids_of(Source& source) {
  std::vector<std::string> ids;
  const std::vector<model::Snapshot> snapshots = source.snapshots().value();
  for (const model::Snapshot& snapshot : snapshots) ids.push_back(snapshot.id);
  return ids;
}

bool has_rule(const std::vector<model::Finding>& findings, std::string_view rule) {
  for (const model::Finding& finding : findings) {
    if (finding.rule == rule) return true;
  }
  return false;
}

const model::TreeEntry* find_entry(const Folder& folder, std::string_view name) {
  for (const model::TreeEntry& entry : folder.entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

/// One tree for all properties.
const std::string& reference_tree() {
  static const ScratchFolder* scratch = [] {
    auto* made = new ScratchFolder;  // lives as long as the program: the tests share it
    const base::Status status = testing::make_reference_tree(made->path());
    EXPECT_TRUE(status) << (status ? "" : status.error().what);
    std::atexit([] { std::filesystem::remove_all(reference_tree()); });
    return made;
  }();
  return scratch->path();
}

testing::SuiteSubject subject() {
  return {
      .open = [] { return open(reference_tree()); }, .tree = reference_tree(), .inside = "", .store = reference_tree()};
}

LASTGOOD_SOURCE_SUITE(FolderSource, subject())

TEST(FolderSource, ShowsWhereAHoleOfTerabytesEndsSoThatNobodyReadsIt) {
  constexpr std::uint64_t k_size_bytes = std::uint64_t{1} << 40U;
  const ScratchFolder scratch;
  make_folder(scratch.path() + "/2026-01-02/srv");
  make_folder(scratch.path() + "/2026-01-03/srv");
  for (const char* const day : {"/2026-01-02", "/2026-01-03"}) {
    const std::string file = scratch.path() + day + "/srv/disk.img";
    write_file(file, "head");
    ASSERT_EQ(::truncate(file.c_str(), k_size_bytes), 0);
  }
  const auto source = open(scratch.path());
  const std::string root = source->snapshots().value().at(0).root;
  const std::string srv = find_entry(source->read_folder(root).value(), "srv")->subtree;
  const Folder folder = source->read_folder(srv).value();
  ContentBytes bytes(source->open_content(find_entry(folder, "disk.img")->content).value());
  EXPECT_EQ(bytes.next_data(0), 0U);
  EXPECT_EQ(bytes.next_data(1U << 20U), k_size_bytes);
}

TEST(FolderSnapshots, are_the_place_itself_where_nothing_looks_like_snapshots) {
  const ScratchFolder scratch;
  make_folder(scratch / "srv/2022-11-22");
  make_folder(scratch / "daily.0");
  const auto source = open(scratch.path());
  EXPECT_EQ(ids_of(*source), (std::vector<std::string>{"."}));
  EXPECT_TRUE(has_rule(source->snapshots().value()[0].findings, "folder.time.modified"));
}

TEST(FolderSnapshots, of_rsnapshot_share_an_inode_and_a_key) {
  const ScratchFolder scratch;
  for (const char* name : {"daily.0/hims/etc", "daily.1/hims/etc", "hourly.0/hims/etc", "lost+found"}) {
    make_folder(scratch / name);
  }
  write_file(scratch / "daily.1/hims/etc/passwd", "root");
  std::filesystem::create_hard_link(scratch / "daily.1/hims/etc/passwd", scratch / "daily.0/hims/etc/passwd");
  write_file(scratch / "hourly.0/hims/etc/passwd", "root");
  const timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1'669'000'000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (scratch / "daily.1").c_str(), times, 0), 0);

  const auto source = open(scratch.path());
  const auto snapshots = source->snapshots().value();
  ASSERT_EQ(snapshots.size(), 3U);
  EXPECT_EQ(snapshots[0].id, "daily.1");
  EXPECT_EQ(snapshots[0].time_ns, 1'669'000'000'000'000'000);
  EXPECT_EQ(snapshots[0].program, "rsnapshot");
  EXPECT_TRUE(has_rule(source->findings(), "folder.beside"));

  const Folder old = source->read_folder("daily.1/hims/etc").value();
  const Folder now = source->read_folder("daily.0/hims/etc").value();
  const Folder other = source->read_folder("hourly.0/hims/etc").value();
  EXPECT_EQ(old.entries.at(0).content.key, now.entries.at(0).content.key);
  EXPECT_NE(old.entries.at(0).content.key, other.entries.at(0).content.key);
  EXPECT_FALSE(source->read_folder("lost+found").ok());
  EXPECT_FALSE(source->read_folder("daily.1/../daily.0").ok());
  EXPECT_FALSE(source->read_folder("daily.1/./hims").ok());
}

TEST(FolderSnapshots, take_their_time_from_their_names_and_end_where_asked) {
  const ScratchFolder scratch;
  for (const char* day : {"2022-11-20", "2022-11-21", "2022-11-22T03:00:00"}) {
    make_folder(scratch / day + "/srv");
    make_folder(scratch / day + "/etc");
  }
  EXPECT_EQ(ids_of(*open(scratch.path())),
            (std::vector<std::string>{"2022-11-20", "2022-11-21", "2022-11-22T03:00:00"}));
  const auto source = open(scratch.path());
  EXPECT_EQ(base::utc_time(source->snapshots().value()[2].time_ns), "2022-11-22T03:00:00Z");
  EXPECT_TRUE(has_rule(source->snapshots().value()[2].findings, "folder.time.name"));
  const OpenOptions then{.as_of_ns = source->snapshots().value()[1].time_ns};
  EXPECT_EQ(ids_of(*open(scratch.path(), then)), (std::vector<std::string>{"2022-11-20", "2022-11-21"}));
}

TEST(FolderSnapshots, read_names_without_a_zone_in_the_one_that_is_given) {
  const ScratchFolder scratch;
  for (const char* day : {"2022-11-20_193000", "2022-11-21_193000"}) {
    make_folder(scratch / day + "/srv");
    make_folder(scratch / day + "/etc");
  }
  OpenOptions in_india;
  in_india.names_in = "+05:30";
  EXPECT_EQ(base::utc_time(open(scratch.path(), in_india)->snapshots().value()[1].time_ns), "2022-11-21T14:00:00Z");
}

TEST(FolderSnapshots, are_one_on_the_first_day_of_a_backup) {
  const ScratchFolder scratch;
  make_folder(scratch / "2022-11-22/srv/lab");
  make_folder(scratch / "lost+found");
  const auto source = open(scratch.path());
  EXPECT_EQ(ids_of(*source), (std::vector<std::string>{"2022-11-22"}));
  EXPECT_EQ(base::utc_time(source->snapshots().value()[0].time_ns), "2022-11-22T00:00:00Z");
  EXPECT_TRUE(has_rule(source->findings(), "folder.date")) << "whoever filed by day is told how to have it read so";
}

TEST(FolderSnapshots, are_found_beside_empty_folders_of_backups_that_came_to_nothing) {
  const ScratchFolder scratch;
  make_folder(scratch / "2022-11-21_0200/base");
  write_file(scratch / "2022-11-21_0200/PG_VERSION", "15\n");
  make_folder(scratch / "2022-11-22_0200");
  EXPECT_EQ(ids_of(*open(scratch.path())), (std::vector<std::string>{"2022-11-21_0200"}));
  make_folder(scratch / "2022-11-20_0200/base");
  EXPECT_EQ(ids_of(*open(scratch.path())), (std::vector<std::string>{"2022-11-20_0200", "2022-11-21_0200"}));
  const ScratchFolder empty;
  make_folder(empty / "2022-11-22_0200");
  make_folder(empty / "2022-11-23_0200");
  EXPECT_EQ(ids_of(*open(empty.path())).size(), 1U) << "one tree, as before";
}

TEST(FolderSnapshots, are_none_in_an_empty_folder_unless_its_file_system_keeps_some) {
  const ScratchFolder scratch;
  EXPECT_EQ(ids_of(*open(scratch.path())).size(), 0U);
  make_folder(scratch / "lost+found");
  EXPECT_EQ(ids_of(*open(scratch.path())).size(), 0U) << "a fresh disk";
  write_file(scratch / "lost+found/#12", "found by fsck");
  EXPECT_EQ(ids_of(*open(scratch.path())).size(), 1U);
  make_folder(scratch / ".zfs/snapshot/before-update/srv");
  EXPECT_NE(ids_of(*open(scratch.path())).size(), 0U);
}

TEST(FolderSnapshots, are_not_made_of_one_dated_folder_in_a_live_tree) {
  for (const std::string beside : {"uploads", "settings.ini"}) {
    const ScratchFolder scratch;
    make_folder(scratch / "2022-11-22/srv/lab");
    beside.ends_with(".ini") ? write_file(scratch / beside, "1") : make_folder(scratch / beside);
    EXPECT_EQ(ids_of(*open(scratch.path())), (std::vector<std::string>{"."})) << beside;
  }
  const ScratchFolder images;
  make_folder(images / "2022-11-22");
  write_file(images / "2022-11-22/scan1.dcm", "1");
  EXPECT_EQ(ids_of(*open(images.path())), (std::vector<std::string>{"."}));
}

TEST(FolderSnapshots, are_not_made_of_images_filed_by_day) {
  const ScratchFolder scratch;
  int study = 0;
  for (const char* day : {"20221120", "20221121", "20221122"}) {
    make_folder(scratch / day + "/study" + std::to_string(++study));
  }
  const auto source = open(scratch.path());
  EXPECT_EQ(ids_of(*source), (std::vector<std::string>{"."}));
  EXPECT_TRUE(has_rule(source->findings(), "folder.dates"));
}

TEST(FolderSnapshots, are_copies_of_a_database_with_their_tablespaces_beside) {
  const ScratchFolder scratch;
  for (const std::string copy : {"2022-11-21_0200", "2022-11-22_0200"}) {
    make_folder(scratch / copy + "/base");
    write_file(scratch / copy + "/PG_VERSION", "15\n");
    make_folder(scratch / copy + "_ts/PG_15_202209061");
    const auto source = open(scratch.path());
    EXPECT_EQ(ids_of(*source).back(), copy) << "a tablespace is no copy by itself";
    EXPECT_EQ(ids_of(*source).size(), copy == "2022-11-21_0200" ? 1U : 2U);
    EXPECT_TRUE(has_rule(source->findings(), "folder.beside")) << "what is not read is named";
  }
}

TEST(FolderSnapshots, of_snapper_and_zfs_are_beside_the_live_tree_and_not_in_it) {
  const ScratchFolder scratch;
  make_folder(scratch / "srv");
  make_folder(scratch / ".snapshots/12/snapshot/srv");
  make_folder(scratch / ".snapshots/13/snapshot/srv");
  make_folder(scratch / ".zfs/snapshot/before-update/srv");
  write_file(scratch / ".snapshots/12/info.xml", "<snapshot><date>2022-11-22 03:00:00</date></snapshot>");
  const auto source = open(scratch.path());
  const std::vector<std::string> ids = ids_of(*source);
  EXPECT_EQ(
      std::set<std::string>(ids.begin(), ids.end()),
      (std::set<std::string>{".", ".snapshots/12/snapshot", ".snapshots/13/snapshot", ".zfs/snapshot/before-update"}));
  EXPECT_EQ(ids.front(), ".snapshots/12/snapshot");
  EXPECT_EQ(base::utc_time(source->snapshots().value()[0].time_ns), "2022-11-22T03:00:00Z");
  const Folder live = source->read_folder(".").value();
  ASSERT_EQ(live.entries.size(), 1U);
  EXPECT_EQ(live.entries[0].name, "srv");
  EXPECT_EQ(source->read_folder(".snapshots/13/snapshot").value().entries.size(), 1U);

  EXPECT_EQ(ids_of(*open(scratch / ".snapshots")), (std::vector<std::string>{"12/snapshot", "13/snapshot"}));
  EXPECT_EQ(ids_of(*open(scratch / ".zfs/snapshot")), (std::vector<std::string>{"before-update"}));
}

TEST(FolderSnapshots, of_rsync_cost_one_judgement_for_each_inode) {
  const ScratchFolder scratch;
  make_folder(scratch / "live/etc");
  write_file(scratch / "live/etc/same", "same");
  write_file(scratch / "live/etc/changes", "before");
  const auto rsync = [&](const std::string& day, const std::string& before) {
    std::vector<std::string> words{"/usr/bin/rsync", "-a", scratch / "live/", scratch / "backup/" + day + "/"};
    if (!before.empty()) words.push_back("--link-dest=" + scratch / "backup/" + before);
    const auto end = os::run_program(words, scratch.path());
    ASSERT_TRUE(end.ok() && end.value().exit_code == 0) << (end.ok() ? end.value().printed : end.error().what);
  };
  make_folder(scratch / "backup");
  rsync("2022-11-21", "");
  write_file(scratch / "live/etc/changes", "after, and longer");
  rsync("2022-11-22", "2022-11-21");
  const auto source = open(scratch / "backup");
  EXPECT_EQ(ids_of(*source), (std::vector<std::string>{"2022-11-21", "2022-11-22"}));
  const Folder old = source->read_folder("2022-11-21/etc").value();
  const Folder now = source->read_folder("2022-11-22/etc").value();
  EXPECT_EQ(find_entry(old, "same")->content.key, find_entry(now, "same")->content.key);
  EXPECT_NE(find_entry(old, "changes")->content.key, find_entry(now, "changes")->content.key);
}

TEST(FolderSource, does_not_enter_a_file_system_mounted_below) {
  if (::geteuid() != 0) return;  // only root can mount one
  const ScratchFolder scratch;
  make_folder(scratch / "tree/mounted");
  write_file(scratch / "tree/mounted/below", "under the mount");
  const int status = os::testing::run_in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 10;
    if (::mount("none", (scratch / "tree/mounted").c_str(), "tmpfs", 0, nullptr) != 0) return 11;
    write_file(scratch / "tree/mounted/other", "of another file system");
    const auto source = open(scratch / "tree");
    const Folder top = source->read_folder(".").value();
    if (top.entries.size() != 1 || top.entries[0].subtree != "./mounted") return 12;
    const Folder mounted = source->read_folder("./mounted").value();
    return mounted.entries.empty() && has_rule(mounted.findings, "folder.device") ? 0 : 13;
  });
  EXPECT_EQ(status, 0);
}

TEST(FolderSource, notices_a_file_that_changed_since_it_was_listed) {
  const ScratchFolder scratch;
  write_file(scratch / "file", "before");
  const auto source = open(scratch.path());
  const Folder folder = source->read_folder(".").value();
  write_file(scratch / "file", "after!");
  const auto content = source->open_content(folder.entries.at(0).content);
  ASSERT_FALSE(content.ok());
  EXPECT_EQ(content.error().code, base::ErrorCode::damaged_source);
  EXPECT_NE(content.error().what.find("changed since it was listed"), std::string::npos);
  EXPECT_EQ(content.error().system_errno, ESTALE) << "what copies it for a server stops there";
}

TEST(FolderSource, notices_a_file_that_changes_while_it_is_read) {
  const ScratchFolder scratch;
  write_file(scratch / "file", std::string(3 << 20, 'b'));
  const auto source = open(scratch.path());
  const Folder folder = source->read_folder(".").value();
  const auto content = source->open_content(folder.entries.at(0).content);
  ASSERT_TRUE(content) << content.error().what;
  std::vector<std::uint8_t> bytes;
  ASSERT_EQ(content.value()->piece_count(), 3U);
  EXPECT_TRUE(content.value()->read_piece(0, bytes));
  std::filesystem::resize_file(scratch / "file", 1 << 20);
  for (const std::size_t piece : {0U, 1U, 2U}) {
    const base::Status status = content.value()->read_piece(piece, bytes);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, base::ErrorCode::damaged_source);
    EXPECT_TRUE(bytes.empty());
  }
}

TEST(FolderSource, follows_no_link_that_took_the_place_of_a_folder) {
  const ScratchFolder scratch;
  make_folder(scratch / "tree/etc");
  write_file(scratch / "tree/etc/passwd", "inside");
  make_folder(scratch / "outside");
  write_file(scratch / "outside/passwd", "outside");
  const auto source = open(scratch / "tree");
  const Folder etc = source->read_folder("./etc").value();
  std::filesystem::rename(scratch / "tree/etc", scratch / "tree/moved");
  std::filesystem::create_directory_symlink(scratch / "outside", scratch / "tree/etc");
  EXPECT_FALSE(source->read_folder("./etc").ok());
  EXPECT_FALSE(source->open_content(etc.entries.at(0).content).ok());
  EXPECT_EQ(find_entry(source->read_folder(".").value(), "etc")->kind, model::EntryKind::link);
}

TEST(FolderSource, tells_no_place_of_a_folder_that_another_took) {
  const ScratchFolder scratch;
  make_folder(scratch / "tree/db");
  const auto source = open(scratch / "tree");
  EXPECT_EQ(source->find_on_this_machine("./db"), std::filesystem::canonical(scratch / "tree/db").string());
  EXPECT_EQ(source->find_on_this_machine("./db/none"), std::nullopt);
  EXPECT_EQ(source->find_on_this_machine("./../tree/db"), std::nullopt);
  std::filesystem::rename(scratch / "tree", scratch / "moved");
  make_folder(scratch / "tree/db");
  EXPECT_EQ(source->find_on_this_machine("./db"), std::nullopt) << "that is another folder";
  std::filesystem::remove_all(scratch / "tree");
  std::filesystem::create_directory_symlink(scratch / "moved", scratch / "tree");
  EXPECT_EQ(source->find_on_this_machine("./db"), std::filesystem::canonical(scratch / "moved/db").string());
}

TEST(FolderSource, refuses_a_link_as_its_place) {
  const ScratchFolder scratch;
  make_folder(scratch / "real");
  std::filesystem::create_directory_symlink(scratch / "real", scratch / "link");
  const auto source = open_folder(scratch / "link", {}, {});
  ASSERT_FALSE(source.ok());
  EXPECT_FALSE(source.error().what.empty());
}

}  // namespace
}  // namespace lastgood::sources::folder
