// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a copy of a real data directory answers questions as the server did, that questions only read, that
// broken tables do not stop the others, and that binary logs bring it to their last whole commit.
#include <gtest/gtest.h>

#include "engines/testing/ask_rows.h"
#include "engines/testing/bad_sector_view.h"
#include "engines/testing/full_disk.h"
#include "engines/testing/real_engine.h"
#include "engines/testing/stopped_engine.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::joined;
using testing::open_server;
using testing::Opened;

/// `backup` by mariadb-backup while running and `prepared` from it, `crashed` after kill -9; `logs` hold all.
class MariadbScratch : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock
      mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      mkdir logs
      mariadbd --no-defaults --datadir=$PWD/data --socket=$S --skip-networking --pid-file=$PWD/pid --innodb-log-file-size=8M \
          --innodb-buffer-pool-size=32M --innodb-flush-method=nosync --log-bin=$PWD/logs/bin --server-id=1 --sync-binlog=0 >>log 2>&1 &
      for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && break; sleep 0.1; done
      q() { mariadb --no-defaults -u root -S $S -e "$1"; }
      q "create database lis; use lis; create table p(id int primary key, name varchar(100), key(name)) engine=innodb;
         insert into p select seq, concat('patient ',seq) from seq_1_to_3000;
         create table orders(id int primary key, v text) engine=innodb; insert into orders select seq, md5(seq) from seq_1_to_3000;
         create table m(id int) engine=myisam; insert into m values(1),(2);
         create table a(id int) engine=aria; insert into a values(1),(2),(3);
         create user viewer@localhost; grant select on lis.* to viewer@localhost; create definer=viewer@localhost view few as select * from p where id<=10;
         create function twice(a int) returns int deterministic return a*2;"
      mariadb-backup --no-defaults --backup -u root -S $S --target-dir=$PWD/backup >mb.log 2>&1
      cp -a backup prepared; mariadb-backup --no-defaults --prepare --target-dir=$PWD/prepared >mp.log 2>&1
      q "use lis; insert into p values(5001,'after the backup'); flush logs; insert into p values(5002,'next log');
         set session binlog_format=row; insert into orders select seq, repeat('x',60000) from seq_9001_to_9010"
      sleep 1.2; date +%s >moment; sleep 1.2
      q "use lis; insert into p values(5003,'last')"; date +%s >committed
      kill -9 $(cat pid); wait || true
      cp -a data crashed)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static double read_number(const std::string& name) {
    std::ifstream file(*folder_ / name);
    double number = 0;
    file >> number;
    return number;
  }
  static Opened open(const std::string& name, ScratchServerOptions options = {}, const std::string& logs = {}) {
    return open_server(*folder_ / name, UnitKind::mariadb, std::move(options), logs.empty() ? logs : *folder_ / logs);
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> MariadbScratch::folder_;

}  // namespace

TEST_F(MariadbScratch, answers_from_a_backup_prepared_or_not_and_from_a_killed_servers_files) {
  for (const char* name : {"backup", "prepared", "crashed"}) {
    const Opened opened = open(name);
    ASSERT_TRUE(opened.server) << name << opened.error;
    ScratchServer& server = *opened.server;
    EXPECT_EQ(server.databases().value(), (std::vector<std::string>{"lis"}));
    EXPECT_EQ(ask(server, "lis", "select count(*), max(id) from p"),
              name == std::string("crashed") ? "3003|5003\n" : "3000|3000\n");
    EXPECT_EQ(ask(server, "lis", "select name, null from p where id=9"), "patient 9|-\n");
    EXPECT_EQ(ask(server, "lis", "select count(*) from few"), "10\n");
    EXPECT_EQ(ask(server, "lis", "select twice(4), (select count(*) from m)"), "8|2\n");
    EXPECT_EQ(ask(server, "", "select count(*) from lis.p where id<4"), "3\n");
    EXPECT_EQ(server.start().engine.substr(0, 13), "MariaDB 10.11");
    EXPECT_EQ(joined(server.start().unusable), "") << name;
    const auto tables = server.tables("lis");
    ASSERT_TRUE(tables.ok()) << tables.error().what;
    ASSERT_EQ(tables.value().size(), 5U);
    EXPECT_EQ(tables.value()[4].columns, (std::vector<std::string>{"id", "name"}));
  }
}

