// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves with a real server's data directory that what of it lies elsewhere is looked at like the rest: a database's
// folder that is a link, tables with a DATA DIRECTORY, a system tablespace and a log that its settings put elsewhere;
// and that InnoDB's own list misses what was deleted with its definition.
#include "engines/mariadb/joined_data.h"

#include <gtest/gtest.h>

#include <memory>

#include "engines/missing_tablespace.h"
#include "engines/start_scratch.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines::mariadb {

namespace {

using engines::testing::all_findings;
using engines::testing::EngineFolder;
using engines::testing::first_rule;
using engines::testing::has_rule;

/// `root` is a machine's: /data is the server's folder, /lisdata a database of it, /my and /inno hold tables, /fast its
/// log. `clean` is its state after a shutdown, `crashed` after kill -9.
class JoinedReal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock; R=$PWD/root
      mkdir -p $R/lisdata $R/my $R/inno $R/fast
      mariadb-install-db --no-defaults --datadir=$R/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      ln -s $R/lisdata $R/data/lis
      up() { mariadbd --no-defaults --datadir=$R/data --socket=$S --skip-networking --pid-file=$PWD/pid --symbolic-links \
          --innodb-log-file-size=8M --innodb-buffer-pool-size=32M --innodb-flush-method=nosync >>log 2>&1 & \
          for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && return; sleep 0.1; done; return 1; }
      down() { mariadb-admin --no-defaults -u root -S $S shutdown; wait; }
      q() { mariadb --no-defaults -u root -S $S lis -e "$1"; }
      up
      q "create table p(id int primary key, name varchar(100)); insert into p select seq, md5(seq) from seq_1_to_2000;
         create database bb;
         create table bb.my(id int primary key, n varchar(99)) engine=myisam data directory='$R/my'; insert into bb.my select seq, md5(seq) from seq_1_to_500;
         create table bb.ino(id int primary key, n varchar(99)) data directory='$R/inno'; insert into bb.ino select seq, md5(seq) from seq_1_to_500;
         create table bb.ar(id int primary key, n varchar(99)) engine=aria; insert into bb.ar select seq, md5(seq) from seq_1_to_500;
         create table bb.part(id int primary key) partition by hash(id) partitions 3; insert into bb.part select seq from seq_1_to_500;
         create table bb.dropped(id int primary key); drop table bb.dropped; create table bb.old(id int primary key); rename table bb.old to bb.new"
      down; mv root clean; cp -a clean root; up
      q "update p set name='x' where id < 900; create table bb.late(id int primary key); drop table bb.part; rename table bb.new to bb.newer; insert into bb.late values(1)"
      kill -9 $(cat pid); wait || true; mv root crashed)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  /// As it lies after `script`, which runs in the machine's root.
  static UnitReport check(const std::string& from, const std::string& script,
                          model::Depth depth = model::Depth::quick) {
    lay_out(from, script);
    auto view = open_evidence_view(*folder_ / "root/data", std::string());
    if (!view.ok()) return {};
    auto report = check_unit(*view.value(), {.kind = UnitKind::mariadb, .path = ""}, depth);
    return report.ok() ? std::move(report).value() : UnitReport{};
  }
  static void lay_out(const std::string& from, const std::string& script) {
    folder_->shell("rm -rf root; cp -a " + from + " root; cd root; " + script);
  }
  static std::unique_ptr<EngineFolder> folder_;
};
std::unique_ptr<EngineFolder> JoinedReal::folder_;

TEST_F(JoinedReal, a_whole_server_is_whole_wherever_its_files_lie) {
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard}) {
    const UnitReport clean = check("clean", "true", depth);
    EXPECT_EQ(clean.verdict, UnitVerdict::consistent) << all_findings(clean);
    EXPECT_EQ(clean.outside.size(), 3U) << all_findings(clean);
    const UnitReport crashed = check("crashed", "true", depth);
    EXPECT_EQ(crashed.verdict, UnitVerdict::needs_recovery) << all_findings(crashed);
  }
}

TEST_F(JoinedReal, damage_behind_a_link_is_damage) {
  for (const char* script : {"truncate -s 0 lisdata/p.ibd", "rm lisdata/p.ibd", "rm my/my.MYD",
                             "truncate -s 100 my/my.MYD", "rm inno/bb/ino.ibd", ": >inno/bb/ino.ibd",
                             "dd if=/dev/urandom of=lisdata/p.ibd bs=16384 seek=3 count=1 conv=notrunc 2>&1"}) {
    const UnitReport report = check("clean", script, model::Depth::standard);
    EXPECT_TRUE(report.verdict == UnitVerdict::damaged || report.verdict == UnitVerdict::encrypted)
        << script << all_findings(report);
  }
}

TEST_F(JoinedReal, a_link_into_nothing_leaves_it_undecided_and_says_what_cannot_be_seen) {
  for (const char* script : {"rm -r lisdata", "rm -r my", "rm -r inno"}) {
    const UnitReport report = check("clean", script);
    EXPECT_EQ(report.verdict, UnitVerdict::undecided) << script << all_findings(report);
    EXPECT_EQ(first_rule(report), k_missing_part_rule) << script;
  }
}

