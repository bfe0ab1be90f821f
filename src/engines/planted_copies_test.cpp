// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that nothing planted in a copy runs: each plant is shown to run on a server that is started as people would,
// and to do nothing on a scratch server, neither on this machine nor in the copy itself.
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/testing/ask_rows.h"
#include "engines/testing/planted_copies.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::EngineFolder;
using testing::joined;
using testing::open_server;
using testing::Opened;

/// Names of canaries below a folder.
std::vector<std::string> canaries(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code trouble;
  for (std::filesystem::recursive_directory_iterator at(folder, trouble), end; !trouble && at != end;
       at.increment(trouble)) {
    if (at->path().filename().string().starts_with("canary_")) found.push_back(at->path().string());
  }
  return found;
}

bool has(const std::vector<std::string>& lines, std::string_view part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST(PlantedCopies, nothing_planted_in_a_cluster_runs) {
  const EngineFolder folder("postgres");
  const std::string head =
      "B=/usr/lib/postgresql/15/bin; M=$PWD/mark; D=$PWD/data\n"
      "q() { for s in \"$@\"; do $B/psql -X -h \"$PWD\" -d planted -v ON_ERROR_STOP=1 -qAtc \"$s\" || exit 9; done; "
      "}\n";
  folder.shell(head + "mkdir mark scratch; chmod 777 mark scratch\n" + testing::k_evil_library + R"sh(
    $B/initdb -D data -k -A trust --no-sync --wal-segsize=1 >init.log
    printf "unix_socket_directories='$PWD'\nlisten_addresses=''\nfsync=off\n" >>data/postgresql.conf
    $B/pg_ctl -D data -w -l log start >/dev/null; $B/psql -X -h $PWD -d postgres -qc "create database planted")sh" +
               testing::k_postgresql_plants + "$B/pg_basebackup -h $PWD -D backup -c fast --no-sync; rm -f mark/*");
  // The control: people start it and look at the views.
  folder.shell(head +
               "export PGOPTIONS='-c local_preload_libraries='; for v in v_definer v_python v_c v_foreign v_immutable "
               "v_domain; do (q "
               "\"select * from $v\") >/dev/null 2>&1 || true; done\n"
               "(q \"select relname || 'x' from pg_class limit 1\" \"select lower('X')\") >/dev/null 2>&1 || true\n"
               "(q 'create table x(a int)') || true; $B/pg_ctl -D data -w stop >/dev/null\n" +
               testing::k_postgresql_file_plants +
               "chmod 700 data; $B/pg_ctl -D data -w -l log2 start >/dev/null 2>&1 || true\n"
               "sed -i '/preload/d' further.conf; ($B/pg_ctl -D data -w -l log2 start || true) >/dev/null 2>&1\n"
               "($B/pg_ctl -D data -w promote; $B/psql -X -h $PWD -d postgres -c 'select pg_switch_wal()'; sleep 1; "
               "$B/pg_ctl -D data -w stop) >/dev/null 2>&1 || true");
  for (const char* name : {"definer", "python", "library", "foreign", "event_trigger", "restore_command",
                           "recovery_end_command", "archive_command", "immutable", "operator", "shadow", "log_file"})
    EXPECT_TRUE(std::filesystem::exists(folder / (std::string("mark/") + name)))
        << name << " did not run even unguarded: the plant proves nothing";
  folder.shell("rm -f mark/*; find . -name 'canary_*' -delete; M=$PWD/mark; D=$PWD/backup\n" +
               std::string(testing::k_postgresql_file_plants) +
               "echo \"shared_preload_libraries = '$PWD/evil.so'\" >further.conf");

  for (const std::string signal : {"recovery.signal", "standby.signal"}) {
    folder.shell("rm -f backup/*.signal; touch backup/" + signal);
    for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
      const Opened opened =
          open_server(folder / "backup", UnitKind::postgresql, {.parent = folder / "scratch", .copy_way = way});
      ASSERT_TRUE(opened.server) << opened.error;
      ScratchServer& server = *opened.server;
      for (const std::string& view : testing::k_postgresql_views) ask(server, "planted", "select * from " + view);
      for (const char* sql :
           {"select run_c()", "select run_python()", "select run_immutable(2)", "select shadow.lower('X')",
            "select run_definer()", "do $$ import os $$ language plpython3u"})
        EXPECT_EQ(ask(server, "planted", sql).find('\n'), std::string::npos) << sql;
      for (const auto& [sql, named] :
           {std::pair{"select run_python()", "function public.run_python in plpython3u was put out of force"},
            std::pair{"select * from v_python", "function public.run_python in plpython3u was put out of force"},
            std::pair{"select run_c()", "function public.run_c in c was put out of force"},
            std::pair{"select * from v_foreign", "foreign table public.v_foreign by file_fdw was put out of force"}})
        EXPECT_NE(ask(server, "planted", sql).find(named), std::string::npos) << ask(server, "planted", sql);
      EXPECT_EQ(ask(server, "planted", "select count(*) from t"), "3\n");
      EXPECT_EQ(ask(server, "planted", "select b from generated"), "1\n");
      EXPECT_EQ(ask(server, "planted", "select 'a'::name || 'b'::text"), "ab\n") << "by the built-in operator";
      EXPECT_EQ(folder.shell("ls mark"), "");
      EXPECT_EQ(joined(canaries(folder.path())), "");
      const ScratchStart& start = server.start();
      for (const char* part : {"postgresql.auto.conf: archive_command", "postgresql.auto.conf: restore_command",
                               "postgresql.auto.conf: recovery_end_command", "include", signal.c_str(),
                               "event trigger plant", "session_preload_libraries", "local_preload_libraries",
                               "pg_tblspc/99999", "run_definer", "run_operator, put"})
        EXPECT_TRUE(has(start.left_out, part) || has(start.inside, part))
            << part << "\n"
            << joined(start.left_out) << joined(start.inside);
      EXPECT_TRUE(has(start.inside, "event trigger plant")) << "it is still in the data";
      EXPECT_TRUE(has(start.inside, "run_definer, which says COPY ... PROGRAM")) << joined(start.inside);
      EXPECT_TRUE(has(start.counted, " functions in database planted")) << joined(start.counted);
      for (const char* part : {"run_python", "run_c", "v_foreign", "shadow.lower"})
        EXPECT_TRUE(has(start.refused, part)) << part;
    }
  }
  // What is kept for a restore has nothing active either.
  const Opened opened = open_server(folder / "backup", UnitKind::postgresql, {.parent = folder / "scratch"});
  ASSERT_TRUE(opened.server) << opened.error;
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what << kept.error().hint;
  EXPECT_EQ(std::filesystem::file_size(kept.value() + "/postgresql.auto.conf"), 0U);
  EXPECT_FALSE(std::filesystem::exists(kept.value() + "/recovery.signal"));
  EXPECT_EQ(folder.shell("ls mark"), "");
}

