// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a real cluster whose files were struck answers with all rows of a table or not at all, whatever its own
// recovery makes of the files.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engines/postgresql/copied_relations.h"
#include "engines/start_scratch.h"
#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines {
namespace {

using testing::ask;
using testing::open_server;
using testing::Opened;

struct Question {
  const char* table;
  const char* sql;
};
constexpr std::array k_questions = {
    Question{"patient", "select count(*), sum(hashtext(id || name || coalesce(ward, ''))) from patient"},
    Question{"patient", "select count(*) from patient where ward = 'ICU'"},
    Question{"patient", "select name from patient where id = 19000"},
    Question{"visit", "select count(*), sum(hashtext(v)) from visit"},
    Question{"report", "select count(*), sum(hashtext(v)) from report"},
    Question{"fresh", "select count(*), sum(a) from fresh"},
    Question{"part", "select count(*), sum(a) from part"},
};

/// `struck` was killed with much in its log that no checkpoint had written.
class PostgresqlDamage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("postgres");
    folder_->shell(R"sh(B=/usr/lib/postgresql/15/bin
      $B/initdb -D data -k -A trust --no-sync --wal-segsize=1 -U hospital >init.log
      sed -i 's/^max_wal_size.*//' data/postgresql.conf
      printf "unix_socket_directories='$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\nmax_wal_size=1GB\n" >>data/postgresql.conf
      q() { for s in "$@"; do $B/psql -X -U hospital -h "$PWD" -d his -v ON_ERROR_STOP=1 -qAtc "$s"; done; }
      $B/pg_ctl -D data -w -l log start >/dev/null
      $B/createdb -U hospital -h "$PWD" his
      q "create table patient(id int primary key, name text, ward text)" "create index patient_ward on patient(ward)" \
        "insert into patient select i, 'patient '||i, case when i%10=0 then 'ICU' end from generate_series(1,20000) i" \
        "vacuum analyze patient" \
        "create table visit(id int, v text)" "insert into visit select i, md5(i::text) from generate_series(1,5000) i" \
        "create table report(id int, v text)" "alter table report alter v set storage external" \
        "insert into report select i, (select string_agg(md5(i::text||j), '') from generate_series(1,100) j) from generate_series(1,200) i" \
        "create table part(a int) partition by range(a)" "create table part1 partition of part for values from (0) to (1000)" \
        "create table part2 partition of part for values from (1000) to (2000)" "insert into part select generate_series(0,1999)" \
        "create unlogged table draft(a int)" "insert into draft select generate_series(1,100)" checkpoint
      q "update patient set name=name||'!' where id in (1000, 9000, 19000)" "insert into patient select i, 'new '||i, 'ICU' from generate_series(20001,20300) i" \
        "insert into visit select i, md5(i::text) from generate_series(5001,5300) i" "insert into report values (201, 'short')" \
        "create table fresh as select generate_series(1,3000) a" "insert into part values (500), (1500)"
      for t in patient patient_ward visit report part1 fresh draft; do q "select pg_relation_filepath('$t')" >path_$t; done
      q "select pg_relation_filepath(reltoastrelid) from pg_class where relname='report'" >path_long
      echo "$(cat path_patient)_vm" >path_map; echo pg_xact/0000 >path_xact
      kill -9 $(head -1 data/postmaster.pid); sleep 0.2; mv data struck)sh");
    const Opened whole = open("struck");
    ASSERT_TRUE(whole.server) << whole.error;
    for (const Question& question : k_questions) truth_.push_back(ask(*whole.server, "his", question.sql));
    EXPECT_EQ(truth_[0].substr(0, 6), "20300|");
    EXPECT_EQ(truth_[3].substr(0, 5), "5300|");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static Opened open(const std::string& name, Judged judged = Judged::no) {
    return open_server(*folder_ / name, UnitKind::postgresql, {.copy_way = CopyWay::copy, .judged = judged});
  }
  /// A fresh copy of `struck` in which the file $F of each relation was struck by its script.
  static void strike(const std::vector<std::pair<std::string, std::string>>& strikes) {
    std::string all = "rm -rf m; cp -a struck m";
    for (const auto& [what, script] : strikes) all += "\nF=m/$(cat path_" + what + "); " + script;
    folder_->shell(all);
  }
  static std::string read_line(const std::string& name) {
    std::ifstream file(*folder_ / name);
    std::string line;
    std::getline(file, line);
    return line;
  }
  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }
  /// Tables that did not answer; an answer that is not the truth fails.
  static std::set<std::string> silent_tables(ScratchServer& server) {
    std::set<std::string> silent;
    for (std::size_t i = 0; i < k_questions.size(); ++i) {
      const std::string answer = ask(server, "his", k_questions[i].sql);
      if (answer.starts_with("damaged_source:"))
        silent.insert(k_questions[i].table);
      else
        EXPECT_EQ(answer, truth_[i]) << k_questions[i].sql;
    }
    return silent;
  }
  static std::unique_ptr<testing::EngineFolder> folder_;
  static std::vector<std::string> truth_;
};
std::unique_ptr<testing::EngineFolder> PostgresqlDamage::folder_;
std::vector<std::string> PostgresqlDamage::truth_;

