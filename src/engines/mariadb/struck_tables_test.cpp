// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a struck server never answers with rows missing or changed: whatever was done to a table's files, each
// answer is the truth or an error, the table is named, and tables that were not struck answer.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <vector>

#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::Opened;

constexpr std::uint64_t k_page_bytes = 16384;

std::string read_file(const std::string& path) {
  std::string out(std::filesystem::file_size(path), '\0');  // a log has 100 MB: one read, not one for each byte
  std::ifstream(path, std::ios::binary).read(out.data(), static_cast<std::streamsize>(out.size()));
  return out;
}
void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}
std::string noise(std::size_t length) {
  std::mt19937_64 random(7);
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}
std::uint32_t be(const std::string& bytes, std::size_t at, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// The first page of a tablespace with this type and, of pages of an index, its number and level counted from the
/// smallest.
std::size_t find_page(const std::string& bytes, std::uint32_t type, std::uint32_t index, std::uint32_t level) {
  std::map<std::uint32_t, std::vector<std::size_t>> of_index;
  for (std::size_t at = 0; at + k_page_bytes <= bytes.size(); at += k_page_bytes) {
    if (be(bytes, at + 24, 2) != type) continue;
    if (type != 17855) return at;
    std::vector<std::size_t>& pages = of_index[be(bytes, at + 70, 4)];
    if (be(bytes, at + 64, 2) == level) pages.push_back(at);
  }
  for (const auto& [number, pages] : of_index) {
    if (index-- == 0) return pages.empty() ? std::string::npos : pages[pages.size() / 2];
  }
  return std::string::npos;
}

/// What attacks, disks and hands do to a file.
void strike(const std::string& path, const std::string& how, const std::string& older) {
  std::string bytes = read_file(path);
  const std::size_t block = std::min<std::size_t>(k_page_bytes, bytes.size() / 8 / 64 * 64 + 64);
  const std::size_t third = bytes.size() / 10 / block * block + block;
  const auto put = [&](std::size_t at, const std::string& what) {
    if (at < bytes.size()) bytes.replace(at, std::min(what.size(), bytes.size() - at), what);
  };
  const auto page = [&](std::uint32_t type, std::uint32_t index, std::uint32_t level, const std::string& what) {
    const std::size_t at = find_page(bytes, type, index, level);
    if (at != std::string::npos) put(at, what);
  };
  if (how == "renamed") return std::filesystem::rename(path, path + ".bak9");
  if (how == "moved") return std::filesystem::rename(path, path.substr(0, path.rfind('/')) + "/x7f3.locked");
  if (how == "deleted") return static_cast<void>(std::filesystem::remove(path));
  if (how == "a pipe") {
    std::filesystem::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return;
  }
  if (how == "cut") bytes.resize(third);
  if (how == "emptied") bytes.clear();
  if (how == "begin zeroed") put(0, std::string(block, '\0'));
  if (how == "begin random") put(0, noise(block));
  if (how == "middle zeroed") put(third, std::string(4 * block, '\0'));
  if (how == "middle random") put(third, noise(4 * block));
  if (how == "little random") put(third + 1000, noise(3000));
  if (how == "end zeroed") put(bytes.size() / 4, std::string(bytes.size(), '\0'));
  if (how == "all random") bytes = noise(bytes.size());
  if (how == "moved by a header") bytes.insert(0, noise(512));
  if (how == "older") bytes = read_file(older);
  if (how == "leaf zeroed") page(17855, 0, 0, std::string(k_page_bytes, '\0'));
  if (how == "leaf random") page(17855, 0, 0, noise(k_page_bytes));
  if (how == "second index's leaf zeroed") page(17855, 1, 0, std::string(k_page_bytes, '\0'));
  if (how == "second index's leaf random") page(17855, 1, 0, noise(k_page_bytes));
  if (how == "long value zeroed") page(10, 0, 0, std::string(k_page_bytes, '\0'));
  if (how == "long value random") page(10, 0, 0, noise(k_page_bytes));
  if (how == "transactions zeroed") put(5 * k_page_bytes, std::string(k_page_bytes, '\0'));
  if (how == "log broken") {
    const auto lsn = [&](std::size_t at) { return std::uint64_t{be(bytes, at, 4)} << 32U | be(bytes, at + 4, 4); };
    const std::uint64_t checkpoint = std::max(lsn(4096), lsn(8192));
    put(12288 + (checkpoint - lsn(8) + 100'000) % (bytes.size() - 12288), noise(20'000));
  }
  write_file(path, bytes);
}

/// `crashed`: killed with changes since the checkpoint and a transaction under way; `clean`: shut down before those;
/// `backup` by mariadb-backup, not prepared; `older`: all of it, some hours ago.
class MariadbStruck : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("mysql");
    folder_->shell(R"sh(S=$PWD/s.sock
      mariadb-install-db --no-defaults --datadir=$PWD/data --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1
      begin() {
        mariadbd --no-defaults --datadir=$PWD/data --socket=$S --skip-networking --pid-file=$PWD/pid --innodb-log-file-size=8M \
            --innodb-buffer-pool-size=64M --innodb-flush-method=nosync --innodb-max-dirty-pages-pct=99 \
            --innodb-adaptive-flushing=OFF >>log 2>&1 &
        for i in $(seq 900); do mariadb-admin --no-defaults -u root -S $S ping >/dev/null 2>&1 && break; sleep 0.1; done; }
      q() { mariadb --no-defaults -u root -S $S -e "$1" lis; }
      end() { mariadb-admin --no-defaults -u root -S $S shutdown; wait; }
      fill() { q "insert into $1 select seq, concat('patient ',md5(seq)), concat(md5(seq+1),md5(seq+2),md5(seq+3)) from seq_$2_to_$3"; }
      begin; mariadb --no-defaults -u root -S $S -e "create database lis"
      V="id int primary key, name varchar(60), v varchar(200), key name(name)"; C="id int primary key, name char(60), v char(200), key name(name)"
      q "create table p($V) engine=innodb; create table part($V) engine=innodb partition by hash(id) partitions 3;
         create table z($V) engine=innodb row_format=compressed key_block_size=8;
         create table lob(id int primary key, name varchar(60), v longtext, key name(name)) engine=innodb;
         set global innodb_file_per_table=0; create table sysp($V) engine=innodb; set global innodb_file_per_table=1;
         create table a($V) engine=aria; create table an($V) engine=aria transactional=0 row_format=dynamic;
         create table af($C) engine=aria transactional=0 row_format=fixed; create table m($V) engine=myisam;
         create table mf($C) engine=myisam; create table whole($V) engine=innodb; create table wholem($V) engine=myisam;"
      for t in p part z sysp a an af m mf whole wholem; do fill $t 1 2000; done
      q "insert into lob select seq, concat('patient ',md5(seq)), repeat(md5(seq),1200) from seq_1_to_40"
      end; cp -a data older; begin
      for t in p part z sysp a an af m mf whole wholem; do fill $t 2001 2400; done
      q "insert into lob select seq, concat('patient ',md5(seq)), repeat(md5(seq),1200) from seq_41_to_60"
      end; cp -a data clean; begin
      mariadb-backup --no-defaults --backup -u root -S $S --target-dir=$PWD/backup >mb.log 2>&1
      q "create table fresh($V) engine=innodb"
      for t in p part z sysp a an af m mf whole wholem fresh; do fill $t 2401 2500
        q "update $t set name=concat('new ',name) where id%53=0; delete from $t where id%97=0"; done
      q "update lob set v=concat('x',v) where id%17=0"
      q "begin; delete from p where id%2=0; delete from whole where id%3=0; select sleep(100)" >/dev/null 2>&1 &
      sleep 1; kill -9 $(cat pid); wait || true
      cp -a data crashed; rm -r data)sh");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  using Answers = std::map<std::string, std::map<std::string, std::string>>;  // of each table, by question
  static Answers ask_all(ScratchServer& server) {
    Answers answers;
    for (const char* table :
         {"p", "part", "z", "lob", "sysp", "a", "an", "af", "m", "mf", "whole", "wholem", "fresh"}) {
      for (const char* sql :
           {"select count(*) from {}", "select count(*), sum(id), max(id) from {} force index (primary) where id>0",
            "select count(*), sum(crc32(name)) from {} force index (name) where name>''", "select * from {}",
            "select id, name from {} force index (name) where name between 'patient 3' and 'patient 6'"}) {
        std::string asked = sql;
        asked.replace(asked.find("{}"), 2, table);
        answers[table][asked] = ask(server, "lis", asked);
      }
    }
    return answers;
  }
  static const Answers& truth(const std::string& state) {
    static std::map<std::string, Answers> known;
    const auto found = known.find(state);
    if (found != known.end()) return found->second;
    const Opened opened = testing::open_server(*folder_ / state, UnitKind::mariadb);
    EXPECT_TRUE(opened.server) << state << opened.error;
    if (opened.server) {
      EXPECT_TRUE(opened.server->start().unusable.empty()) << state << opened.server->start().unusable[0];
      known[state] = ask_all(*opened.server);
    }
    EXPECT_EQ(known[state]["p"]["select count(*) from p"], state == "crashed" ? "2475\n" : "2400\n");
    return known[state];
  }

  /// Strikes files of a copy of `state`; `tables` are theirs. Every answer is held against the truth.
  static void try_struck(const std::string& state, const std::vector<std::string>& files, const std::string& how,
                         std::set<std::string> struck = {}) {
    const Answers& right = truth(state);
    folder_->shell("rm -rf m; cp -a " + state + " m");
    std::string trace = state + " " + how;
    for (const std::string& file : files) {
      strike(*folder_ / ("m/" + file), how, *folder_ / ("older/" + file));
      const std::size_t slash = file.find('/');
      if (slash != std::string::npos)
        struck.insert(file.substr(slash + 1, file.find_first_of("#.", slash) - slash - 1));
      trace += " " + file;
    }
    SCOPED_TRACE(trace);
    const Opened opened = testing::open_server(*folder_ / "m", UnitKind::mariadb);
    ASSERT_TRUE(opened.server) << opened.error;
    std::string unusable;
    for (const std::string& line : opened.server->start().unusable) unusable += line + "\n";
    for (const auto& [table, questions] : ask_all(*opened.server)) {
      for (const auto& [sql, answer] : questions) {
        if (answer == right.at(table).at(sql)) continue;
        EXPECT_TRUE(struck.contains(table)) << sql << "\n" << answer.substr(0, 300) << "\n" << unusable;
        EXPECT_EQ(answer.substr(0, 15), "damaged_source:") << sql << "\n" << answer.substr(0, 300) << "\n" << unusable;
        // A single page may be known for broken only when it is asked for.
        const bool is_page = how.find("leaf") != std::string::npos || how.find("long") != std::string::npos;
        EXPECT_TRUE(is_page || unusable.find("lis." + table + ": ") != std::string::npos) << sql << "\n" << unusable;
      }
    }
  }

  static std::unique_ptr<testing::EngineFolder> folder_;
};
std::unique_ptr<testing::EngineFolder> MariadbStruck::folder_;

