// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves with logs that real servers wrote, that a copy goes on with its own server's logs, also over a kill and
// without checksums, and never with those of another server or of another branch of its history.
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/log_end.h"
#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"
#include "os/run_program.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::open_server;
using testing::Opened;

/// `prepared` stands in bin.000001. `good`: the logs of its server, which was killed in between; `hidden`: with work on
/// a table that no log speaks of; `anew`: after RESET MASTER and with the number of another server; `sent`: `good` as a
/// server sends it; `twin` and `other_twin`: of one length and with the same numbers.
class MariadbBranches : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock
      mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      mkdir logs
      up() { mariadbd --no-defaults --datadir=$PWD/data --socket=$S --skip-networking --pid-file=$PWD/pid --innodb-log-file-size=8M \
          --innodb-buffer-pool-size=32M --innodb-flush-method=nosync --log-bin=$PWD/logs/bin --server-id=1 --sync-binlog=0 >>log 2>&1 &
        for i in $(seq 900); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && return; sleep 0.1; done; return 1; }
      q() { mariadb --no-defaults -u root -S $S -e "$1"; }
      up
      q "create database lis; use lis; create table p(id int primary key, name varchar(100)) engine=innodb;
         insert into p values(1,'a'); insert into p values(2,'b')"
      mariadb-backup --no-defaults --backup -u root -S $S --target-dir=$PWD/prepared >mb.log 2>&1
      mariadb-backup --no-defaults --prepare --target-dir=$PWD/prepared >mp.log 2>&1
      q "use lis; insert into p values(3,'c'); insert into p values(4,'d'); set global binlog_checksum=none; insert into p values(5,'e');
         create table bill(id int primary key, balance int) engine=innodb; insert into bill values(1,100)"
      q "set binlog_format=statement; update lis.bill set balance=balance-10"
      kill -9 $(cat pid); wait || true; cp -a data crashed; printf '0\tof a file\n' >rows.csv
      up; q "use lis; create user nurse@localhost identified by 'x'; grant select on lis.* to nurse@localhost; flush privileges;
             create event lis.nightly on schedule every 1 day do delete from lis.p;
             insert into mysql.global_priv select 'localhost','planted',priv from mysql.global_priv where user='root' and host='localhost';
             set binlog_format=statement; load data infile '$PWD/rows.csv' into table p;
             alter table mysql.db add column more int; alter table mysql.db drop column more; /*!50000 create role r */;
             set binlog_format=row; insert into mysql.db(host,db,user) values('%','lis','planted');
             delete from mysql.global_priv where user='nurse';
             create trigger plant after insert on p for each row insert into mysql.db(host,db,user) values('%',NEW.name,'planted');
             insert into p values(6,'f'); drop trigger plant;
             create view door as select * from mysql.global_priv;
             create table old(id int primary key); insert into old select seq from seq_1_to_300; delete from old where id<=200;
             set binlog_format=statement; delete from old where id=250; delete from old; drop table old; flush logs"; cp -a logs good
      mkdir sent; mariadb-binlog --no-defaults --raw --to-last-log --read-from-remote-server -u root -S $S --result-file=$PWD/sent/ bin.000001
      q "use lis; set sql_log_bin=0; create table unseen(id int primary key) engine=innodb; set sql_log_bin=1;
         insert into p values(7,'g'); insert into unseen values(1); insert into p values(8,'h')"; cp -a logs hidden
      q "reset master; set global server_id=2; use lis"
      for i in $(seq 20 40); do echo "insert into lis.p values($i,'of another branch');"; done >work.sql
      mariadb --no-defaults -u root -S $S <work.sql; q "flush logs; insert into lis.p values(41,'x')"; cp -a logs anew
      for twin in twin other_twin; do q "reset master; replace into lis.p values(50,'$(date +%N)'); flush logs"; mkdir $twin; cp logs/bin.000001 $twin; done
      q "reset master; replace into lis.p values(60,'before the copy')"; mariadb-admin --no-defaults -u root -S $S shutdown; wait
      cp -a data still; up
      q "insert into lis.p values(61,'after the copy'); create table lis.late(id int) engine=aria; insert into lis.late values(1); flush logs"
      cp -a logs later
      q "use lis; set timestamp=2000000000; insert into p values(62,'ahead'); set timestamp=default; insert into p values(63,'right again'); flush logs"
      cp -a logs turned
      kill -9 $(cat pid); wait || true)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static Opened open(const std::string& logs) {
    return open_server(*folder_ / "prepared", UnitKind::mariadb, {.parent = folder_->path()}, *folder_ / logs);
  }
  /// What a plan says of the logs and the copy.
  static LogEnd find_end(const std::string& copy, const std::string& logs, LogDepth depth = LogDepth::names) {
    const auto copy_view = open_evidence_view(*folder_ / copy);
    const auto log_view = open_evidence_view(*folder_ / logs);
    if (!copy_view.ok() || !log_view.ok()) return {.missing = "not opened"};
    const auto end = find_log_end(*log_view.value(), *copy_view.value(), {.kind = UnitKind::mariadb, .path = ""},
                                  folder_->path(), {.depth = depth});
    return end.ok() ? end.value() : LogEnd{.missing = end.error().what};
  }
  /// A folder with no more than what mariadb-backup noted, changed by `script`.
  static LogEnd find_end_of_note(const std::string& script, const std::string& logs) {
    folder_->shell(
        "rm -rf noted; mkdir noted; cp prepared/xtrabackup_binlog_info prepared/xtrabackup_info noted; cd noted; " +
        script);
    return find_end("noted", logs);
  }
  static std::string left_out(const Opened& opened) {
    std::string text;
    for (const std::string& line : opened.server->start().left_out) text += line + "\n";
    return text;
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> MariadbBranches::folder_;

constexpr const char* k_other = "of another server, or of another branch of its history";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_F(MariadbBranches, a_copy_goes_on_with_its_own_servers_logs_over_a_kill_and_without_checksums) {
  const Opened opened = open("good");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select count(*), max(id), min(name) from p"), "7|6|a\n") << left_out(opened);
  // A scratch server knows no accounts: it cannot take them, and one of them must not end the replay.
  EXPECT_TRUE(has(left_out(opened),
                  "9 statements of the logs about accounts, events or native functions, first a "
                  "CREATE USER of 20"))
      << left_out(opened);
  EXPECT_EQ(opened.server->start().logs_end_early, "");
  const std::vector<std::string>& inside = opened.server->start().inside;
  EXPECT_EQ(
      std::count(inside.begin(), inside.end(), "view of the server's own tables, with its owner's rights, lis.door"),
      1);
}

TEST_F(MariadbBranches, what_the_logs_drop_or_delete_is_named) {
  const Opened opened = open("good");
  ASSERT_TRUE(opened.server) << opened.error;
  const LogRemovals removals = opened.server->start().removals.value();
  std::string said;
  for (const LogRemoval& removal : removals.last) {
    EXPECT_GT(removal.time_ns, 1'600'000'000'000'000'000);
    said += removal.what + "\n";
  }
  EXPECT_EQ(said,
            "update lis.bill: every row (database lis)\n"
            "200 rows deleted from lis.old\n"
            "delete from old (database lis)\n"
            "DROP TABLE `old` (database lis)\n");
  EXPECT_EQ(removals.conditional, 1U);
}

TEST_F(MariadbBranches, accounts_are_as_in_the_copy_however_the_logs_wrote_them) {
  const Opened opened = open("good");
  ASSERT_TRUE(opened.server) << opened.error;
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what;
  EXPECT_TRUE(has(left_out(opened),
                  "by changed rows or triggers (1 row of global_priv): they are as the "
                  "backup has them"))
      << left_out(opened);
  const auto chowned = os::run_program(std::vector<std::string>{"/bin/chown", "-R", "mysql:", kept.value()}, "/");
  ASSERT_EQ(chowned.value().exit_code, 0);
  folder_->shell("cp -a prepared before");
  const auto accounts = [](const std::string& name) {
    return folder_->shell(
        R"sh(mariadbd --no-defaults --datadir=)sh" + name +
        R"sh( --socket=$PWD/k.sock --skip-networking --pid-file=$PWD/k.pid --innodb-flush-method=nosync >k.log 2>&1 &
      for i in $(seq 900); do mariadb-admin --no-defaults -u root -S $PWD/k.sock ping >/dev/null 2>&1 && break; sleep 0.1; done
      mariadb --no-defaults -u root -S $PWD/k.sock -e "select * from mysql.global_priv order by 1, 2; select * from mysql.db; select * from mysql.event"
      kill -9 $(cat k.pid); wait || true)sh");
  };
  const std::string as_before = accounts(*folder_ / "before");
  EXPECT_TRUE(has(as_before, "root")) << as_before;
  EXPECT_EQ(accounts(kept.value()), as_before);
}

TEST_F(MariadbBranches, logs_begun_anew_are_refused_before_anything_of_them_is_replayed) {
  const Opened opened = open("anew");
  EXPECT_FALSE(opened.server);
  EXPECT_TRUE(has(opened.error, "damaged_source: these logs do not go on from this copy")) << opened.error;
  EXPECT_TRUE(has(opened.error, k_other)) << opened.error;
  EXPECT_TRUE(has(opened.error, "the copy stands at bin.000001:")) << opened.error;
  const LogEnd end = find_end("prepared", "anew");
  EXPECT_EQ(end.files, 0U);
  EXPECT_TRUE(has(end.missing, k_other)) << end.missing;
}

TEST_F(MariadbBranches, a_log_of_another_branch_after_the_copys_own_is_refused_with_the_moment_where_it_begins) {
  folder_->shell("rm -rf mixed; mkdir mixed; cp good/bin.000001 anew/bin.000002 mixed");
  const Opened opened = open("mixed");
  EXPECT_FALSE(opened.server);
  EXPECT_TRUE(has(opened.error, "'bin.000002' goes on after transactions 0-2-")) << opened.error;
  EXPECT_TRUE(has(opened.error, "'bin.000001' ends with 0-1-")) << opened.error;
  EXPECT_TRUE(has(opened.error, "replayed with an end at 20")) << opened.error;
}

TEST_F(MariadbBranches, a_log_saved_before_it_was_complete_ends_the_replay_there) {
  folder_->shell(
      "rm -rf gap; cp -a good gap; at=$(mariadb-binlog --no-defaults good/bin.000001 | grep -B1 'GTID 0-' | sed -n "
      "'s/^# at //p' | tail -1); head -c $at good/bin.000001 >gap/bin.000001");
  const Opened opened = open("gap");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select max(id) from p"), "3\n");
  EXPECT_TRUE(has(left_out(opened), "log bin.000002: transactions before it are missing")) << left_out(opened);
}

TEST_F(MariadbBranches, a_refused_statement_is_named_with_its_log_and_time_and_leaves_nothing) {
  const Opened opened = open("hidden");
  EXPECT_FALSE(opened.server);
  EXPECT_TRUE(has(opened.error, "damaged_source: MariaDB refused a statement of these logs, the event at "))
      << opened.error;
  EXPECT_TRUE(has(opened.error, " of 'bin.000004', of 20")) << opened.error;
  EXPECT_TRUE(has(opened.error, "unseen")) << opened.error;
}

TEST_F(MariadbBranches, what_the_copy_notes_of_transactions_decides_whether_a_log_is_of_its_server) {
  EXPECT_EQ(find_end_of_note("true", "good").files, 4U) << find_end_of_note("true", "good").missing;
  // One that does not say its transactions, one of a replica that took in more domains, one of a complete log.
  for (const char* right :
       {"sed -i 's/\\t0-.*//' xtrabackup_binlog_info", "sed -i 's/0-1-/7-3-9,0-1-/' xtrabackup_binlog_info",
        "printf 'bin.000002\\t4\\t0-1-6\\n' >xtrabackup_binlog_info"})
    EXPECT_GE(find_end_of_note(right, "good").files, 3U) << right << ": " << find_end_of_note(right, "good").missing;
  struct Wrong {
    const char* script;
    const char* why;
  };
  for (const Wrong& wrong :
       {Wrong{"sed -i 's/0-1-[0-9]*/0-1-2/' xtrabackup_binlog_info", "has transactions up to 0-1-4 at "},
        Wrong{"sed -i 's/\\t0-.*/\\t/' xtrabackup_binlog_info", "the copy up to none"},
        Wrong{"sed -i 's/0-1-/0-2-/' xtrabackup_binlog_info", "the copy up to 0-2-4"},
        Wrong{"sed -i 's/0-1-[0-9]*/0-1-500/' xtrabackup_binlog_info", "where the copy has 0-1-500 already"},
        Wrong{"sed -i 's/0-1-/3-1-/' xtrabackup_binlog_info", "the copy up to 3-1-4"},
        Wrong{"printf 'bin.000002\\t4\\t0-1-5\\n' >xtrabackup_binlog_info", "has transactions up to 0-1-6 at 4"},
        Wrong{"printf 'bin.000001\\t300\\t0-1-1\\n' >xtrabackup_binlog_info", "has no event that begins at 300"},
        Wrong{"printf 'bin.000001\\t400000\\t0-1-4\\n' >xtrabackup_binlog_info", "is complete with "},
        Wrong{"at=$(mariadb-binlog --no-defaults ../good/bin.000001 | grep -B1 Xid | sed -n 's/^# at //p' | tail -1); "
              "printf \"bin.000001\\t$at\\t0-1-5\\n\" >xtrabackup_binlog_info",
              "is in the middle of a transaction"},
        Wrong{"sed -i 's/^end_time = 20../end_time = 2001/' xtrabackup_info", "was written at "}}) {
    const LogEnd end = find_end_of_note(wrong.script, "good");
    EXPECT_EQ(end.files, 0U) << wrong.script;
    EXPECT_TRUE(has(end.missing, wrong.why)) << wrong.script << ": " << end.missing;
  }
}

TEST_F(MariadbBranches, a_cold_copys_own_last_log_decides_too) {
  folder_->shell("rm -rf cold; mkdir cold; cp good/bin.00000[12] cold");
  for (const char* right : {"good", "sent"})
    EXPECT_EQ(find_end("cold", right).files, 3U) << right << find_end("cold", right).missing;
  // Of the same length and with the same numbers, and yet not the same.
  folder_->shell("rm -rf cold; cp -a twin cold");
  EXPECT_EQ(find_end("cold", "twin").files, 1U) << find_end("cold", "twin").missing;
  const LogEnd strange = find_end("cold", "other_twin");
  EXPECT_EQ(strange.files, 0U);
  EXPECT_TRUE(has(strange.missing, "'bin.000001' is another log from ")) << strange.missing;
}

TEST_F(MariadbBranches, a_cold_copy_whose_last_log_is_encrypted_does_not_stand_in_the_one_before) {
  folder_->shell("rm -rf cold; mkdir cold; cp good/bin.00000[12] cold");
  testing::overwrite_with_noise(*folder_ / "cold/bin.000002");
  EXPECT_EQ(find_end("cold", "good").missing, "the copy says only once it is started where in its log it stands");
}

TEST_F(MariadbBranches, a_copy_of_a_killed_server_goes_on_where_its_recovery_says_that_it_stands) {
  EXPECT_EQ(find_end("crashed", "good").files, 4U) << find_end("crashed", "good").missing;
  const Opened opened =
      open_server(*folder_ / "crashed", UnitKind::mariadb, {.parent = folder_->path()}, *folder_ / "good");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select count(*), max(id) from p"), "7|6\n") << left_out(opened);
  // Its last transaction was not committed yet, and is in the logs: once.
  EXPECT_EQ(ask(*opened.server, "lis", "select balance from bill"), "90\n");
  const Opened without = open_server(*folder_ / "crashed", UnitKind::mariadb, {.parent = folder_->path()});
  ASSERT_TRUE(without.server) << without.error;
  EXPECT_EQ(ask(*without.server, "lis", "select balance from bill"), "90\n");
  folder_->shell("cp -a good two; cp two/bin.000001 two/other.000001");
  EXPECT_EQ(find_end("crashed", "two").missing, "the copy says only once it is started where in its log it stands");
}

TEST_F(MariadbBranches, a_plan_that_reads_all_logs_says_where_their_replay_ends) {
  for (const std::string copy : {"prepared", "crashed", "still"}) {
    const std::string logs = copy == "still" ? "later" : "good";
    for (const std::string harm :
         {"true", "printf XXXX | dd of=l/bin.00000$n bs=1 seek=600 conv=notrunc 2>dd", "rm l/bin.00000$n"}) {
      // The log before has no checksums.
      folder_->shell("rm -rf l; cp -a " + logs + " l; n=" + (copy == "still" ? "2; " : "3; ") + harm);
      const LogEnd end = find_end(copy, "l", LogDepth::everything);
      const Opened opened =
          open_server(*folder_ / copy, UnitKind::mariadb, {.parent = folder_->path()}, *folder_ / "l");
      ASSERT_TRUE(opened.server) << copy << ", " << harm << ": " << opened.error;
      const ScratchStart& start = opened.server->start();
      EXPECT_EQ(end.missing, start.logs_end_early) << copy << ", " << harm;
      EXPECT_EQ(end.ends_early, harm != "true") << copy << ", " << harm;
      // Where only its recovery says where it stands, that may be in a later log than the first that is read.
      if (copy != "crashed") EXPECT_EQ(end.files, start.logs_used) << copy << ", " << harm;
      if (copy == "prepared") EXPECT_EQ(end.last_commit_ns, start.data_as_of_ns) << harm;
    }
  }
  // Of another server: nothing of them is replayed.
  const LogEnd strange = find_end("prepared", "anew", LogDepth::everything);
  EXPECT_EQ(strange.files, 0U);
  EXPECT_TRUE(strange.ends_early);
  EXPECT_TRUE(has(strange.missing, k_other)) << strange.missing;
}

TEST_F(MariadbBranches, a_copy_of_a_server_that_was_shut_down_stands_at_the_end_of_the_log_closed_then) {
  const Opened opened =
      open_server(*folder_ / "still", UnitKind::mariadb, {.parent = folder_->path()}, *folder_ / "later");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select max(id) from p"), "61\n") << left_out(opened);
  EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from late"), "1\n") << left_out(opened);
  EXPECT_TRUE(has(opened.server->start().data_as_of_basis, "end of the log that was closed when the copy's server"))
      << opened.server->start().data_as_of_basis;
  EXPECT_EQ(find_end("still", "later").files, 3U) << find_end("still", "later").missing;
  // A server ran on it afterwards, the log was not closed by a shutdown, or it is not there.
  const std::string unknown = "the copy says only once it is started where in its log it stands";
  folder_->shell("cp -a still moved; touch -d '+2 hours' moved/ibdata1");
  EXPECT_EQ(find_end("moved", "later").missing, unknown);
  folder_->shell("rm -rf moved; cp -a still moved; touch -d '-2 hours' moved/ibdata1 moved/ib_logfile0");
  EXPECT_EQ(find_end("moved", "later").missing, unknown);
  folder_->shell("cp -a later open; s=$(stat -c %s open/bin.000001); truncate -s $((s - 23)) open/bin.000001");
  EXPECT_EQ(find_end("still", "open").missing, unknown);
  folder_->shell("cp -a later gone; rm gone/bin.000001");
  EXPECT_EQ(find_end("still", "gone").missing, unknown);
}

TEST_F(MariadbBranches, a_clock_that_was_set_back_is_said_and_an_end_before_it_is_not_complete) {
  const auto replay = [](std::optional<std::int64_t> until_ns) {
    return open_server(*folder_ / "still", UnitKind::mariadb, {.parent = folder_->path(), .replay_until_ns = until_ns},
                       *folder_ / "turned");
  };
  const Opened all = replay({});
  ASSERT_TRUE(all.server) << all.error;
  EXPECT_EQ(ask(*all.server, "lis", "select max(id) from p"), "63\n");
  EXPECT_TRUE(has(left_out(all), "the times in these logs go back from 2033-05-18T03:33:20Z to 20")) << left_out(all);
  EXPECT_EQ(all.server->start().logs_end_early, "");
  const Opened part = replay(std::int64_t{1'999'999'990} * 1'000'000'000);
  ASSERT_TRUE(part.server) << part.error;
  EXPECT_EQ(ask(*part.server, "lis", "select max(id) from p"), "61\n");
  EXPECT_TRUE(has(part.server->start().logs_end_early, "what came behind it is not there"))
      << part.server->start().logs_end_early;
}

TEST_F(MariadbBranches, logs_as_a_server_sends_them_are_the_same_logs) {
  EXPECT_EQ(find_end("prepared", "sent").files, 4U) << find_end("prepared", "sent").missing;
}

}  // namespace lastgood::engines
