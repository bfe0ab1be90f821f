// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a named program runs without a shell, as the account that was said, is ended with all it started when it
// takes too long, and that what it leaves running does not hold us up; and that an open port is told from a shut one.
#include "os/run_command.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>

#include "os/tcp_connect.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::os {
namespace {

CommandEnd run(std::vector<std::string> arguments, double limit_s = 10, const std::string& user = {},
               const std::string& output = {}) {
  auto end =
      run_command({.arguments = std::move(arguments), .user = user, .time_limit_s = limit_s, .output_path = output});
  EXPECT_TRUE(end.ok()) << end.error().what;
  return end.ok() ? std::move(end).value() : CommandEnd{};
}

TEST(Command, RunsWithoutAShell) {
  const CommandEnd end = run({"/bin/echo", "$HOME; `id`", "*"});
  EXPECT_TRUE(end.is_well());
  EXPECT_EQ(end.last_words, "$HOME; `id` *");
  EXPECT_EQ(run({"/bin/sh", "-c", "exit 7"}).exit_code, 7);
  EXPECT_EQ(run({"/bin/sh", "-c", "kill -9 $$"}).exit_code, 137);
  EXPECT_EQ(run({"/bin/pwd"}).last_words, "/");
}

TEST(Command, IsEndedWithAllItStartedWhenItTakesTooLong) {
  const auto begun = std::chrono::steady_clock::now();
  const CommandEnd end = run({"/bin/sh", "-c", "sleep 100 & sleep 100"}, 0.2);
  EXPECT_EQ(end.how, CommandEnd::How::too_slow);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

TEST(Command, ThatLeavesSomethingRunningIsNotWaitedFor) {
  const testing::ScratchFolder scratch;
  const std::string log = scratch.path() + "/log";
  const CommandEnd end = run({"/bin/sh", "-c", "(sleep 0.3; echo later) & echo now"}, 10, {}, log);
  EXPECT_TRUE(end.is_well());
  EXPECT_LT(end.seconds, 0.25);
  EXPECT_EQ(end.last_words, "now");
  ::usleep(600'000);
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  EXPECT_EQ(text.str(), "now\nlater\n");
}

TEST(Command, IsEndedOrLeftRunningAsWhoeverLooksSays) {
  const testing::ScratchFolder scratch;
  const std::string sign = scratch.path() + "/went-on";
  double seen_s = 0;
  const auto look_and = [&](Command::Next next) {
    // What outlives it and does not hear SIGTERM is ended with it.
    auto end = run_command(
        {.arguments = {"/bin/sh", "-c", "(trap '' TERM; sleep 3; touch " + sign + ") & echo begun; sleep 9"},
         .look = [&seen_s, next](double seconds) {
           seen_s = seconds;
           return seconds < 0.5 ? Command::Next::wait : next;
         }});
    EXPECT_TRUE(end.ok());
    return end.ok() ? std::move(end).value() : CommandEnd{};
  };
  EXPECT_EQ(look_and(Command::Next::end).how, CommandEnd::How::cut_short);
  EXPECT_LT(seen_s, 2);
  ::sleep(2);
  EXPECT_NE(::access(sign.c_str(), F_OK), 0) << "all of its group is ended";
  const CommandEnd left = look_and(Command::Next::leave);
  EXPECT_EQ(left.how, CommandEnd::How::left_running);
  EXPECT_FALSE(left.is_well());
  EXPECT_EQ(left.last_words, "begun");
  EXPECT_EQ(::getsid(left.process), left.process) << "it hangs on no terminal of ours";
  EXPECT_EQ(::kill(-left.process, SIGKILL), 0);
  ::waitpid(left.process, nullptr, 0);
}

TEST(Command, RunsAsAnotherAccount) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(run({"/usr/bin/id", "-un"}, 10, "nobody").last_words, "nobody");
  const auto end = run_command({.arguments = {"/bin/true"}, .user = "no-such-account"});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().what, "there is no account 'no-such-account' on this machine");
}

TEST(Command, ThatIsNotThereIsAnError) {
  const auto end = run_command({.arguments = {"/no/such/program"}});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, base::ErrorCode::not_found);
}

TEST(Tcp, TellsAShutPortAndAnUnknownName) {
  const base::Status shut = try_tcp("127.0.0.1", 1, 1);
  ASSERT_FALSE(shut.ok());
  EXPECT_NE(shut.error().what.find("refused"), std::string::npos) << shut.error().what;
  EXPECT_FALSE(try_tcp("no-such-name.invalid", 80, 1).ok());
}

}  // namespace
}  // namespace lastgood::os
