// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a program in a room sees nothing of this machine, cannot execute what lies in its tree, has no network
// and no rights, and ends with the room; and that a guarded folder goes when its owner does.
#include "os/locked_room.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "os/scratch_tree.h"

namespace lastgood::os {
namespace {

using namespace std::chrono_literals;

RoomPlan shell_plan(const ScratchTree& tree, const std::string& script) {
  RoomPlan plan;
  plan.tree = tree.path();
  plan.programs = {"/bin", "/lib", "/lib64", "/usr/bin", "/usr/lib", "/usr/lib64"};
  plan.command = {"/usr/bin/bash", "-c", script};
  plan.environment = {"PATH=/usr/bin"};
  return plan;
}

class LockedRoomTest : public ::testing::Test {
 protected:
  LockedRoomTest() : tree_(std::move(ScratchTree::make(std::filesystem::temp_directory_path()).value())) {}
  std::string say(const std::string& script, int expected_code = 0) {
    auto room = LockedRoom::make(shell_plan(tree_, script));
    if (!room.ok()) {
      ADD_FAILURE() << room.error().what;
      return {};
    }
    EXPECT_TRUE(room.value().start().ok());
    const std::optional<int> code = room.value().wait(20s);
    EXPECT_EQ(code, expected_code) << room.value().last_words(4000);
    return room.value().first_words(4000);
  }
  ScratchTree tree_;
};

TEST_F(LockedRoomTest, sees_only_its_tree_and_the_programs_named) {
  if (::geteuid() != 0) GTEST_FAIL() << "needs root";
  EXPECT_EQ(say("cd / && echo *"), "bin dev lib lib64 room tmp usr\n");
  EXPECT_EQ(say("id -u; id -G; cat /proc/net/dev; ls /etc /home /proc", 2).substr(0, 12), "65534\n65534\n");
}

TEST_F(LockedRoomTest, lets_the_program_in_however_little_we_give_to_others) {
  const mode_t before = ::umask(0077);  // of a careful administrator, and of the timer's service
  EXPECT_EQ(say("echo in"), "in\n");
  ::umask(before);
}

TEST_F(LockedRoomTest, writes_into_its_tree_and_executes_nothing_of_it) {
  ASSERT_TRUE(tree_.make_folder("own").ok());
  EXPECT_EQ(say("cp /usr/bin/true /room/own/x && chmod 755 /room/own/x && echo made; /room/own/x; echo $?"),
            "made\n/usr/bin/bash: line 1: /room/own/x: Permission denied\n126\n");
  EXPECT_TRUE(std::filesystem::exists(tree_.path() + "/own/x"));
  EXPECT_NE(say("touch /usr/bin/y", 1).find("Read-only file system"), std::string::npos);
  EXPECT_NE(say("touch /y", 1).find("Read-only file system"), std::string::npos);
}

TEST_F(LockedRoomTest, has_no_way_out_by_network_or_processes) {
  EXPECT_NE(say("exec 5<>/dev/tcp/127.0.0.1/80", 1).find("unreachable"), std::string::npos);
  EXPECT_EQ(say("kill -0 1 2>/dev/null; echo $?; kill -0 2; echo $?"), "1\n0\n");
}

TEST_F(LockedRoomTest, ends_everything_inside_with_the_room) {
  ASSERT_TRUE(tree_.make_folder("own").ok());
  {
    auto room =
        LockedRoom::make(shell_plan(tree_, "(while :; do echo x >>/room/own/beat; sleep 0.02; done) & sleep 100"));
    ASSERT_TRUE(room.ok());
    ASSERT_TRUE(room.value().start().ok());
    for (int i = 0; i < 200 && !std::filesystem::exists(tree_.path() + "/own/beat"); ++i)
      std::this_thread::sleep_for(20ms);
    EXPECT_FALSE(room.value().wait(10ms).has_value());
  }
  const auto size = std::filesystem::file_size(tree_.path() + "/own/beat");
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(std::filesystem::file_size(tree_.path() + "/own/beat"), size);
}

TEST_F(LockedRoomTest, ends_also_when_somebody_has_stopped_its_own_processes) {
  const auto begun = std::chrono::steady_clock::now();
  {
    auto room = LockedRoom::make(shell_plan(tree_, "sleep 100"));
    ASSERT_TRUE(room.ok());
    ASSERT_TRUE(room.value().start().ok());
    for (const ProcessEffort& one : room.value().efforts()) ::kill(one.process, SIGSTOP);
    EXPECT_FALSE(room.value().efforts().empty());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
  EXPECT_EQ(efforts_below(::getpid()).size(), 1U);
}

TEST_F(LockedRoomTest, tells_a_program_that_works_from_one_that_waits) {
  const auto done_in = [&](const std::string& script) {
    auto room = LockedRoom::make(shell_plan(tree_, "echo up; " + script));
    EXPECT_TRUE(room.ok() && room.value().start().ok());
    for (int i = 0; i < 1000 && room.value().first_words(10).empty(); ++i) std::this_thread::sleep_for(20ms);
    std::this_thread::sleep_for(500ms);
    const auto sum = [&] {
      ProcessEffort all;
      for (const ProcessEffort& one : room.value().efforts()) {
        all.cpu_ms += one.cpu_ms;
        all.bytes += one.bytes;
      }
      return all;
    };
    const ProcessEffort before = sum();
    std::this_thread::sleep_for(1s);
    const ProcessEffort after = sum();
    return std::pair(after.cpu_ms - before.cpu_ms, after.bytes - before.bytes);
  };
  const auto waiting = done_in("exec sleep 100");
  EXPECT_LT(waiting.first, 20U);
  EXPECT_LT(waiting.second, 100'000U);
  EXPECT_GT(done_in("while :; do :; done").first, 20U) << "of a processor that others may want, too";
  EXPECT_GT(done_in("cat /dev/zero >/dev/null").second, 1'000'000U);
}

TEST_F(LockedRoomTest, asks_a_program_to_end_in_good_order) {
  auto room =
      LockedRoom::make(shell_plan(tree_, "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done"));
  ASSERT_TRUE(room.ok());
  ASSERT_TRUE(room.value().start().ok());
  for (int i = 0; i < 200 && room.value().first_words(10).empty(); ++i) std::this_thread::sleep_for(20ms);
  EXPECT_EQ(room.value().stop(SIGTERM, 10s), 7);
  EXPECT_EQ(room.value().first_words(100), "up\nbye\n");
}

TEST_F(LockedRoomTest, shows_a_folder_through_an_overlay_and_leaves_it_as_it_is) {
  const std::string lower = tree_.path() + ".lower";
  std::filesystem::create_directories(lower);
  std::ofstream(lower + "/file") << "old";
  for (const char* folder : {"data", "upper", "work"}) ASSERT_TRUE(tree_.make_folder(folder).ok());
  RoomPlan plan = shell_plan(tree_, "cat /room/data/file; echo new >/room/data/other && cat /room/data/other");
  plan.lower = lower;
  auto room = LockedRoom::make(plan);
  ASSERT_TRUE(room.ok()) << room.error().what;
  EXPECT_TRUE(std::filesystem::exists(room.value().path_of("/room/data/file")));
  ASSERT_TRUE(room.value().start().ok());
  EXPECT_EQ(room.value().wait(10s), 0);
  EXPECT_EQ(room.value().first_words(100), "oldnew\n");
  EXPECT_FALSE(std::filesystem::exists(lower + "/other"));
  std::filesystem::remove_all(lower);
}

TEST_F(LockedRoomTest, a_guarded_folder_goes_when_its_owner_is_killed) {
  const std::string folder = tree_.path() + "/guarded";
  std::filesystem::create_directories(folder + "/deep");
  const pid_t owner = ::fork();
  if (owner == 0) {
    auto guard = TreeGuard::watch(folder);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(owner, nullptr, 0);
  for (int i = 0; i < 200 && std::filesystem::exists(folder); ++i) std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(std::filesystem::exists(folder));
  std::filesystem::create_directories(folder);
  {
    auto guard = TreeGuard::watch(folder);
    ASSERT_TRUE(guard.ok());
    guard.value().let_live();
  }
  EXPECT_TRUE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace lastgood::os
