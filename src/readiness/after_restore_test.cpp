// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what is said of a service's data after a restore: what no longer stands there is not called encrypted, and
// what is back has only to be started.
#include <fmt/format.h>
#include <sys/stat.h>

#include "readiness/ask_health.h"
#include "readiness/service_state.h"
#include "readiness/since_restored.h"
#include "readiness/testing/services_story.h"

namespace lastgood::readiness {
namespace {

using testing::Services;
using testing::write;

class AfterARestore : public Services {
 protected:
  /// A scan that saw `a.docx.locked` encrypted, as it lies below the data now, and ended before what follows.
  void SetUp() override {
    Services::SetUp();
    data_ = scratch_.path() + "/srv/lab";
    write(data_ + "/a.docx.locked", "noise");
    struct stat status {};
    ASSERT_EQ(::stat((data_ + "/a.docx.locked").c_str(), &status), 0);
    model::FileRecord hit{.path = data_ + "/a.docx.locked",
                          .size_bytes = 5,
                          .mtime_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                          .verdict = model::Verdict::encrypted};
    const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {data_}}).value();
    ASSERT_TRUE(store_.record_files(id, std::vector{hit}, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
  void tell_restore(const std::string& target, const std::string& outcome, std::int64_t files = 1) {
    const ledger::Fields fields{{"journal", target + outcome},
                                {"mode", "in-place"},
                                {"target", target},
                                {"outcome", outcome},
                                {"files", files}};
    ASSERT_TRUE(ledger_->append("restore-begun", fields).ok());
    ASSERT_TRUE(ledger_->append("restore-finished", fields).ok());
  }
  /// What `status` would say of it: "stopped", when it is asked and not well.
  std::string said() {
    const auto file =
        services::parse_services("[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "\"\n", "s");
    auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    if (!input.ok()) return input.error().what;
    input.value().health["lab"] = {Health::not_well, "as the test says", 1};
    return std::string(name_of(decide_standings(input.value()).at(0).state));
  }
  /// Encrypted files that count, and those that were replaced.
  std::string counted() {
    const auto file =
        services::parse_services("[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "\"\n", "s");
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    if (!input.ok()) return input.error().what;
    const DataState& state = input.value().data.at("lab").at(0);
    return fmt::format("{} {}", state.hit, state.replaced);
  }
  std::string data_;
};

TEST_F(Services, FilesOfATablespaceThatIsStruckOutsideOfItsFolderAreTheDatabasesOwn) {
  const std::string pg = scratch_.path() + "/pg";
  const std::string space = scratch_.path() + "/ts";
  write(pg + "/PG_VERSION", "15\n");
  write(pg + "/pg_tblspc/note", "");
  std::filesystem::create_directory_symlink(space, pg + "/pg_tblspc/16384");
  std::vector<model::FileRecord> files;
  for (const char* name : {"/PG_15_202209061/5/16400.locked", "/letter.docx.locked"})
    files.push_back({.path = space + name, .size_bytes = 5, .verdict = model::Verdict::encrypted});
  const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {scratch_.path()}}).value();
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file =
      services::parse_services("[service.db]\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"" + pg + "\"\n", "s");
  auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
  ASSERT_TRUE(input.ok());
  const DataState& state = input.value().data.at("db").at(0);
  EXPECT_EQ(state.hit, 1U) << "the letter beside is none of it";
  EXPECT_EQ(state.scanned, DataState::Scanned::no);
  std::string said;
  const auto standings = decide_standings(input.value());
  for (const std::string& sentence : standings.at(0).sentences) said += sentence + "\n";
  EXPECT_NE(said.find("1 encrypted file below " + pg + " and in " + space + ", where links of it lead, in the newest"),
            std::string::npos)
      << said;
}

TEST_F(AfterARestore, WhatIsNoLongerThereIsNotCalledEncryptedUntilTheNextScan) {
  EXPECT_EQ(counted(), "1 0");
  std::filesystem::rename(data_ + "/a.docx.locked", scratch_.path() + "/kept");
  EXPECT_EQ(counted(), "1 0") << "gone without a restore: who knows where to";
  tell_restore("/", "no space left on device");
  tell_restore(scratch_.path() + "/srv/other", "finished");
  EXPECT_EQ(counted(), "1 0") << "no restore of it has ended well";
  tell_restore("/", "finished", 0);
  EXPECT_EQ(counted(), "1 0") << "it was let do nothing";
  tell_restore("/", "finished");
  EXPECT_EQ(counted(), "0 1");
}

TEST_F(AfterARestore, AServiceWhoseDataAreInPlaceHasOnlyToBeStarted) {
  const auto tell = [&](const std::string& journal, const std::string& mode, const std::string& service) {
    const ledger::Fields fields{{"journal", journal},      {"mode", mode},       {"target", std::string("/")},
                                {"plan_sha256", journal},  {"service", service}, {"outcome", std::string("finished")},
                                {"files", std::int64_t{3}}};
    for (const char* kind : {"restore-begun", "service-data-restored", "restore-finished"})
      ASSERT_TRUE(ledger_->append(kind, fields).ok());
  };
  write(data_ + "/a.docx", "good again");
  std::filesystem::remove(data_ + "/a.docx.locked");
  tell("one", "in-place", "opd");
  tell("two", "beside", "lab");
  EXPECT_EQ(said(), "down") << "another service came back, and a copy of this one elsewhere";
  tell("three", "in-place", "lab");
  EXPECT_EQ(said(), "stopped");
  std::filesystem::rename(data_, data_ + ".away");
  EXPECT_EQ(said(), "down") << "they are no longer there";
}

TEST_F(AfterARestore, ADatabaseIsKnownByWhatItsServiceBroughtBack) {
  const ledger::Fields fields{{"journal", std::string("one")},
                              {"mode", std::string("in-place")},
                              {"target", std::string("/")},
                              {"plan_sha256", std::string("one")},
                              {"service", std::string("lab")},
                              {"databases", std::vector<std::string>{"2022-11-23T01:36:58Z /srv/pg", " /srv/my sql"}},
                              {"outcome", std::string("finished")},
                              {"files", std::int64_t{3}}};
  const auto is_restored = [&](const std::string& path) {
    const auto restores = read_ended_restores(scratch_.path());
    return restores.ok() && database_restored(restores.value(), path).has_value();
  };
  ASSERT_TRUE(ledger_->append("restore-begun", fields).ok());
  ASSERT_TRUE(ledger_->append("service-data-restored", fields).ok());
  EXPECT_FALSE(is_restored("/srv/pg")) << "it has not ended";
  ASSERT_TRUE(ledger_->append("restore-finished", fields).ok());
  EXPECT_TRUE(is_restored("/srv/pg"));
  EXPECT_TRUE(is_restored("/srv/my sql"));
  EXPECT_FALSE(is_restored("/srv"));
}

TEST_F(AfterARestore, AFileThatIsAUnitIsStruckWithWhatItsNameBecame) {
  const auto hit = [&](const std::string& name) {
    const auto file = services::parse_services(
        "[service.lab]\n[[service.lab.data]]\nkind=\"sqlite\"\npath=\"" + data_ + name + "\"\n", "s");
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    return input.ok() ? input.value().data.at("lab").at(0).hit : 9U;
  };
  EXPECT_EQ(hit("/a.docx"), 1U);
  EXPECT_EQ(hit("/a.docx.locked"), 1U);
  EXPECT_EQ(hit("/a.doc"), 0U);
}

TEST_F(AfterARestore, OfARegenerableDatabaseWhatTheScanCouldNotJudgeIsCounted) {
  const std::string file_path = data_ + "/2659.bak9";
  write(file_path, "noise");
  struct stat status {};
  ASSERT_EQ(::stat(file_path.c_str(), &status), 0);
  const std::vector<model::FileRecord> seen{{.path = file_path,
                                             .size_bytes = 5,
                                             .mtime_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                                             .verdict = model::Verdict::undecided}};
  const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {data_}}).value();
  ASSERT_TRUE(store_.record_files(id, seen, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 2, {}).ok());
  const auto file = services::parse_services(
      "[service.lab]\n[[service.lab.data]]\nkind=\"postgresql\"\npath=\"" + data_ + "\"\nregenerable=true\n", "s");
  const auto state = [&] {
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    return input.ok() ? input.value().data.at("lab").at(0) : DataState{};
  };
  EXPECT_EQ(state().doubtful, 1U);
  std::filesystem::remove(file_path);
  EXPECT_EQ(state().doubtful, 0U) << "it was made again since";
}

