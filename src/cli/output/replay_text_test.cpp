// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that no next step is proposed for a database that was not restored.
#include "cli/output/replay_text.h"

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::cli {
namespace {

/// A database with logs on the server and in backups, of a service, restored in place.
class NextStep : public ::testing::Test {
 protected:
  NextStep() {
    recovery::PlanUnit unit{.kind = "postgresql", .path = "/srv/pg"};
    unit.logs.path = "/srv/wal";
    unit.logs.on_server_ns = 1;
    unit.logs.files = 3;
    unit.logs.reach_ns = 1;
    unit.logs.places = {{}};
    plan_.units = {unit};
    plan_.services.push_back({.id = "opd", .title = "OPD", .paths = {"/srv/pg"}});
    outcome_.target_path = "/";
    outcome_.finished = true;
  }
  void refuse(const std::string& rule) {
    outcome_.refused = {{"/srv/pg", {.rule = rule}}};
    if (rule != "restore.unit") outcome_.left_alone = {"/srv/pg"};
  }
  [[nodiscard]] std::string steps() const {
    return logs_on_server_text(plan_, outcome_, "c.case", {}) + not_replayed_text(plan_, outcome_, "c.case");
  }
  recovery::Plan plan_;
  recovery::RestoreOutcome outcome_;
};

TEST_F(NextStep, IsAReplayOfADatabaseThatWasRestored) {
  EXPECT_NE(steps().find("before it is started: the logs in /srv/wal"), std::string::npos) << steps();
  EXPECT_NE(steps().find("lastgood --case c.case replay /srv/pg --logs-in-backups /srv/wal"), std::string::npos);
  EXPECT_TRUE(brings_all_units(outcome_));
}

TEST_F(NextStep, SaysWhichSavedLogsCannotBeReplayed) {
  EXPECT_EQ(unusable_logs_text(plan_, outcome_, recovery::RestoreMode::beside, "/none.case"), "");
  recovery::PlanLogs& logs = plan_.units.at(0).logs;
  logs.files = 0;
  logs.missing = "the copy does not say where it stands";
  EXPECT_EQ(unusable_logs_text(plan_, outcome_, recovery::RestoreMode::beside, "/none.case"),
            "NOT replayed: /srv/pg has saved logs in /srv/wal, and what was committed after its backup is not in it: "
            "the copy does not say where it stands\n");
  logs.places.clear();  // no snapshot has any
  EXPECT_EQ(unusable_logs_text(plan_, outcome_, recovery::RestoreMode::beside, "/none.case"), "");
  logs.not_opened = "source 'usb' is empty (is it mounted?)";
  EXPECT_NE(
      unusable_logs_text(plan_, outcome_, recovery::RestoreMode::beside, "/none.case")
          .find("NOT replayed: /srv/pg: what was committed after its backup is not in it. Its saved logs (/srv/wal) "
                "could not be looked for everywhere: source 'usb' is empty (is it mounted?)"),
      std::string::npos)
      << unusable_logs_text(plan_, outcome_, recovery::RestoreMode::beside, "/none.case");
}

TEST_F(NextStep, IsNoReplayThatWasDoneSince) {
  const os::testing::ScratchFolder scratch;
  const auto steps_of = [&] { return logs_on_server_text(plan_, outcome_, scratch.path(), {}); };
  const auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  EXPECT_NE(steps_of(), "");
  ASSERT_TRUE(ledger.value()->append("replay-begun", {{"folder", "/srv/pg"}, {"logs", "/srv/wal"}}).ok());
  ASSERT_TRUE(ledger.value()->append("replay-done", {{"folder", "/srv/pg"}}).ok());
  EXPECT_EQ(steps_of(), "");
}

TEST_F(NextStep, IsAReplayOfTheStruckDatabasesOwnLogUntilThatWasDone) {
  const os::testing::ScratchFolder scratch;
  const auto steps_of = [&](const std::string& own) {
    return own_logs_text(plan_, outcome_, {{"/srv/pg", own}}, scratch.path(), {});
  };
  const auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  plan_.units.at(0).own_log_ns = 1;
  EXPECT_NE(steps_of("/kept/pg/pg_wal").find(" replay /srv/pg --logs-in-backups /srv/wal --logs /kept/pg/pg_wal\n"),
            std::string::npos)
      << steps_of("/kept/pg/pg_wal");
  EXPECT_EQ(own_logs_text(plan_, outcome_, {}, scratch.path(), {}), "") << "nobody knows where it lies";
  const std::vector<std::string> folders{"/elsewhere", "/kept/pg/pg_wal"};
  ASSERT_TRUE(
      ledger.value()->append("replay-begun", {{"folder", "/srv/pg"}, {"logs", "some"}, {"log_folders", folders}}).ok());
  ASSERT_TRUE(ledger.value()->append("replay-done", {{"folder", "/srv/pg"}}).ok());
  EXPECT_EQ(steps_of("/kept/pg/pg_wal"), "");
  EXPECT_NE(steps_of("/kept/other/pg_wal"), "");
  refuse("restore.unit");
  EXPECT_EQ(steps_of("/kept/other/pg_wal"), "");
}

TEST_F(NextStep, NeedsRoomForEachDatabaseOnceMoreAndItsLogs) {
  recovery::PlanItem item;
  item.size_bytes = 30'000'000;
  plan_.items = {item, item};
  plan_.items[0].unit = 0;
  plan_.units[0].logs.bytes = 12'000'000;
  EXPECT_TRUE(replay_room_text(plan_).starts_with(", and about 42.0 MB more for the replay of saved logs"))
      << replay_room_text(plan_);
  plan_.units[0].logs.files = 0;
  EXPECT_EQ(replay_room_text(plan_), "") << "there are none to be replayed";
}

TEST_F(NextStep, IsNoneForADatabaseThatWasNotRestored) {
  for (const char* rule : {"restore.in-use", "restore.changed", "restore.damaged", "restore.whole", "restore.unstruck",
                           "restore.exists", "restore.unit"}) {
    refuse(rule);
    EXPECT_EQ(steps(), "") << rule;
    EXPECT_EQ(brings_all_units(outcome_), rule == std::string("restore.whole"))
        << rule << ": what is whole as it stands can be started";
  }
}

TEST_F(NextStep, IsToStopWhatWorksInItAlsoWhereOthersCameBack) {
  refuse("restore.in-use");
  outcome_.tally.files = 5;
  EXPECT_EQ(instead_of_verify_text(outcome_, plan_, "c.case"), "");
  EXPECT_EQ(left_alone_text(outcome_, plan_, "c.case"),
            "next: lastgood --case c.case services stop opd\nthen: the same command again\n");
  outcome_.tally.files = 0;
  EXPECT_EQ(instead_of_verify_text(outcome_, plan_, "c.case"), left_alone_text(outcome_, plan_, "c.case"));
}

TEST_F(NextStep, OfWhatChangedSinceTheScanIsToStartItOrToScanItAlsoWhereOthersCameBack) {
  const std::string steps =
      "next, where what was put there since is to stay: lastgood --case c.case services start opd\n"
      "next, else: lastgood --case c.case scan /srv/pg\nthen: the same command again\n";
  refuse("restore.changed");
  EXPECT_EQ(instead_of_verify_text(outcome_, plan_, "c.case"), steps);
  outcome_.tally.files = 5;
  EXPECT_EQ(left_alone_text(outcome_, plan_, "c.case"), steps);
  refuse("restore.damaged");
  EXPECT_EQ(left_alone_text(outcome_, plan_, "c.case"),
            "next: lastgood --case c.case scan /srv/pg\nthen: the same command again\n")
      << "nothing is started on what is damaged";
}

TEST_F(NextStep, NamesAFewOfManyFilesThatChanged) {
  for (int i = 0; i < 7; ++i)
    outcome_.refused.push_back({"/srv/lab/" + std::to_string(i), {.rule = "restore.changed"}});
  const std::string text = left_alone_text(outcome_, plan_, "c.case");
  EXPECT_NE(text.find("scan /srv/lab/4\nand a scan of the 2 others that changed"), std::string::npos) << text;
}

}  // namespace
}  // namespace lastgood::cli
