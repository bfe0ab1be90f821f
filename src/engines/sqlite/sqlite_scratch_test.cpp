// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a copy of an SQLite database answers as it would, its write-ahead log included, that questions only read,
// and that nothing the database brings along runs.
#include <gtest/gtest.h>

#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"

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

}  // namespace lastgood::engines
