// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves with databases that SQLite itself wrote, and an Orthanc store over one, that a database is judged together
// with its log and journal, that logs of other moments are never accepted, and that damage SQLite finds is found.
#include <gtest/gtest.h>

#include <memory>

#include "engines/testing/real_engine.h"

namespace lastgood::engines {

namespace {

using testing::all_findings;
using testing::check_folder;
using testing::first_rule;
using testing::has_rule;

class SqliteReal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { folder_ = std::make_unique<testing::EngineFolder>("root"); }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { folder_->shell("rm -rf ./*"); }

  /// A log with transactions in m/, at two moments: m and later; `checkpointed` is the database after its last use.
  static void make_log() {
    folder_->shell(R"sh(mkdir m later checkpointed
      sqlite3 a.db >/dev/null <<'END'
PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0;
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); CREATE INDEX i ON t(v);
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<3000) INSERT INTO t SELECT x, 'result '||(x*7919%3001) FROM n;
PRAGMA wal_checkpoint(TRUNCATE);
UPDATE t SET v='new '||id WHERE id%10=0;
.shell cp a.db a.db-wal a.db-shm m
PRAGMA wal_checkpoint(TRUNCATE);
UPDATE t SET v='last '||v WHERE id<90; CREATE TABLE more(x); INSERT INTO more VALUES(1);
.shell cp a.db a.db-wal a.db-shm later
PRAGMA wal_checkpoint(TRUNCATE);
DELETE FROM t WHERE id<2000; VACUUM;
END
      cp a.db checkpointed)sh");
  }
  static UnitReport check(const std::string& name, model::Depth depth = model::Depth::standard) {
    return check_folder(*folder_ / name, UnitKind::sqlite, depth);
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> SqliteReal::folder_;

}  // namespace

TEST_F(SqliteReal, takes_a_database_with_its_log_and_one_that_was_closed_in_good_order) {
  make_log();
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full}) {
    for (const char* name : {"m", "later"}) {
      const UnitReport report = check(name, depth);
      EXPECT_EQ(report.verdict, UnitVerdict::needs_recovery) << all_findings(report);
      EXPECT_EQ(report.members, (std::vector<std::string>{"a.db", "a.db-wal"}));
    }
    const UnitReport closed = check("checkpointed", depth);
    EXPECT_EQ(closed.verdict, UnitVerdict::consistent) << all_findings(closed);
  }
}

TEST_F(SqliteReal, misses_a_log_that_is_gone) {
  make_log();
  folder_->shell("rm m/a.db-wal");
  EXPECT_EQ(first_rule(check("m")), "sqlite.wal.missing");
  folder_->shell("rm m/a.db-shm");
  const UnitReport report = check("m");
  EXPECT_EQ(report.certainty, model::Certainty::weak) << "nothing tells that there was a log";
}

TEST_F(SqliteReal, calls_a_database_and_a_log_of_different_moments_torn) {
  make_log();
  folder_->shell(
      "mkdir old newer; cp checkpointed/a.db old; cp m/a.db-wal old; cp m/a.db newer; cp later/a.db-wal newer");
  const UnitReport old_log = check("old");
  EXPECT_EQ(old_log.verdict, UnitVerdict::torn) << all_findings(old_log);
  const UnitReport newer_log = check("newer");
  EXPECT_EQ(newer_log.verdict, UnitVerdict::torn) << all_findings(newer_log);
}

TEST_F(SqliteReal, stops_at_the_frame_that_a_crash_left_half_and_names_one_that_was_changed) {
  make_log();
  folder_->shell("cp -r m cut; truncate -s -100 cut/a.db-wal");
  const UnitReport cut = check("cut");
  EXPECT_TRUE(cut.verdict == UnitVerdict::consistent || cut.verdict == UnitVerdict::needs_recovery)
      << all_findings(cut);
  testing::flip_byte(*folder_ / "m/a.db-wal", 32 + 24 + 100);
  const UnitReport changed = check("m");
  EXPECT_EQ(first_rule(changed), "sqlite.wal.frame");
  EXPECT_EQ(changed.findings[0].finding.range.from, 32U);
  folder_->shell("rm -r m; cp -r cut m; dd if=/dev/zero of=m/a.db-wal bs=4120 seek=3 count=4 conv=notrunc 2>/dev/null");
  EXPECT_EQ(first_rule(check("m")), "sqlite.wal.frame") << "frames behind several that are gone";
}

