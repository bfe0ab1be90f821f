// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a copy of an SQLite database answers as it would, its write-ahead log included, that questions only read,
// and that nothing the database brings along runs.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"
#include "engines/testing/stopped_engine.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::open_server;
using testing::Opened;

class SqliteScratch : public ::testing::Test {
 protected:
  SqliteScratch() : folder_("daemon") {}
  Opened make(const std::string& sql) {
    folder_.shell("mkdir -p d; cd d; rm -f w.db*\ncat <<'SQL' | sqlite3 w.db >/dev/null\npragma page_size=4096;\n" +
                  sql + "\nSQL");
    return open_server(folder_ / "d", UnitKind::sqlite);
  }
  testing::EngineFolder folder_;
};

constexpr const char* k_tables =
    "create table work(id integer primary key, v text, b blob);"
    "with recursive s(i) as (select 1 union all select i+1 from s where i<3000) insert into work select i,'sample "
    "'||i,x'00ff' from s;"
    "create table other(a); insert into other values(1),(null); create view few as select id from work where id<=10;";

}  // namespace

TEST_F(SqliteScratch, answers_with_what_is_in_the_write_ahead_log) {
  folder_.shell(
      std::string("mkdir d; cd d; mkdir live; sqlite3 live/w.db <<'SQL' >/dev/null\npragma journal_mode=wal; ") +
      k_tables +
      "\npragma wal_checkpoint(truncate); insert into work values(4001,'in the log',null);\n.shell cp live/w.db "
      "live/w.db-wal .\nSQL\nrm -r live");
  const Opened opened = open_server(folder_ / "d", UnitKind::sqlite);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "", "select count(*), max(id) from work;  -- all"), "3001|4001\n");
  EXPECT_EQ(ask(*opened.server, "", "select v,b from work where id=2"), "sample 2|\\x00ff\n");
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from few"), "10\n");
  EXPECT_EQ(ask(*opened.server, "", "select a from other"), "1\n-\n");
  const auto tables = opened.server->tables("");
  ASSERT_TRUE(tables.ok()) << tables.error().what;
  ASSERT_EQ(tables.value().size(), 3U);
  EXPECT_EQ(tables.value()[2].columns.size(), 3U);
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(os::run_program(
                std::vector<std::string>{"/usr/bin/sqlite3", kept.value() + "/w.db", "select max(id) from work"}, "/")
                .value()
                .printed,
            "4001\n");
  std::filesystem::remove_all(kept.value());
}

