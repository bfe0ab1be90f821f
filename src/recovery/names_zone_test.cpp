// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a snapshot dated by a name without a zone has one time, whoever asks and whenever the zone was said.
#include "recovery/names_zone.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/human.h"
#include "casefile/case_about.h"
#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/case_sources.h"
#include "recovery/opened_source.h"

namespace lastgood::recovery {
namespace {

class NobodyToAsk final : public PasswordPrompt {
 public:
  std::optional<std::string> ask(const std::string& /*question*/) override { return std::nullopt; }
};

class NamesZone : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* day : {"2022-11-22_193000", "2022-11-23_070700"}) {
      for (const char* folder : {"/srv", "/etc"})
        std::filesystem::create_directories(folder_ / "snap" + "/" + day + folder);
    }
    ledger_ = ledger::create_ledger(folder_ / "").value();
  }

  AddedSource add(const std::string& names_in) {
    const model::BackupSource source{.name = "snap", .address = "folder:" + (folder_ / "snap"), .format = {}};
    auto added = add_source(source, names_in, store_, *ledger_, prompt_);
    EXPECT_TRUE(added.ok());
    return std::move(added).value();
  }
  void say_zone_of_case(const std::string& zone) {
    casefile::CaseAbout about;
    about.zone = zone;
    ASSERT_TRUE(casefile::write_about(store_, about).ok());
  }
  /// As judging keeps them.
  void keep(const std::vector<model::Snapshot>& snapshots) {
    std::vector<model::JudgedSnapshot> judged(snapshots.size());
    for (std::size_t i = 0; i < snapshots.size(); ++i) judged[i].snapshot = snapshots[i];
    ASSERT_TRUE(store_.backups().record_snapshots("snap", judged, {}).ok());
  }
  std::string opened_time() {
    const auto opened = open_sources(store_, {}, {}, prompt_);
    EXPECT_TRUE(opened.ok());
    return base::utc_time(opened.value().opened.at(0).snapshots.at(0).time_ns);
  }
  std::string kept_time() { return base::utc_time(store_.backups().snapshots("snap").value().at(0).snapshot.time_ns); }

  os::testing::ScratchFolder folder_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  NobodyToAsk prompt_;
};

TEST_F(NamesZone, is_that_of_the_case_unless_another_is_given_for_the_source) {
  EXPECT_EQ(base::utc_time(add({}).snapshots.at(0).time_ns), "2022-11-22T19:30:00Z") << "UTC is assumed";
  say_zone_of_case("+05:30");
  EXPECT_EQ(opened_time(), "2022-11-22T14:00:00Z");
  EXPECT_EQ(base::utc_time(add("+01:00").snapshots.at(0).time_ns), "2022-11-22T18:30:00Z");
  EXPECT_EQ(opened_time(), "2022-11-22T18:30:00Z");
  add("+00:00");
  EXPECT_EQ(opened_time(), "2022-11-22T19:30:00Z");
}

TEST_F(NamesZone, said_after_judging_gives_judged_snapshots_the_time_that_the_source_has_now) {
  keep(add({}).snapshots);
  EXPECT_EQ(kept_time(), "2022-11-22T19:30:00Z");
  EXPECT_EQ(find_assumed_zones(store_).value(), std::vector<std::string>{"snap"});
  say_zone_of_case("+05:30");
  EXPECT_EQ(read_names_anew(store_, "snap").value(), 2U);
  EXPECT_EQ(kept_time(), opened_time());
  EXPECT_TRUE(find_assumed_zones(store_).value().empty());
  EXPECT_EQ(read_names_anew(store_, "snap").value(), 0U);
  EXPECT_EQ(add("-03:00").with_another_time, 2U);
  EXPECT_EQ(kept_time(), opened_time());
}

}  // namespace
}  // namespace lastgood::recovery