constexpr const char* k_ways[] = {"renamed",      "moved",        "deleted",          "cut",           "emptied",
                                  "begin zeroed", "begin random", "middle zeroed",    "middle random", "little random",
                                  "end zeroed",   "all random",   "moved by a header"};

/// Every second way from `first` on: each is tried on one state of a server. All of them are tried when
/// LASTGOOD_ALL_WAYS is set.
std::vector<const char*> ways_from(std::size_t first) {
  const bool are_all = std::getenv("LASTGOOD_ALL_WAYS") != nullptr;
  std::vector<const char*> chosen;
  for (std::size_t i = are_all ? 0 : first; i < std::size(k_ways); i += are_all ? 1 : 2) chosen.push_back(k_ways[i]);
  return chosen;
}

}  // namespace

TEST_F(MariadbStruck, struck_tables_of_a_killed_server_answer_with_the_truth_or_an_error) {
  for (const char* how : ways_from(0))
    try_struck("crashed",
               {"lis/p.ibd", "lis/part#P#p1.ibd", "lis/lob.ibd", "lis/z.ibd", "lis/fresh.ibd", "lis/m.MYD",
                "lis/mf.MYI", "lis/af.MAD"},
               how);
}

TEST_F(MariadbStruck, struck_tables_of_a_server_shut_down_answer_with_the_truth_or_an_error) {
  for (const char* how : ways_from(1))
    try_struck("clean",
               {"lis/p.ibd", "lis/part#P#p1.ibd", "lis/lob.ibd", "lis/z.ibd", "lis/m.MYI", "lis/mf.MYD", "lis/an.MAD",
                "lis/a.MAD", "lis/af.MAI"},
               how);
}

