// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a database whose logs were to be replayed is awaited until the ledger says what became of them.
#include "recovery/awaited_replay.h"

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::recovery {
namespace {

class AwaitedReplays : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = ledger::create_ledger(scratch_.path());
    ASSERT_TRUE(ledger.ok()) << ledger.error().what;
    ledger_ = std::move(ledger).value();
  }
  void tell(const std::string& kind, ledger::Fields fields) { ASSERT_TRUE(ledger_->append(kind, fields).ok()); }
  void begin(const std::string& plan, const std::string& mode = "in-place", const std::string& target = "/") {
    tell("restore-begun", {{"plan_sha256", plan},
                           {"mode", mode},
                           {"target", target},
                           {"to_replay", std::vector<std::string>{"/srv/pg", "/srv/mysql"}}});
  }
  std::vector<std::string> folders() {
    const auto found = find_awaited_replays(scratch_.path());
    EXPECT_TRUE(found.ok());
    std::vector<std::string> out;
    for (const AwaitedReplay& one : found.value()) out.push_back(one.folder);
    return out;
  }
  os::testing::ScratchFolder scratch_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

using Names = std::vector<std::string>;

TEST_F(AwaitedReplays, are_those_of_a_restore_in_place_that_was_stopped) {
  EXPECT_TRUE(folders().empty());
  begin("beside", "beside");
  EXPECT_TRUE(folders().empty()) << "no service stands on a restore beside";
  begin("one");
  EXPECT_EQ(folders(), (Names{"/srv/pg", "/srv/mysql"}));
  tell("replay-made", {{"folder", "/srv/pg"}});
  EXPECT_EQ(folders(), Names{"/srv/mysql"}) << "it was stopped between two databases";
  begin("other", "in-place", "/mnt/disk");
  EXPECT_EQ(folders(), (Names{"/srv/mysql", "/mnt/disk/srv/pg", "/mnt/disk/srv/mysql"}));
}

TEST_F(AwaitedReplays, end_with_what_became_of_the_logs) {
  for (const char* outcome : {"done", "left out"}) {
    begin("one");
    tell("restore-replayed", {{"plan_sha256", "one"}, {"target", "/"}, {"outcome", "failed"}});
    EXPECT_EQ(folders().size(), 2U) << "the same command tries it again";
    tell("restore-replayed", {{"plan_sha256", "another"}, {"target", "/"}, {"outcome", outcome}});
    EXPECT_EQ(folders().size(), 2U);
    tell("restore-replayed", {{"plan_sha256", "one"}, {"target", "/"}, {"outcome", outcome}});
    EXPECT_TRUE(folders().empty()) << outcome;
  }
}

}  // namespace
}  // namespace lastgood::recovery
