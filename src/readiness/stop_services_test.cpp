// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that commands that do not end hold nobody up, that no server is ended that way, and that nothing is called
// stopped while it is up or still runs.
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "readiness/testing/services_story.h"

namespace lastgood::readiness {
namespace {

using testing::Services;
using testing::write;

/// Reads "(process N;" and ends it with all it started.
void end_what_was_left(const std::string& told) {
  const auto at = told.find("(process ");
  ASSERT_NE(at, std::string::npos) << told;
  const int process = std::stoi(told.substr(at + 9));
  EXPECT_EQ(::kill(-process, SIGKILL), 0) << "it was ended: " << told;
  ::waitpid(process, nullptr, 0);
}

std::atomic<bool> cancel_flag = false;
bool is_cancelled() { return cancel_flag; }

/// Ctrl-C half a second from now, for the request it is given to.
class CtrlC {
 public:
  CtrlC()
      : after_([] {
          std::this_thread::sleep_for(std::chrono::milliseconds(500));
          cancel_flag = true;
        }) {}
  ~CtrlC() {
    after_.join();
    cancel_flag = false;
  }
  CtrlC(const CtrlC&) = delete;
  CtrlC& operator=(const CtrlC&) = delete;

 private:
  std::thread after_;
};

TEST_F(Services, WhoseStartCommandStaysInTheForegroundAreUpWhenTheyAreWellAndItIsLeftRunning) {
  const std::string sign = scratch_.path() + "/is-up";
  const auto file = set("[service.db]\nstart=[\"/bin/sh\",\"-c\",\"sleep 0.5; touch " + sign +
                        "; exec sleep 100\"]\nhealthcheck={test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign +
                        "\"]}\n[service.opd]\ndepends_on=[\"db\"]\nstart=[\"/bin/true\"]\n");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(start(file), "db starting\ndb healthy\nopd starting\nopd starting\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  EXPECT_NE(told_.find("and the service is well: it was left running"), std::string::npos) << told_;
  end_what_was_left(told_);
}

TEST_F(Services, WhoseStartCommandIsOverItsLimitOrInterruptedAreLeftRunning) {
  const auto file = set("[service.db]\nstart=[\"/bin/sleep\",\"100\"]\n");
  StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &start_services), "db failed\n");
  EXPECT_NE(told_.find("start '/bin/sleep' did not end within 0.5 s; it was left running"), std::string::npos) << told_;
  end_what_was_left(told_);
  {
    const CtrlC ctrl_c;
    EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .cancelled = &is_cancelled}, &start_services),
              "db starting\n");
  }
  EXPECT_EQ(told_.substr(0, 12), "interrupted:") << told_;
  end_what_was_left(told_);
}

TEST_F(Services, WhoseStartCommandStillRunsAreNotStartedASecondTime) {
  const std::string log = scratch_.path() + "/started";
  const auto file = set("[service.db]\nstart=[\"/bin/sh\",\"-c\",\"echo once >>" + log + "; exec sleep 100\"]\n");
  const StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &start_services), "db failed\n");
  const std::string first = told_;
  EXPECT_EQ(run(file, request, &start_services), "db starting\ndb starting\n");
  EXPECT_EQ(told_.substr(0, 36), "its start command still runs (proces") << told_;
  EXPECT_EQ(os::testing::read_file(log), "once\n");
  end_what_was_left(first);
  EXPECT_EQ(run(file, request, &start_services), "db failed\n") << "it has ended: it is started again";
  EXPECT_EQ(os::testing::read_file(log), "once\nonce\n");
  end_what_was_left(told_);
}

TEST_F(Services, ThatAreStillUpAfterTheirStopCommandHaveNotStopped) {
  const std::string sign = scratch_.path() + "/is-up";
  write(sign, "");
  const std::string check =
      "healthcheck={interval=\"100ms\",test=[\"CMD\",\"/usr/bin/test\",\"-e\",\"" + sign + "\"]}\n";
  EXPECT_EQ(run(set("[service.db]\nstop=[\"/bin/true\"]\n" + check), {.case_folder = scratch_.path()}, &stop_services),
            "db failed\n");
  EXPECT_EQ(told_, "'/bin/true' ended with 0, and it is still up all the same: '/usr/bin/test' ended with 0\n");
  EXPECT_EQ(run(set("[service.db]\nstop=[\"/bin/rm\",\"" + sign + "\"]\n" + check), {.case_folder = scratch_.path()},
                &stop_services),
            "db stopped\n");
}