constexpr const char* k_renamed = "mv $F $F.bak9";
constexpr const char* k_renamed_otherwise = "mv $F ${F%/*}/x7f3.locked";
constexpr const char* k_deleted = "rm $F";
constexpr const char* k_emptied = "truncate -s 0 $F";
constexpr const char* k_halved = "truncate -s $(( $(stat -c %s $F) / 16384 * 8192 )) $F";
constexpr const char* k_cut_within_a_page = "truncate -s $(( $(stat -c %s $F) / 2 + 100 )) $F";
constexpr const char* k_first_page_zeroed = "dd if=/dev/zero of=$F bs=8192 count=1 conv=notrunc status=none";
constexpr const char* k_two_pages_zeroed = "dd if=/dev/zero of=$F bs=8192 seek=2 count=2 conv=notrunc status=none";
constexpr const char* k_page_of_noise = "head -c 8192 /dev/urandom | dd of=$F bs=8192 seek=3 conv=notrunc status=none";
constexpr const char* k_noise = "S=$(stat -c %s $F); head -c $S /dev/urandom >$F";
constexpr const char* k_header_before = "{ head -c 512 /dev/urandom; cat $F; } >n; cat n >$F; rm n";
constexpr const char* k_ends_of_pages =
    "for i in 3 5 7; do head -c 4096 /dev/urandom | dd of=$F bs=4096 seek=$i conv=notrunc status=none; done";

/// Relations struck at once, and the tables that may not answer then. All others must.
struct Round {
  std::vector<std::pair<std::string, std::string>> strikes;
  std::set<std::string> silent;
};

}  // namespace

TEST_F(PostgresqlDamage, a_table_that_does_not_answer_is_named_with_its_real_file) {
  strike({{"visit", k_renamed}});
  const Opened opened = open("m");
  ASSERT_TRUE(opened.server) << opened.error;
  const std::string path = read_line("path_visit");
  const std::string file = path.substr(path.rfind('/') + 1);
  const std::string answer = ask(*opened.server, "his", "select count(*) from visit");
  EXPECT_EQ(answer, "damaged_source: public.visit (database his): its file lies there as '" + file + ".bak9'");
}

