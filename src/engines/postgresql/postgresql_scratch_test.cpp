// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a copy of a real cluster answers questions as the cluster did, that questions only read, and that broken
// tables do not stop the others.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/testing/full_disk.h"
#include "engines/testing/postgresql_scratch.h"
#include "engines/testing/stopped_engine.h"

namespace lastgood::engines {

using testing::ask;
using testing::joined;
using testing::open_server;
using testing::Opened;
using testing::PostgresqlScratch;

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

TEST_F(PostgresqlScratch, finds_a_log_that_lies_elsewhere) {
  folder_->shell("rm -rf m log_disk; cp -a crashed m; mv m/pg_wal log_disk; ln -s \"$PWD/log_disk\" m/pg_wal");
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    const Opened opened = open("m", {.copy_way = way});
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(opened.server->start().way_taken, way);
    EXPECT_EQ(ask(*opened.server, "his", "select max(id) from patient"), "7000\n");
  }
}

TEST_F(PostgresqlScratch, answers_no_more_once_somebody_writes_in_the_files_it_looks_at) {
  folder_->shell("rm -rf m; cp -a backup m");
  const Opened opened = open("m", {.copy_way = CopyWay::overlay});
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient"), "3000\n");
  EXPECT_FALSE(opened.server->was_written());
  folder_->shell("cat backup/" + read_line("lab") + " >m/" + read_line("lab"));  // in place, as a backup job does it
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient").substr(0, 11), "busy_retry:");
  EXPECT_TRUE(opened.server->was_written());
  folder_->shell("rm -rf m; cp -a backup m");
  const Opened copied = open("m", {.copy_way = CopyWay::copy});
  ASSERT_TRUE(copied.server) << copied.error;
  folder_->shell("rm -rf m");
  EXPECT_EQ(ask(*copied.server, "his", "select count(*) from patient"), "3000\n") << "a copy is our own";
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

}  // namespace lastgood::engines