TEST_F(SqliteReal, rolls_back_a_hot_journal_before_it_looks) {
  folder_->shell(R"sh(mkdir m
      sqlite3 a.db >/dev/null <<'END'
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<9000) INSERT INTO t SELECT x, hex(randomblob(40)) FROM n;
PRAGMA cache_size=5; PRAGMA cache_spill=5;
BEGIN; UPDATE t SET v='changed'||v; DELETE FROM t WHERE id%2=0;
.shell cp a.db a.db-journal m
ROLLBACK;
END
)sh");
  const UnitReport report = check("m");
  EXPECT_EQ(report.verdict, UnitVerdict::needs_recovery) << all_findings(report);
  EXPECT_TRUE(has_rule(report, "sqlite.journal"));
  folder_->shell("dd if=/dev/zero of=m/a.db-journal bs=4096 seek=3 count=1 conv=notrunc 2>/dev/null");
  EXPECT_EQ(first_rule(check("m")), "sqlite.journal.record");
}

TEST_F(SqliteReal, agrees_with_sqlites_own_check_on_damage) {
  make_log();
  for (const std::uint64_t at : {4096ULL + 3, 3 * 4096ULL + 1, 28ULL}) {
    folder_->shell("rm -rf x; cp -r checkpointed x");
    testing::flip_byte(*folder_ / "x/a.db", at);
    EXPECT_NE(folder_->shell("sqlite3 x/a.db 'pragma quick_check' 2>&1 || true"), "ok\n") << at;
    EXPECT_EQ(check("x").verdict, UnitVerdict::damaged) << at << all_findings(check("x"));
  }
  folder_->shell("rm -rf x; cp -r checkpointed x; truncate -s 8192 x/a.db");
  EXPECT_EQ(first_rule(check("x")), "sqlite.length");
}

TEST_F(SqliteReal, calls_random_bytes_encrypted) {
  make_log();
  folder_->shell(
      "cp -r m log; cp -r m page; cp -r checkpointed middle; dd if=/dev/urandom of=middle/a.db bs=4096 seek=2 count=3 "
      "conv=notrunc 2>/dev/null");
  testing::overwrite_with_noise(*folder_ / "m/a.db");
  testing::overwrite_with_noise(*folder_ / "log/a.db-wal");
  EXPECT_EQ(check("m").verdict, UnitVerdict::encrypted);
  EXPECT_EQ(check("log").verdict, UnitVerdict::encrypted);
  const UnitReport middle = check("middle");
  EXPECT_EQ(middle.verdict, UnitVerdict::encrypted) << all_findings(middle);
  EXPECT_EQ(middle.findings[0].finding.range.from, 8192U);
}

class OrthancReal : public SqliteReal {
 protected:
  void SetUp() override {
    SqliteReal::SetUp();
    folder_->shell(R"sh(mkdir m; cd m
      sqlite3 index "PRAGMA journal_mode=wal" "CREATE TABLE AttachedFiles(id INTEGER, fileType INTEGER, uuid TEXT, compressedSize INTEGER, uncompressedSize INTEGER, compressionType INTEGER, uncompressedMD5 TEXT, compressedMD5 TEXT, revision INTEGER)" >/dev/null
      i=0; while [ $i -lt 20 ]; do
        id=$(printf 'ab%02d0000-0000-4000-8000-00000000%04d' $i $i); d=$(echo $id | cut -c1-2)/$(echo $id | cut -c3-4)
        mkdir -p $d; { head -c 128 /dev/zero; printf DICM; head -c 5000 /dev/urandom; } >$d/$id
        echo "INSERT INTO AttachedFiles VALUES($i,1,'$id',5132,5132,1,'','$(md5sum <$d/$id | cut -c1-32)',0);"
        i=$((i+1)); done | sqlite3 index)sh");
  }
  static UnitReport check(model::Depth depth = model::Depth::standard) {
    return check_folder(*folder_ / "m", UnitKind::orthanc, depth);
  }
};

TEST_F(OrthancReal, compares_the_store_with_the_index) {
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard}) {
    const UnitReport report = check(depth);
    EXPECT_EQ(report.verdict, UnitVerdict::consistent) << all_findings(report);
  }
}

TEST_F(OrthancReal, names_files_that_are_missing_changed_encrypted_or_too_many) {
  const std::string file = "m/ab/00/ab000000-0000-4000-8000-000000000000";
  folder_->shell("cp -r m keep; mkdir -p m/ff/ff; echo x >m/ff/ff/ffff0000-0000-4000-8000-000000000000");
  EXPECT_EQ(check().certainty, model::Certainty::weak);
  folder_->shell("rm -r m; cp -r keep m; rm " + file);
  EXPECT_EQ(first_rule(check()), "orthanc.file.missing");
  folder_->shell("rm -r m; cp -r keep m");
  testing::flip_byte(*folder_ / file, 400);
  EXPECT_EQ(check().verdict, UnitVerdict::damaged);
  testing::overwrite_with_noise(*folder_ / file);
  EXPECT_EQ(check().verdict, UnitVerdict::encrypted);
}

}  // namespace lastgood::engines
