// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves with data directories that a real server made, crashed, shut down and backed up, that good sets are called
// good, that sets mixed from two moments are always refused, and that damage is named where innochecksum finds it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <memory>

#include "engines/start_scratch.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines {

namespace {

using testing::all_findings;
using testing::check_folder;
using testing::first_rule;
using testing::has_rule;

/// Copies: `backup` by mariadb-backup and `prepared` from it, `crashed` after kill -9, `clean` after a shutdown,
/// `later` after more work and another one. Every step changes table p, none the table quiet.
class MariadbReal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock
      mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      up() { mariadbd --no-defaults --datadir=$PWD/data --socket=$S --skip-networking --pid-file=$PWD/pid \
          --innodb-log-file-size=8M --innodb-buffer-pool-size=32M --innodb-flush-method=nosync --log-bin=bin --server-id=1 \
          >>log 2>&1 & for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && return; sleep 0.1; done; return 1; }
      down() { mariadb-admin --no-defaults -u root -S $S shutdown; wait; }
      q() { mariadb --no-defaults -u root -S $S -e "$1"; }
      up
      q "create database lis; use lis; create table p(id int auto_increment primary key, name varchar(100), key(name)) engine=innodb;
         insert into p(name) select concat('patient ',seq) from seq_1_to_5000;
         create table z(id int primary key, v text) engine=innodb row_format=compressed; insert into z select seq, md5(seq) from seq_1_to_2000;
         create table a(id int primary key) engine=aria; insert into a select seq from seq_1_to_100;
         create table m(id int) engine=myisam; insert into m values(1);
         set global innodb_file_per_table=0; create table insys(id int primary key) engine=innodb; insert into insys values(1);
         create table gone(id int primary key) engine=innodb; drop table gone; set global innodb_file_per_table=1;
         create table quiet(id int primary key, v text) engine=innodb; insert into quiet select seq, md5(seq) from seq_1_to_2000;"
      mariadb-backup --no-defaults --backup -u root -S $S --target-dir=$PWD/backup >mb.log 2>&1
      cp -a backup prepared; mariadb-backup --no-defaults --prepare --target-dir=$PWD/prepared >mp.log 2>&1
      q "use lis; flush tables p for export; unlock tables; update p set name=concat(name,'!') where id%3=0"
      date +%s >committed
      kill -9 $(cat pid); wait || true
      cp -a data crashed
      up; q "use lis; update p set name='b' where id<200"; down; cp -a data clean
      up; q "use lis; update p set name='c' where id<3000; insert into p(name) select 'n' from seq_1_to_9000;"; down; cp -a data later
      mkdir mark; chmod 777 mark
      up; q "set global event_scheduler=on; use lis; create event plant on schedule every 1 second do select 1 into outfile '$PWD/mark/event'"
      for i in $(seq 100); do [ -e mark/event ] && break; sleep 0.1; done
      down; cp -a data planted; ls mark >plants; rm -f mark/*)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string copy(const std::string& from, const std::string& script) {
    folder_->shell("rm -rf m; cp -a " + from + " m; " + script);
    return *folder_ / "m";
  }
  static UnitReport check(const std::string& path, model::Depth depth = model::Depth::standard) {
    return check_folder(path, UnitKind::mariadb, depth);
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> MariadbReal::folder_;

}  // namespace

TEST_F(MariadbReal, calls_a_directory_shut_down_in_good_order_and_a_prepared_backup_consistent) {
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard}) {
    for (const char* name : {"clean", "later", "prepared"}) {
      const UnitReport report = check(*folder_ / name, depth);
      EXPECT_EQ(report.verdict, UnitVerdict::consistent) << name << all_findings(report);
      EXPECT_TRUE(report.engine.starts_with("MariaDB 10.11")) << report.engine;
    }
  }
}

TEST_F(MariadbReal, says_that_a_killed_servers_files_and_an_unprepared_backup_need_recovery) {
  const UnitReport crashed = check(*folder_ / "crashed");
  EXPECT_EQ(crashed.verdict, UnitVerdict::needs_recovery) << all_findings(crashed);
  EXPECT_EQ(crashed.certainty, model::Certainty::weak);
  std::ifstream file(*folder_ / "committed");
  std::int64_t committed_s = 0;
  file >> committed_s;
  EXPECT_NEAR(static_cast<double>(crashed.data_as_of_ns) / 1e9, static_cast<double>(committed_s), 2.0);
  const UnitReport backup = check(*folder_ / "backup");
  EXPECT_EQ(backup.verdict, UnitVerdict::needs_recovery) << all_findings(backup);
  EXPECT_EQ(backup.certainty, model::Certainty::strong);
}

TEST_F(MariadbReal, dates_a_backup_by_its_end_and_not_by_the_snapshot_it_lies_in) {
  for (const char* name : {"backup", "prepared"}) {
    struct stat written {};
    ASSERT_EQ(::stat((*folder_ / name + "/xtrabackup_info").c_str(), &written), 0);
    const std::int64_t end_s = check(*folder_ / name).data_as_of_ns / 1'000'000'000;
    EXPECT_EQ(end_s, written.st_mtim.tv_sec) << name;
    // Half an hour and seven minutes later somebody copied it without its times.
    const std::string copied =
        copy(name, "touch -d \"$(stat -c %y m/xtrabackup_info) + 37 minutes\" m/xtrabackup_info");
    EXPECT_EQ(check(copied).data_as_of_ns, 0) << name << ": that would call old data new";
  }
}

TEST_F(MariadbReal, agrees_with_innochecksum_on_one_flipped_byte) {
  for (const char* table : {"p", "z"}) {
    const std::string path = copy("clean", "true");
    const std::string file = std::string("lis/") + table + ".ibd";
    EXPECT_EQ(folder_->shell_code("innochecksum m/" + file), 0);
    testing::flip_byte(path + "/" + file, 4 * 16384 + 300);
    EXPECT_NE(folder_->shell_code("innochecksum m/" + file), 0);
    const UnitReport report = check(path);
    EXPECT_EQ(report.verdict, UnitVerdict::damaged) << all_findings(report);
    EXPECT_EQ(first_rule(report), "mariadb.page");
    EXPECT_LE(report.findings[0].finding.range.from, 4U * 16384U + 300U);
    EXPECT_GT(report.findings[0].finding.range.to, 4U * 16384U + 300U);
  }
}

TEST_F(MariadbReal, misses_a_page_in_use_that_was_replaced_by_zeros_a_hole_or_the_files_end) {
  // Pages 3 and 4 are the roots of the two indexes of the table.
  for (const char* name : {"clean", "prepared"}) {
    for (const char* how :
         {"dd if=/dev/zero of=m/lis/p.ibd bs=16384 seek=3 count=2 conv=notrunc 2>/dev/null",
          "fallocate -p -o $((3 * 16384)) -l $((2 * 16384)) m/lis/p.ibd", "truncate -s $((3 * 16384)) m/lis/p.ibd",
          "truncate -s 0 m/lis/p.ibd", "truncate -s 200000 m/ibdata1"}) {
      const UnitReport report = check(copy(name, how));
      EXPECT_EQ(report.verdict, UnitVerdict::damaged) << name << " " << how << all_findings(report);
    }
  }
}

TEST_F(MariadbReal, is_not_held_up_by_a_hole_that_makes_a_file_enormous) {
  const auto begun = std::chrono::steady_clock::now();
  check(copy("clean", "truncate -s 8T m/lis/p.ibd"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

TEST_F(MariadbReal, calls_random_bytes_encrypted_whatever_file_they_replace) {
  for (const char* name : {"lis/p.ibd", "ibdata1", "ib_logfile0", "lis/p.frm", "lis/a.MAD"}) {
    const std::string path = copy("clean", "true");
    testing::overwrite_with_noise(path + "/" + name);
    EXPECT_EQ(check(path).verdict, UnitVerdict::encrypted) << name;
  }
  const std::string path = copy("clean", "mv m/lis/p.ibd m/lis/p.ibd.bak9");
  testing::overwrite_with_noise(path + "/lis/p.ibd.bak9");
  const UnitReport renamed = check(path);
  EXPECT_EQ(renamed.verdict, UnitVerdict::encrypted);
  EXPECT_TRUE(has_rule(renamed, "mariadb.table.missing"));
}

TEST_F(MariadbReal, never_calls_a_folder_usable_whose_tables_were_renamed_with_their_definitions) {
  const UnitReport report = check(copy("clean", "mv m/lis/p.ibd m/lis/p.ibd.bak9; mv m/lis/p.frm m/lis/p.frm.bak9"));
  EXPECT_FALSE(is_usable(report.verdict));
  EXPECT_TRUE(has_rule(report, "mariadb.renamed"));
}

TEST_F(MariadbReal, names_what_is_missing) {
  EXPECT_EQ(first_rule(check(copy("clean", "rm m/lis/quiet.ibd"))), "mariadb.table.missing");
  EXPECT_EQ(first_rule(check(copy("clean", "cp m/lis/insys.frm m/lis/other.frm"))), "mariadb.table.missing")
      << "a table of the system tablespace has no file, and this is none";
  EXPECT_EQ(first_rule(check(copy("clean", "rm m/ib_logfile0"))), "mariadb.redo");
  for (const char* file : {"lis/m.MYD", "lis/m.MYI", "lis/a.MAD", "lis/a.MAI", "mysql/general_log.CSV"}) {
    const UnitReport report = check(copy("clean", std::string("rm m/") + file), model::Depth::quick);
    EXPECT_EQ(report.verdict, UnitVerdict::damaged) << file;
    EXPECT_EQ(first_rule(report), "mariadb.table.missing") << file << all_findings(report);
  }
  EXPECT_EQ(first_rule(check(copy("crashed", "rm m/ib_logfile0"))), "mariadb.redo");
  EXPECT_EQ(first_rule(check(copy("clean", "rm m/ibdata1"))), "mariadb.system");
  EXPECT_EQ(first_rule(check(copy("backup", "truncate -s 60000 m/ib_logfile0"))), "mariadb.redo.end");
}

TEST_F(MariadbReal, misses_no_table_that_was_made_or_dropped_when_the_server_was_killed) {
  EXPECT_EQ(check(copy("crashed", "cp m/lis/m.frm m/lis/u.frm; printf '\\001\\000t\\0' >>m/ddl_recovery.log")).verdict,
            UnitVerdict::damaged);
  EXPECT_EQ(check(copy("crashed", "cp m/lis/m.frm m/lis/t.frm; printf '\\001\\000t\\0' >>m/ddl_recovery.log")).verdict,
            UnitVerdict::needs_recovery);
}

TEST_F(MariadbReal, names_a_file_that_was_emptied_or_cut_without_reading_its_pages) {
  for (const char* file : {"lis/quiet.ibd", "lis/quiet.frm", "lis/m.MYD", "lis/m.MYI", "lis/a.MAI"}) {
    const UnitReport report = check(copy("clean", std::string(": >m/") + file), model::Depth::quick);
    EXPECT_EQ(report.verdict, UnitVerdict::damaged) << file;
    EXPECT_TRUE(report.contradicted.contains(file)) << all_findings(report);
  }
  EXPECT_EQ(first_rule(check(copy("clean", "truncate -s 3 m/lis/m.MYD"), model::Depth::quick)), "mariadb.table.cut");
}

TEST_F(MariadbReal, takes_a_table_that_lay_elsewhere_from_where_the_backup_keeps_it) {
  const std::string link = "printf /srv/mydata/lis/quiet.ibd > m/lis/quiet.isl; ";
  const UnitReport beside = check(copy("prepared", link));
  EXPECT_EQ(beside.verdict, UnitVerdict::consistent) << all_findings(beside);
  EXPECT_TRUE(has_rule(beside, "mariadb.outside")) << "a second file where it lay keeps it from being opened";
  const UnitReport damaged = check(copy(
      "prepared", link + "dd if=/dev/urandom of=m/lis/quiet.ibd bs=16384 seek=4 count=2 conv=notrunc 2>/dev/null"));
  EXPECT_FALSE(is_usable(damaged.verdict)) << "it is checked like any other";
  EXPECT_FALSE(is_usable(check(copy("prepared", link + "rm m/lis/quiet.ibd")).verdict));
}

TEST_F(MariadbReal, refuses_every_set_mixed_from_two_moments) {
  struct Mix {
    const char* from;
    const char* script;
  };
  for (const Mix& mix : {Mix{"clean", "cp later/lis/p.ibd m/lis/"}, Mix{"later", "cp clean/lis/p.ibd m/lis/"},
                         Mix{"crashed", "cp later/lis/p.ibd m/lis/"}, Mix{"clean", "cp later/ibdata1 m/"},
                         Mix{"later", "cp clean/ibdata1 m/"}, Mix{"clean", "cp crashed/lis/p.ibd m/lis/"},
                         Mix{"later", "cp clean/ib_logfile0 m/"}, Mix{"prepared", "cp later/lis/p.ibd m/lis/"},
                         Mix{"backup", "cp later/lis/p.ibd m/lis/"}}) {
    const UnitReport report = check(copy(mix.from, mix.script));
    EXPECT_EQ(report.verdict, UnitVerdict::torn) << mix.from << ": " << mix.script << "\n" << all_findings(report);
  }
}

class MariadbScratch : public MariadbReal {
 protected:
  static ScratchReport start(const std::string& path) {
    auto view = open_evidence_view(path, std::string());
    if (!view.ok()) return {};
    auto report = start_scratch(*view.value(), {.kind = UnitKind::mariadb, .path = ""},
                                {.parent = folder_->path(), .time_limit_s = 60});
    if (!report.ok()) ADD_FAILURE() << report.error().what;
    return report.ok() ? std::move(report).value() : ScratchReport{};
  }
  static std::string told(const ScratchReport& report) {
    std::string text = report.last_words;
    for (const std::string& complaint : report.complaints) text += "\n" + complaint;
    return text;
  }
  using Outcome = ScratchReport::Outcome;
};

TEST_F(MariadbScratch, recovers_and_prepares_copies_and_finds_nothing_wrong_with_good_ones) {
  for (const char* name : {"clean", "crashed", "backup", "prepared"}) {
    const ScratchReport report = start(*folder_ / name);
    EXPECT_EQ(report.outcome, Outcome::sound) << name << told(report);
  }
}

TEST_F(MariadbScratch, hears_of_a_broken_table) {
  const std::string path = copy("clean", "true");
  testing::overwrite_with_noise(path + "/lis/quiet.ibd");
  EXPECT_EQ(start(path).outcome, Outcome::complaints);
}

TEST_F(MariadbScratch, runs_nothing_that_was_planted) {
  ASSERT_EQ(folder_->shell("cat plants"), "event\n") << "the plant works where it is not kept from it";
  const std::string path = copy("planted", R"sh(M=$PWD/mark
    echo "SELECT 1 INTO OUTFILE '$M/init';" >m/init.sql
    printf "[mysqld]\ninit_file=$PWD/m/init.sql\nplugin_load=$M/evil.so\nevent_scheduler=ON\n" >m/my.cnf; cp m/my.cnf m/backup-my.cnf)sh");
  const ScratchReport report = start(path);
  EXPECT_EQ(report.outcome, Outcome::sound) << told(report);
  EXPECT_EQ(folder_->shell("ls mark"), "");
}

}  // namespace lastgood::engines