TEST_F(SqliteScratch, a_question_ends_at_once_when_somebody_stops_us) {
  ASSERT_TRUE(make(k_tables).server);
  testing::StopsSoon watcher;
  const Opened opened = open_server(folder_ / "d", UnitKind::sqlite, {.watcher = &watcher});
  ASSERT_TRUE(opened.server) << opened.error;
  watcher.arm();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(
      ask(*opened.server, "", "with recursive s(i) as (select 1 union all select i+1 from s) select count(*) from s"),
      "cancelled: stopped while SQLite was asked");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(SqliteScratch, questions_only_read_and_are_one_statement) {
  const Opened opened = make(k_tables);
  ASSERT_TRUE(opened.server) << opened.error;
  const std::string outside = folder_ / "x";
  for (const std::string& sql : {std::string("delete from work"), std::string("select 1; select 2"),
                                 "attach '" + outside + "' as x", "vacuum into '" + outside + "'",
                                 std::string("pragma journal_mode=delete"), std::string("pragma writable_schema=on"),
                                 std::string("select load_extension('x')"), std::string("create temp table x(a)"),
                                 std::string("begin"), std::string(""), std::string("select * from nothing")})
    EXPECT_EQ(ask(*opened.server, "", sql).substr(0, 7), "misuse:") << sql;
  EXPECT_FALSE(std::filesystem::exists(outside));
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from work"), "3000\n");
}

TEST_F(SqliteScratch, answers_from_full_text_and_r_tree_tables_as_sqlite_does) {
  const Opened opened = make(
      "create table work(id integer primary key, v text); insert into work values (1,'plain');"
      "create virtual table ft using fts5(name); insert into ft values ('asha rao'),('ravi rao');"
      "create virtual table f4 using fts4(x); insert into f4 values ('asha');"
      "create virtual table f3 using fts3(x, tokenize=porter); insert into f3 values ('beds');"
      "create virtual table outer_ft using fts5(v, content='work', content_rowid='id');"
      "insert into outer_ft(outer_ft) values ('rebuild');"
      "create virtual table rt using rtree(id, x0, x1); insert into rt values (7, 1, 2), (8, 5, 6);");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(opened.server->start().unusable, std::vector<std::string>{});
  EXPECT_EQ(opened.server->start().left_out, std::vector<std::string>{});
  EXPECT_EQ(ask(*opened.server, "", "select name from ft where ft match 'rao' order by rank, 1"),
            "asha rao\nravi rao\n");
  EXPECT_EQ(ask(*opened.server, "", "select x from f4"), "asha\n");
  EXPECT_EQ(ask(*opened.server, "", "select x from f3 where x match 'bed'"), "beds\n");
  EXPECT_EQ(ask(*opened.server, "", "select v from outer_ft where outer_ft match 'plain'"), "plain\n");
  EXPECT_EQ(ask(*opened.server, "", "select id from rt where x1 > 3"), "8\n");
  // Only their building was allowed to prepare changes.
  for (const char* sql : {"insert into ft values ('x')", "delete from rt", "insert into ft(ft) values ('optimize')",
                          "pragma page_size", "create table y(a)"})
    EXPECT_EQ(ask(*opened.server, "", sql).substr(0, 7), "misuse:") << sql;
}

TEST_F(SqliteScratch, says_of_a_virtual_table_of_a_foreign_module_that_it_is_not_loaded_and_suspects_nothing) {
  const Opened opened = make(
      "create table work(id integer primary key, v text); insert into work values (1,'plain');"
      "create virtual table ft using fts5(name);"
      "pragma writable_schema=on;"
      "insert into sqlite_schema values ('table','evil','evil',0,'CREATE VIRTUAL TABLE evil USING evil(a)');"
      "update sqlite_schema set sql='CREATE VIRTUAL TABLE ft using fts5(name, tokenize=evil)' where name='ft';");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(opened.server->start().unusable, std::vector<std::string>{});
  ASSERT_EQ(opened.server->start().left_out.size(), 2U);
  EXPECT_NE(opened.server->start().left_out[1].find("module 'evil' that is no part of SQLite"), std::string::npos);
  EXPECT_NE(opened.server->start().left_out[0].find("tokenizer 'evil' that is no part of SQLite"), std::string::npos);
  EXPECT_EQ(ask(*opened.server, "", "select v from work"), "plain\n");
  EXPECT_NE(ask(*opened.server, "", "select * from evil").find("nothing speaks against its database"),
            std::string::npos);
}

TEST_F(SqliteScratch, limits_rows_bytes_and_time) {
  const Opened opened = make(k_tables);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "", "select * from work", {.rows = 10}).substr(0, 14), "limit_reached:");
  EXPECT_EQ(ask(*opened.server, "", "select v from work", {.bytes = 1000}).substr(0, 14), "limit_reached:");
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from work a, work b, work c",
                {.statement_time = std::chrono::milliseconds(100)})
                .substr(0, 14),
            "limit_reached:");
}

