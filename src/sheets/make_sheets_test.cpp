// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that each sheet comes from the newest data that answers it, that one table that does not answer costs only the
// sheets that need it, and that what was not to be had is said.
#include "sheets/make_sheets.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "os/memory_folder.h"
#include "sheets/open_candidates.h"
#include "sheets/testing/nights_of_copies.h"
#include "sheets/try_sheet.h"

namespace lastgood::sheets::testing {
namespace {

TEST_F(MakeSheets, ComeFromTheNewestCopyStartedOnce) {
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  EXPECT_EQ(watcher_.starts, 1);
  ASSERT_EQ(run.value().sheets.size(), 2U);
  for (const MadeSheet& sheet : run.value().sheets) {
    EXPECT_EQ(sheet.could_not, "");
    EXPECT_FALSE(sheet.stale);
    EXPECT_NE(sheet.source.find("2022-11-22"), std::string::npos);
  }
  EXPECT_NE(page("sheets/census.html").find("new"), std::string::npos);
  EXPECT_NE(page("sheets/census.json").find("C-0001"), std::string::npos) << "blank rows have numbers";
}

TEST_F(MakeSheets, OneTableThatDoesNotAnswerCostsItsOwnSheetAnHourNotTheOthers) {
  write("nas/2022-11-22/pg/says", "new broken select orders");
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(watcher_.starts, 2);
  EXPECT_FALSE(run.value().sheets[0].stale) << "census: from the newest copy";
  const MadeSheet& orders = run.value().sheets[1];
  EXPECT_EQ(orders.could_not, "");
  EXPECT_TRUE(orders.is_stand_in);
  EXPECT_FALSE(run.value().sheets[0].is_stand_in);
  EXPECT_TRUE(orders.stale) << "orders: from the older one, by its own freshness";
  ASSERT_EQ(orders.notes.size(), 1U);
  EXPECT_NE(orders.notes[0].find("invalid page in block 0"), std::string::npos);
  EXPECT_NE(page("sheets/orders.html").find("OLDER THAN 1 h"), std::string::npos);
}

TEST_F(MakeSheets, ComeFromASmallCopyInMemoryAndFromTheDiskWhereMemoryHasNoRoom) {
  judge("consistent");
  small_copies_ = MakeOptions::SmallCopies::in_memory;
  std::vector<std::string> parents;
  open_server_ = [&](const auto& view, const auto& unit, const engines::ScratchServerOptions& options) {
    parents.push_back(options.parent);
    if (options.parent == folder_.path()) return open_fake(view, unit, options);
    return base::Result<std::unique_ptr<engines::ScratchServer>>(
        base::Error{.code = base::ErrorCode::no_space, .what = "no space left on device"});
  };
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  EXPECT_EQ(run.value().sheets[0].could_not, "");
  std::vector<std::string> expected = {folder_.path()};
  if (const auto memory = os::find_memory_folder(1)) expected.insert(expected.begin(), *memory);
  EXPECT_EQ(parents, expected);
}

TEST_F(MakeSheets, ATornCopyIsNeverAsked) {
  judge("torn");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  ASSERT_EQ(watcher_.copies.size(), 1U);
  EXPECT_NE(watcher_.copies[0].find("11-21"), std::string::npos);
}

TEST_F(MakeSheets, ADamagedCopyGivesItsWholeTablesWhereNothingBetterExists) {
  kind_ = "mariadb";
  for (const char* state : {"damaged", "encrypted"}) {  // one encrypted file makes the set encrypted
    SCOPED_TRACE(state);
    watcher_.copies.clear();
    judge(state, "torn");
    const auto run = make();
    ASSERT_TRUE(run.ok());
    ASSERT_EQ(watcher_.copies.size(), 1U);
    const MadeSheet& census = run.value().sheets[0];
    EXPECT_EQ(census.could_not, "");
    EXPECT_NE(census.source.find("11-22, a damaged copy"), std::string::npos) << census.source;
    ASSERT_EQ(census.notes.size(), 1U);
    EXPECT_EQ(census.notes[0],
              "2 tables of this copy do not answer: hims.bed, hims.drug; hims.bed: its file is not there");
  }
}

TEST_F(MakeSheets, ADamagedCopyIsNotAskedWhereAnOlderOneIsWhole) {
  kind_ = "mariadb";
  write("nas/2022-11-21/pg/says", "old broken select orders");
  judge("damaged");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  ASSERT_EQ(watcher_.copies.size(), 1U);
  EXPECT_NE(watcher_.copies[0].find("11-21"), std::string::npos);
  EXPECT_NE(run.value().sheets[1].could_not, "");
}

TEST_F(MakeSheets, ADamagedCopyIsAskedWhereTheWholeOneDoesNotStart) {
  kind_ = "mariadb";
  write("nas/2022-11-21/pg/says", "will not start");
  judge("damaged");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  ASSERT_EQ(watcher_.copies.size(), 2U);
  EXPECT_NE(run.value().sheets[0].source.find("11-22, a damaged copy"), std::string::npos);
}

TEST_F(MakeSheets, ACopyThatDoesNotStartIsSaidAndTheNextOneTaken) {
  write("nas/2022-11-22/pg/says", "will not start");
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  EXPECT_NE(run.value().sheets[0].notes.at(0).find("could not read pg_control"), std::string::npos);
  EXPECT_NE(run.value().sheets[0].source.find("11-21"), std::string::npos);
}

TEST_F(MakeSheets, WhatNoCopyAnswersIsAPageThatSaysWhy) {
  service_.sheets[1].sql = "DELETE FROM x";
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run.value().sheets[0].could_not, "");
  EXPECT_NE(run.value().sheets[1].could_not.find("the statement writes"), std::string::npos);
  EXPECT_NE(page("sheets/orders.html").find("could not be made"), std::string::npos);
}

TEST_F(MakeSheets, WithoutAnyCopyEachSheetSaysSo) {
  const auto run = make();
  ASSERT_TRUE(run.ok());
  for (const MadeSheet& sheet : run.value().sheets)
    EXPECT_NE(sheet.could_not.find("no usable copy"), std::string::npos) << sheet.could_not;
}

TEST_F(MakeSheets, FromTheDamagedServerWhatSurvivesIsTheNewest) {
  write("live/srv/pg/says", "liv broken select orders");
  judge("consistent");
  const auto run = make("", (folder_ / "live") + "/");
  ASSERT_TRUE(run.ok()) << run.error().what;
  EXPECT_NE(page("sheets/census.html").find("liv"), std::string::npos);
  // Disks of several servers may be mounted: which one it was is to be read on the page.
  EXPECT_NE(page("sheets/census.html").find("damaged server&#39;s own files at " + (folder_ / "live") + "/srv/pg"),
            std::string::npos)
      << page("sheets/census.html");
  EXPECT_NE(page("sheets/orders.html").find("new"), std::string::npos) << "orders come from the copy";
}

TEST_F(MakeSheets, AreOfTheRestoredDatabaseAsItStandsThereNow) {
  write("live/srv/pg/says", "liv");
  restored_["/srv/pg"] = {
      .root = folder_ / "live", .ended_ns = k_now - 5'000'000'000, .replay = RestoredUnit::Replay::known};
  service_.data[0].logs = "/srv/archive";  // saved before the attack: they were brought in, and it has gone on since
  judge("consistent");
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  ASSERT_EQ(watcher_.copies.size(), 1U);
  for (const MadeSheet& sheet : run.value().sheets) {
    EXPECT_EQ(sheet.source, "the database as it stands restored in its place, " + (folder_ / "live") + "/srv/pg");
    ASSERT_EQ(sheet.notes.size(), 2U) << "nothing of logs";
    EXPECT_NE(sheet.notes[0].find("what came between its backup and its restore, which ended 2022-11-23"),
              std::string::npos)
        << sheet.notes[0];
    EXPECT_NE(sheet.notes[1].find("do not answer"), std::string::npos) << "it is looked at as a struck server is";
  }
  const std::string census = page("sheets/census.html");
  EXPECT_NE(census.find("liv"), std::string::npos);
  EXPECT_NE(census.find("as it stands restored in its place"), std::string::npos) << "to be read on each page";
}

TEST_F(MakeSheets, OfARestoredDatabaseSayWhatItsReplayLackedAndCallThatMissingUntilPeopleWorkInIt) {
  write("live/srv/pg/says", "liv");
  service_.data[0].logs = "/srv/archive";
  judge("consistent");
  const RestoredUnit whole{.root = folder_ / "live",
                           .ended_ns = k_now - 5'000'000'000,
                           .as_of_ns = k_now - 9'000'000'000,
                           .is_as_made = true,
                           .replay = RestoredUnit::Replay::known};
  RestoredUnit cut = whole;
  cut.lacks = "NOT COMPLETE: log 00000001000000000000000D is broken";
  RestoredUnit worked_in = cut;
  worked_in.is_as_made = false;
  RestoredUnit never_replayed = whole;
  never_replayed.replay = RestoredUnit::Replay::none;
  const auto notes_of = [&](const RestoredUnit& restored) {
    restored_["/srv/pg"] = restored;
    const auto run = make();
    EXPECT_TRUE(run.ok());
    std::string notes = run.value().sheets[0].lacks_logs ? "MISSING: " : "";
    for (const std::string& note : run.value().sheets[0].notes) notes += note + "\n";
    return notes;
  };
  EXPECT_EQ(notes_of(whole).find("MISSING"), std::string::npos);
  EXPECT_TRUE(notes_of(cut).starts_with("MISSING: ")) << notes_of(cut);
  for (const RestoredUnit& restored : {cut, worked_in})
    EXPECT_NE(notes_of(restored).find("NOT COMPLETE: log 00000001000000000000000D is broken"), std::string::npos);
  EXPECT_FALSE(notes_of(worked_in).starts_with("MISSING: ")) << "whoever started it has taken it as it is";
  EXPECT_TRUE(notes_of(never_replayed).starts_with("MISSING: "));
  EXPECT_NE(notes_of(never_replayed).find("no replay of its saved logs ('/srv/archive') is known"), std::string::npos)
      << notes_of(never_replayed);
}

TEST_F(MakeSheets, AreOfTheBackupAndSaySoWhereTheRestoredDatabaseDoesNotAnswer) {
  restored_["/srv/pg"] = {.root = folder_ / "live", .ended_ns = k_now - 5'000'000'000};
  judge("consistent");
  for (const auto& [says, why] : std::map<std::string, std::string>{
           {"will not start", "did not start: could not read pg_control"},
           {"liv broken select census broken select orders", ": invalid page in block 0"}}) {
    write("live/srv/pg/says", says);
    const auto run = make();
    ASSERT_TRUE(run.ok()) << run.error().what;
    const MadeSheet& census = run.value().sheets[0];
    EXPECT_NE(census.source.find("2022-11-22"), std::string::npos) << census.source;
    ASSERT_EQ(census.notes.size(), 1U);
    EXPECT_TRUE(census.notes[0].starts_with("newer data could not be had: the database as it stands restored"))
        << census.notes[0];
    EXPECT_NE(census.notes[0].find(why), std::string::npos) << census.notes[0];
  }
}

TEST_F(MakeSheets, OfADamagedServerThatWasRestoredAreCalledRestoredAndAskedOnce) {
  write("live/srv/pg/says", "liv broken select orders");
  restored_["/srv/pg"] = {.root = folder_ / "live", .ended_ns = k_now - 5'000'000'000};
  judge("consistent");
  const auto run = make("", (folder_ / "live") + "/");
  ASSERT_TRUE(run.ok()) << run.error().what;
  ASSERT_EQ(watcher_.copies.size(), 2U) << "it, and the backup for what it does not answer";
  EXPECT_TRUE(watcher_.copies[0].starts_with("the database as it stands restored")) << watcher_.copies[0];
}

TEST(DataTime, OfAMariaDbThatWorksAgainIsNotKnownWhereNoLogTellsIt) {
  Candidate standing;
  standing.restored = RestoredUnit{.ended_ns = k_now - 500'000'000};  // after the last commit that is known
  OpenedCandidate opened;
  opened.server = std::make_unique<FakeServer>("new", engines::Judged::yes);
  const auto as_of_ns = [&](services::DataKind kind) { return data_time_of(standing, opened, kind).as_of_ns; };
  EXPECT_EQ(as_of_ns(services::DataKind::mariadb), k_now - 1'000'000'000) << "nobody works in it";
  opened.at_work_ns = k_now;
  EXPECT_EQ(as_of_ns(services::DataKind::mariadb), 0) << "nobody may have entered anything since";
  EXPECT_EQ(as_of_ns(services::DataKind::postgresql), k_now - 1'000'000'000) << "its log has each commit";
  standing.restored->ended_ns = k_now - 2'000'000'000;
  EXPECT_EQ(as_of_ns(services::DataKind::mariadb), k_now - 1'000'000'000) << "its binary log goes on";
}

TEST(DataTime, OfARestoredOrthancOrSqliteWhoseFileWasWrittenSinceIsNotKnown) {
  Candidate standing;
  OpenedCandidate opened;
  opened.server = std::make_unique<FakeServer>("new", engines::Judged::yes);  // a file of a second ago
  for (const auto kind : {services::DataKind::orthanc, services::DataKind::sqlite}) {
    standing.restored = RestoredUnit{.ended_ns = k_now};
    EXPECT_EQ(data_time_of(standing, opened, kind).as_of_ns, k_now - 1'000'000'000) << "as its backup has it";
    standing.restored->ended_ns = k_now - 5'000'000'000;
    EXPECT_EQ(data_time_of(standing, opened, kind).as_of_ns, 0) << "Orthanc writes it with nobody in it";
  }
}

TEST(DataTime, OfWhatWasRestoredIsNoCheckpointThatAnEngineWroteSince) {
  const std::int64_t night = k_now - 9'000'000'000'000;
  Candidate standing;
  standing.restored = RestoredUnit{.ended_ns = k_now - 2'000'000'000, .as_of_ns = night, .is_as_made = true};
  OpenedCandidate opened;
  auto server = std::make_unique<FakeServer>("new", engines::Judged::yes);  // as of a second ago
  FakeServer& says = *server;
  opened.server = std::move(server);
  const auto as_of_ns = [&](services::DataKind kind) { return data_time_of(standing, opened, kind).as_of_ns; };
  for (const auto kind : {services::DataKind::postgresql, services::DataKind::mariadb})
    EXPECT_EQ(as_of_ns(kind), night);
  standing.restored->is_as_made = false;
  says.say_checkpoint();
  standing.restored->next_transaction = 740;
  opened.last_work = {.commit_ns = night, .next_transaction = 740};
  for (const std::int64_t at_work_ns : {std::int64_t{0}, k_now}) {
    opened.at_work_ns = at_work_ns;
    opened.last_work = {.commit_ns = night, .next_transaction = 740};
    EXPECT_EQ(as_of_ns(services::DataKind::postgresql), night)
        << "a server was started, a base backup of it taken, and nobody has entered anything";
    opened.last_work = {.commit_ns = k_now - 60'000'000'000, .next_transaction = 741};
    EXPECT_EQ(as_of_ns(services::DataKind::postgresql), k_now - 60'000'000'000)
        << "somebody has, and a checkpoint came behind that";
    opened.last_work = {.commit_ns = 0, .next_transaction = 741};
    EXPECT_EQ(as_of_ns(services::DataKind::postgresql), k_now - 1'000'000'000)
        << "somebody has, and the log of it is gone";
  }
  opened.at_work_ns = 0;
  opened.last_work = {};
  standing.restored->as_of_ns = 0;
  EXPECT_EQ(as_of_ns(services::DataKind::postgresql), 0) << "nobody knows";
  standing.restored->ended_ns = k_now;
  EXPECT_EQ(as_of_ns(services::DataKind::postgresql), k_now - 1'000'000'000) << "as its backup has it";
}

TEST_F(MakeSheets, OfAnAttachedBackupSayWhatOfOneOutOfReachIsNotUsable) {
  model::BackupSource nas = recovery::find_source(store_, "nas").value();
  nas.independence = model::Independence::attached;
  ASSERT_TRUE(store_.backups().put_source(nas).ok());
  judge("consistent");
  const auto alone = make();
  ASSERT_TRUE(alone.ok());
  EXPECT_TRUE(alone.value().sheets[0].is_from_attached);
  EXPECT_FALSE(alone.value().sheets[0].is_stand_in) << "it is the only one there is";
  model::BackupSource usb{.name = "usb", .address = "folder:" + (folder_ / "usb"), .format = "folder"};
  usb.stored_prefix = "/pg";
  usb.live_prefix = "/srv/pg";
  for (const char* day : {"usb/2022-11-21", "usb/2022-11-22"}) write(day + std::string("/pg/says"), "new");
  ASSERT_TRUE(store_.backups().put_source(usb).ok());
  judge_source("usb", "torn", "torn", 5);
  const auto run = make();
  ASSERT_TRUE(run.ok());
  const MadeSheet& census = run.value().sheets[0];
  EXPECT_TRUE(census.is_stand_in);
  EXPECT_NE(census.source.find("backup nas"), std::string::npos) << census.source;
  ASSERT_EQ(census.notes.size(), 2U);
  EXPECT_EQ(census.notes[1], "a newer copy in a backup that was not attached cannot be used: usb: torn");
}

TEST_F(MakeSheets, ForOneWardOnlyItsPacketsAreMade) {
  judge("consistent");
  ASSERT_TRUE(make("W-2").ok());
  EXPECT_EQ(page("sheets/census.html").find("W-1"), std::string::npos);
  EXPECT_NE(page("sheets/census.html").find("W-2"), std::string::npos);
}

TEST_F(MakeSheets, AVeryLargeOneKeepsNoWardWaitingForItsPacket) {
  judge("consistent");
  add_sheet("all", "very many");
  service_.sheets.back().group_by.clear();
  std::swap(service_.sheets.front(), service_.sheets.back());
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  EXPECT_EQ(watcher_.behind_packets, std::set<std::string>{"all"});
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/current/sheets/all.pdf"));
  ASSERT_EQ(run.value().sheets.size(), 3U);
  EXPECT_EQ(run.value().sheets[0].id, "all") << "in the order of the file";
}

TEST_F(MakeSheets, ForAWardThatThereIsNotNothingIsMadeAndThoseThereAreAreNamed) {
  judge("consistent");
  ASSERT_TRUE(make().ok());
  const std::string before = page("sheets/census.html");
  const auto run = make("Ward 3");
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().what, "no ward, clinic, desk or sheet is called 'Ward 3'");
  EXPECT_NE(run.error().hint.find("W-1, W-2"), std::string::npos) << run.error().hint;
  EXPECT_EQ(page("sheets/census.html"), before) << "the run before is the current one";
  const auto runs = std::filesystem::directory_iterator(folder_ / "out");
  EXPECT_EQ(std::count_if(begin(runs), end(runs),
                          [](const auto& entry) { return entry.path().filename().string().starts_with("20"); }),
            1);
}

TEST_F(MakeSheets, TellTheTimeOfADatabaseThatWasCopiedLaterAsItsPagesDo) {
  kind_ = "sqlite";
  write("nas/2022-11-21/pg/says", "new");  // its file was last written long after the snapshot: by the copy
  judge("torn");
  const auto run = make();
  ASSERT_TRUE(run.ok()) << run.error().what;
  EXPECT_EQ(run.value().sheets[0].data_as_of_ns, k_now - 90'000'000'000'000);
  EXPECT_EQ(watcher_.told_as_of_ns, k_now - 90'000'000'000'000);
}

TEST(FillInTimes, PutsDigitsOnlyAndNamesWhatItDoesNotKnow) {
  const AsOf as_of{1'669'167'418'000'000'000, "+05:30"};
  EXPECT_EQ(fill_in_times("d = '{{as_of_date}}' AND t < '{{as_of}}'", as_of).value(),
            "d = '2022-11-23' AND t < '2022-11-23 07:06:58'");
  EXPECT_EQ(fill_in_times("SELECT '{}', '{{'", as_of).value(), "SELECT '{}', '{{'");
  EXPECT_FALSE(fill_in_times("{{ward}}", as_of).ok());
  EXPECT_FALSE(fill_in_times("{{as_of}}", {}).ok());
}

TEST(TrySheet, SaysWhichTimeAQuestionHadAndThatNoOptionGivesMore) {
  const base::Error ended{.code = base::ErrorCode::limit_reached, .what = "statement timeout"};
  const base::Error slow = ran_over(ended, {}, 29.5);
  EXPECT_EQ(slow.what, "the question takes longer than the 30 s that each sheet has");
  EXPECT_EQ(slow.hint, "no option gives it more: ask for fewer rows, or by columns that have an index");
  const base::Error early = ran_over(ended, {}, 3);
  EXPECT_EQ(early.what, "the question takes more than its engine allows") << "of memory or disk, not of time";
  EXPECT_EQ(early.hint, "");
}

TEST(TrySheet, NamesTheColumnsThatAreNotInTheAnswer) {
  FakeServer server("new", engines::Judged::yes);
  services::Sheet sheet;
  sheet.id = "a";
  sheet.sql = "select x";
  sheet.columns = {"uhid", "bed"};
  sheet.group_by = "clinic";
  const SheetTrial trial = try_sheet(server, sheet, "hims", {k_now, ""});
  EXPECT_EQ(trial.rows, 2U);
  EXPECT_EQ(trial.mistakes.size(), 2U);
  EXPECT_FALSE(find_database(server, "other").ok());
  EXPECT_EQ(find_database(server, "").value(), "hims");
}

}  // namespace
}  // namespace lastgood::sheets::testing