TEST_F(AfterARestore, PlainFilesAreRestorableAsSoonAsJudgingSawGoodOnes) {
  EXPECT_EQ(said(), "down");
  ASSERT_TRUE(store_.backups().put_source({.name = "nas", .address = "folder:" + scratch_.path()}).ok());
  const model::JudgedSnapshot night{.snapshot = {.id = "night", .time_ns = 5}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", std::vector{night}, {}).ok());
  const auto judge = [&](const std::string& path, model::Verdict verdict) {
    const std::int64_t id = store_.begin_scan({.host = "nas", .roots = {"/nas"}, .source = "nas"}).value();
    const std::vector<model::FileRecord> files{{.path = "/nas/night" + path, .verdict = verdict}};
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  };
  judge("/srv/elsewhere/b.docx", model::Verdict::intact);
  judge(data_ + "/a.docx", model::Verdict::encrypted);
  EXPECT_EQ(said(), "down") << "no good one is known";
  judge(data_ + "/c.docx", model::Verdict::intact);
  EXPECT_EQ(said(), "restorable");
}

TEST_F(AfterARestore, DataThatNoScanSawStruckAreSaidToLieThere) {
  const auto file = services::parse_services(
      "[service.lab]\n[[service.lab.data]]\nkind=\"files\"\npath=\"" + data_ + "/good\"\n", "s");
  const auto told = [&] {
    auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    EXPECT_TRUE(input.ok());
    input.value().health["lab"] = {Health::not_well, "", 1};
    std::string all;
    const std::vector<ServiceStanding> standings = decide_standings(input.value());
    for (const std::string& sentence : standings.at(0).sentences) all += sentence + "\n";
    return all.find("to start it may be enough") != std::string::npos;
  };
  EXPECT_FALSE(told()) << "there is nothing";
  write(data_ + "/good/a.docx", "good");
  EXPECT_TRUE(told());
}

TEST_F(AfterARestore, WhatStillLiesThereAsTheScanSawItStaysEncrypted) {
  tell_restore(scratch_.path() + "/srv", "finished");
  EXPECT_EQ(counted(), "1 0");
  write(data_ + "/a.docx.locked", "good again");
  EXPECT_EQ(counted(), "0 1");
}

TEST_F(AfterARestore, WhatSqliteMakesAnewIsNoDamageOfItsDatabase) {
  const std::string database = scratch_.path() + "/srv/q.db";
  std::vector<model::FileRecord> files;
  for (const char* end : {"-shm.bak9", "-wal.bak9"})
    files.push_back({.path = database + end, .size_bytes = 5, .verdict = model::Verdict::encrypted});
  const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {scratch_.path() + "/srv"}}).value();
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto file = services::parse_services(
      "[service.lab]\n[[service.lab.data]]\nkind=\"sqlite\"\npath=\"" + database + "\"\n", "s");
  const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(input.value().data.at("lab").at(0).hit, 1U) << "the log has commits, its index has none";
}

}  // namespace
}  // namespace lastgood::readiness