TEST_F(MariadbStruck, single_pages_of_indexes_and_of_long_values_are_missed) {
  for (const char* how : {"leaf zeroed", "second index's leaf random", "long value zeroed"})
    try_struck("crashed", {"lis/p.ibd", "lis/part#P#p2.ibd", "lis/lob.ibd"}, how);
  for (const char* how : {"leaf random", "second index's leaf zeroed", "long value random"})
    try_struck("clean", {"lis/p.ibd", "lis/part#P#p2.ibd", "lis/lob.ibd"}, how);
}

TEST_F(MariadbStruck, a_backup_that_was_not_prepared_answers_without_its_struck_tables) {
  for (const char* how : {"renamed", "cut", "middle random", "a pipe"})
    try_struck("backup", {"lis/lob.ibd", "lis/m.MYD", "lis/p.ibd"}, how);
}

TEST_F(MariadbStruck, an_older_file_is_seen_where_the_log_or_the_index_speaks_of_a_newer_one) {
  try_struck("crashed", {"lis/p.ibd", "lis/m.MYI"}, "older");
  try_struck("crashed", {"lis/part#P#p1.ibd", "lis/mf.MYD"}, "older");
  try_struck("clean", {"lis/m.MYD", "lis/an.MAI", "lis/a.MAD"}, "older");
}

