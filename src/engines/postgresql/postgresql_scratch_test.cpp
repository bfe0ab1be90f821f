// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a copy of a real cluster answers questions as the cluster did, that questions only read, that broken
// tables do not stop the others, and that logs bring it to their last whole commit.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/log_end.h"
#include "engines/testing/ask_rows.h"
#include "engines/testing/full_disk.h"
#include "engines/testing/real_engine.h"
#include "engines/testing/stopped_engine.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::open_server;
using testing::Opened;

/// `backup` was taken while running, with `archive` going on; `crashed` after kill -9; `long` later, while the server
/// wrote several segments, which are in `long_archive`.
class PostgresqlScratch : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("postgres");
    folder_->shell(R"sh(B=/usr/lib/postgresql/15/bin
      $B/initdb -D data -k -A trust --no-sync --wal-segsize=1 -U hospital >init.log
      mkdir archive
      printf "unix_socket_directories='$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\ntimezone='Asia/Kolkata'\narchive_mode=on\narchive_command='cp %%p $PWD/archive/%%f'\n" >>data/postgresql.conf
      archived() { while ls data/pg_wal/archive_status | grep -q ready; do sleep 0.1; done; }
      q() { d=$1; shift; for s in "$@"; do $B/psql -X -U hospital -h "$PWD" -d $d -v ON_ERROR_STOP=1 -qAtc "$s"; done; }
      $B/pg_ctl -D data -w -l log start >/dev/null
      q postgres "create database his" "create database empty"
      q his "create table patient(id int primary key, name text, ward text)" \
        "insert into patient select i, 'patient '||i, case when i%10=0 then 'ICU' end from generate_series(1,3000) i" \
        "create table lab(id int primary key, v text)" "insert into lab select i, md5(i::text) from generate_series(1,3000) i" \
        "create view icu as select * from patient where ward='ICU'" \
        "create function twice(a int) returns int language sql as 'select a*2'" checkpoint
      q his "select pg_relation_filepath('lab')" >lab; q his "select pg_relation_filepath('patient')" >patient
      $B/pg_basebackup -U hospital -h "$PWD" -D backup -c fast --no-sync
      for i in 1 2 3; do q his "insert into patient values (5000+$i, 'after the backup', 'OPD')" "select pg_switch_wal()" >/dev/null; sleep 0.05; done
      q his "select extract(epoch from clock_timestamp())" >moment
      q his "insert into patient values (6000, 'last archived', 'OPD')" "select pg_switch_wal()" >/dev/null
      q his "select extract(epoch from clock_timestamp())" >archived
      archived
      q his "insert into patient values (7000, 'not archived', 'OPD')"
      kill -9 $(head -1 data/postmaster.pid); sleep 0.2
      cp -a data crashed
      mkdir long_archive
      printf "archive_command='cp %%p $PWD/long_archive/%%f'\n" >>data/postgresql.conf
      while ! $B/pg_ctl -D data -w -l log start >/dev/null 2>&1; do sleep 0.1; done
      q his "create table busy(id int, v text)"
      (while [ ! -e enough ]; do q his "insert into busy select g, repeat('x', 500) from generate_series(1,2000) g"; sleep 0.1; done) & w=$!
      while [ "$(q his "select count(*) from busy")" -lt 4000 ]; do sleep 0.05; done
      $B/pg_basebackup -U hospital -h "$PWD" -D long -c fast --max-rate=20M --no-sync
      touch enough; wait $w; q his "select pg_switch_wal()" >/dev/null
      q his "select count(*) from busy" >long_rows
      archived
      $B/pg_ctl -D data -w stop -m immediate >/dev/null)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string read_line(const std::string& name) {
    std::ifstream file(*folder_ / name);
    std::string line;
    std::getline(file, line);
    return line;
  }
  static Opened open(const std::string& name, ScratchServerOptions options = {}, const std::string& logs = {}) {
    return open_server(*folder_ / name, UnitKind::postgresql, std::move(options),
                       logs.empty() ? logs : *folder_ / logs);
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> PostgresqlScratch::folder_;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_F(PostgresqlScratch, answers_from_a_base_backup_and_from_a_killed_servers_files) {
  const Opened backup = open("backup");
  ASSERT_TRUE(backup.server) << backup.error;
  EXPECT_EQ(backup.server->databases().value(), (std::vector<std::string>{"empty", "his"}));
  EXPECT_EQ(ask(*backup.server, "his", "select count(*), max(id), min(ward) from patient"), "3000|3000|ICU\n");
  EXPECT_EQ(ask(*backup.server, "his", "select name, ward from patient where id=9"), "patient 9|-\n");
  EXPECT_EQ(ask(*backup.server, "his", "select count(*), twice(4) from icu"), "300|8\n");
  EXPECT_EQ(ask(*backup.server, "his", "show timezone"), "Asia/Kolkata\n");
  EXPECT_EQ(backup.server->start().engine.substr(0, 13), "PostgreSQL 15");
  EXPECT_EQ(joined(backup.server->start().unusable), "");
  const auto tables = backup.server->tables("his");
  ASSERT_TRUE(tables.ok());
  ASSERT_EQ(tables.value().size(), 3U);
  EXPECT_EQ(tables.value()[2].table, "patient");
  EXPECT_EQ(tables.value()[2].columns, (std::vector<std::string>{"id", "name", "ward"}));

  const Opened crashed = open("crashed");
  ASSERT_TRUE(crashed.server) << crashed.error;
  EXPECT_EQ(ask(*crashed.server, "his", "select count(*), max(id) from patient"), "3005|7000\n");
  EXPECT_NEAR(static_cast<double>(crashed.server->start().data_as_of_ns) / 1e9, std::stod(read_line("archived")), 3.0);
}

TEST_F(PostgresqlScratch, questions_only_read_and_are_one_statement) {
  const Opened opened = open("backup");
  ASSERT_TRUE(opened.server) << opened.error;
  ScratchServer& server = *opened.server;
  for (const char* sql :
       {"delete from patient", "select 1; select 2", "begin; delete from patient", "create table x(a int)",
        "copy patient to stdout", "copy patient to program 'touch /tmp/x'", "copy patient to '/room/own/x'",
        "create temp table x(a int)", "set role hospital", "set session authorization hospital",
        "select pg_read_file('/room/own/hba.conf')", "selec 1", "select * from nothing",
        "select lo_export(1,'/room/x')", "do $$ begin delete from patient; end $$",
        "with d as (delete from patient returning 1) select * from d", "select pg_reload_conf()",
        "alter role current_user superuser", "vacuum"})
    EXPECT_EQ(ask(server, "his", sql).substr(0, 7), "misuse:") << sql << " " << ask(server, "his", sql);
  ask(server, "his", "commit");
  ask(server, "his", "set default_transaction_read_only = off");
  EXPECT_EQ(ask(server, "his", "delete from patient").substr(0, 7), "misuse:");
  EXPECT_EQ(ask(server, "his", "select count(*) from patient"), "3000\n");
  EXPECT_EQ(ask(server, "nowhere", "select 1").substr(0, 7), "misuse:");
}

TEST_F(PostgresqlScratch, tells_and_takes_moments_in_the_zone_that_is_asked_for) {
  const char* sql =
      "select timestamptz '2022-11-23 01:36:58Z', extract(epoch from timestamptz '2022-11-23 07:06:58')::bigint";
  EXPECT_EQ(ask(*open("backup").server, "his", sql), "2022-11-23 07:06:58+05:30|1669167418\n")
      << "its own: Asia/Kolkata";
  EXPECT_EQ(ask(*open("backup", {.zone = "+05:45"}).server, "his", sql), "2022-11-23 07:21:58+05:45|1669166518\n");
  EXPECT_EQ(ask(*open("backup", {.zone = "-03:00"}).server, "his", sql), "2022-11-22 22:36:58-03|1669198018\n");
  EXPECT_EQ(ask(*open("backup", {.zone = "+00:00"}).server, "his", sql), "2022-11-23 01:36:58+00|1669187218\n");
}

TEST_F(PostgresqlScratch, limits_rows_bytes_and_time) {
  const Opened opened = open("backup");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select * from patient", {.rows = 10}).substr(0, 14), "limit_reached:");
  EXPECT_EQ(ask(*opened.server, "his", "select repeat('x',1000) from patient", {.bytes = 10000}).substr(0, 14),
            "limit_reached:");
  EXPECT_EQ(ask(*opened.server, "his", "select pg_sleep(30)", {.statement_time = std::chrono::milliseconds(200)})
                .substr(0, 14),
            "limit_reached:");
  testing::TextSink sink;
  sink.enough = 3;
  EXPECT_TRUE(opened.server->ask("his", "select generate_series(1,100000000)", {.rows = 1000000000}, sink).ok());
  EXPECT_EQ(sink.rows, 3U);
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient", {.rows = 1}), "3000\n");
}

TEST_F(PostgresqlScratch, an_encrypted_table_does_not_stop_the_others) {
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    folder_->shell("rm -rf m; cp -a crashed m");
    const std::string lab = *folder_ / ("m/" + read_line("lab"));
    testing::overwrite_with_noise(lab);
    const Opened opened = open("m", {.copy_way = way});
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(opened.server->start().way_taken, way);
    EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient"), "3005\n");
    EXPECT_EQ(ask(*opened.server, "his", "select count(*) from lab").substr(0, 15), "damaged_source:");
    ASSERT_EQ(opened.server->start().unusable.size(), 1U);
    EXPECT_EQ(opened.server->start().unusable[0].substr(0, 25), "public.lab (database his)");
    std::filesystem::rename(lab, lab + ".bak9");
    const Opened renamed = open("m", {.copy_way = way});
    ASSERT_TRUE(renamed.server) << renamed.error;
    EXPECT_EQ(ask(*renamed.server, "his", "select max(id) from patient"), "7000\n");
    EXPECT_EQ(ask(*renamed.server, "his", "select count(*) from lab").substr(0, 15), "damaged_source:");
    EXPECT_EQ(renamed.server->start().unusable.size(), 1U);
  }
}