TEST_F(JoinedReal, a_schema_or_table_deleted_with_its_definition_is_missed) {
  for (const char* from : {"clean", "crashed"}) {
    for (const char* script : {"rm lisdata/*", "rm data/lis; mkdir data/lis", "rm data/bb/ino.* inno/bb/ino.ibd",
                               "rm data/mysql/innodb_table_stats.*"}) {
      const UnitReport report = check(from, script);
      EXPECT_EQ(report.verdict, UnitVerdict::damaged) << from << " " << script << all_findings(report);
      EXPECT_TRUE(has_rule(report, "mariadb.table.missing")) << from << " " << script;
    }
  }
  EXPECT_TRUE(has_rule(check("clean", "rm 'data/bb/part#P#p1.ibd'"), "mariadb.table.missing"));
  EXPECT_TRUE(has_rule(check("clean", "rm data/bb/part.par"), "mariadb.table.missing"));
}

TEST_F(JoinedReal, a_table_of_aria_cut_short_is_damage) {
  for (const char* script : {"truncate -s 8192 data/bb/ar.MAD", "truncate -s 8000 data/bb/ar.MAI"})
    EXPECT_EQ(first_rule(check("clean", script)), "mariadb.table.cut") << script;
}

TEST_F(JoinedReal, what_the_settings_put_elsewhere_is_looked_for_there) {
  const std::string moved =
      "mkdir -p etc/mysql/mariadb.conf.d; mv data/ib_logfile0 fast/; mv data/ibdata1 fast/; "
      "printf '[mysqld]\\ninnodb-log-group-home-dir = /fast/\\n' >etc/mysql/my.cnf; "
      "printf '[mariadb]\\ninnodb_data_home_dir=\"/fast\"\\n' >etc/mysql/mariadb.conf.d/60-x.cnf; "
      "rm data/lis data/bb/my.MYD data/bb/ino.isl; mv lisdata data/lis; mv my/my.MYD data/bb; mv inno/bb/ino.ibd "
      "data/bb; ";
  const auto check_below_root = [&](const std::string& script) {
    lay_out("clean", moved + script);
    auto view = open_evidence_view(*folder_ / "root/data", *folder_ / "root");
    if (!view.ok()) return UnitReport{};
    auto report = check_unit(*view.value(), {.kind = UnitKind::mariadb, .path = ""}, model::Depth::quick);
    return report.ok() ? std::move(report).value() : UnitReport{};
  };
  const UnitReport whole = check_below_root("true");
  EXPECT_EQ(whole.verdict, UnitVerdict::consistent) << all_findings(whole);
  ASSERT_EQ(whole.outside.size(), 2U);
  EXPECT_EQ(whole.outside[0].why, "file ibdata1 by innodb_data_home_dir");
  EXPECT_EQ(whole.outside[0].path, "/fast");
  EXPECT_EQ(check_below_root("rm fast/ib_logfile0").verdict, UnitVerdict::damaged);
  EXPECT_EQ(check_below_root("rm -r fast").verdict, UnitVerdict::damaged);
  EXPECT_EQ(check_below_root("rm -r etc").verdict, UnitVerdict::damaged) << "nothing says that it lies elsewhere";
}

TEST_F(JoinedReal, an_engine_is_started_on_all_of_it) {
  lay_out("clean", "true");
  auto view = open_evidence_view(*folder_ / "root/data", std::string());
  ASSERT_TRUE(view.ok());
  const auto report = start_scratch(*view.value(), {.kind = UnitKind::mariadb, .path = ""},
                                    {.parent = folder_->path(), .time_limit_s = 60});
  ASSERT_TRUE(report.ok()) << report.error().what;
  std::string told = report.value().last_words;
  for (const std::string& complaint : report.value().complaints) told += "\n" + complaint;
  EXPECT_EQ(report.value().outcome, ScratchReport::Outcome::sound) << told;
}

/// One link in memory that leads to itself.
class LoopView final : public UnitView {
 public:
  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    if (!folder.empty())
      return base::Error{.code = base::ErrorCode::not_found, .what = "no such folder", .path = std::string(folder)};
    std::vector<UnitEntry> entries(5000);
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = {.name = "db" + std::to_string(i), .kind = model::EntryKind::link, .link_target = "/data"};
    return entries;
  }
  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    return base::Error{.code = base::ErrorCode::not_found, .what = "no such file", .path = std::string(file)};
  }
  [[nodiscard]] std::unique_ptr<UnitView> open_outside(std::string_view) const override {
    return std::make_unique<LoopView>();
  }
};

TEST(JoinedData, ends_on_links_in_a_circle_and_takes_no_more_than_it_may) {
  const LoopView loop;
  const JoinedData joined(loop, "");
  EXPECT_EQ(joined.parts().size(), 4096U);
  const auto entries = joined.list("db0");
  ASSERT_TRUE(entries.ok());
  EXPECT_TRUE(entries.value().empty()) << "folders and links of a database's folder are not the server's";
}

}  // namespace

}  // namespace lastgood::engines::mariadb