TEST_F(MariadbStruck, a_struck_table_of_aria_leaves_the_other_engines_answering) {
  for (const char* how : {"middle random"}) {
    folder_->shell("rm -rf m; cp -a crashed m");
    strike(*folder_ / "m/lis/a.MAD", how, {});
    const Opened opened = testing::open_server(*folder_ / "m", UnitKind::mariadb);
    ASSERT_TRUE(opened.server) << how << opened.error;
    EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from a").substr(0, 15), "damaged_source:") << how;
    EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from p"), "2475\n") << how;
    EXPECT_EQ(ask(*opened.server, "lis", "select count(*) from m"), "2475\n") << how;
  }
}

TEST_F(MariadbStruck, without_arias_log_its_tables_do_not_answer) {
  for (const char* file : {"aria_log_control", "aria_log.00000001"}) {
    for (const char* how : {"renamed", "all random"})
      try_struck("crashed", {std::string(file)}, how, {"a", "an", "af"});
  }
}

TEST_F(MariadbStruck, what_all_tables_need_is_struck_and_nothing_answers) {
  const std::pair<const char*, const char*> cases[] = {{"ibdata1", "transactions zeroed"},
                                                       {"ibdata1", "middle random"},
                                                       {"ibdata1", "begin random"},
                                                       {"ibdata1", "renamed"},
                                                       {"ibdata1", "cut"},
                                                       {"ib_logfile0", "log broken"},
                                                       {"ib_logfile0", "renamed"},
                                                       {"ib_logfile0", "deleted"},
                                                       {"ib_logfile0", "emptied"},
                                                       {"ib_logfile0", "all random"}};
  for (const auto& [file, how] : cases) {
    folder_->shell("rm -rf m; cp -a crashed m");
    strike(*folder_ / (std::string("m/") + file), how, {});
    const Opened opened = testing::open_server(*folder_ / "m", UnitKind::mariadb);
    EXPECT_FALSE(opened.server) << file << " " << how;
    EXPECT_EQ(opened.error.substr(0, 15), "damaged_source:") << file << " " << how << opened.error;
  }
}

}  // namespace lastgood::engines
