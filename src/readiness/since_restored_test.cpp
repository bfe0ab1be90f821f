// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that each service whose data a restore brought back is told so, whichever service it was asked for, and which
// databases stand restored in their places.
#include "readiness/since_restored.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "readiness/service_state.h"

namespace lastgood::readiness {
namespace {

class SinceRestored : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger_ = ledger::create_ledger(scratch_.path()).value();
    file_ =
        services::parse_services(
            "[service.lab]\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"" + db() + "\"\ndatabase=\"lis\"\n" +
                "[service.bills]\n[[service.bills.data]]\nkind=\"mariadb\"\npath=\"" + db() +
                "\"\ndatabase=\"bills\"\n[[service.bills.data]]\nname=\"queue\"\nkind=\"sqlite\"\npath=\"" + queue() +
                "\"\n[service.scans]\n[[service.scans.data]]\nkind=\"sqlite\"\npath=\"" + queue() + "\"\n",
            "s")
            .file;
    std::filesystem::create_directory(db());
    std::ofstream(queue()) << "rows";
  }
  std::string db() const { return scratch_.path() + "/mysql"; }
  std::string queue() const { return scratch_.path() + "/queue.db"; }

  /// A restore of one service in its place, to its end. `sets_as_of`: empty where no file of SQLite came back.
  void restore(const std::string& service, const std::vector<std::string>& databases, const std::string& sets_as_of) {
    const std::string journal = "j" + std::to_string(++journals_);
    const ledger::Fields fields{{"journal", journal},         {"mode", std::string("in-place")},
                                {"target", std::string("/")}, {"plan_sha256", journal},
                                {"service", service},         {"databases", databases},
                                {"sets_as_of", sets_as_of},   {"outcome", std::string("finished")},
                                {"files", std::int64_t{3}}};
    for (const char* kind : {"restore-begun", "service-data-restored", "restore-finished"})
      ASSERT_TRUE(ledger_->append(kind, fields).ok());
  }
  std::vector<EndedRestore> restores() { return read_ended_restores(scratch_.path()).value(); }

  os::testing::ScratchFolder scratch_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  services::ServicesFile file_;
  int journals_ = 0;
};

TEST_F(SinceRestored, EachServiceOfOneDatabaseSaysItsLastRestoreWhicheverServiceItWasAskedFor) {
  restore("lab", {" " + db()}, {});
  restore("bills", {" " + db()}, "2022-11-23T01:36:58Z");
  const std::int64_t last_ns = restores().at(1).ended_ns;
  ASSERT_GT(last_ns, restores().at(0).ended_ns);
  for (const char* const id : {"lab", "bills"}) {
    const services::Service& service = *file_.find(id);
    EXPECT_EQ(data_restored(restores(), file_, service, service.data[0]), last_ns) << id;
  }
  const auto input = gather_standings(file_, "scans", scratch_.path(), store_, AskHealth::no);
  ASSERT_TRUE(input.ok()) << input.error().what;
  EXPECT_EQ(input.value().data.at("scans").at(0).in_place_ns, last_ns) << "its file is one of the bills', too";
}

TEST_F(SinceRestored, OfAFileOfSqliteThatNoScanCouldJudgeNobodySaysThatAStartMayBeEnough) {
  const auto told = [&](model::Verdict verdict) {
    const std::int64_t id = store_.begin_scan({.host = "lab", .roots = {scratch_.path()}}).value();
    const model::FileRecord seen{.path = queue(), .size_bytes = 4, .verdict = verdict};
    EXPECT_TRUE(store_.record_files(id, std::vector{seen}, {}).ok());
    EXPECT_TRUE(store_.finish_scan(id, 1, {}).ok());
    auto input = gather_standings(file_, "scans", scratch_.path(), store_, AskHealth::no);
    EXPECT_TRUE(input.ok()) << input.error().what;
    input.value().health["scans"] = {Health::not_well, "", 1};
    std::string all;
    const std::vector<ServiceStanding> standings = decide_standings(input.value());
    for (const std::string& sentence : standings.at(0).sentences) all += sentence + "\n";
    const bool may_be_enough = all.find("to start it may be enough") != std::string::npos;
    const bool nobody_knows = all.find("whether a start is enough nobody knows") != std::string::npos;
    EXPECT_NE(may_be_enough, nobody_knows) << all;
    return nobody_knows;
  };
  EXPECT_TRUE(told(model::Verdict::undecided));
  EXPECT_TRUE(told(model::Verdict::unreadable));
  EXPECT_FALSE(told(model::Verdict::intact));
}

TEST_F(SinceRestored, DatabasesInTheirPlacesAreThoseThatCameBack) {
  restore("lab", {" " + db()}, {});
  restore("bills", {}, {});
  auto standing = restored_in_place(restores(), file_);
  ASSERT_EQ(standing.size(), 1U) << "no file of SQLite came back";
  EXPECT_EQ(standing.at(db()).ended_ns, restores().at(0).ended_ns) << "the second one left it alone";
  restore("bills", {" " + db()}, "2022-11-23T01:36:58Z");
  standing = restored_in_place(restores(), file_);
  ASSERT_EQ(standing.size(), 2U);
  EXPECT_EQ(standing.at(db()).ended_ns, restores().at(2).ended_ns);
  EXPECT_EQ(standing.at(queue()).ended_ns, restores().at(2).ended_ns);
}

}  // namespace
}  // namespace lastgood::readiness