TEST_F(PostgresqlDamage, a_table_that_is_gone_or_cut_does_not_answer_and_the_others_do) {
  const std::vector<Round> rounds = {
      {{{"patient", k_renamed}, {"visit", k_deleted}}, {"patient", "visit"}},
      {{{"patient", k_renamed_otherwise}, {"part1", k_deleted}}, {"part", "patient"}},
      {{{"patient", k_emptied}, {"visit", k_renamed}}, {"patient", "visit"}},
      {{{"patient", k_halved}, {"part1", k_renamed_otherwise}}, {"part", "patient"}},
      {{{"patient", k_cut_within_a_page}}, {"patient"}},
  };
  for (const Judged judged : {Judged::no, Judged::yes}) {
    for (const Round& round : rounds) {
      SCOPED_TRACE(round.strikes[0].second);
      strike(round.strikes);
      const Opened opened = open("m", judged);
      ASSERT_TRUE(opened.server) << opened.error;
      EXPECT_EQ(silent_tables(*opened.server), round.silent);
      EXPECT_NE(joined(opened.server->start().unusable).find("public.patient (database his): its file "),
                std::string::npos)
          << joined(opened.server->start().unusable);
    }
  }
}

TEST_F(PostgresqlDamage, a_struck_servers_table_of_which_pages_are_lost_does_not_answer) {
  const std::vector<Round> rounds = {
      {{{"patient", k_first_page_zeroed}, {"visit", k_noise}}, {"patient", "visit"}},
      {{{"patient", k_two_pages_zeroed}, {"visit", k_header_before}}, {"patient", "visit"}},
      {{{"patient", k_page_of_noise}, {"part1", k_noise}}, {"part", "patient"}},
      {{{"patient", k_noise}, {"visit", k_first_page_zeroed}}, {"patient", "visit"}},
      {{{"patient", k_header_before}, {"visit", k_page_of_noise}}, {"patient", "visit"}},
      {{{"patient", k_ends_of_pages}}, {"patient"}},
  };
  for (const Round& round : rounds) {
    SCOPED_TRACE(round.strikes[0].second);
    strike(round.strikes);
    const Opened opened = open("m");
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(silent_tables(*opened.server), round.silent);
  }
}

TEST_F(PostgresqlDamage, long_values_that_are_gone_silence_what_asks_for_them) {
  for (const char* const script : {k_renamed, k_page_of_noise, k_ends_of_pages}) {
    SCOPED_TRACE(script);
    strike({{"long", script}});
    const Opened opened = open("m");
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(silent_tables(*opened.server), std::set<std::string>{"report"});
    EXPECT_EQ(ask(*opened.server, "his", "select count(*) from report"), "201\n");
    EXPECT_NE(joined(opened.server->start().unusable).find("long values of report"), std::string::npos)
        << joined(opened.server->start().unusable);
  }
}

TEST_F(PostgresqlDamage, an_index_that_is_gone_or_broken_costs_no_row) {
  for (const char* const script : {k_deleted, k_halved, k_two_pages_zeroed, k_noise}) {
    SCOPED_TRACE(script);
    strike({{"patient_ward", script}});
    const Opened opened = open("m");
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(silent_tables(*opened.server), std::set<std::string>{});
  }
}

TEST_F(PostgresqlDamage, a_visibility_map_of_noise_shows_no_dead_rows) {
  strike({{"map", "head -c 8000 /dev/zero | tr '\\0' '\\377' | dd of=$F bs=1 seek=24 conv=notrunc status=none"}});
  const Opened lying = open("m");
  ASSERT_TRUE(lying.server) << lying.error;
  EXPECT_EQ(silent_tables(*lying.server), std::set<std::string>{"patient"});  // a map that claims too much
  strike({{"map", "head -c 8192 /dev/urandom >$F"}});
  const Opened noise = open("m");
  ASSERT_TRUE(noise.server) << noise.error;
  EXPECT_EQ(silent_tables(*noise.server), std::set<std::string>{});
}

TEST_F(PostgresqlDamage, a_table_that_the_log_makes_from_its_beginning_needs_no_file) {
  strike({{"fresh", k_deleted}});
  for (const Judged judged : {Judged::no, Judged::yes}) {
    const Opened opened = open("m", judged);
    ASSERT_TRUE(opened.server) << opened.error;
    EXPECT_EQ(silent_tables(*opened.server), std::set<std::string>{});
  }
}

