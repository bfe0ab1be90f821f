// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an engine that hangs keeps nobody waiting, that a run ends when it is told to and says what there is by
// then, and that a target that is full or gone is a clear error.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>

#include "os/testing/in_child.h"
#include "sheets/testing/nights_of_copies.h"

namespace lastgood::sheets::testing {
namespace {

TEST_F(MakeSheets, ASlowAnswerComesAsFarAsItCame) {
  service_.sheets[0].sql = "slow";
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run.value().sheets[0].rows, 2U);
  EXPECT_NE(run.value().sheets[0].notes.at(0).find("more than 30 s"), std::string::npos);
}

TEST_F(MakeSheets, AQuestionWithoutAnAnswerIsNotAskedOfOlderCopiesToo) {
  service_.sheets[0].sql = "endless";
  write("nas/2022-11-22/pg/says", "new broken select orders");
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  EXPECT_NE(
      run.value().sheets[0].could_not.find("takes more than its engine allows, and gave no row: statement timeout"),
      std::string::npos)
      << run.value().sheets[0].could_not;
  EXPECT_EQ(run.value().sheets[0].could_not.find("11-21"), std::string::npos) << run.value().sheets[0].could_not;
  EXPECT_EQ(run.value().sheets[1].could_not, "") << "orders come from the older copy";
}

TEST_F(MakeSheets, ATargetThatIsNotThereOrCannotBeWrittenIsAClearError) {
  judge("consistent");
  to_ = folder_ / "no/such/place";
  const auto gone = make();
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, base::ErrorCode::not_found);
  to_ = folder_ / "nas/2022-11-22/pg/says";
  EXPECT_FALSE(make().ok());
}

TEST_F(MakeSheets, AnEngineThatHangsKeepsNobodyWaitingAndIsSaid) {
  add_unit("/srv/other", "other", "will hang: hangs");
  sheets_seen = 0;
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  ASSERT_EQ(run.value().sheets.size(), 3U);
  EXPECT_EQ(run.value().sheets[0].id, "first") << "in the order of the file";
  EXPECT_NE(run.value().sheets[0].could_not.find("fake hangs on this copy"), std::string::npos);
  EXPECT_GT(run.value().sheets[0].at_s, run.value().sheets[1].at_s) << "the others did not wait for it";
  EXPECT_EQ(run.value().sheets[1].could_not, "");
  EXPECT_EQ(watcher_.waited_for, std::set<std::string>{"/srv/other"});
}

TEST_F(MakeSheets, AnEngineThatHungOverOneSheetIsStartedOnceMoreForTheOthers) {
  write("nas/2022-11-22/pg/says", "new: falls silent");
  judge("consistent");
  hung_once = 0;
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  ASSERT_EQ(run.value().sheets.size(), 2U);
  EXPECT_EQ(watcher_.starts, 2);
  for (const MadeSheet& sheet : run.value().sheets) {
    EXPECT_EQ(sheet.could_not, "");
    EXPECT_TRUE(sheet.notes.empty()) << sheet.notes.front();
  }
}

TEST_F(MakeSheets, StopAlsoWhileAnEngineHangs) {
  add_unit("/srv/other", "other", "will hang: hangs");
  watcher_.stop_when_waiting = true;
  sheets_seen = 0;
  const auto run = make();
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, base::ErrorCode::cancelled);
}

TEST_F(MakeSheets, ACopyWithoutRoomBesideOthersIsOpenedWhenTheyHaveEnded) {
  add_unit("/srv/other", "other", "will hang: hangs");
  write("nas/2022-11-22/pg/says", "new large");
  sheets_seen = 0;
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(run.value().sheets[i].could_not, "");
    EXPECT_NE(run.value().sheets[i].source.find("2022-11-22"), std::string::npos) << "not from an older copy";
  }
}