TEST_F(PostgresqlScratch, a_renamed_table_is_not_answered_with_the_part_that_its_log_brings_back) {
  // The killed server had written rows since its last checkpoint: replaying them makes the file anew, without the rest.
  folder_->shell("rm -rf m; cp -a crashed m");
  const std::string table = *folder_ / ("m/" + read_line("patient"));
  std::filesystem::rename(table, table + ".bak9");
  const Opened opened = open("m");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient").substr(0, 15), "damaged_source:");
  EXPECT_NE(ask(*opened.server, "his", "select count(*) from lab").substr(0, 15), "damaged_source:");
  EXPECT_NE(joined(opened.server->start().unusable).find("public.patient (database his): its file lies there as '"),
            std::string::npos)
      << joined(opened.server->start().unusable);
}

TEST_F(PostgresqlScratch, leaves_the_copy_as_it_is_and_nothing_behind) {
  const std::string look = "find backup -printf '%p %s %T@ %u %m\\n' | sort; ls " +
                           std::filesystem::temp_directory_path().string() + " | grep -c lastgood-scratch || true";
  const std::string before = folder_->shell(look);
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    const Opened opened = open("backup", {.copy_way = way});
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient"), "3000\n");
  }
  EXPECT_EQ(folder_->shell(look), before);
}