TEST_F(SqliteScratch, a_broken_table_does_not_stop_the_others_and_a_journal_that_names_another_is_left_out) {
  make(k_tables);
  const std::string root =
      os::run_program(std::vector<std::string>{"/usr/bin/sqlite3", folder_ / "d/w.db",
                                               "select rootpage from sqlite_schema where name='other'"},
                      "/")
          .value()
          .printed;
  {
    std::fstream file(folder_ / "d/w.db", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp((std::stol(root) - 1) * 4096L);
    file << std::string(4096, '\xA7');
  }
  std::ofstream(folder_ / "victim") << "stays";
  const std::string name = folder_ / "victim";
  std::ofstream(folder_ / "d/w.db-journal", std::ios::binary)
      << std::string(512, '\0') << name << std::string(8, '\0') << "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  const Opened opened = open_server(folder_ / "d", UnitKind::sqlite);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from work"), "3000\n");
  EXPECT_EQ(ask(*opened.server, "", "select * from other").substr(0, 15), "damaged_source:");
  ASSERT_EQ(opened.server->start().unusable.size(), 1U);
  ASSERT_EQ(opened.server->start().left_out.size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(name));
}

namespace {

std::string noise(std::size_t length) {
  std::mt19937_64 random(7);
  std::string bytes;
  while (bytes.size() < length) {  // eight at a time: a whole database is struck in many ways
    const std::uint64_t eight = random();
    bytes.append(std::string_view(reinterpret_cast<const char*>(&eight), sizeof eight));
  }
  bytes.resize(length);
  return bytes;
}

/// What attacks, disks and hands do to a file.
void strike(const std::string& path, const std::string& how) {
  constexpr std::size_t k_block_bytes = 4096;
  std::string bytes = os::testing::read_file(path);
  const std::size_t third = bytes.size() / 3 / k_block_bytes * k_block_bytes;
  const auto put = [&](std::size_t at, const std::string& what) {
    if (at < bytes.size()) bytes.replace(at, std::min(what.size(), bytes.size() - at), what);
  };
  if (how == "renamed") return std::filesystem::rename(path, path + ".bak9");
  if (how == "deleted") return static_cast<void>(std::filesystem::remove(path));
  if (how == "cut") bytes.resize(bytes.size() / 2);
  if (how == "emptied") bytes.clear();
  if (how == "begin zeroed") put(0, std::string(k_block_bytes, '\0'));
  if (how == "begin random") put(0, noise(k_block_bytes));
  if (how == "middle zeroed") put(third, std::string(5 * k_block_bytes, '\0'));
  if (how == "middle random") put(third, noise(5 * k_block_bytes));
  if (how == "little random") put(third + 1000, noise(3000));
  if (how == "page zeroed") put(bytes.size() / 2 / k_block_bytes * k_block_bytes, std::string(k_block_bytes, '\0'));
  if (how == "end zeroed") put(bytes.size() / 4 * 3, std::string(bytes.size(), '\0'));
  if (how == "all random") bytes = noise(bytes.size());
  if (how == "moved by a header") bytes.insert(0, noise(512));
  os::testing::write_file(path, bytes);
}

/// `closed`; `log`: killed with commits in its write-ahead log; `journal`: killed in the middle of a large transaction.
constexpr const char* k_states = R"sh(
  fill="with recursive s(i) as (select 1 union all select i+1 from s where i<3000)"
  tables="pragma page_size=4096; create table t(id integer primary key, name text, v text); create index ti on t(name);
    create table u(id integer primary key, name text, v text); create index ui on u(name);
    create table lob(id integer primary key, v text); create table w(id text primary key, v text) without rowid;
    $fill insert into t select i, 'patient '||(i*7919%3001), 'result of '||i||' and more text of it' from s;
    insert into u select id, name, v from t; insert into w select name, v from t;
    $fill insert into lob select i, replace(printf('%.800c','x'),'x','page of '||i||' ') from s where i<=60;"
  mkdir closed log journal
  echo "$tables" | sqlite3 closed/w.db
  echo "pragma journal_mode=wal; $tables pragma wal_checkpoint(truncate); pragma wal_autocheckpoint=0;" >in
  for i in $(seq 4001 4150); do echo "insert into t values($i, 'patient $i', 'new'); update u set v='new' where id=$i-4000;"; done >>in
  echo ".shell cp w.db w.db-wal w.db-shm log" >>in
  sqlite3 w.db <in >/dev/null; rm -f w.db*
  { echo "$tables pragma cache_size=5; pragma cache_spill=5; begin; update t set v='changed'||id; delete from u where id%2=0;"
    echo ".shell cp w.db w.db-journal journal"; echo "rollback;"; } | sqlite3 w.db >/dev/null; rm -f w.db* in)sh";

