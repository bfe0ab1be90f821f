// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that somebody who swaps folders for links while a restore runs cannot lead a write elsewhere, and that a full
// disk is said clearly and gone on from. LASTGOOD_SWAPS says how many swaps; tests/restore/run_long.sh asks for 10^6.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "os/testing/in_child.h"
#include "recovery/testing/restore_story.h"

namespace lastgood::recovery {
namespace {

using testing::look_at;
using testing::RestoreStory;

/// What folders and what is in them look like, their own times included.
std::string describe(const std::string& folder) {
  struct stat status {};
  EXPECT_EQ(::stat(folder.c_str(), &status), 0);
  std::string out = std::to_string(status.st_mode) + " " + std::to_string(status.st_uid) + " " +
                    std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) + "\n";
  for (const auto& [path, line] : look_at(folder)) out += path + " " + line + "\n";
  return out;
}

/// Exchanges a folder of the target with a link to a folder outside, back and forth, as fast as it goes.
class Swapper {
 public:
  Swapper(std::string target, std::string name, std::string outside)
      : target_(std::move(target)), name_(std::move(name)) {
    link_ = target_ + "-link" + std::to_string(std::hash<std::string>{}(name_));
    EXPECT_EQ(::symlink(outside.c_str(), link_.c_str()), 0);
    thread_ = std::thread([this] {
      while (!stop_) {
        if (::renameat2(AT_FDCWD, (target_ + name_).c_str(), AT_FDCWD, link_.c_str(), RENAME_EXCHANGE) == 0) ++swaps_;
      }
      struct stat status {};
      if (::lstat(link_.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        EXPECT_EQ(::renameat2(AT_FDCWD, (target_ + name_).c_str(), AT_FDCWD, link_.c_str(), RENAME_EXCHANGE), 0);
      }
    });
  }
  ~Swapper() { finish(); }
  std::uint64_t finish() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return swaps_;
  }

 private:
  std::string target_;
  std::string name_;
  std::string link_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> swaps_{0};
  std::thread thread_;
};

TEST(RestoreRaces, never_writes_through_a_link_that_takes_a_folders_place) {
  const char* wanted_text = std::getenv("LASTGOOD_SWAPS");  // NOLINT(concurrency-mt-unsafe)
  const std::uint64_t wanted = wanted_text != nullptr ? std::strtoull(wanted_text, nullptr, 10) : 2'000;
  RestoreStory story;
  const std::string outside = story.scratch / "outside";
  std::filesystem::create_directories(outside + "/sub/deep");
  const std::string before = describe(outside) + describe(outside + "/sub") + describe(outside + "/sub/deep");
  for (int i = 0; i < 300; ++i) {
    const std::string name = "/f" + std::to_string(i);
    story.source.put_file("s1", "/d" + std::to_string(i % 7) + name, "x").user_id = 1000;
    story.source.put_file("s1", "/d0/sub" + name, "y");
    story.source.put_file("s1", "/d0/sub/deep" + name, "z");
    story.source.put_link("s1", "/d0/sub/link" + std::to_string(i), "/nowhere");
    story.source.put("s1", "/d0/sub/more" + std::to_string(i), model::EntryKind::folder, 0777);
  }
  story.plan_all();
  std::uint64_t swaps = 0;
  std::uint64_t restored = 0;
  std::uint64_t refused = 0;
  for (int round = 0; swaps < wanted || restored == 0; ++round) {
    story.request.target = story.scratch / ("target" + std::to_string(round));
    std::filesystem::create_directory(story.request.target);
    Swapper outer(story.request.target, "/d0", outside);
    Swapper inner(story.request.target, "/d0/sub", outside + "/sub");
    const auto outcome = story.restore();
    swaps += outer.finish() + inner.finish();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    restored += outcome.value().tally.files;
    refused += outcome.value().tally.refused;
    ASSERT_EQ(describe(outside) + describe(outside + "/sub") + describe(outside + "/sub/deep"), before);
    std::filesystem::remove_all(story.request.target);
  }
  std::printf("%lu swaps, %lu files restored, %lu paths refused\n", swaps, restored, refused);
}

TEST(RestoreRaces, says_that_the_disk_is_full_and_goes_on_when_there_is_space) {
  RestoreStory story;
  for (int i = 0; i < 200; ++i) story.source.put_file("s1", "/f" + std::to_string(i), std::string(50'000, 'x'));
  story.plan_all();
  std::filesystem::create_directory(story.scratch / "disk");
  const std::string disk = story.scratch / "disk";
  story.request.target = disk + "/target";
  const int status = os::testing::run_in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 10;
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=6m") != 0) return 11;
    const auto beforehand = story.restore();
    if (beforehand.ok() || beforehand.error().code != base::ErrorCode::no_space) return 12;
    if (beforehand.error().what.find("are needed") == std::string::npos) return 13;
    story.request.policy.space_check = RestorePolicy::SpaceCheck::leave_out;
    const auto full = story.restore();
    if (full.ok() || full.error().code != base::ErrorCode::no_space || full.error().hint.empty()) return 14;
    if (::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=60m") != 0) return 15;
    const std::uint64_t before = story.source.pieces_read();
    const auto outcome = story.restore();
    if (!outcome.ok() || !outcome.value().finished || !outcome.value().refused.empty()) return 16;
    if (look_at(story.request.target).size() != 200) return 17;
    // What was done before the disk was full is not done again.
    return story.source.pieces_read() - before < 200 || outcome.value().tally.known > 0 ? 0 : 18;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace lastgood::recovery
