// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a newest snapshot of logs alone makes nobody believe that a database was deleted by its owner.
#include <gtest/gtest.h>

#include "recovery/testing/incident.h"
#include "services/services_file.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

/// A database every night, its logs in between: the newest snapshot holds logs alone.
class LogsBetweenNights : public Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    judge(*backup());
    ASSERT_TRUE(
        store_.backups()
            .record_snapshots("nas", store_.backups().snapshots("nas").value(),
                              std::vector{model::JudgedUnit{
                                  .snapshot = "s1", .kind = "mariadb", .path = "/srv/db/my", .state = "consistent"}})
            .ok());
  }
  static std::unique_ptr<FakeSource> backup() {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (const char* name : {"db/my/ibdata1", "db/my/lis/p.ibd", "db/notes.txt", "share/a.txt", "share/b.txt", "log/1"})
      source->put_file("s1", std::string("/srv/") + name, letter(static_cast<int>(std::string(name).size())));
    source->add_snapshot("s2", day(2));
    source->put_file("s2", "/srv/log/1", letter(5));
    return source;
  }
  void record_struck() {
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
    std::vector<model::FileRecord> files;
    for (const char* name : {"db/my/lis/p.ibd", "share/a.txt"})
      files.push_back({.path = std::string("/srv/") + name + ".bak9",
                       .size_bytes = 4000,
                       .verdict = Verdict::encrypted,
                       .original_name = std::string(name).substr(std::string(name).rfind('/') + 1)});
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
};

TEST_F(LogsBetweenNights, brings_back_what_stands_there_struck_though_the_newest_snapshot_lacks_it) {
  record_struck();
  const Plan made = plan(backup());
  ASSERT_EQ(made.units.size(), 1U);
  EXPECT_NE(find(made, "/srv/db/my/lis/p.ibd"), nullptr);
  EXPECT_NE(find(made, "/srv/share/a.txt"), nullptr);
  EXPECT_EQ(find(made, "/srv/share/b.txt"), nullptr) << "of that nothing says that its owner had not deleted it";
  EXPECT_EQ(find(made, "/srv/db/notes.txt"), nullptr);
  EXPECT_TRUE(made.losses.empty());
}

TEST_F(LogsBetweenNights, brings_back_what_a_service_lives_on_where_nothing_was_scanned) {
  const services::ServicesFile file =
      services::parse_services(
          "[service.lis]\ntitle = 'Laboratory'\ntier = 1\n[[service.lis.data]]\nkind = "
          "'mariadb'\npath = '/srv/db/my'\n[[service.lis.data]]\nkind = 'files'\npath = "
          "'/srv/share'\n",
          "s")
          .file;
  services_ = &file;
  const Plan made = plan(backup());
  ASSERT_EQ(made.units.size(), 1U);
  EXPECT_NE(find(made, "/srv/share/b.txt"), nullptr);
  EXPECT_EQ(find(made, "/srv/db/notes.txt"), nullptr);
}

TEST_F(LogsBetweenNights, names_a_database_that_it_leaves_deleted) {
  const Plan made = plan(backup());
  EXPECT_TRUE(made.units.empty());
  ASSERT_EQ(made.unjudged.size(), 1U);
  EXPECT_EQ(made.unjudged[0].path, "/srv/db/my");
  EXPECT_TRUE(made.unjudged[0].why.starts_with("unit.deleted: snapshot nas s1 holds this mariadb"))
      << made.unjudged[0].why;
}

}  // namespace

}  // namespace lastgood::recovery::testing