TEST_F(Services, WhoseStopDoesNotEndAreEndedByTheLimitOrByCtrlC) {
  const std::string sign = scratch_.path() + "/went-on";
  const auto file = set("[service.db]\nstop=[\"/bin/sh\",\"-c\",\"sleep 3; touch " + sign +
                        "\"]\n[service.opd]\ndepends_on=[\"db\"]\nstop=[\"/bin/true\"]\n");
  StartRequest request{.case_folder = scratch_.path(), .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &stop_services), "opd stopped\ndb failed\n");
  EXPECT_NE(told_.find("stop '/bin/sh' did not end within 0.5 s and was ended"), std::string::npos) << told_;
  EXPECT_EQ(waited_, "db: stop '/bin/sh' runs");
  request = {.case_folder = scratch_.path(), .cancelled = &is_cancelled};
  {
    const CtrlC ctrl_c;
    EXPECT_EQ(run(file, request, &stop_services), "opd stopped\n") << "what became of db nobody knows";
  }
  EXPECT_NE(told_.find("interrupted: stop '/bin/sh' had not ended after"), std::string::npos) << told_;
  request.cancelled = [] { return true; };
  EXPECT_EQ(run(file, request, &stop_services), "");
  EXPECT_EQ(told_, "opd was not stopped\ndb was not stopped\n");
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_FALSE(std::filesystem::exists(sign)) << "all of it was ended";
}

TEST_F(Services, WithoutAStopCommandThatWaitForAStoppedOneAreNamedWhileTheyAreUp) {
  const std::string up = "healthcheck={test=[\"CMD\",\"/bin/true\"]}\n";
  const auto file = set("[service.db]\nstop=[\"/bin/true\"]\n[service.opd]\ndepends_on=[\"db\"]\n" + up +
                        "[service.down]\ndepends_on=[\"db\"]\nhealthcheck={test=[\"CMD\",\"/bin/false\"],retries=1}\n"
                        "[service.other]\n" +
                        up);
  EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .service = "db"}, &stop_services), "db stopped\n");
  EXPECT_EQ(
      told_,
      "opd is still up and waits for db; the services file has no 'stop' for it, people stop it: '/bin/true' ended "
      "with 0\n'/bin/true' ended with 0; whether it is down was not seen: no health check is written down\n");
}

TEST_F(Services, WhoseStartCommandStillRunsHaveNotStopped) {
  const auto file =
      set("[service.db]\nstart=[\"/bin/sleep\",\"100\"]\nstop=[\"/bin/true\"]\n"
          "healthcheck={test=[\"CMD\",\"/bin/false\"],retries=1}\n");
  EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .command_limit_s = 0.5}, &start_services), "db failed\n");
  const std::string first = told_;
  EXPECT_EQ(run(file, {.case_folder = scratch_.path()}, &stop_services), "db failed\n");
  EXPECT_NE(told_.find("what its start command began still runs: 'sleep' (process "), std::string::npos) << told_;
  end_what_was_left(first);
  EXPECT_EQ(run(file, {.case_folder = scratch_.path()}, &stop_services), "db stopped\n");
}

TEST_F(Services, WhoseStartCommandLeftAServerInTheBackgroundHaveNotStoppedWhileItRuns) {
  const std::string number = scratch_.path() + "/number";
  const std::string commands =
      "start=[\"/bin/sh\",\"-c\",\"sleep 100 & echo $! >" + number + "\"]\nstop=[\"/bin/true\"]\n";
  const auto file = set("[service.db]\n" + commands);
  start(file);
  EXPECT_EQ(run(file, {.case_folder = scratch_.path()}, &stop_services), "db failed\n");
  EXPECT_NE(told_.find("still runs: 'sleep' (process "), std::string::npos) << told_;
  const auto asked = set("[service.db]\n" + commands + "healthcheck={test=[\"CMD\",\"/bin/false\"],retries=1}\n");
  EXPECT_EQ(run(asked, {.case_folder = scratch_.path()}, &stop_services), "db stopped\n")
      << "its health check says that it is down; what runs on may be something else";
  EXPECT_NE(told_.find("still runs: 'sleep' (process "), std::string::npos) << told_;
  ::kill(std::stoi(os::testing::read_file(number)), SIGKILL);
  EXPECT_EQ(run(file, {.case_folder = scratch_.path()}, &stop_services), "db stopped\n");
}

TEST_F(Services, WithTheSameCommandsShareWhatRunsAndAreStoppedOnce) {
  const std::string log = scratch_.path() + "/commands";
  const std::string number = scratch_.path() + "/number";
  const std::string commands = "start=[\"/bin/sh\",\"-c\",\"echo start >>" + log + "; echo $$ >" + number +
                               "; exec sleep 100\"]\nstop=[\"/bin/sh\",\"-c\",\"echo stop >>" + log +
                               "; exec kill -9 $(cat " + number + ")\"]\n";
  const auto file = set("[service.his]\n" + commands + "[service.wards]\n" + commands);
  const StartRequest request{.case_folder = scratch_.path(), .service = "his", .command_limit_s = 0.5};
  EXPECT_EQ(run(file, request, &start_services), "his failed\n");
  EXPECT_EQ(run(file, {.case_folder = scratch_.path(), .service = "wards"}, &start_services),
            "wards starting\nwards starting\n");
  EXPECT_EQ(told_.substr(0, 30), "its start command still runs (") << told_;
  EXPECT_EQ(run(file, {.case_folder = scratch_.path()}, &stop_services), "wards stopped\nhis stopped\n") << told_;
  EXPECT_EQ(os::testing::read_file(log), "start\nstop\n");
}

}  // namespace
}  // namespace lastgood::readiness
