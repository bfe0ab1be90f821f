// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a restore beside puts everything back as the source has it, with all it carries, refuses what it must
// not write, and keeps what can be read of damaged stores. Run as root: owners and devices are checked.
#include "recovery/restore_plan.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "recovery/testing/restore_story.h"

namespace lastgood::recovery {
namespace {

using os::testing::read_file;
using os::testing::write_file;
using testing::look_at;
using testing::RestoreStory;
using testing::rules_of;

std::string pattern(std::size_t bytes, unsigned seed) {
  std::string out(bytes, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : out) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>(state >> 24);
  }
  return out;
}

struct stat stat_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

TEST(RestorePlan, puts_every_kind_of_entry_back_with_what_it_carries) {
  RestoreStory story;
  auto& file = story.source.put_file("s1", "/srv/lab/result.txt", "haemoglobin 13.1\n", 0640);
  file.user_id = 1234;
  file.group_id = 4321;
  file.attributes = {{"trusted.lab", "1"}, {"user.note", "seen"}};
  story.source.put_link("s1", "/srv/lab/latest", "result.txt").user_id = 77;
  story.source.put("s1", "/srv/lab/queue", model::EntryKind::fifo, 0600);
  auto& device = story.source.put("s1", "/srv/null", model::EntryKind::character_device, 0666);
  device.device_number = makedev(1, 3);
  story.source.put("s1", "/srv/socket", model::EntryKind::socket, 0600);
  story.source.put_file("s1", "/srv/empty", "");
  auto& folder = story.source.put("s1", "/srv/sealed", model::EntryKind::folder, 0500);
  folder.mtime_ns = -1'500'000'000;
  folder.user_id = 55;
  folder.attributes = {{"user.folder", "yes"}};
  story.source.put_file("s1", "/srv/sealed/inside", "kept\n", 0400);
  story.plan_all();
  story.request.policy.devices = RestorePolicy::Devices::restore;

  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(outcome.value().finished);
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  EXPECT_EQ(rules_of(outcome.value().remarks), "/srv/socket restore.socket\n");
  EXPECT_EQ(outcome.value().tally.files, 3U);

  const struct stat text = stat_of(story.in_target("/srv/lab/result.txt"));
  EXPECT_EQ(read_file(story.in_target("/srv/lab/result.txt")), "haemoglobin 13.1\n");
  EXPECT_EQ(text.st_mode, S_IFREG | 0640U);
  EXPECT_EQ(text.st_uid, 1234U);
  EXPECT_EQ(text.st_gid, 4321U);
  EXPECT_EQ(text.st_mtim.tv_sec, 1'600'000'000);
  EXPECT_EQ(text.st_mtim.tv_nsec, 123'456'789);
  char value[8] = {};
  EXPECT_EQ(::getxattr(story.in_target("/srv/lab/result.txt").c_str(), "user.note", value, sizeof value), 4);
  EXPECT_EQ(std::string(value), "seen");
  EXPECT_EQ(std::filesystem::read_symlink(story.in_target("/srv/lab/latest")), "result.txt");
  EXPECT_EQ(stat_of(story.in_target("/srv/lab/latest")).st_uid, 77U);
  EXPECT_EQ(stat_of(story.in_target("/srv/lab/queue")).st_mode, S_IFIFO | 0600U);
  EXPECT_EQ(stat_of(story.in_target("/srv/null")).st_mode, S_IFCHR | 0666U);
  EXPECT_EQ(stat_of(story.in_target("/srv/null")).st_rdev, makedev(1, 3));
  const struct stat sealed = stat_of(story.in_target("/srv/sealed"));
  EXPECT_EQ(sealed.st_mode, S_IFDIR | 0500U);
  EXPECT_EQ(sealed.st_uid, 55U);
  EXPECT_EQ(sealed.st_mtim.tv_sec, -2);
  EXPECT_EQ(sealed.st_mtim.tv_nsec, 500'000'000);
  EXPECT_EQ(::getxattr(story.in_target("/srv/sealed").c_str(), "user.folder", value, sizeof value), 3);
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/" + std::string(k_parts_folder))));
}

TEST(RestorePlan, keeps_acls_capabilities_and_setuid_of_root_and_takes_rights_from_others) {
  RestoreStory story;
  const std::string capability("\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  // version 2; user::rw-, user:1234:r--, group::r--, mask::r--, other::---
  const std::string acl(
      "\2\0\0\0\1\0\6\0\xff\xff\xff\xff\2\0\4\0\xd2\4\0\0\4\0\4\0\xff\xff\xff\xff\x10\0\4\0\xff\xff\xff\xff"
      "\x20\0\0\0\xff\xff\xff\xff",
      44);
  story.source.put_file("s1", "/bin/tool", "x", 04755).attributes = {{"security.capability", capability}};
  auto& users = story.source.put_file("s1", "/bin/mine", "x", 06755);
  users.user_id = 1000;
  users.attributes = {{"security.capability", capability}};
  story.source.put_file("s1", "/bin/shared", "x", 0640).attributes = {{"system.posix_acl_access", acl}};
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(stat_of(story.in_target("/bin/tool")).st_mode & 07777U, 04755U);
  EXPECT_EQ(stat_of(story.in_target("/bin/mine")).st_mode & 07777U, 0755U);
  char value[64];
  EXPECT_EQ(::getxattr(story.in_target("/bin/tool").c_str(), "security.capability", value, sizeof value), 20);
  EXPECT_EQ(::getxattr(story.in_target("/bin/mine").c_str(), "security.capability", value, sizeof value), -1);
  ASSERT_EQ(::getxattr(story.in_target("/bin/shared").c_str(), "system.posix_acl_access", value, sizeof value), 44);
  EXPECT_EQ(std::string(value, 44), acl);
  EXPECT_EQ(rules_of(outcome.value().remarks), "/bin/mine restore.setuid\n/bin/mine restore.capability\n");
}

TEST(RestorePlan, makes_holes_of_zeros_and_keeps_every_byte) {
  RestoreStory story;
  std::string holey = pattern(70'000, 1) + std::string(3'000'000, '\0') + pattern(10, 2) + std::string(500'000, '\0');
  story.source.piece_bytes = 300'001;
  story.source.put_file("s1", "/disk.img", holey);
  story.source.put_file("s1", "/zeros", std::string(4096, '\0'));
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(read_file(story.in_target("/disk.img")), holey);
  EXPECT_EQ(read_file(story.in_target("/zeros")), std::string(4096, '\0'));
  EXPECT_LT(stat_of(story.in_target("/disk.img")).st_blocks, 400);
  EXPECT_EQ(stat_of(story.in_target("/zeros")).st_blocks, 0);
}

TEST(RestorePlan, keeps_hard_links_among_items_and_restores_contents_once) {
  RestoreStory story;
  for (const char* path : {"/a/one", "/b/two", "/b/three"}) story.source.put_file("s1", path, "same").link_group = 9;
  story.source.put_file("s1", "/b/alone", "other").link_group = 10;
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(outcome.value().tally.files, 4U);
  EXPECT_EQ(stat_of(story.in_target("/a/one")).st_nlink, 3U);
  EXPECT_EQ(stat_of(story.in_target("/a/one")).st_ino, stat_of(story.in_target("/b/three")).st_ino);
  EXPECT_EQ(stat_of(story.in_target("/b/alone")).st_nlink, 1U);
  EXPECT_EQ(story.source.pieces_read(), 2U);
}

TEST(RestorePlan, writes_large_files_by_segments) {
  RestoreStory story;
  story.source.piece_bytes = 1'000'003;
  const std::string large = pattern(k_unsynced_bytes_max + 5'000'000, 3);
  story.source.put_file("s1", "/srv/large.bin", large, 0600).user_id = 12;
  story.source.put_file("s1", "/srv/small.bin", "small");
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(read_file(story.in_target("/srv/large.bin")) == large);
  EXPECT_EQ(stat_of(story.in_target("/srv/large.bin")).st_uid, 12U);
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/" + std::string(k_parts_folder))));
}

TEST(RestorePlan, restores_chosen_paths_with_the_folders_that_lead_to_them) {
  RestoreStory story;
  story.source.put("s1", "/srv", model::EntryKind::folder, 0711).user_id = 5;
  story.source.put("s1", "/srv/lab", model::EntryKind::folder, 0750).user_id = 6;
  story.source.put_file("s1", "/srv/lab/a", "a");
  story.source.put_file("s1", "/srv/lab/b", "b");
  story.plan_all();
  Plan chosen = story.plan;
  chosen.items = {story.item("/srv/lab/b")};
  chosen.items[0].stored_path = "/srv/lab/b";
  chosen.items[0].path = "/new/lab/b";
  story.plan = chosen;
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(look_at(story.request.target).size(), 3U);
  EXPECT_EQ(read_file(story.in_target("/new/lab/b")), "b");
  EXPECT_EQ(stat_of(story.in_target("/new/lab")).st_mode & 07777U, 0750U);
  EXPECT_EQ(stat_of(story.in_target("/new/lab")).st_uid, 6U);
  EXPECT_EQ(stat_of(story.in_target("/new")).st_mode & 07777U, 0755U);
}

TEST(RestorePlan, brings_out_every_readable_piece_and_says_which_bytes_are_lost) {
  RestoreStory story;
  story.source.piece_bytes = 10'000;
  const std::string bytes = pattern(45'000, 4);
  story.source.put_file("s1", "/scan.dcm", bytes);
  story.source.lose_piece("s1", "/scan.dcm", 1);
  story.source.lose_piece("s1", "/scan.dcm", 2);
  story.source.lose_piece("s1", "/scan.dcm", 4);
  story.source.piece_bytes = 1'000'000;
  const std::string large = pattern(40'000'000, 5);
  story.source.put_file("s1", "/large", large);
  story.source.lose_piece("s1", "/large", 20);
  story.source.put_file("s1", "/whole", "whole");
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/scan.dcm")));
  EXPECT_EQ(read_file(story.in_target("/whole")), "whole");
  std::string expected = bytes;
  std::fill(expected.begin() + 10'000, expected.begin() + 30'000, '\0');
  std::fill(expected.begin() + 40'000, expected.end(), '\0');
  EXPECT_EQ(read_file(story.in_target("/scan.dcm.lastgood-incomplete")), expected);
  std::string large_expected = large;
  std::fill(large_expected.begin() + 20'000'000, large_expected.begin() + 21'000'000, '\0');
  EXPECT_TRUE(read_file(story.in_target("/large.lastgood-incomplete")) == large_expected);
  ASSERT_EQ(outcome.value().incomplete.size(), 2U);
  EXPECT_EQ(outcome.value().incomplete[1].path, "/scan.dcm");
  EXPECT_EQ(outcome.value().incomplete[1].lost, (std::vector<model::ByteRange>{{10'000, 30'000}, {40'000, 45'000}}));
  EXPECT_EQ(read_file(outcome.value().loss_map_path),
            "# lastgood loss map: bytes that no source could give\n# from\tto\tpath\twritten\n"
            "20000000\t21000000\t/large\t/large.lastgood-incomplete\n"
            "10000\t30000\t/scan.dcm\t/scan.dcm.lastgood-incomplete\n"
            "40000\t45000\t/scan.dcm\t/scan.dcm.lastgood-incomplete\n");
  // A second run tries the losses again and replaces its own incomplete file by none else.
  const auto again = story.restore();
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_EQ(again.value().tally.incomplete, 2U);
  EXPECT_EQ(rules_of(again.value().refused), "");
}

TEST(RestorePlan, refuses_what_is_not_what_the_plan_means) {
  RestoreStory story;
  story.source.put_file("s1", "/srv/changed", "now");
  story.source.put_file("s1", "/srv/gone", "gone");
  story.source.put_file("s1", "/srv/kind", "kind");
  story.source.put_file("s1", "/srv/twice", "twice");
  story.source.put_file("s1", "/srv/good", "good");
  story.plan_all();
  story.item("/srv/changed").content_key = std::string(32, 'k');
  story.item("/srv/gone").stored_path = "/srv/nowhere";
  story.item("/srv/kind").kind = model::EntryKind::link;
  story.plan.items.push_back(story.item("/srv/twice"));
  PlanItem other_snapshot = story.item("/srv/good");
  other_snapshot.path = "/srv/later";
  other_snapshot.snapshot = 7;
  story.plan.items.push_back(other_snapshot);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused),
            "/srv/changed restore.content\n/srv/gone restore.gone\n/srv/kind restore.kind\n/srv/later restore.plan\n"
            "/srv/twice restore.twice\n");
  EXPECT_EQ(read_file(story.in_target("/srv/good")), "good");
  EXPECT_EQ(read_file(story.in_target("/srv/twice")), "twice");
}

TEST(RestorePlan, refuses_hostile_names_and_paths_through_links) {
  RestoreStory story;
  write_file(story.scratch / "outside", "safe");
  story.source.put_file("s1", "/a", "a");
  story.source.put_link("s1", "/evil", story.scratch.path());
  story.source.put_file("s1", "/file", "file");
  story.plan_all();
  const PlanItem a = story.item("/a");
  for (const std::string& path : std::vector<std::string>{
           "/../outside", "/x/../../outside", "outside", "", "/", "//outside", "/x/", "/./x", std::string("/x\0y", 4),
           "/" + std::string(256, 'n'), "/evil/outside", "/file/below", "/.lastgood-kept/x"}) {
    PlanItem hostile = a;
    hostile.path = path;
    hostile.stored_path = "/a";
    story.plan.items.push_back(hostile);
  }
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(read_file(story.scratch / "outside"), "safe");
  // A folder was made where paths lead through; then the link and the file find their names taken.
  EXPECT_EQ(outcome.value().refused.size(), 13U) << rules_of(outcome.value().refused);
  EXPECT_EQ(read_file(story.in_target("/a")), "a");
  EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::symlink_status(story.in_target("/evil"))));
  EXPECT_EQ(read_file(story.in_target("/evil/outside")), "a");
}

TEST(RestorePlan, refuses_targets_that_hold_something_or_lie_with_a_source) {
  RestoreStory story;
  story.source.put_file("s1", "/a", "a");
  story.plan_all();
  std::filesystem::create_directories(story.scratch / "source/deep");
  story.request.source_folders = {story.scratch / "source"};
  story.request.target = story.scratch / "source/deep/target";
  auto inside = story.restore();
  ASSERT_FALSE(inside.ok());
  EXPECT_EQ(inside.error().code, base::ErrorCode::misuse);
  EXPECT_NE(inside.error().what.find("it lies inside the source"), std::string::npos) << inside.error().what;
  story.request.target = story.scratch.path();
  auto around = story.restore();
  ASSERT_FALSE(around.ok());
  EXPECT_NE(around.error().what.find("lies inside it"), std::string::npos) << around.error().what;
  story.request.target = story.scratch / "full";
  std::filesystem::create_directory(story.request.target);
  write_file(story.request.target + "/there", "before");
  auto full = story.restore();
  ASSERT_FALSE(full.ok());
  EXPECT_NE(full.error().what.find("it is not empty ('there' is there)"), std::string::npos) << full.error().what;
}

TEST(RestorePlan, tells_the_ledger_before_and_after) {
  RestoreStory story;
  story.source.put_file("s1", "/a", "a");
  story.plan_all();
  ASSERT_TRUE(story.restore().ok());
  const std::string ledger = read_file(story.scratch / "case/ledger");
  EXPECT_NE(ledger.find("\"kind\":\"restore-begun\""), std::string::npos);
  EXPECT_NE(ledger.find("\"kind\":\"restore-finished\""), std::string::npos);
}

TEST(RestorePlan, sets_flags_last_and_can_be_run_again) {
  RestoreStory story;
  story.source.put_file("s1", "/log/audit", "line\n").flags = FS_APPEND_FL;
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  if (rules_of(outcome.value().remarks).empty()) {
    const int fd = ::open(story.in_target("/log/audit").c_str(), O_RDONLY | O_CLOEXEC);
    int flags = 0;
    EXPECT_EQ(::ioctl(fd, FS_IOC_GETFLAGS, &flags), 0);
    EXPECT_NE(flags & FS_APPEND_FL, 0);
    flags &= ~FS_APPEND_FL;
    EXPECT_EQ(::ioctl(fd, FS_IOC_SETFLAGS, &flags), 0);
    ::close(fd);
  } else {
    EXPECT_EQ(rules_of(outcome.value().remarks), "/log/audit restore.flags\n");
  }
  const auto again = story.restore();
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_TRUE(again.value().finished);
  EXPECT_EQ(again.value().tally.known, 2U);
}

TEST(RestorePlan, stops_with_a_clear_error_when_a_source_vanishes_and_goes_on_later) {
  RestoreStory story;
  for (int i = 0; i < 600; ++i) story.source.put_file("s1", "/f" + std::to_string(i), pattern(100, 1));
  story.plan_all();
  story.source.vanish_after(300);
  const auto broken = story.restore();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().what, "cannot read the fake source: it is gone");
  story.source.vanish_after(UINT64_MAX);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  EXPECT_EQ(look_at(story.request.target).size(), 600U);
}

}  // namespace
}  // namespace lastgood::recovery