TEST_F(PostgresqlScratch, engine_and_copy_are_gone_when_we_are_killed) {
  const std::string parent = *folder_ / "killed";
  std::filesystem::create_directories(parent);
  const pid_t owner = ::fork();
  if (owner == 0) {
    const Opened opened = open("backup", {.parent = parent});
    ::kill(::getpid(), opened.server ? SIGKILL : SIGTERM);
  }
  int status = 0;
  ::waitpid(owner, &status, 0);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  for (int i = 0; i < 500 && !std::filesystem::is_empty(parent); ++i) folder_->shell("sleep 0.02");
  EXPECT_TRUE(std::filesystem::is_empty(parent));
}

TEST_F(PostgresqlScratch, one_that_hangs_at_its_start_is_given_up_and_leaves_nothing) {
  const std::string parent = *folder_ / "hung";
  std::filesystem::create_directories(parent);
  testing::StartTeller teller;
  {
    const testing::StopsPrograms stopped("/postgres");
    const Opened opened = open("backup", {.parent = parent, .still_limit_s = 3, .watcher = &teller});
    ASSERT_FALSE(opened.server);
    EXPECT_TRUE(opened.error.starts_with("limit_reached: PostgreSQL hangs on this copy: for 3 seconds it has computed"))
        << opened.error;
  }
  EXPECT_GE(teller.told, 3);
  EXPECT_GE(teller.last.still_seconds, 2);
  EXPECT_TRUE(std::filesystem::is_empty(parent));
  EXPECT_EQ(testing::processes_below_us(), 0U);
}