TEST_F(PostgresqlDamage, an_unlogged_table_is_not_shown_as_an_empty_one) {
  const Opened opened = open("struck", Judged::yes);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from draft").substr(0, 15), "damaged_source:");
  EXPECT_NE(ask(*opened.server, "his", "select count(*) from draft").find("draft (database his): is unlogged"),
            std::string::npos);
  EXPECT_EQ(joined(opened.server->start().emptied), "public.draft (database his)\n");
}

TEST_F(PostgresqlDamage, an_unlogged_table_is_no_complaint_about_a_good_copy) {
  const Opened opened = open("struck", Judged::yes);
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(joined(opened.server->start().unusable), "");
  const auto view = open_evidence_view(*folder_ / "struck", std::string());
  const auto report =
      start_scratch(*view.value(), {.kind = UnitKind::postgresql, .path = ""}, {.parent = folder_->path()});
  ASSERT_TRUE(report.ok()) << report.error().what;
  EXPECT_EQ(report.value().outcome, ScratchReport::Outcome::sound) << joined(report.value().complaints);
  EXPECT_EQ(joined(report.value().emptied), "public.draft (database his)\n");
}

TEST_F(PostgresqlDamage, nothing_answers_when_nobody_knows_which_transactions_were_committed) {
  for (const char* const script : {k_renamed, k_deleted, k_page_of_noise, k_noise, k_cut_within_a_page}) {
    SCOPED_TRACE(script);
    strike({{"xact", script}});
    const Opened opened = open("m", Judged::yes);
    ASSERT_FALSE(opened.server);
    EXPECT_NE(opened.error.find("which transactions were committed cannot be told"), std::string::npos) << opened.error;
  }
}

TEST_F(PostgresqlDamage, what_is_kept_after_a_replay_has_no_half_tables) {
  strike({{"patient", k_deleted}});
  const Opened opened = open_server(*folder_ / "m", UnitKind::postgresql, {.parent = folder_->path()});
  ASSERT_TRUE(opened.server) << opened.error;
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what << kept.error().hint;
  EXPECT_FALSE(std::filesystem::exists(kept.value() + "/" + read_line("path_patient")));
  EXPECT_TRUE(std::filesystem::exists(kept.value() + "/" + read_line("path_visit")));
}

TEST_F(PostgresqlDamage, a_later_part_of_a_large_table_that_is_gone_is_noticed) {
  folder_->shell(
      "rm -rf m; mkdir -p m/base/5 m/global; cp struck/global/pg_control m/global; cd m/base/5; "
      "truncate -s 1G 7000 7000.1 7001 7001.2 7002.1 7003 7003.1.bak9 7005.1 7005.bak9; truncate -s 8192 7000.2 7001.3 "
      "7004; "
      "truncate -s 0 7004.1");
  const auto view = open_evidence_view(*folder_ / "m", std::string());
  postgresql::CopiedRelations copied(*view.value(), "", {.parent = folder_->path()});
  EXPECT_EQ(copied.find_missing("base/5/7000"), "");
  EXPECT_EQ(copied.count_blocks("base/5/7000"), 2U * 131072 + 1);
  EXPECT_EQ(copied.find_missing("base/5/7001"), "its part 7001.1 is not there");
  EXPECT_EQ(copied.find_missing("base/5/7002"), "its file 7002 is not there");
  EXPECT_EQ(copied.find_missing("base/5/7003"), "its part lies there as '7003.1.bak9'");
  EXPECT_EQ(copied.find_missing("base/5/7004"), "");
  EXPECT_EQ(copied.find_missing("base/5/7005"), "its file lies there as '7005.bak9'") << "its next part is in order";
  copied.leave_out({{"base/5/7000.1", "input/output error"}});
  EXPECT_EQ(copied.find_missing("base/5/7000"), "its file 7000.1: input/output error");
}

}  // namespace lastgood::engines
