// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that no output goes into a backup or a database, whatever it is called, and that all others may be made.
#include "recovery/output_place.h"

#include <filesystem>

#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

class OutputPlace : public Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    for (const char* folder : {"nas/2022-11-22/srv", "out", "srv/pg/global", "srv/my/mysql"})
      std::filesystem::create_directories(scratch_ / folder);
    lastgood::os::testing::write_file(scratch_ / "srv/pg/PG_VERSION", "15");
    lastgood::os::testing::write_file(scratch_ / "srv/my/ibdata1", "pages");
    std::filesystem::create_directory_symlink(scratch_ / "nas", scratch_ / "stick");
    record_.address = "folder:" + (scratch_ / "nas");
    ASSERT_TRUE(store_.backups().put_source(record_).ok());
  }
  bool may_be(const std::string& place) { return check_output_place(store_, scratch_ / place).ok(); }
};

TEST_F(OutputPlace, IsNeverInABackup) {
  for (const char* place : {"nas", "nas/report.html", "nas/2022-11-22/srv/new/sheets", "out/../nas/x", "stick/sheets"})
    EXPECT_FALSE(may_be(place)) << place;
}

TEST_F(OutputPlace, IsNeverInADatabase) {
  for (const char* place : {"srv/pg", "srv/pg/sheets", "srv/pg/global/new/x", "srv/my/sheets"})
    EXPECT_FALSE(may_be(place)) << place;
}

TEST_F(OutputPlace, OfAReplayMayBeADatabaseThatIsNoBackup) {
  EXPECT_TRUE(check_outside_sources(store_, scratch_ / "srv/pg").ok());
  EXPECT_FALSE(check_outside_sources(store_, scratch_ / "nas/2022-11-22/srv").ok());
}

TEST_F(OutputPlace, IsAnywhereElse) {
  for (const char* place : {"out", "out/new/sheets", "srv/sheets", "nas-sheets", "plan.json"})
    EXPECT_TRUE(may_be(place)) << place;
  EXPECT_TRUE(check_output_place(store_, "plan.json").ok());
}

}  // namespace

}  // namespace lastgood::recovery::testing
