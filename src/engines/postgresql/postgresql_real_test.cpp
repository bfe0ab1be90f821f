// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves with clusters that a real server made, crashed, shut down and backed up, that good sets are called good, that
// sets mixed from two moments are always torn, and that damage is named where PostgreSQL's own checkers find it.
#include <gtest/gtest.h>

#include <memory>

#include "engines/missing_tablespace.h"
#include "engines/start_scratch.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines {

namespace {

using testing::all_findings;
using testing::check_folder;
using testing::first_rule;
using testing::has_rule;

constexpr const char* k_bin = "/usr/lib/postgresql/15/bin/";

/// Copies: `backup` while running, `crashed` after kill -9, `clean` after a shutdown, `later` after more work and
/// another one. `table` is the file of the table that every step changed, `quiet` one that no step changed.
class PostgresqlReal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<testing::EngineFolder>("postgres");
    folder_->shell(std::string("B=") + k_bin + R"sh(
      $B/initdb -D data -k -A trust --no-sync >init.log
      printf "unix_socket_directories='$PWD'\nlisten_addresses=''\nfsync=off\nautovacuum=off\n" >>data/postgresql.conf
      mkdir ts
      q() { for s in "$@"; do $B/psql -h "$PWD" -d postgres -v ON_ERROR_STOP=1 -qAtc "$s"; done; }
      keep() { cp -a data $1; cp -a ts $1.ts; ln -sfn "$PWD/$1.ts" $1/pg_tblspc/*; }
      up() { $B/pg_ctl -D data -w -l log start >/dev/null; }
      up
      q "create tablespace fast location '$PWD/ts'"
      q "create table p(id serial primary key, name text, j jsonb)" \
        "insert into p(name,j) select 'patient '||i, jsonb_build_object('k',i,'t',repeat('x',i%50)) from generate_series(1,6000) i" \
        "create index on p using gin(j)" "create index on p using hash(name)" \
        "create index on p using gist(point(id,id))" "create index on p using brin(id)" \
        "create index on p using spgist(name)" \
        "create table q(id int primary key, v text) tablespace fast" \
        "insert into q select i, md5(i::text) from generate_series(1,3000) i" \
        "create unlogged table u as select * from q" "create table quiet as select * from q" \
        "create view files as select pg_relation_filepath('p') p, pg_relation_filepath('quiet') q" \
        "create table gone as select * from q" "create table emptied as select * from q" "vacuum analyze gone" \
        "vacuum analyze emptied" "vacuum analyze quiet" "vacuum pg_class" checkpoint
      q "select p from files" >table; q "select q from files" >quiet
      $B/pg_basebackup -h "$PWD" -D backup -T "$PWD/ts=$PWD/ts_backup" -c fast --no-sync
      q "select pg_relation_filepath('gone')" >dropped
      q "drop table gone" "truncate emptied" "update p set name=name||'!' where id%3=0" "update q set v='z' where id<1000"
      q "select extract(epoch from now())::bigint" >committed
      kill -9 $(head -1 data/postmaster.pid)
      keep crashed
      while ! up 2>/dev/null; do sleep 0.1; done
      q "update p set name='b' where id<100"
      $B/pg_ctl -D data -w stop -m fast >/dev/null
      keep clean
      up
      q "update p set name='c' where id<3000" "insert into p(name) select 'n' from generate_series(1,9000)" vacuum checkpoint \
        "update p set name='d' where id<300" "update q set v='y' where id<500" "create database planted"
      mkdir mark; chmod 777 mark
      p() { for s in "$@"; do $B/psql -h "$PWD" -d planted -v ON_ERROR_STOP=1 -qAtc "$s"; done; }
      p "create function plant() returns event_trigger language plpgsql as \$f\$ begin execute 'copy (select 1) to program ''touch $PWD/mark/event_trigger; cat >/dev/null'''; end \$f\$" \
        "create event trigger plant on ddl_command_start execute function plant()" "alter event trigger plant enable always" \
        "create table t(a int)" "insert into t values(1)"
      ls mark >plants
      rm -f mark/*
      p "alter role postgres in database planted set session_preload_libraries='$PWD/mark/evil'"
      $B/pg_ctl -D data -w stop -m fast >/dev/null
      keep later)sh");
    table_ = read_line("table");
    quiet_ = read_line("quiet");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::string read_line(const std::string& name) {
    std::ifstream file(*folder_ / name);
    std::string line;
    std::getline(file, line);
    return line;
  }
  /// A fresh copy of `from`, changed by `script` (in which $T is the table's file). Made of hard links, for speed: what
  /// is changed in place must be made our own first.
  static std::string copy(const std::string& from, const std::string& script) {
    folder_->shell("rm -rf m; cp -al " + from + " m; T=" + table_ + "; Q=" + quiet_ +
                   "; own() { for f in \"$@\"; do command cp -p $f own.x; mv own.x $f; done; }"
                   "; cp() { command cp --remove-destination \"$@\"; }; " +
                   script);
    return *folder_ / "m";
  }
  static UnitReport check(const std::string& path, model::Depth depth = model::Depth::standard) {
    return check_folder(path, UnitKind::postgresql, depth);
  }

  static std::unique_ptr<testing::EngineFolder> folder_;
  static std::string table_;
  static std::string quiet_;
};
std::unique_ptr<testing::EngineFolder> PostgresqlReal::folder_;
std::string PostgresqlReal::table_;
std::string PostgresqlReal::quiet_;

}  // namespace

TEST_F(PostgresqlReal, calls_a_cluster_shut_down_in_good_order_consistent_at_every_depth) {
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full}) {
    for (const char* name : {"clean", "later"}) {
      const UnitReport report = check(*folder_ / name, depth);
      EXPECT_EQ(report.verdict, UnitVerdict::consistent) << all_findings(report);
      EXPECT_EQ(report.certainty, model::Certainty::strong);
      EXPECT_EQ(report.engine, "PostgreSQL 15");
      ASSERT_EQ(report.outside.size(), 1U);
      EXPECT_EQ(report.outside[0].seen, OutsidePlace::Seen::yes);
    }
  }
}

TEST_F(PostgresqlReal, says_that_a_killed_servers_files_need_recovery_and_how_little_that_proves) {
  const UnitReport report = check(*folder_ / "crashed");
  EXPECT_EQ(report.verdict, UnitVerdict::needs_recovery) << all_findings(report);
  EXPECT_EQ(report.certainty, model::Certainty::weak);
  const std::int64_t committed_s = std::stoll(read_line("committed"));
  EXPECT_NEAR(static_cast<double>(report.data_as_of_ns) / 1e9, static_cast<double>(committed_s), 2.0);
}

TEST_F(PostgresqlReal, never_calls_a_cluster_usable_whose_files_were_renamed) {
  // Not random inside: the attack wrote a note and left gaps.
  for (const char* script : {"mv m/base/1/1259 m/base/1/1259.bak9", "mv m/base/1/PG_VERSION m/base/1/PG_VERSION.bak9",
                             "mv m/base/1/pg_filenode.map m/base/1/pg_filenode.map.bak9",
                             "mv m/global/pg_filenode.map m/global/pg_filenode.map.bak9", "mv m/$T m/$T.bak9",
                             "for f in m/base/1/*; do mv $f $f.bak9; done"}) {
    for (const char* name : {"clean", "crashed"}) {
      const UnitReport report = check(copy(name, script));
      EXPECT_FALSE(is_usable(report.verdict)) << name << ": " << script << all_findings(report);
    }
  }
}

TEST_F(PostgresqlReal, holds_nothing_against_a_set_but_the_tablespace_that_is_not_there) {
  for (const char* name : {"clean", "backup"}) {
    const UnitReport report = check(copy(name, "ln -sfn /nowhere/ts m/pg_tblspc/*"));
    EXPECT_EQ(report.verdict, UnitVerdict::undecided) << name << all_findings(report);
    EXPECT_EQ(first_rule(report), k_missing_tablespace_rule) << name << all_findings(report);
    EXPECT_EQ(report.contradicted.size(), 1U) << name << all_findings(report);
  }
}

TEST_F(PostgresqlReal, misses_no_tablespace_that_nothing_is_in) {
  const UnitReport report = check(copy("clean", "ln -s /nowhere/spare m/pg_tblspc/77777"));
  EXPECT_EQ(report.verdict, UnitVerdict::consistent) << all_findings(report);
  EXPECT_TRUE(has_rule(report, "postgresql.tablespace.empty"));
  // A database may lie in it, or a list of relations that cannot be read name it: then nobody knows.
  for (const char* script : {"mv m/base/4 m.gone", "rm m/base/1/pg_filenode.map"}) {
    const UnitReport other = check(copy("clean", std::string("ln -s /nowhere/spare m/pg_tblspc/77777; ") + script));
    EXPECT_TRUE(has_rule(other, k_missing_tablespace_rule)) << script << all_findings(other);
  }
}

TEST_F(PostgresqlReal, names_a_version_that_is_not_the_control_files) {
  const std::pair<const char*, const char*> cases[] = {{"m/PG_VERSION", "echo 14 >own.x"},
                                                       {"m/PG_VERSION", "head -c 4000 /dev/urandom >own.x"},
                                                       {"m/base/1/PG_VERSION", ": >own.x"}};
  for (const auto& [file, how] : cases) {
    const UnitReport report = check(copy("clean", std::string(how) + "; mv own.x " + file), model::Depth::quick);
    EXPECT_EQ(report.verdict, UnitVerdict::damaged) << how;
    ASSERT_FALSE(report.findings.empty());
    EXPECT_EQ(first_rule(report), "postgresql.version") << all_findings(report);
    EXPECT_EQ(report.findings[0].path + "/", std::string(file).substr(2) + "/");
    EXPECT_NE(report.findings[0].finding.sentence.find("pg_control is of PostgreSQL 15"), std::string::npos);
  }
}

TEST_F(PostgresqlReal, proves_a_base_backup_by_its_manifest_and_its_log) {
  const UnitReport report = check(*folder_ / "backup");
  EXPECT_EQ(report.verdict, UnitVerdict::needs_recovery) << all_findings(report);
  EXPECT_EQ(report.certainty, model::Certainty::proven);
  EXPECT_TRUE(has_rule(report, "postgresql.manifest"));
}

TEST_F(PostgresqlReal, agrees_with_pg_verifybackup_on_a_changed_byte_a_lost_file_and_a_longer_one) {
  for (const char* script : {"own m/$T; printf x | dd of=m/$T bs=1 seek=20000 conv=notrunc 2>/dev/null", "rm m/$T",
                             "own m/global/pg_filenode.map; printf x >>m/global/pg_filenode.map",
                             "own m/backup_manifest; printf x >>m/backup_manifest"}) {
    const std::string path = copy("backup", script);
    EXPECT_NE(folder_->shell_code(std::string(k_bin) + "pg_verifybackup -n m"), 0);
    EXPECT_EQ(check(path).verdict, UnitVerdict::damaged) << script;
  }
  copy("backup", "true");
  EXPECT_EQ(folder_->shell_code(std::string(k_bin) + "pg_verifybackup -n m"), 0);
}

TEST_F(PostgresqlReal, agrees_with_pg_verifybackup_that_settings_changed_later_break_no_backup) {
  const std::string path =
      copy("backup",
           "own m/postgresql.auto.conf; echo \"primary_conninfo = 'host=x'\" >>m/postgresql.auto.conf; "
           "touch m/standby.signal");
  EXPECT_EQ(folder_->shell_code(std::string(k_bin) + "pg_verifybackup -n m"), 0);
  const UnitReport report = check(path);
  EXPECT_EQ(report.verdict, UnitVerdict::needs_recovery) << all_findings(report);
  EXPECT_TRUE(has_rule(report, "postgresql.manifest.setting"));
}

TEST_F(PostgresqlReal, says_that_a_base_backup_whose_log_lies_elsewhere_needs_it_and_nothing_else_of_it_does) {
  const UnitReport bare = check(copy("backup", "rm m/pg_wal/0*"));
  EXPECT_EQ(bare.verdict, UnitVerdict::needs_log) << all_findings(bare);
  EXPECT_EQ(bare.certainty, model::Certainty::proven) << "its manifest holds";
  EXPECT_EQ(first_rule(bare), "postgresql.wal.start");
  EXPECT_FALSE(is_usable(bare.verdict));
  // What is wrong beside that stays what it is, and a log that is there and broken is no log that lies elsewhere.
  const auto verdict = [](const char* script) { return check(copy("backup", script)).verdict; };
  EXPECT_EQ(verdict("rm -r m/pg_wal; ln -s /srv/nowhere/wal m/pg_wal"), UnitVerdict::needs_log);
  EXPECT_EQ(verdict("rm -r m/pg_wal m/backup_label; ln -s /srv/nowhere/wal m/pg_wal"), UnitVerdict::undecided);
  EXPECT_EQ(verdict("rm m/pg_wal/0*; rm m/$T"), UnitVerdict::damaged);
  EXPECT_EQ(verdict("rm m/pg_wal/0* m/backup_label"), UnitVerdict::damaged);
  EXPECT_EQ(verdict("own m/$T; printf x | dd of=m/$T bs=1 seek=20000 conv=notrunc 2>/dev/null; rm m/pg_wal/0*"),
            UnitVerdict::damaged);
  EXPECT_NE(verdict("for f in m/pg_wal/0*; do rm $f; head -c 16777216 /dev/urandom >$f; done"), UnitVerdict::needs_log);
  EXPECT_NE(verdict("f=$(ls m/pg_wal/0* | tail -1); own $f; head -c 16700000 /dev/urandom | dd of=$f bs=8192 seek=1 "
                    "conv=notrunc 2>/dev/null"),
            UnitVerdict::needs_log)
      << "only the first page of it was left";
}

TEST_F(PostgresqlReal, does_not_call_a_base_backup_without_the_end_of_its_log_usable) {
  const std::string path =
      copy("backup",
           "f=$(ls m/pg_wal/0* | tail -1); own $f; dd if=/dev/zero of=$f bs=8192 count=2047 seek=1 conv=notrunc "
           "2>/dev/null; dd if=/dev/zero of=$f bs=1 seek=200 count=7992 conv=notrunc 2>/dev/null");
  const UnitReport report = check(path);
  EXPECT_FALSE(is_usable(report.verdict)) << all_findings(report);
}

TEST_F(PostgresqlReal, agrees_with_pg_checksums_on_one_flipped_byte) {
  const std::string path = copy("clean", "own m/$T m/global/pg_control");
  EXPECT_EQ(folder_->shell_code(std::string(k_bin) + "pg_checksums -c -D m"), 0);
  testing::flip_byte(path + "/" + table_, 3 * 8192 + 5000);
  EXPECT_NE(folder_->shell_code(std::string(k_bin) + "pg_checksums -c -D m"), 0);
  const UnitReport report = check(path);
  ASSERT_EQ(report.verdict, UnitVerdict::damaged) << all_findings(report);
  EXPECT_EQ(report.findings[0].path, table_);
  EXPECT_EQ(report.findings[0].finding.range, (model::ByteRange{.from = 3 * 8192, .to = 4 * 8192}));
}

TEST_F(PostgresqlReal, calls_a_table_of_random_bytes_encrypted_under_its_own_and_another_name) {
  const std::string path = copy("clean", "own m/$T");
  testing::overwrite_with_noise(path + "/" + table_);
  EXPECT_EQ(check(path).verdict, UnitVerdict::encrypted);
  folder_->shell("mv m/" + table_ + " m/" + table_ + ".bak9");
  const UnitReport renamed = check(path);
  EXPECT_EQ(renamed.verdict, UnitVerdict::encrypted);
  EXPECT_TRUE(has_rule(renamed, "postgresql.relation.missing")) << all_findings(renamed);
}

TEST_F(PostgresqlReal, calls_random_control_file_map_log_and_transaction_status_what_they_are) {
  for (const char* name : {"global/pg_control", "global/pg_filenode.map", "pg_xact/0000"}) {
    const std::string path = copy("clean", std::string("own m/") + name);
    testing::overwrite_with_noise(path + "/" + name);
    EXPECT_EQ(check(path).verdict, UnitVerdict::encrypted) << name;
  }
  EXPECT_EQ(first_rule(check(copy("clean", "rm m/pg_xact/0000"))), "postgresql.transactions");
  const UnitReport no_log =
      check(copy("crashed", "for f in m/pg_wal/0*; do rm $f; head -c 16777216 /dev/urandom >$f; done"));
  EXPECT_FALSE(is_usable(no_log.verdict)) << all_findings(no_log);
}

/// What PostgreSQL 17 and newer write; 15 cannot, so its base backup is made to look like one.
TEST_F(PostgresqlReal, says_of_an_incremental_backup_what_joins_it) {
  const UnitReport report = check(copy("backup",
                                       "own m/backup_label; echo 'INCREMENTAL FROM LSN: 0/2000028' >>m/backup_label; "
                                       "cd m/base/1; mv 1259 INCREMENTAL.1259"));
  EXPECT_EQ(report.verdict, UnitVerdict::damaged);
  EXPECT_EQ(first_rule(report), "postgresql.backup.incremental") << all_findings(report);
  EXPECT_NE(report.findings[0].finding.sentence.find("pg_combinebackup"), std::string::npos);
}

TEST_F(PostgresqlReal, names_a_relation_whose_file_is_gone) {
  for (const char* from : {"clean", "crashed"}) {
    const UnitReport report = check(copy(from, "rm m/$Q"));
    EXPECT_EQ(report.verdict, UnitVerdict::damaged);
    EXPECT_EQ(first_rule(report), "postgresql.relation.missing") << all_findings(report);
  }
}

TEST_F(PostgresqlReal, misses_no_file_that_the_log_drops_nor_one_of_an_unlogged_table) {
  EXPECT_EQ(check(copy("crashed", "rm m/$(cat dropped)")).verdict, UnitVerdict::needs_recovery) << "as of a standby";
  const UnitReport unlogged = check(copy("clean", "f=$(ls m/base/5/*_init | head -1); rm ${f%_init}"));
  EXPECT_FALSE(has_rule(unlogged, "postgresql.relation.missing")) << all_findings(unlogged);
}

TEST_F(PostgresqlReal, names_a_relation_that_was_emptied_or_cut_without_reading_its_pages) {
  for (const char* from : {"clean", "crashed"}) {
    for (const char* strike : {": >m/$Q", "truncate -s 8192 m/$Q"}) {
      const UnitReport report = check(copy(from, std::string("own m/$Q; ") + strike), model::Depth::quick);
      EXPECT_EQ(report.verdict, UnitVerdict::damaged) << from << " " << strike;
      EXPECT_TRUE(has_rule(report, "postgresql.page.emptied")) << all_findings(report);
    }
  }
}

TEST_F(PostgresqlReal, names_a_database_that_is_gone_and_lists_that_were_emptied) {
  const UnitReport gone = check(copy("later", "rm -r m/base/$(ls m/base | sort -n | tail -1)"), model::Depth::quick);
  EXPECT_EQ(gone.verdict, UnitVerdict::damaged);
  EXPECT_NE(all_findings(gone).find("is not there: the database 'planted' with all its tables"), std::string::npos)
      << all_findings(gone);
  for (const char* from : {"clean", "crashed"}) {
    for (const char* file :
         {"pg_xact/0000", "pg_multixact/offsets/0000", "global/1262", "base/5/1259", "base/5/1249"}) {
      const UnitReport report = check(copy(from, std::string("own m/") + file + "; : >m/" + file), model::Depth::quick);
      EXPECT_EQ(report.verdict, UnitVerdict::damaged) << from << " " << file;
      EXPECT_TRUE(report.contradicted.contains(file)) << all_findings(report);
    }
  }
}

TEST_F(PostgresqlReal, calls_every_set_mixed_from_two_moments_torn) {
  struct Mix {
    const char* from;
    const char* script;
  };
  for (const Mix& mix :
       {Mix{"clean", "cp later/$T m/$T"}, Mix{"crashed", "cp clean/$T m/$T"}, Mix{"clean", "cp crashed/$T m/$T"},
        Mix{"later", "cp clean/$T m/$T"}, Mix{"later", "cp clean/global/pg_control m/global/"},
        Mix{"clean", "cp later/global/pg_control m/global/"}, Mix{"clean", "cp crashed/pg_wal/0* m/pg_wal/"},
        Mix{"clean", "rm -r m/base; cp -a later/base m/"}, Mix{"later", "rm -r m/base; cp -a clean/base m/"},
        Mix{"clean", "ln -sfn $PWD/later.ts m/pg_tblspc/*"}, Mix{"later", "rm -r m/pg_wal; cp -a clean/pg_wal m/"},
        Mix{"clean", "rm -r m/pg_wal; cp -a later/pg_wal m/"}}) {
    const UnitReport report = check(copy(mix.from, mix.script));
    EXPECT_FALSE(is_usable(report.verdict)) << mix.from << ": " << mix.script << "\n" << all_findings(report);
    EXPECT_EQ(report.verdict, UnitVerdict::torn) << mix.from << ": " << mix.script << "\n" << all_findings(report);
  }
}

TEST_F(PostgresqlReal, needs_the_log_from_where_replay_begins) {
  EXPECT_EQ(first_rule(check(copy("clean", "rm m/pg_wal/0*"))), "postgresql.wal.start");
  EXPECT_EQ(first_rule(check(copy("crashed", "rm m/pg_wal/0*"))), "postgresql.wal.start");
}

TEST_F(PostgresqlReal, names_a_changed_byte_in_the_middle_of_the_log) {
  const std::string path = copy("crashed", "own m/pg_wal/0*; ls m/pg_wal/0* | tail -1 >last");
  const std::string last = *folder_ / read_line("last");
  testing::flip_byte(last, 300'000);
  const UnitReport report = check(path);
  EXPECT_FALSE(is_usable(report.verdict)) << all_findings(report);
}

class PostgresqlScratch : public PostgresqlReal {
 protected:
  static ScratchReport start(const std::string& path) {
    auto view = open_evidence_view(path, std::string());
    if (!view.ok()) return {};
    auto report = start_scratch(*view.value(), {.kind = UnitKind::postgresql, .path = ""},
                                {.parent = folder_->path(), .time_limit_s = 60});
    if (!report.ok()) ADD_FAILURE() << report.error().what;
    return report.ok() ? std::move(report).value() : ScratchReport{};
  }
  static std::string told(const ScratchReport& report) {
    std::string text = report.last_words;
    for (const std::string& complaint : report.complaints) text += "\n" + complaint;
    return text;
  }
  using Outcome = ScratchReport::Outcome;
};

TEST_F(PostgresqlScratch, recovers_copies_and_finds_nothing_wrong_with_good_ones) {
  for (const char* name : {"clean", "crashed", "backup"}) {
    const ScratchReport report = start(*folder_ / name);
    EXPECT_EQ(report.outcome, Outcome::sound) << name << told(report);
  }
  EXPECT_EQ(folder_->shell("ls -d lastgood-scratch.* 2>/dev/null || true"), "") << "the copies are gone";
}

TEST_F(PostgresqlScratch, hears_of_a_broken_page) {
  const std::string path = copy("clean", "own m/$T");
  testing::flip_byte(path + "/" + table_, 3 * 8192 + 5000);
  EXPECT_EQ(start(path).outcome, Outcome::complaints);
}

TEST_F(PostgresqlScratch, runs_nothing_that_was_planted) {
  ASSERT_EQ(read_line("plants"), "event_trigger") << "the plant works where it is not kept from it";
  const std::string path = copy("later", R"sh(M=$PWD/mark
    rm m/postgresql.auto.conf m/postgresql.conf m/pg_hba.conf
    printf "archive_mode=on\narchive_command='touch $M/archive'\nrestore_command='touch $M/restore; false'\nrecovery_end_command='touch $M/end'\narchive_cleanup_command='touch $M/cleanup'\nshared_preload_libraries='$M/evil'\nssl_passphrase_command='touch $M/ssl'\n" >m/postgresql.auto.conf
    printf "include '$M/more.conf'\nshared_preload_libraries='$M/evil'\n" >m/postgresql.conf
    touch m/recovery.signal m/standby.signal; echo 'local all all trust' >m/pg_hba.conf)sh");
  const ScratchReport report = start(path);
  EXPECT_EQ(report.outcome, Outcome::sound) << told(report);
  EXPECT_EQ(folder_->shell("ls mark"), "");
}

}  // namespace lastgood::engines