TEST_F(MariadbScratch, one_that_hangs_at_its_start_is_given_up_and_leaves_nothing) {
  const std::string parent = *folder_ / "hung";
  std::filesystem::create_directories(parent);
  for (const char* copy : {"crashed", "backup"}) {  // the server, and what prepares for it
    const testing::StopsPrograms stopped(copy == std::string("backup") ? "/mariadb-backup" : "/mariadbd");
    testing::StartTeller teller;
    const Opened opened = open(copy, {.parent = parent, .still_limit_s = 3, .watcher = &teller});
    ASSERT_FALSE(opened.server);
    EXPECT_TRUE(opened.error.starts_with("limit_reached: ")) << opened.error;
    EXPECT_NE(opened.error.find(" hangs on this copy: for 3 seconds"), std::string::npos) << opened.error;
    EXPECT_GE(teller.told, 3);
  }
  EXPECT_TRUE(std::filesystem::is_empty(parent));
  EXPECT_EQ(testing::processes_below_us(), 0U);
}

TEST_F(MariadbScratch, a_question_ends_at_once_when_somebody_stops_us) {
  testing::StopsSoon watcher;
  // Before its first row, and between rows that come one by one.
  for (const char* question : {"select sleep(25)", "select id, sleep(0.5) from p limit 50"}) {
    watcher.is_armed = false;
    const Opened opened = open("prepared", {.watcher = &watcher});
    ASSERT_TRUE(opened.server) << opened.error;
    watcher.arm();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(ask(*opened.server, "lis", question), "cancelled: stopped while MariaDB was asked");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  }
}

