// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that logs bring a copy of a real cluster to their last whole commit or to a moment, and that those that do not
// go on from it are refused with a sentence.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/joined_logs.h"
#include "engines/log_end.h"
#include "engines/testing/bad_sector_view.h"
#include "engines/testing/postgresql_scratch.h"

namespace lastgood::engines {

using testing::ask;
using testing::joined;
using testing::open_server;
using testing::Opened;
using testing::PostgresqlScratch;

TEST_F(PostgresqlScratch, replays_an_archive_to_its_last_commit_or_to_a_moment) {
  const std::string before = folder_->shell("find backup -type f -printf '%p %s %T@\n' | sort");
  const Opened seen = open("backup", {.copy_way = CopyWay::overlay}, "archive");
  ASSERT_TRUE(seen.server) << seen.error;
  EXPECT_EQ(seen.server->start().way_taken, CopyWay::overlay);
  EXPECT_EQ(ask(*seen.server, "his", "select count(*), max(id) from patient"), "3004|6000\n");
  EXPECT_EQ(folder_->shell("find backup -type f -printf '%p %s %T@\n' | sort"), before);
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
  EXPECT_NE(reach("g").missing.find("not readable as a segment of a write-ahead log"), std::string::npos);

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

namespace {

/// What `archive` lacks to complete `copy`; empty: nothing.
std::string shortfall(const std::string& archive, const std::string& copy) {
  const auto logs = open_evidence_view(archive, std::string());
  const auto view = open_evidence_view(copy, std::string());
  return find_shortfall(*logs.value(), *view.value(), {.kind = UnitKind::postgresql, .path = ""}, "/tmp").value();
}

}  // namespace

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
  // Behind the segment in which the backup ends its folder may hold another one, which it does not need.
  folder_->shell(
      "rm -rf m; cp -a long m; rm -f m/backup_manifest; cd m/pg_wal; "
      "last=$(sed -n 's/^STOP WAL LOCATION.*file \\([0-9A-F]*\\)).*/\\1/p' ../../long_archive/*.backup); "
      "f=$(ls 0* | grep -B1 $last | head -1); [ $f != $last ]; "
      "dd if=/dev/zero of=$f bs=8192 seek=40 count=88 conv=notrunc status=none; "
      "for after in 0*; do [ ! $after '>' $f ] || rm $after; done");
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

TEST_F(PostgresqlScratch, the_own_log_of_a_killed_server_has_the_commits_that_its_archive_lacks) {
  const auto archive = open_evidence_view(*folder_ / "archive");
  const auto own = open_evidence_view(*folder_ / "crashed/pg_wal");
  const auto logs = join_log_folders({archive.value().get(), own.value().get()});
  ASSERT_TRUE(logs.ok());
  const Opened opened = open("backup", {.logs = logs.value().get()});
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select count(*) from patient where id >= 5000"), "5\n");
  EXPECT_EQ(opened.server->start().logs_end_early, "");
  EXPECT_EQ(joined(opened.server->start().left_out).find("log "), std::string::npos)
      << joined(opened.server->start().left_out);
}

TEST_F(PostgresqlScratch, the_last_segment_may_be_struck_within_and_that_is_no_end_of_the_log) {
  // A record of a page in its middle: what was committed behind it stands there, and nobody can read it.
  folder_->shell(
      "rm -rf a b; cp -a long_archive a; last=$(ls a | grep -E '^[0-9A-F]{24}$' | tail -2 | head -1); "
      "rm $(ls -d a/* | awk -v l=a/$last '$0 > l'); cp -a a b; "
      "head -c 64 /dev/urandom | dd of=a/$last bs=1 seek=300000 conv=notrunc status=none");
  const auto archive = open_evidence_view(*folder_ / "archive");
  const auto struck = open_evidence_view(*folder_ / "a");
  const auto whole = open_evidence_view(*folder_ / "b");
  const auto end_of = [&](const std::vector<const UnitView*>& folders) {
    const auto logs = join_log_folders(folders);
    const Opened opened = open("backup", {.logs = logs.value().get()});
    return opened.server ? opened.server->start().logs_end_early : opened.error;
  };
  const UnitView* const first = archive.value().get();
  const UnitView* const a = struck.value().get();
  const UnitView* const b = whole.value().get();
  EXPECT_NE(end_of({first, a}).find("is broken at "), std::string::npos) << end_of({first, a});
  EXPECT_EQ(end_of({first, b}), "");
  // Another folder has it whole: whichever is given first.
  EXPECT_EQ(end_of({first, a, b}), "");
  EXPECT_EQ(end_of({first, b, a}), "");
}

TEST_F(PostgresqlScratch, a_segment_with_a_bad_sector_is_replayed_until_there) {
  const auto archive = open_evidence_view(*folder_ / "archive");
  const std::string last = folder_->shell("ls archive | grep -E '^[0-9A-F]{24}$' | tail -1 | tr -d '\\n'");
  std::string early;
  const auto newest_of = [&](std::uint64_t bad_byte) {
    const testing::BadSectorView bad(*archive.value(), last, bad_byte);
    const Opened opened = open("backup", {.logs = &bad});
    early = opened.server ? opened.server->start().logs_end_early : opened.error;
    return opened.server ? ask(*opened.server, "his", "select max(id) from patient") : opened.error;
  };
  EXPECT_EQ(newest_of(600'000), "6000\n") << "it was committed before that sector";
  EXPECT_EQ(newest_of(0), "5003\n");
  EXPECT_EQ(early.substr(0, 4 + last.size()), "log " + last) << early;
  EXPECT_TRUE(early.ends_with("what was committed in it is not there")) << early;
}

TEST_F(PostgresqlScratch, a_history_that_cannot_be_read_is_left_out_whole) {
  folder_->shell("rm -rf a; cp -a archive a; printf '1\\t0/100000\\tbefore\\n' >a/00000002.history");
  const auto archive = open_evidence_view(*folder_ / "a");
  const testing::BadSectorView bad(*archive.value(), "00000002.history", 5);
  const Opened opened = open("backup", {.logs = &bad});
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select max(id) from patient"), "6000\n");
  EXPECT_NE(joined(opened.server->start().left_out).find("log 00000002.history: input/output error"), std::string::npos)
      << joined(opened.server->start().left_out);
}

TEST_F(PostgresqlScratch, an_archive_takes_the_place_of_a_log_to_which_a_link_leads_nowhere) {
  folder_->shell("rm -rf m; cp -a backup m; rm -r m/pg_wal; ln -s /srv/nowhere/wal m/pg_wal");
  EXPECT_FALSE(open("m").server);
  const Opened opened = open("m", {}, "archive");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select max(id) from patient"), "6000\n");
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
  EXPECT_NE(
      early("a").find("log " + struck + " is not readable as a segment of a write-ahead log; what was committed in it"),
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

TEST_F(PostgresqlScratch, says_with_all_logs_read_where_their_replay_ends_before_it_is_done) {
  const auto end_of = [](LogDepth depth) {
    const auto archive = open_evidence_view(*folder_ / "a", std::string());
    const auto copy = open_evidence_view(*folder_ / "backup", std::string());
    return find_log_end(*archive.value(), *copy.value(), {.kind = UnitKind::postgresql, .path = ""}, "/tmp",
                        {.depth = depth})
        .value();
  };
  const char* harms[] = {"true",
                         "rm a/$(cat whole); rm a/$(cat last)",
                         "for f in $(ls a | grep -v '\\.'); do gzip a/$f; done",
                         "rm a/$(cat inner)",
                         "f=$(ls backup/pg_wal | grep '^0' | head -1); head -c 1048576 /dev/urandom >a/$f",
                         "head -c 1048576 /dev/urandom >a/$(cat inner)",
                         "head -c 200 /dev/urandom | dd of=a/$(cat inner) bs=200 seek=1 conv=notrunc 2>dd",
                         "head -c 8192 a/$(cat inner) >cut; mv cut a/$(cat inner)",
                         "head -c 300 a/$(cat last) >cut; mv cut a/$(cat last)",
                         "head -c 40 /dev/zero | dd of=a/$(cat last) bs=1 seek=200 conv=notrunc 2>dd",
                         "head -c 1040000 /dev/urandom | dd of=a/$(cat last) bs=200 seek=1 conv=notrunc 2>dd",
                         "gzip a/$(cat inner); f=a/$(cat inner).gz; head -c 3000 $f >cut; mv cut $f"};
  folder_->shell(
      "ls archive | grep -v '\\.' | tail -1 >last; ls archive | grep -v '\\.' | tail -2 | head -1 >inner; cp inner "
      "whole");
  for (const std::string harm : harms) {
    folder_->shell("rm -rf a; cp -a archive a; " + harm);
    const LogEnd end = end_of(LogDepth::everything);
    const Opened opened = open("backup", {}, "a");
    ASSERT_TRUE(opened.server) << harm << ": " << opened.error;
    const ScratchStart& start = opened.server->start();
    EXPECT_EQ(end.last_commit_ns / 1000, start.data_as_of_ns / 1000) << harm;
    EXPECT_EQ(end.files, start.logs_used) << harm;
    EXPECT_EQ(end.missing, start.logs_end_early) << harm;
    EXPECT_EQ(end.ends_early, !start.logs_end_early.empty()) << harm;
    if (harm.find("conv=notrunc") != std::string::npos)
      EXPECT_TRUE(end.ends_early) << harm << ": no server leaves that at the end of a segment which it has archived";
    if (harm.starts_with("head -c 200")) EXPECT_GT(end_of(LogDepth::names).last_commit_ns, end.last_commit_ns);
  }
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
  EXPECT_NE(left_out.find("ends too early; what stands before that is used"), std::string::npos) << left_out;
  EXPECT_NE(left_out.find("000000010000000000000099.gz: not readable as a segment"), std::string::npos) << left_out;
  EXPECT_GE(ask(*opened.server, "his", "select max(id) from patient"), "5003\n") << left_out;
}

TEST_F(PostgresqlScratch, replays_logs_that_make_tablespaces_which_come_to_lie_in_the_folder) {
  const Opened opened = open("long", {.parent = folder_->path()}, "spaced_archive");
  ASSERT_TRUE(opened.server) << opened.error;
  EXPECT_EQ(ask(*opened.server, "his", "select count(*), max(v) from quick"), "3|c\n");
  // The logs bring accounts, too: those that can do anything are named.
  EXPECT_NE(joined(opened.server->start().inside)
                .find("account evil: superuser, may log in\naccount tool: member of a superuser, "
                      "may log in\n"),
            std::string::npos)
      << joined(opened.server->start().inside);
  const auto kept = opened.server->keep_folder();
  ASSERT_TRUE(kept.ok()) << kept.error().what << kept.error().hint;
  ASSERT_EQ(
      os::run_program(std::vector<std::string>{"/bin/chown", "-R", "postgres:", kept.value()}, "/").value().exit_code,
      0);
  // The folders of the victim's are not what the server then works in.
  EXPECT_EQ(folder_->shell("mv fast fast.away; B=/usr/lib/postgresql/15/bin; K=" + kept.value() +
                           "\n$B/pg_ctl -D $K -w -l klog -o \"-c unix_socket_directories=$PWD -c "
                           "hba_file=$PWD/data/pg_hba.conf\" start >/dev/null"
                           "\n$B/psql -X -U hospital -h $PWD -d his -Atc 'select count(*) from quick' -c \"select "
                           "spcname from pg_tablespace where oid > 10000\""
                           "\n$B/pg_ctl -D $K -w stop >/dev/null; find $K/pg_tblspc -type l; ls $K/pg_tblspc | wc -l"),
            "3\nfast\n1\n");
}

TEST_F(PostgresqlScratch, names_what_the_replayed_logs_drop_empty_or_delete) {
  const Opened opened = open("long", {.parent = folder_->path()}, "spaced_archive");
  ASSERT_TRUE(opened.server) << opened.error;
  ASSERT_TRUE(opened.server->keep_folder().ok());
  std::string said;
  for (const LogRemoval& removal : opened.server->start().removals.value().last) {
    EXPECT_GT(removal.time_ns, 1'600'000'000'000'000'000);
    said += removal.what + "\n";
  }
  EXPECT_EQ(said,
            "500 rows deleted from public.patient (database his)\n"
            "table public.lab emptied, or made anew while it was empty (database his)\n"
            "table busy dropped (database his)\n"
            "database empty dropped\n")
      << joined(opened.server->start().left_out);

  const Opened before = open("backup", {.parent = folder_->path()}, "archive");
  ASSERT_TRUE(before.server) << before.error;
  ASSERT_TRUE(before.server->keep_folder().ok());
  EXPECT_TRUE(before.server->start().removals.value().empty());
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