TEST_F(MakeSheets, StopWhenAskedAndLeaveTheRunBeforeAsTheCurrentOne) {
  judge("consistent");
  ASSERT_TRUE(make().ok());
  const auto before = std::filesystem::read_symlink(folder_ / "out/current");
  watcher_.stop = true;
  const auto run = make();
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, base::ErrorCode::cancelled);
  EXPECT_EQ(run.error().what, "stopped; no sheet was made yet, and nothing of this run is left");
  EXPECT_EQ(std::filesystem::read_symlink(folder_ / "out/current"), before);
  EXPECT_EQ(runs().size(), 1U);
}

TEST_F(MakeSheets, StopInTheMiddleOfAQuestionAndSayWhereTheSheetsAreThatWereMade) {
  judge("consistent");
  add_sheet("waits", "until stopped");
  watcher_.stop_after_sheets = 2;
  sheets_seen = 0;
  const auto run = make();
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, base::ErrorCode::cancelled);
  ASSERT_EQ(runs().size(), 1U);
  EXPECT_EQ(run.error().what, "stopped; the 2 sheets made so far are in " + runs()[0] + "/sheets");
  EXPECT_TRUE(std::filesystem::exists(runs()[0] + "/sheets/census.pdf"));
}

TEST_F(MakeSheets, LeaveNothingOfARunThatNoSheetIsWholeIn) {
  judge("consistent");
  std::filesystem::create_directory(folder_ / "out");
  const auto full = [&] {
    struct rlimit limit {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    return limit;
  }();
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 4'000, full.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto run = make();
  ::setrlimit(RLIMIT_FSIZE, &full);
  ASSERT_FALSE(run.ok());
  EXPECT_TRUE(run.error().what.ends_with("; no sheet was made yet, and nothing of this run is left"))
      << run.error().what;
  EXPECT_TRUE(runs().empty());
}

TEST_F(MakeSheets, ASheetWithoutRoomIsNamedAndCostsNoOtherOneAndNoPacket) {
  judge("consistent");
  add_sheet("all", "many");
  service_.sheets.back().group_by.clear();
  std::swap(service_.sheets.front(), service_.sheets.back());  // the large one first, the others behind it
  const int missing = os::testing::run_in_child([&] {
    os::testing::limit_file_size(200'000);
    const auto run = make();
    if (!run.ok() || run.value().sheets.size() != 3) return 100;
    const std::vector<MadeSheet>& sheets = run.value().sheets;
    const bool is_named = sheets[0].id == "all" && sheets[0].could_not.find("cannot write") != std::string::npos &&
                          sheets[0].could_not.find("fewer forms") != std::string::npos;
    return (is_named ? 0 : 1) + (sheets[1].could_not.empty() ? 0 : 2) + (sheets[2].could_not.empty() ? 0 : 4);
  });
  EXPECT_EQ(missing, 0);
  for (const char* name : {"sheets/orders.pdf", "sheets/census.csv", "packets/ward-W-1-", "packets/ward-W-2-"}) {
    const auto files = std::filesystem::recursive_directory_iterator(folder_ / "out/current");
    EXPECT_TRUE(std::any_of(begin(files), end(files), [&](const auto& file) {
      return file.path().string().find(std::string("/current/") + name) != std::string::npos;
    })) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/current/sheets/all.csv")) << "all its forms, or none";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/current/.room-for-index"));
  EXPECT_NE(page("index.html").find("NOT ON THIS DISK: cannot write"), std::string::npos);
}

TEST_F(MakeSheets, APacketWithoutRoomIsNamedAndCostsNoOtherOne) {
  judge("consistent");
  add_sheet("all", "many");
  const int missing = os::testing::run_in_child([&] {
    os::testing::limit_file_size(200'000);
    const auto run = make();
    if (!run.ok() || run.value().packets_without_room.size() != 1) return 100;
    return run.value().packets_without_room[0].starts_with("ward W-1: cannot write") ? 0 : 1;
  });
  EXPECT_EQ(missing, 0);
  EXPECT_NE(page("index.html").find("NOT ON THIS DISK: cannot write"), std::string::npos);
  std::size_t packets = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "out/current/packets"))
    packets += file.path().extension() == ".pdf" ? 1U : 0U;
  EXPECT_EQ(packets, 1U) << "of ward W-2";
}

}  // namespace
}  // namespace lastgood::sheets::testing