TEST_F(PostgresqlScratch, one_that_hangs_after_it_answered_is_given_up_and_says_so_at_once_from_then_on) {
  const Opened opened = open("backup", {.still_limit_s = 3});
  ASSERT_TRUE(opened.server) << opened.error;
  const testing::StopsPrograms stopped("/postgres");
  stopped.wait();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask(*opened.server, "his", "select 1"),
              "busy_retry: PostgreSQL hangs: it has answered before and let nobody in for 3 seconds, and was ended");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

TEST_F(PostgresqlScratch, one_that_hangs_is_given_up_at_once_when_somebody_stops_us) {
  testing::StartTeller teller;
  teller.cancels_when_told = 1;
  const testing::StopsPrograms stopped("/postgres");
  const Opened opened = open("backup", {.still_limit_s = 600, .watcher = &teller});
  ASSERT_FALSE(opened.server);
  EXPECT_TRUE(opened.error.starts_with("cancelled: ")) << opened.error;
}

TEST_F(PostgresqlScratch, a_question_ends_at_once_when_somebody_stops_us) {
  testing::StopsSoon watcher;
  const Opened opened = open("backup", {.watcher = &watcher});
  ASSERT_TRUE(opened.server) << opened.error;
  watcher.arm();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(*opened.server, "his", "select pg_sleep(25)"), "cancelled: stopped while PostgreSQL was asked");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(PostgresqlScratch, a_full_disk_under_the_copy_says_nothing_about_the_copy) {
  // At first the copy does not fit, then what the engine writes at its start.
  testing::expect_full_disk_is_said(*folder_, "backup", UnitKind::postgresql, {-5, -1, 0, 1, 2, 3, 5, 60});
}

