// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Copies of a real cluster that answer questions: of a running server, of a killed one, and the logs between them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines::testing {

/// `backup` was taken while running, with `archive` going on; `crashed` after kill -9; `long` later, while the server
/// wrote several segments, which are in `long_archive`; `spaced_archive` goes on to where rows and tables are
/// taken away, and tablespaces made.
class PostgresqlScratch : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<EngineFolder>("postgres");
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
      archived; cp -a long_archive spaced_archive
      printf "archive_command='cp %%p $PWD/spaced_archive/%%f'\n" >>data/postgresql.conf; $B/pg_ctl -D data reload >/dev/null
      mkdir fast gone; while [ "$(q his "show archive_command" | grep -c spaced)" = 0 ]; do sleep 0.05; done
      q his "delete from patient where id <= 3" "delete from patient where id <= 503" "vacuum full patient" "truncate lab" \
        "drop table busy" "create table passing(id int)" "drop table passing" "begin; delete from patient; rollback" \
        "drop database empty"
      q his "create tablespace fast location '$PWD/fast'" "create tablespace gone location '$PWD/gone'" \
        "create table quick(id int primary key, v text) tablespace fast" "insert into quick values (1,'a'), (2,'b')" \
        "drop tablespace gone" "create role evil superuser login; create role tool login in role evil" "insert into quick values (3,'c')" "select pg_switch_wal()" >/dev/null
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
  static inline std::unique_ptr<EngineFolder> folder_;
};

}  // namespace lastgood::engines::testing