TEST_F(MariadbScratch, one_that_hangs_after_it_answered_is_given_up_as_soon_and_says_so_at_once_from_then_on) {
  const Opened opened = open("prepared", {.still_limit_s = 3});
  ASSERT_TRUE(opened.server) << opened.error;
  const testing::StopsPrograms stopped("/mariadbd");
  stopped.wait();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) {
    const auto names = opened.server->databases();
    ASSERT_FALSE(names.ok());
    EXPECT_EQ(names.error().code, base::ErrorCode::busy_retry);
    EXPECT_EQ(names.error().what,
              "MariaDB hangs: it has answered before and let nobody in for 3 seconds, and was ended");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

TEST_F(MariadbScratch, one_that_hangs_once_it_is_up_is_not_waited_for_longer) {
  // Its tables are being looked at when it stops, or it was about to let us in.
  const testing::StopsPrograms stopped("/mariadbd", "/room/own/pid");
  for (const char* copy : {"prepared", "crashed"}) {
    const auto begun = std::chrono::steady_clock::now();
    const Opened opened = open(copy, {.still_limit_s = 3});
    ASSERT_FALSE(opened.server);
    EXPECT_TRUE(opened.error.starts_with("limit_reached: MariaDB hangs on this copy: for ")) << opened.error;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
  }
}

TEST_F(MariadbScratch, questions_only_read_and_are_one_statement) {
  const Opened opened = open("prepared");
  ASSERT_TRUE(opened.server) << opened.error;
  ScratchServer& server = *opened.server;
  for (const char* sql :
       {"delete from p", "select 1; delete from p", "create table x(a int)",
        "select * from p into outfile '/room/own/none/x'", "select * from p into dumpfile '/room/own/x'",
        "set global read_only=0", "load data local infile '/etc/passwd' into table p", "selec 1",
        "select * from nothing", "/*!50000 delete from p */", "grant all on *.* to current_user", "commit",
        "with d as (select 1) delete from p", "explain delete from nothing", "drop view few", "shutdown", "call x()",
        "set statement max_statement_time=0 for select 1", "install soname 'ha_federated'"})
    EXPECT_EQ(ask(server, "lis", sql).substr(0, 7), "misuse:") << sql << " " << ask(server, "lis", sql);
  EXPECT_EQ(ask(server, "lis", "select load_file('/room/own/pid')"), "-\n");
  EXPECT_EQ(ask(server, "lis", "select count(*) from p"), "3000\n");
  EXPECT_EQ(ask(server, "nowhere", "select 1").substr(0, 7), "misuse:");
}

TEST_F(MariadbScratch, a_full_disk_under_the_copy_says_nothing_about_the_copy) {
  // At first the copy does not fit, then the log that the engine makes at its start, 96 MB, then all does.
  testing::expect_full_disk_is_said(*folder_, "prepared", UnitKind::mariadb, {-5, 1, 10, 300});
}

TEST_F(MariadbScratch, tells_moments_in_the_zone_that_is_asked_for) {
  for (const char* zone : {"+05:30", "-03:00", "+00:00"}) {
    const Opened opened = open("prepared", {.zone = zone});
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(ask(*opened.server, "lis", "select @@session.time_zone"), std::string(zone) + "\n");
  }
}

TEST_F(MariadbScratch, limits_rows_bytes_and_time) {
  const Opened opened = open("prepared");
  ASSERT_TRUE(opened.server) << opened.error;
  ScratchServer& server = *opened.server;
  EXPECT_EQ(ask(server, "lis", "select * from p", {.rows = 10}).substr(0, 14), "limit_reached:");
  EXPECT_EQ(ask(server, "lis", "select repeat('x',1000) from p", {.bytes = 10000}).substr(0, 14), "limit_reached:");
  EXPECT_EQ(ask(server, "lis", "select count(*) from p a, p b, p c", {.statement_time = std::chrono::milliseconds(200)})
                .substr(0, 14),
            "limit_reached:");
  EXPECT_EQ(
      ask(server, "lis", "select benchmark(100000000000, md5('x'))", {.statement_time = std::chrono::milliseconds(200)})
          .substr(0, 14),
      "limit_reached:")
      << "stopped, it answers as if it had ended";
  testing::TextSink sink;
  sink.enough = 3;
  EXPECT_TRUE(server.ask("lis", "select a.id from p a, p b, p c", {.rows = 1000000000}, sink).ok());
  EXPECT_EQ(sink.rows, 3U);
  EXPECT_EQ(ask(server, "lis", "select count(*) from p", {.rows = 1}), "3000\n");
}

TEST_F(MariadbScratch, an_encrypted_table_does_not_stop_the_others) {
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    folder_->shell("rm -rf m; cp -a prepared m");
    testing::overwrite_with_noise(*folder_ / "m/lis/orders.ibd");
    const Opened opened = open("m", {.copy_way = way});
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(opened.server->start().way_taken, way);
    EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from p"), "3000\n");
    EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from orders").substr(0, 15), "damaged_source:");
    ASSERT_EQ(opened.server->start().unusable.size(), 1U) << joined(opened.server->start().unusable);
    EXPECT_EQ(opened.server->start().unusable[0].substr(0, 10), "lis.orders");
    EXPECT_EQ(ask(*opened.server, "lis", "select max(id) from p"), "3000\n");
  }
}

TEST_F(MariadbScratch, replays_binary_logs_to_their_last_commit_or_to_a_moment) {
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    for (const char* name : {"backup", "prepared"}) {
      const Opened all = open(name, {.copy_way = way}, "logs");
      ASSERT_TRUE(all.server) << all.error;
      EXPECT_EQ(all.server->start().way_taken, way);
      EXPECT_EQ(ask(*all.server, "lis", "select count(*), max(id) from p"), "3003|5003\n")
          << joined(all.server->start().left_out);
      EXPECT_NEAR(static_cast<double>(all.server->start().data_as_of_ns) / 1e9, read_number("committed"), 2.0)
          << all.server->start().data_as_of_basis;
    }
  }
  ScratchServerOptions until;
  until.replay_until_ns = static_cast<std::int64_t>(read_number("moment")) * 1'000'000'000;
  const Opened part = open("prepared", until, "logs");
  ASSERT_TRUE(part.server) << part.error;
  EXPECT_EQ(ask(*part.server, "lis", "select max(id) from p"), "5002\n");
}