TEST_F(PostgresqlScratch, replays_an_archive_to_its_last_commit_or_to_a_moment) {
  const Opened all = open("backup", {}, "archive");
  ASSERT_TRUE(all.server) << all.error;
  EXPECT_EQ(ask(*all.server, "his", "select count(*), max(id) from patient"), "3004|6000\n")
      << joined(all.server->start().left_out);
  EXPECT_NEAR(static_cast<double>(all.server->start().data_as_of_ns) / 1e9, std::stod(read_line("archived")), 1.0);

  // What a plan says before anything is replayed is where the replay ends.
  const auto reach = [](const std::string& logs) {
    const auto archive = open_evidence_view(*folder_ / logs, std::string());
    const auto copy = open_evidence_view(*folder_ / "backup", std::string());
    return find_log_end(*archive.value(), *copy.value(), {.kind = UnitKind::postgresql, .path = ""}, "/tmp").value();
  };
  EXPECT_EQ(reach("archive").last_commit_ns / 1'000'000, all.server->start().data_as_of_ns / 1'000'000);
  EXPECT_GE(reach("archive").files, 4U);
  EXPECT_EQ(reach("archive").missing, "");
  folder_->shell("rm -rf g; cp -a archive g; f=$(ls g | grep -v '\\.' | tail -2 | head -1); rm g/$f");
  EXPECT_LT(reach("g").last_commit_ns, reach("archive").last_commit_ns);
  EXPECT_NE(reach("g").missing.find("is not among them"), std::string::npos);
  folder_->shell("f=$(ls archive | grep -v '\\.' | tail -2 | head -1); head -c 1048576 /dev/urandom >g/$f");
  EXPECT_LT(reach("g").last_commit_ns, reach("archive").last_commit_ns);
  EXPECT_NE(reach("g").missing.find("no segment of a write-ahead log any more"), std::string::npos);

  ScratchServerOptions until;
  until.replay_until_ns = static_cast<std::int64_t>(std::stod(read_line("moment")) * 1e9);
  const Opened part = open("backup", until, "archive");
  ASSERT_TRUE(part.server) << part.error;
  EXPECT_EQ(ask(*part.server, "his", "select count(*), max(id) from patient"), "3003|5003\n");

  until.replay_until_ns = std::int64_t{4'000'000'000} * 1'000'000'000;
  const Opened late = open("backup", until, "archive");
  ASSERT_TRUE(late.server) << late.error;
  EXPECT_EQ(ask(*late.server, "his", "select max(id) from patient"), "6000\n");
}

/// What `archive` lacks to complete `copy`; empty: nothing.
std::string shortfall(const std::string& archive, const std::string& copy) {
  const auto logs = open_evidence_view(archive, std::string());
  const auto view = open_evidence_view(copy, std::string());
  return find_shortfall(*logs.value(), *view.value(), {.kind = UnitKind::postgresql, .path = ""}, "/tmp").value();
}

TEST_F(PostgresqlScratch, a_base_backup_without_its_log_answers_with_an_archive_that_has_it_and_with_no_other) {
  const auto state = [](const std::string& name) {
    return testing::check_folder(*folder_ / name, UnitKind::postgresql).verdict;
  };
  // The backup was taken over several segments of 1 MB, by a server that wrote all the while.
  folder_->shell("rm -rf m; cp -a long m; rm m/pg_wal/0*");
  EXPECT_EQ(state("long"), UnitVerdict::needs_recovery);
  EXPECT_EQ(state("m"), UnitVerdict::needs_log);
  EXPECT_EQ(shortfall(*folder_ / "long_archive", *folder_ / "m"), "");
  const Opened all = open("m", {}, "long_archive");
  ASSERT_TRUE(all.server) << all.error;
  EXPECT_EQ(ask(*all.server, "his", "select count(*) from busy"), folder_->shell("cat long_rows"));
  EXPECT_GT(all.server->start().data_as_of_ns, 0);
  const Opened alone = open("m");
  EXPECT_FALSE(alone.server) << "it is of no one moment";

  // A segment in the middle of the backup is gone, or broken: nothing that looks good may come of it.
  const int segments = std::stoi(folder_->shell("ls long/pg_wal | grep -c '^0'"));
  ASSERT_GE(segments, 5);
  for (const char* harm : {"rm $f", "head -c 1048576 /dev/urandom >$f",
                           "dd if=/dev/zero of=$f bs=8192 seek=60 "
                           "count=68 conv=notrunc status=none"}) {
    for (const int which : {1, segments / 2, segments - 2}) {
      folder_->shell(fmt::format("rm -rf a; cp -a long_archive a; f=a/$(ls long/pg_wal | grep '^0' | sed -n {}p); {}",
                                 which, harm));
      const std::string why = shortfall(*folder_ / "a", *folder_ / "m");
      EXPECT_NE(why, "") << harm << " " << which;
      if (which != segments / 2) continue;
      const Opened opened = open("m", {}, "a");
      EXPECT_FALSE(opened.server) << harm << " " << which << ": " << why;
    }
  }
  EXPECT_NE(shortfall(*folder_ / "archive", *folder_ / "m"), "") << "an archive that ends before it began";
}

TEST_F(PostgresqlScratch, a_base_backup_with_the_beginning_of_its_log_goes_on_in_the_archive) {
  folder_->shell("rm -rf m; cp -a long m; ls m/pg_wal/0* | sed 1,2d | xargs rm");
  EXPECT_EQ(testing::check_folder(*folder_ / "m", UnitKind::postgresql).verdict, UnitVerdict::needs_log);
  EXPECT_EQ(shortfall(*folder_ / "long_archive", *folder_ / "m"), "");
  folder_->shell("rm -rf a; mkdir a; cp long_archive/$(ls long/pg_wal | grep '^0' | sed -n 3p) a/");
  EXPECT_NE(shortfall(*folder_ / "a", *folder_ / "m").find("is not there, which it needs"), std::string::npos);
}

TEST_F(PostgresqlScratch, a_base_backup_whose_last_segment_was_copied_half_full_goes_on_in_the_archive) {
  folder_->shell(
      "rm -rf m; cp -a long m; rm -f m/backup_manifest; f=$(ls m/pg_wal/0* | tail -2 | head -1); dd if=/dev/zero of=$f "
      "bs=8192 seek=40 count=88 conv=notrunc status=none; rm $(ls m/pg_wal/0* | tail -1)");
  const UnitReport report = testing::check_folder(*folder_ / "m", UnitKind::postgresql);
  EXPECT_EQ(report.verdict, UnitVerdict::needs_log);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_NE(report.findings[0].finding.sentence.find("was not full yet"), std::string::npos)
      << report.findings[0].finding.sentence;
  EXPECT_EQ(shortfall(*folder_ / "long_archive", *folder_ / "m"), "");
  const Opened all = open("m", {}, "long_archive");
  ASSERT_TRUE(all.server) << all.error;
  EXPECT_EQ(ask(*all.server, "his", "select count(*) from busy"), folder_->shell("cat long_rows"));
  EXPECT_FALSE(open("m").server) << "it is of no one moment";
}

TEST_F(PostgresqlScratch, logs_of_another_server_are_refused_with_a_sentence) {
  folder_->shell(
      "rm -rf foreign; cp -r archive foreign; rm -f foreign/*.backup; for f in foreign/0*; do printf 'stranger' | "
      "dd of=$f bs=1 seek=24 conv=notrunc status=none; done");
  const Opened opened = open("backup", {}, "foreign");
  EXPECT_FALSE(opened.server);
  EXPECT_NE(opened.error.find("damaged_source: these logs cannot bring this copy forward: "), std::string::npos);
  EXPECT_NE(opened.error.find("of another server (system identifier"), std::string::npos) << opened.error;
}

TEST_F(PostgresqlScratch, logs_of_a_branch_that_began_before_the_copy_are_refused_with_a_sentence) {
  folder_->shell("rm -rf branch; cp -r archive branch; printf '1\\t0/100000\\tbefore\\n' >branch/00000002.history");
  const Opened opened = open("backup", {}, "branch");
  EXPECT_FALSE(opened.server);
  EXPECT_NE(opened.error.find("these logs are of another branch of the server's history"), std::string::npos)
      << opened.error;
  EXPECT_NE(opened.error.find("give the logs without the .history file"), std::string::npos) << opened.error;
}

TEST_F(PostgresqlScratch, stops_before_an_encrypted_segment) {
  folder_->shell(
      "rm -rf a; cp -a archive a; f=$(ls a | grep -v '\\.' | tail -2 | head -1); head -c 1048576 /dev/urandom >a/$f");
  const Opened opened = open("backup", {}, "a");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select max(id) from patient"), "5002\n")
      << joined(opened.server->start().left_out);
}

TEST_F(PostgresqlScratch, says_which_segment_ends_the_replay_early_and_that_later_commits_are_missing) {
  const auto early = [](const std::string& logs, ScratchServerOptions options = {}) {
    const Opened opened = open("backup", std::move(options), logs);
    if (!opened.server) return opened.error;
    return fmt::format("{} used. {}", opened.server->start().logs_used, opened.server->start().logs_end_early);
  };
  const std::string all = early("archive");
  EXPECT_EQ(all.substr(all.find(' ')), " used. ") << all;
  // One that is missing, or none any more, or broken, or cut, with others behind it.
  folder_->shell("rm -rf a; cp -a archive a; ls a | grep -v '\\.' | tail -2 | head -1 >struck; rm a/$(cat struck)");
  const std::string struck = read_line("struck");
  EXPECT_NE(early("a").find("log " + struck +
                            " is not among them; what was committed in it and in 1 later log file is not there"),
            std::string::npos)
      << early("a");
  folder_->shell("head -c 1048576 /dev/urandom >a/$(cat struck)");
  EXPECT_NE(early("a").find("log " + struck + " is no segment of a write-ahead log any more; what was committed in it"),
            std::string::npos)
      << early("a");
  folder_->shell(
      "cp archive/$(cat struck) a; printf XXXXXXXXXXXX | dd of=a/$(cat struck) bs=1 seek=64 conv=notrunc 2>dd");
  EXPECT_NE(early("a").find("log " + struck + " is broken at 0/"), std::string::npos) << early("a");
  EXPECT_NE(early("a").find("; what was committed behind that place and in 1 later log file is not there"),
            std::string::npos)
      << early("a");
  folder_->shell("head -c 100 archive/$(cat struck) >a/$(cat struck)");
  EXPECT_NE(early("a").find("log " + struck + " is cut: it has 100 of 1048576 bytes; what was committed behind that"),
            std::string::npos)
      << early("a");
  // Where the person wants no more, nothing is missing; nor where nothing was archived behind the last one.
  ScratchServerOptions until;
  until.replay_until_ns = static_cast<std::int64_t>(std::stod(read_line("moment")) * 1e9);
  EXPECT_EQ(early("archive", until).substr(1), " used. ");
  folder_->shell("rm -rf a; cp -a archive a; for f in $(ls a | grep -v '\\.' | tail -2); do rm a/$f; done");
  EXPECT_EQ(early("a").substr(1), " used. ");
}

TEST_F(PostgresqlScratch, counts_no_logs_that_a_copy_has_left_behind_it) {
  folder_->shell("rm -rf a; mkdir a; cp archive/*.backup a");
  const Opened none = open("backup", {}, "a");
  ASSERT_TRUE(none.server) << none.error;
  EXPECT_EQ(none.server->start().logs_used, 0U);
  // What a replay made goes on from another place than the logs it was made of.
  const Opened opened = open("backup", {.parent = folder_->path()}, "archive");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_GT(opened.server->start().logs_used, 3U);
  const auto made = opened.server->keep_folder();
  ASSERT_TRUE(made.ok()) << made.error().what;
  const auto made_view = open_evidence_view(made.value(), std::string());
  const auto archive = open_evidence_view(*folder_ / "archive", std::string());
  EXPECT_EQ(find_log_end(*archive.value(), *made_view.value(), {.kind = UnitKind::postgresql, .path = ""}, "/tmp")
                .value()
                .files,
            0U);
}

TEST_F(PostgresqlScratch, replays_an_archive_whose_command_compressed_it) {
  // As people write it: with an ending, without one (Barman), with a digest (pgBackRest), in folders by the first
  // digits.
  folder_->shell(R"sh(rm -rf a; mkdir -p a/0000000100000000; n=0
    for f in $(cd archive; ls | grep -v backup); do n=$((n+1)); case $n in
      1) gzip -c archive/$f >a/$f.gz;; 2) zstd -qc archive/$f >a/$f.zst;; 3) lz4 -qc archive/$f >a/$f.lz4;;
      4) gzip -c archive/$f >a/0000000100000000/$f;;
      *) zstd -qc archive/$f >a/0000000100000000/$f-0123456789abcdef0123456789abcdef01234567.zst;; esac; done)sh");
  const Opened all = open("backup", {}, "a");
  ASSERT_TRUE(all.server) << all.error;
  EXPECT_EQ(ask(*all.server, "his", "select count(*), max(id) from patient"), "3004|6000\n")
      << joined(all.server->start().left_out);
  EXPECT_EQ(joined(all.server->start().left_out).find("log "), std::string::npos);
}

