// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a backup named by a day alone counts as of the newest file of that day in it, never as of midnight while
// it holds what is newer, and that nothing is said to have happened before the end of what such a name leaves open.
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/human.h"
#include "base/rfc3339.h"
#include "casefile/case_about.h"
#include "recovery/names_zone.h"
#include "recovery/opened_source.h"
#include "recovery/testing/incident.h"
#include "sources/open_source.h"

namespace lastgood::recovery::testing {

namespace {

class NobodyToAsk final : public PasswordPrompt {
 public:
  std::optional<std::string> ask(const std::string& /*question*/) override { return std::nullopt; }
};

/// Two folders of snapshots: `noon` has a time in its name, `night` a day alone.
class OpenDays : public Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    casefile::CaseAbout about;
    about.zone = "+05:30";
    ASSERT_TRUE(casefile::write_about(store_, about).ok());
  }

  void put(const std::string& path, const std::string& bytes, const std::string& changed) const {
    const std::filesystem::path file = folder_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << bytes;
    const auto ns = base::parse_rfc3339(changed);
    ASSERT_TRUE(ns.has_value());
    const timespec times[2] = {{*ns / 1'000'000'000, 0}, {*ns / 1'000'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  }

  void add_and_judge(const std::string& name) {
    ASSERT_TRUE(
        add_source({.name = name, .address = "folder:" + (folder_ / name), .format = {}}, {}, store_, *ledger_, prompt_)
            .ok());
    const auto record = find_source(store_, name);
    const auto source = open_case_source(store_, record.value(), {}, prompt_);
    ASSERT_TRUE(source.ok());
    ASSERT_TRUE(judge_backup({.source = record.value()}, *source.value(), store_, *ledger_, progress_).ok());
  }

  Plan plan_all() {
    auto sources = open_sources(store_, {}, {}, prompt_);
    auto made =
        plan_recovery({.case_name = "c", .now_ns = day(400), .opening = {}}, store_, sources.value(), progress_);
    EXPECT_TRUE(made.ok());
    return std::move(made).value();
  }

  std::string kept_time(const std::string& source) {
    return base::utc_time(store_.backups().snapshots(source).value().at(0).snapshot.time_ns);
  }

  os::testing::ScratchFolder folder_;
  NobodyToAsk prompt_;
};

TEST_F(OpenDays, end_with_what_is_newest_in_them_so_that_a_copy_of_noon_does_not_win) {
  put("noon/2022-11-22_120000/srv/price.txt", letter(1), "2022-11-20T10:00:00+05:30");
  put("night/2022-11-22/srv/price.txt", letter(2), "2022-11-22T20:30:00+05:30");
  put("night/2022-11-22/srv/clock.txt", letter(3), "2022-11-23T09:00:00+05:30");  // of no such day
  add_and_judge("noon");
  add_and_judge("night");
  EXPECT_EQ(kept_time("night"), "2022-11-22T15:00:00Z");
  const Plan made = plan_all();
  const PlanItem* const price = find(made, "/srv/price.txt");
  ASSERT_NE(price, nullptr);
  EXPECT_EQ(made.snapshots[price->snapshot].id, "2022-11-22");
  EXPECT_EQ(base::utc_time(made.snapshots[price->snapshot].time_ns), "2022-11-22T15:00:00Z") << "as it was judged";
  EXPECT_EQ(read_names_anew(store_, "night").value(), 0U);
  EXPECT_EQ(kept_time("night"), "2022-11-22T15:00:00Z");
}

TEST_F(OpenDays, that_hold_struck_files_say_only_that_the_attack_began_before_they_ended) {
  for (int i = 0; i < 40; ++i) {
    const std::string file = "/srv/report" + std::to_string(i) + ".txt";
    put("night/2022-11-22" + file, letter(i), "2022-11-20T10:00:00+05:30");
    put("night/2022-11-23" + file + (i < 30 ? ".bak9" : ""), i < 30 ? struck(i) : letter(i + 100),
        i < 30 ? "2022-11-23T07:07:00+05:30" : "2022-11-23T06:00:00+05:30");
  }
  add_and_judge("night");
  const Plan made = plan_all();
  EXPECT_EQ(base::utc_time(made.attack_began_ns), "2022-11-23T18:30:00Z") << made.attack_basis;
  EXPECT_NE(made.attack_basis.find("at the latest"), std::string::npos);
  EXPECT_EQ(made.snapshots[find(made, "/srv/report3.txt")->snapshot].id, "2022-11-22");
  EXPECT_EQ(made.snapshots[find(made, "/srv/report33.txt")->snapshot].id, "2022-11-23");
}

}  // namespace

}  // namespace lastgood::recovery::testing