TEST_F(MariadbScratch, says_which_version_made_what_it_cannot_open) {
  folder_->shell("rm -rf m; cp -a prepared m; touch m/mysql.ibd");
  EXPECT_EQ(open("m").error.substr(0, 55), "unsupported: this is a data directory of MySQL 8 or lat");
  folder_->shell(
      "rm -rf m; cp -a crashed m; echo -n 11.8.1-MariaDB >m/mariadb_upgrade_info; head -c 5000000 /dev/urandom "
      "| dd of=m/ib_logfile0 conv=notrunc 2>/dev/null");
  EXPECT_NE(open("m").error.find(
                "ib_logfile0: it does not begin as a redo log (it was made by MariaDB 11.8.1; another version"),
            std::string::npos)
      << open("m").error;
}

TEST_F(MariadbScratch, replays_binary_logs_that_an_archive_compressed) {
  folder_->shell(
      "rm -rf l; mkdir l; gzip -c logs/bin.000001 >l/bin.000001.gz; for f in logs/bin.00000[2-9]; do zstd "
      "-qc $f >l/${f#logs/}.zst; done");
  const Opened opened = open("prepared", {}, "l");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select max(id) from p"), "5003\n") << joined(opened.server->start().left_out);
}

TEST_F(MariadbScratch, stops_before_an_encrypted_log) {
  folder_->shell("rm -rf l; cp -a logs l; head -c 4096 /dev/urandom >l/bin.000002");
  const Opened opened = open("prepared", {}, "l");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis", "select max(id) from p"), "5001\n");
  EXPECT_NE(joined(opened.server->start().left_out).find("bin.000002"), std::string::npos);
}

TEST_F(MariadbScratch, a_log_with_a_bad_sector_is_replayed_until_there) {
  const auto logs = open_evidence_view(*folder_ / "logs");
  const auto committed = [&](std::uint64_t bad_byte) {
    const testing::BadSectorView bad(*logs.value(), "bin.000002", bad_byte);
    const Opened opened = open("prepared", {.logs = &bad});
    if (!opened.server) return opened.error;
    return ask(*opened.server, "lis", "select max(id) from p") + opened.server->start().logs_end_early;
  };
  EXPECT_EQ(committed(0),
            "5001\nlog bin.000002 is not readable as a binary log; what was committed in it is not there");
  EXPECT_EQ(committed(400'000),
            "5002\nlog bin.000002 is broken: input/output error; what was committed behind that place is not there");
  EXPECT_EQ(committed(UINT64_MAX), "5003\n");
}

TEST_F(MariadbScratch, answers_a_recursive_question_whole) {
  const Opened opened = open("prepared");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "lis",
                "with recursive n as (select 1 i union all select i + 1 from n where i < 3000) select count(*) from n"),
            "3000\n");
}

TEST_F(MariadbScratch, says_which_log_ends_the_replay_early_and_that_later_commits_are_missing) {
  const auto early = [](const std::string& logs, ScratchServerOptions options = {}) {
    const Opened opened = open("prepared", std::move(options), logs);
    return opened.server ? opened.server->start().logs_end_early : opened.error;
  };
  EXPECT_EQ(early("logs"), "");
  folder_->shell("rm -rf l; cp -a logs l; cp l/bin.000002 l/bin.000004; head -c 4096 /dev/urandom >l/bin.000002");
  EXPECT_EQ(early("l"),
            "log bin.000002 is not readable as a binary log; what was committed in it and in 1 later log file is not "
            "there");
  folder_->shell("rm l/bin.000002");
  EXPECT_EQ(early("l"),
            "log bin.000002 is not among them; what was committed in it and in 1 later log file is not there");
  folder_->shell(
      "rm -rf l; cp -a logs l; printf XXXXXXXXXXXX | dd of=l/bin.000002 bs=1 seek=400 conv=notrunc 2>dd.log");
  EXPECT_NE(early("l").find("log bin.000002 is broken: its event at "), std::string::npos) << early("l");
  EXPECT_NE(early("l").find("; what was committed behind that place is not there"), std::string::npos) << early("l");
  // That nothing was saved behind the last one is no loss that the logs tell of.
  folder_->shell("rm -rf l; cp -a logs l; rm l/bin.000002");
  EXPECT_EQ(early("l"), "");
}