TEST_F(PostgresqlScratch, replays_a_compressed_archive_until_where_it_is_cut) {
  folder_->shell(
      R"sh(rm -rf a; mkdir a; for f in $(cd archive; ls | grep -v backup); do gzip -c archive/$f >a/$f.gz; done
    f=a/$(ls a | tail -1); head -c $(( $(stat -c %s $f) / 2 )) $f >cut; mv cut $f
    head -c 5000 /dev/urandom >a/000000010000000000000099.gz)sh");
  const Opened opened = open("backup", {}, "a");
  ASSERT_TRUE(opened.server) << opened.error;
  const std::string left_out = joined(opened.server->start().left_out);
  EXPECT_NE(left_out.find("ends too early; replay ends there"), std::string::npos) << left_out;
  EXPECT_NE(left_out.find("000000010000000000000099.gz: not readable as a segment"), std::string::npos) << left_out;
  EXPECT_GE(ask(*opened.server, "his", "select max(id) from patient"), "5003\n") << left_out;
}

TEST_F(PostgresqlScratch, keeps_a_folder_brought_forward_that_a_server_starts_on) {
  folder_->shell("rm -rf m; cp -a backup m; echo \"archive_command = 'touch $PWD/canary'\" >>m/postgresql.auto.conf");
  ScratchServerOptions options{.parent = folder_->path()};
  const Opened opened = open("m", options, "archive");
  ASSERT_TRUE(opened.server) << opened.error;
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what << kept.error().hint;
  EXPECT_EQ(ask(*opened.server, "his", "select 1").substr(0, 7), "misuse:");
  EXPECT_EQ(
      os::run_program(std::vector<std::string>{"/bin/chown", "-R", "postgres:", kept.value()}, "/").value().exit_code,
      0);
  EXPECT_EQ(folder_->shell("B=/usr/lib/postgresql/15/bin; K=" + kept.value() +
                           "; cat $K/postgresql.auto.conf; grep -c canary $K/postgresql.auto.conf.from-backup"
                           "\n$B/pg_ctl -D $K -w -l klog -o \"-c unix_socket_directories=$PWD -c "
                           "hba_file=$PWD/data/pg_hba.conf\" start >/dev/null"
                           "\n$B/psql -X -U hospital -h $PWD -d his -Atc 'select max(id) from patient' -c \"select "
                           "count(*) from pg_roles where rolname like 'lastgood%'\""
                           "\n$B/pg_ctl -D $K -w stop >/dev/null; ls canary 2>/dev/null || true"),
            "1\n6000\n0\n");
}

}  // namespace lastgood::engines
