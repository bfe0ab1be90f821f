// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what restores of the case have exchanged since a scan is not planned as struck, that all else is, and
// which replays of the logs on the server the ledger knows.
#include "recovery/exchanged_since.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/logs_on_server.h"

namespace lastgood::recovery {
namespace {

class ExchangedSince : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = ledger::create_ledger(scratch_.path());
    ASSERT_TRUE(ledger.ok()) << ledger.error().what;
    ledger_ = std::move(ledger).value();
    folder_ = scratch_.path() + "/srv";
    std::filesystem::create_directories(folder_ + "/pg/base");
  }
  void tell(const std::string& kind, const ledger::Fields& fields) { ASSERT_TRUE(ledger_->append(kind, fields).ok()); }
  void restore(const std::string& mode, const std::string& outcome, const std::vector<std::string>& databases = {}) {
    const ledger::Fields fields{{"journal", mode + outcome}, {"mode", mode},       {"target", std::string("/")},
                                {"plan_sha256", outcome},    {"outcome", outcome}, {"databases", databases}};
    for (const char* kind : {"restore-begun", "service-data-restored", "restore-finished"}) tell(kind, fields);
  }
  /// Struck as `NAME.bak9` when the scan ended.
  LiveState struck(const std::string& name, std::int64_t seen_ns = 1) {
    LiveState live;
    live.roots = {folder_};
    live.hit[folder_ + name] = {.current_path = folder_ + name + ".bak9", .size_bytes = 5, .seen_ns = seen_ns};
    return live;
  }
  bool is_left(LiveState live) {
    EXPECT_TRUE(leave_exchanged(live, scratch_.path()).ok());
    return live.hit.empty();
  }
  os::testing::ScratchFolder scratch_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::string folder_;
};

TEST_F(ExchangedSince, AFileStandsThereAgainAndIsLeft) {
  os::testing::write_file(folder_ + "/a.docx", "good");
  EXPECT_FALSE(is_left(struck("/a.docx"))) << "nothing was restored";
  restore("beside", "finished");
  restore("in-place", "no space left on device");
  EXPECT_FALSE(is_left(struck("/a.docx"))) << "no restore in place went to its end";
  restore("in-place", "finished");
  EXPECT_FALSE(is_left(struck("/a.docx", INT64_MAX))) << "the scan saw it after that";
  EXPECT_FALSE(is_left(struck("/b.docx"))) << "nothing stands there";
  LiveState live = struck("/a.docx");
  ASSERT_TRUE(leave_exchanged(live, scratch_.path()).ok());
  EXPECT_TRUE(live.hit.empty());
  EXPECT_TRUE(live.is_left_alone(folder_ + "/a.docx"));
}

TEST_F(ExchangedSince, WhatStillStandsThereAsTheScanSawItIsStruck) {
  os::testing::write_file(folder_ + "/a.docx", "good");
  os::testing::write_file(folder_ + "/a.docx.bak9", "noise");
  restore("in-place", "finished");
  LiveState live = struck("/a.docx");
  const auto changed = std::filesystem::last_write_time(folder_ + "/a.docx.bak9");
  live.hit.begin()->second.mtime_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::file_clock::to_sys(changed).time_since_epoch())
          .count();
  EXPECT_FALSE(is_left(live));
}

TEST_F(ExchangedSince, AFileOfADatabaseThatCameBackNeedNotBeInItsCopy) {
  restore("in-place", "finished", {"2022-11-23T01:36:58Z " + folder_ + "/pg"});
  EXPECT_TRUE(is_left(struck("/pg/base/16393")));
  EXPECT_FALSE(is_left(struck("/pg-of-others/16393")));
}

TEST_F(ExchangedSince, AReplayOfTheLogsOnTheServerIsKnownUntilTheNextRestore) {
  const auto is_replayed = [&] { return is_replayed_from(scratch_.path(), "/srv/pg", "/srv/wal").value(); };
  EXPECT_FALSE(is_replayed());
  tell("replay-begun", {{"folder", "/srv/pg"}, {"logs", "/srv/wal in nas s1"}});
  tell("replay-done", {{"folder", "/srv/pg"}});
  EXPECT_FALSE(is_replayed()) << "those were the logs in backups";
  tell("replay-begun", {{"folder", "/srv/pg"}, {"logs", "/srv/wal"}});
  EXPECT_FALSE(is_replayed()) << "it has not ended";
  tell("replay-done", {{"folder", "/srv/other"}});
  EXPECT_FALSE(is_replayed());
  tell("replay-done", {{"folder", "/srv/pg"}});
  EXPECT_TRUE(is_replayed());
  tell("restore-begun", {{"mode", "beside"}});
  EXPECT_TRUE(is_replayed());
  tell("restore-begun", {{"mode", "in-place"}});
  EXPECT_FALSE(is_replayed()) << "it may be the backup's once more";
}

}  // namespace
}  // namespace lastgood::recovery