TEST_F(MariadbScratch, says_with_all_logs_read_where_their_replay_ends_before_it_is_done) {
  const auto end_of = [](LogDepth depth) {
    const auto logs = open_evidence_view(*folder_ / "l");
    const auto copy = open_evidence_view(*folder_ / "prepared");
    return find_log_end(*logs.value(), *copy.value(), {.kind = UnitKind::mariadb, .path = ""}, "/tmp", {.depth = depth})
        .value();
  };
  for (const std::string harm :
       {"true", "gzip l/bin.*[0-9]", "rm l/bin.000002", "cp l/bin.000002 l/bin.000004; rm l/bin.000002",
        "head -c 4096 /dev/urandom >l/bin.000002",
        "printf XXXXXXXXXXXX | dd of=l/bin.000002 bs=1 seek=400000 conv=notrunc 2>dd.log",
        "head -c 400000 l/bin.000002 >cut; mv cut l/bin.000002",
        "gzip l/bin.000002; head -c 4000 l/bin.000002.gz >cut; mv cut l/bin.000002.gz",
        "head -c 256 l/bin.000002 >cut; mv cut l/bin.000002",
        "f=$(ls l/bin.*[0-9] | tail -1); head -c 4 $f >cut; mv cut $f"}) {
    folder_->shell("rm -rf l; cp -a logs l; " + harm);
    const LogEnd end = end_of(LogDepth::everything);
    const Opened opened = open("prepared", {}, "l");
    ASSERT_TRUE(opened.server) << harm << ": " << opened.error;
    const ScratchStart& start = opened.server->start();
    EXPECT_EQ(end.last_commit_ns, start.data_as_of_ns) << harm;
    EXPECT_EQ(end.files, start.logs_used) << harm;
    EXPECT_EQ(end.missing, start.logs_end_early) << harm;
    EXPECT_EQ(end.ends_early, !start.logs_end_early.empty()) << harm;
    if (harm.find("head -c 256 ") == 0 || harm.find("head -c 4 ") != std::string::npos)
      EXPECT_NE(end.missing.find(" is cut before the list of transactions"), std::string::npos) << harm << end.missing;
  }
}

TEST_F(MariadbScratch, says_where_none_of_the_logs_could_be_used_though_they_may_go_on) {
  folder_->shell("rm -rf m; cp -a prepared m; rm m/*_info; rm -rf l; cp -a logs l");
  const Opened unknown = open("m", {}, "l");
  ASSERT_TRUE(unknown.server) << unknown.error;
  EXPECT_EQ(unknown.server->start().logs_used, 0U);
  EXPECT_EQ(unknown.server->start().logs_end_early,
            "none of the binary logs was replayed: the copy does not say where in them it stands");
  // Logs that are all older than the copy tell of nothing that is missing.
  folder_->shell(
      "rm -rf m; cp -a prepared m; sed -i 's/bin.000001/bin.000009/' m/*binlog_info; rm -rf l; cp -a logs l");
  const Opened newer = open("m", {}, "l");
  ASSERT_TRUE(newer.server) << newer.error;
  EXPECT_EQ(newer.server->start().logs_end_early, "");
  EXPECT_EQ(joined(newer.server->start().left_out),
            "binary logs: bin.000009, where the copy stands, is not among them\n");
}

TEST_F(MariadbScratch, keeps_a_folder_brought_forward_that_a_server_starts_on) {
  const Opened opened = open("prepared", {.parent = folder_->path()}, "logs");
  ASSERT_TRUE(opened.server) << opened.error;
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what << kept.error().hint;
  EXPECT_EQ(
      os::run_program(std::vector<std::string>{"/bin/chown", "-R", "mysql:", kept.value()}, "/").value().exit_code, 0);
  EXPECT_EQ(folder_->shell("S=$PWD/k.sock\nmariadbd --no-defaults --datadir=" + kept.value() +
                           " --socket=$S --skip-networking --pid-file=$PWD/kpid >klog 2>&1 &\n"
                           "for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && "
                           "break; sleep 0.1; done\n"
                           "mariadb --no-defaults -u root -S $S -BNe \"select max(id) from lis.p; select count(*) from "
                           "mysql.user where user='viewer'; "
                           "select count(*) from lis.few\"; mariadb-admin --no-defaults -u root -S $S shutdown; wait"),
            "5003\n1\n10\n");
}

}  // namespace lastgood::engines