constexpr const char* k_questions[] = {
    "select * from t",
    "select count(*), sum(id) from t not indexed",
    "select count(*), count(name) from t indexed by ti where name>''",
    "select count(*) from t",
    "select id, name from t indexed by ti where name between 'patient 1' and 'patient 2'",
    "select * from u",
    "select count(*) from u indexed by ui where name>''",
    "select * from lob",
    "select * from w"};

}  // namespace

TEST_F(SqliteScratch, a_struck_database_answers_with_the_truth_or_an_error) {
  folder_.shell(k_states);
  for (const std::string state : {"closed", "log", "journal"}) {
    std::map<std::string, std::string> right;
    {
      folder_.shell("rm -rf d; cp -a " + state + " d");
      const Opened opened = open_server(folder_ / "d", UnitKind::sqlite);
      ASSERT_TRUE(opened.server) << state << opened.error;
      for (const char* sql : k_questions) right[sql] = ask(*opened.server, "", sql);
      EXPECT_EQ(right["select count(*) from t"], state == "log" ? "3150\n" : "3000\n");
      EXPECT_TRUE(opened.server->start().unusable.empty()) << opened.server->start().unusable[0];
    }
    for (const char* file : {"w.db", "w.db-wal", "w.db-journal"}) {
      if (!std::filesystem::exists(folder_ / (state + "/" + file))) continue;
      for (const std::string how :
           {"renamed", "deleted", "cut", "emptied", "begin zeroed", "begin random", "middle zeroed", "middle random",
            "little random", "page zeroed", "end zeroed", "all random", "moved by a header"}) {
        if (file == std::string("w.db-journal") && (how == "deleted" || how == "emptied")) continue;  // see the manual
        folder_.shell("rm -rf d; cp -a " + state + " d");
        strike(folder_ / ("d/" + std::string(file)), how);
        const Opened opened = open_server(folder_ / "d", UnitKind::sqlite);
        if (!opened.server) continue;
        for (const char* sql : k_questions) {
          const std::string answer = ask(*opened.server, "", sql);
          if (answer == right[sql]) continue;
          EXPECT_EQ(answer.substr(0, 15), "damaged_source:")
              << state << " " << file << " " << how << ": " << sql << "\n"
              << answer.substr(0, 200);
          EXPECT_FALSE(opened.server->start().unusable.empty() && how != "little random") << file << " " << how;
        }
      }
    }
  }
}

TEST_F(SqliteScratch, a_struck_page_of_one_table_leaves_the_others_answering) {
  folder_.shell(k_states);
  const auto root = os::run_program(std::vector<std::string>{"/usr/bin/sqlite3", folder_ / "closed/w.db",
                                                             "select rootpage from sqlite_schema where name='ui'"},
                                    "/");
  std::fstream file(folder_ / "closed/w.db", std::ios::binary | std::ios::in | std::ios::out);
  file.seekp((std::stol(root.value().printed) - 1) * 4096L);
  file << std::string(4096, '\0');
  file.close();
  const Opened opened = open_server(folder_ / "closed", UnitKind::sqlite);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from t"), "3000\n");
  EXPECT_EQ(ask(*opened.server, "", "select count(*) from u"), "damaged_source: table u is broken");
  ASSERT_EQ(opened.server->start().unusable.size(), 1U);
  EXPECT_EQ(opened.server->start().unusable[0].substr(0, 3), "u: ");
}

}  // namespace lastgood::engines
