// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what a plan says of databases that its copies do not have as a whole, or would have in the wrong place.
#include "recovery/plan_units.h"

#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

TEST_F(Incident, names_the_struck_tables_of_a_database_that_its_copy_does_not_have) {
  const auto backup = [] {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (const char* name : {"ibdata1", "lis/a.ibd", "lis/b.new"})
      source->put_file("s1", "/srv/my/" + std::string(name), letter(1));
    return source;
  };
  judge(*backup());
  const std::vector<model::JudgedUnit> units{
      {.snapshot = "s1", .kind = "mariadb", .path = "/srv/my", .state = "needs_recovery"}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  const auto plan_with = [&](const std::vector<std::string>& struck) {
    std::vector<model::FileRecord> files;
    for (const std::string& name : struck) {
      files.push_back({.path = "/srv/my/" + name + ".bak9", .size_bytes = 4000, .verdict = Verdict::encrypted});
      files.back().original_name = name.substr(name.rfind('/') + 1);
    }
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
    EXPECT_TRUE(store_.record_files(id, files, {}).ok());
    EXPECT_TRUE(store_.finish_scan(id, 1, {}).ok());
    return plan(backup());
  };
  const Plan made = plan_with({"lis/a.ibd", "lis/b.ibd", "lis/since.ibd", "lis/#sql-1.ibd", "ib_logfile0"});
  ASSERT_EQ(made.units.size(), 1U);
  ASSERT_EQ(made.unjudged.size(), 1U);
  EXPECT_NE(made.unjudged[0].why.find(
                "unit.since: 1 table file of it that is struck is not in the copy ('/srv/my/lis/since.ibd')"),
            std::string::npos)
      << made.unjudged[0].why;
  EXPECT_TRUE(plan_with({"lis/a.ibd", "lis/b.ibd"}).unjudged.empty());
}

TEST_F(Incident, brings_no_database_back_into_the_folder_of_another) {
  const auto backup = [] {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (const char* name : {"/PG_VERSION", "/base/1"})
      source->put_file("s1", "/srv/pg/2022-11-22_ts" + std::string(name), letter(1));
    return source;
  };
  judge(*backup());
  const std::vector<model::JudgedUnit> units{
      {.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg/2022-11-22_ts", .state = "consistent"}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  EXPECT_NE(find(plan(backup()), "/srv/pg/2022-11-22_ts/base/1"), nullptr) << "no server is there";
  const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
  const std::vector<model::FileRecord> files = {
      {.path = "/srv/pg/PG_VERSION", .size_bytes = 3, .verdict = Verdict::intact}};
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const Plan made = plan(backup());
  EXPECT_TRUE(made.units.empty());
  EXPECT_EQ(find(made, "/srv/pg/2022-11-22_ts/base/1"), nullptr);
  ASSERT_EQ(made.unjudged.size(), 1U);
  EXPECT_NE(made.unjudged[0].why.find("unit.inside: it would come to lie in the folder of the database server at "
                                      "'/srv/pg'"),
            std::string::npos)
      << made.unjudged[0].why;
}

}  // namespace

}  // namespace lastgood::recovery::testing
