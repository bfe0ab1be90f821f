// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a database of which no copy can be used is told of the newest sound dump that its server could load.
#include "recovery/database_dumps.h"

#include <gtest/gtest.h>

#include "recovery/plan_databases.h"
#include "recovery/plan_services.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;

class DatabaseDumps : public Incident {
 protected:
  void judged(const std::vector<model::FileRecord>& files) {
    const std::int64_t id = store_.begin_scan({.host = "nas", .roots = {"/nas"}, .source = "nas"}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
  static model::FileRecord dump(const std::string& path, const std::string& format, std::int64_t written_ns,
                                Verdict verdict = Verdict::intact) {
    return {.path = "/nas/3fa1c2d0" + path, .mtime_ns = written_ns, .verdict = verdict, .format = format};
  }
  std::string newest(std::string_view kind, std::string_view database = {}) {
    const auto found = find_newest_dump(store_, kind, database);
    EXPECT_TRUE(found.ok());
    return found.ok() && found.value() ? found.value()->path : "none";
  }
};

TEST_F(DatabaseDumps, areFoundByKindAndTheNewestSoundOneIsNamed) {
  EXPECT_EQ(newest("postgresql"), "none");
  judged({dump("/srv/dumps/ehosp.dump", "pgdump", 20), dump("/srv/dumps/old.dump", "pgdump", 10),
          dump("/srv/dumps/struck.dump", "pgdump", 30, Verdict::encrypted),
          dump("/srv/dumps/dir/toc.dat", "pgdump", 40), dump("/srv/dumps/lis.sql", "text", 50, Verdict::damaged),
          dump("/srv/dumps/billing.sql", "text", 6), dump("/srv/mysql-dumps/lis.sql.gz", "gzip", 5),
          dump("/srv/notes.txt", "text", 60), dump("/srv/a.sql.csv", "text", 61)});
  EXPECT_EQ(newest("postgresql"), "/srv/dumps/ehosp.dump") << "of a folder of files one alone is no dump";
  EXPECT_EQ(newest("mariadb"), "/srv/dumps/billing.sql");
  EXPECT_EQ(newest("mariadb", "lis"), "/srv/mysql-dumps/lis.sql.gz") << "it is named after the database";
  EXPECT_EQ(newest("postgresql", "billing"), "/srv/dumps/billing.sql") << "nobody has read whose it is";
  EXPECT_EQ(newest("postgresql", "lis"), "/srv/dumps/ehosp.dump") << "the one named so is another server's";
}

TEST_F(DatabaseDumps, areSaidWithTheUsualCommandForAPerson) {
  DatabaseDump found{.source = "nas",
                     .snapshot = "3fa1c2d0",
                     .path = "/srv/e.dump",
                     .written_ns = day(1),
                     .form = DatabaseDump::Form::archive};
  const std::string said = describe_dump(found, "postgresql", {});
  EXPECT_TRUE(said.starts_with(k_dump_words)) << said;
  EXPECT_NE(said.find("'/srv/e.dump' (nas 3fa1c2d0, written 2022-11-10 13:20:00 UTC)"), std::string::npos) << said;
  EXPECT_TRUE(said.ends_with(
      "usually by: pg_restore --create --dbname postgres FILE (FILE: where it was taken out of that backup)"))
      << said;
  found = {.source = "nas", .snapshot = "3fa1c2d0", .path = "/srv/l.sql.gz", .form = DatabaseDump::Form::packed_text};
  EXPECT_TRUE(describe_dump(found, "mariadb", {})
                  .ends_with("usually by: zcat FILE | mariadb DATABASE (FILE: where it was taken out of that backup)"));
  found = {.source = "nas", .snapshot = "3fa1c2d0", .path = "/srv/l.sql"};
  EXPECT_TRUE(describe_dump(found, "postgresql", {})
                  .ends_with("usually by: psql DATABASE < FILE (FILE: where it was taken out of that backup)"));
  found.path = "/srv/l'; reboot '.sql";
  EXPECT_TRUE(describe_dump(found, "postgresql", {})
                  .ends_with("usually by: psql DATABASE < FILE (FILE: where it was taken out of that backup)"));
}

TEST_F(DatabaseDumps, areTheWayWhereNoCopyOfADatabaseCanBeUsed) {
  judged({dump("/srv/dumps/ehosp.dump", "pgdump", day(1))});
  auto read =
      services::parse_services("[service.db]\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"/srv/pg\"\n", "s");
  Plan made;
  made.losses = {{.path = "/srv/pg/base/5/1259", .why = "no good version is in any source"}};
  OpenedSources sources;
  ASSERT_TRUE(look_at_data(made, read.file, {}, sources, store_, progress_).ok());
  ASSERT_EQ(made.losses.size(), 2U);
  EXPECT_NE(made.losses[1].why.find("the newest dump in the backups that was judged intact is '/srv/dumps/ehosp.dump'"),
            std::string::npos)
      << made.losses[1].why;
  add_services(made, read.file, {}, {});
  const auto hindered = find_hindered(made);
  ASSERT_EQ(hindered.size(), 1U);
  EXPECT_TRUE(hindered[0].why.starts_with("no usable copy has '/srv/pg'; the newest dump in the backups"))
      << hindered[0].why;
}

}  // namespace

}  // namespace lastgood::recovery::testing