TEST(PlantedCopies, nothing_planted_in_a_data_directory_runs) {
  const EngineFolder folder("mysql");
  const std::string head =
      "M=$PWD/mark; S=$PWD/s.sock; D=$PWD/data\nq() { mariadb --no-defaults -u root -S $S -e \"$1\"; }\n"
      "up() { mariadbd \"$@\" --datadir=$D --socket=$S --skip-networking --pid-file=$PWD/pid --innodb-log-file-size=8M "
      "--innodb-buffer-pool-size=32M --innodb-flush-method=nosync >>log 2>&1 &\n"
      "for i in $(seq 300); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && break; sleep 0.1; "
      "done; }\n"
      "down() { mariadb-admin --no-defaults -u root -S $S shutdown; wait; }\n";
  folder.shell(head + "mkdir mark scratch; chmod 777 mark scratch; echo secret >mark/secret\n" +
               testing::k_evil_library +
               "mariadb-install-db --no-defaults --datadir=$D --auth-root-authentication-method=normal --skip-test-db "
               ">init.log 2>&1\n"
               "up --no-defaults\n" +
               testing::k_mariadb_plants +
               "down\nfind . -name 'canary_*' -delete\ncp -a data planted\n"
               "echo \"select 1 into outfile '$M/init';\" >init.sql; cp init.sql mark/init.sql\n" +
               testing::k_mariadb_file_plants +
               "up --defaults-file=$D/my.cnf; q 'select * from planted.v_outfile' >/dev/null; for i in $(seq 60); do [ "
               "-e mark/event ] && break; sleep 0.1; done; down");
  for (const char* name : {"library", "event", "outfile", "init", "general", "error_log.err"})
    EXPECT_TRUE(std::filesystem::exists(folder / (std::string("mark/") + name)))
        << name << " did not run even unguarded: the plant proves nothing";
  folder.shell(
      "rm -rf data; find . -name 'canary_*' -delete; M=$PWD/mark; D=$PWD/planted; for n in library event outfile init "
      "general error_log.err; do rm -f mark/$n; done\n" +
      std::string(testing::k_mariadb_file_plants));
  for (const CopyWay way : {CopyWay::copy, CopyWay::overlay}) {
    const Opened opened =
        open_server(folder / "planted", UnitKind::mariadb, {.parent = folder / "scratch", .copy_way = way});
    ASSERT_TRUE(opened.server) << opened.error;
    ScratchServer& server = *opened.server;
    EXPECT_EQ(ask(server, "planted", "select * from v_load"), "-\n-\n");
    ask(server, "planted", "select * from v_outfile");
    ask(server, "planted", "select run_library()");
    EXPECT_NE(ask(server, "planted", "select run_write()").find("it was put out of force, as questions only read"),
              std::string::npos);
    EXPECT_EQ(ask(server, "planted", "select count(*) from t"), "2\n");
    folder.shell("sleep 1.2");  // an event would have come
    EXPECT_EQ(folder.shell("ls mark"), "init.sql\nplanted\nsecret\n");
    EXPECT_EQ(joined(canaries(folder.path())), "");
    for (const char* part : {"my.cnf", "plugin evil", "event planted.plant", "trigger planted.tr", "evil.so",
                             "owner of view planted/v_load"})
      EXPECT_TRUE(has(server.start().left_out, part) || has(server.start().inside, part))
          << part << "\n"
          << joined(server.start().left_out) << joined(server.start().inside);
    EXPECT_TRUE(has(server.start().inside, "event planted.plant")) << "it is still in the data";
    EXPECT_TRUE(has(server.start().refused, "run_library"));
  }
}

TEST(PlantedCopies, nothing_planted_in_an_sqlite_database_runs) {
  const EngineFolder folder("mysql");
  folder.shell("M=$PWD/mark; mkdir mark scratch d; chmod 777 mark; echo secret >mark/secret\n" +
               std::string(testing::k_evil_library) + testing::k_sqlite_plants);
  // The other plants SQLite itself refuses since 3.31, which older programs do not.
  EXPECT_TRUE(std::filesystem::exists(folder / "mark/rc")) << "it did not run even unguarded: the plant proves nothing";
  folder.shell("rm -f mark/library mark/rc; find . -name 'canary_*' -delete");
  const Opened opened = open_server(folder / "d", UnitKind::sqlite, {.parent = folder / "scratch"});
  ASSERT_TRUE(opened.server) << opened.error;
  for (const std::string& view : testing::k_sqlite_views)
    EXPECT_EQ(ask(*opened.server, "", "select * from " + view).find('\n'), std::string::npos) << view;
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from t"), "2\n");
  EXPECT_EQ(folder.shell("ls mark"), "secret\n");
  EXPECT_EQ(joined(canaries(folder.path())), "");
}

}  // namespace lastgood::engines
