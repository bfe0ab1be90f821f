// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that judging a source reads each content once, counts what each snapshot holds, goes on where it stopped, and
// says what is odd in the series.
#include "recovery/judge_backup.h"

#include "recovery/series_oddities.h"
#include "recovery/testing/incident.h"
#include "sources/name_time.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

std::uint64_t count(const model::JudgedSnapshot& snapshot, Verdict verdict) {
  return snapshot.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
}

/// `days` snapshots of forty letters, one of which changes daily; from `struck_from` on thirty are struck.
void fill(FakeSource& source, int days, int struck_from) {
  for (int d = 1; d <= days; ++d) {
    const std::string id = "s" + std::to_string(d);
    source.add_snapshot(id, day(d));
    for (int i = 0; i < 40; ++i) {
      const std::string path = "/srv/lab/report" + std::to_string(i) + ".txt";
      if (d >= struck_from && i < 30) {
        source.put_file(id, path + ".bak9", struck(i));
      } else {
        source.put_file(id, path, letter(i == 39 ? 1000 + d : i));
      }
    }
  }
}

bool has_oddity(const model::JudgedSnapshot& snapshot, std::string_view rule) {
  for (const model::Reason& reason : snapshot.oddities) {
    if (reason.rule == rule) return true;
  }
  return false;
}

/// Ten folders that are one, in ten that are one, and so on: a few entries, and more paths than any disk holds.
void put_trap(FakeSource& source, const std::string& snapshot) {
  source.name_folders_by_content();
  source.put_file(snapshot, "/level0/file.txt", letter(1));
  std::string below = source.entry(snapshot, "/level0").subtree;
  for (int level = 1; level <= 15; ++level) {
    const std::string folder = "/level" + std::to_string(level);
    for (int way = 0; way < 10; ++way)
      source.put(snapshot, folder + "/way" + std::to_string(way), model::EntryKind::folder).subtree = below;
    below = source.entry(snapshot, folder).subtree;
  }
}

TEST_F(Incident, a_snapshot_with_more_paths_than_can_be_is_said_and_left_out_of_plans) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("good", day(1));
  source->put_file("good", "/srv/report.txt", letter(7));
  source->add_snapshot("trap", day(2));
  put_trap(*source, "trap");
  const JudgeOutcome outcome = judge(*source);
  ASSERT_EQ(outcome.snapshots.size(), 2U);
  EXPECT_EQ(outcome.snapshots[0].counts.files, 1U);
  EXPECT_EQ(outcome.snapshots[1].counts.files, 0U);
  const auto& findings = outcome.snapshots[1].snapshot.findings;
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "source.paths");
  const Plan made = plan(std::move(source));
  EXPECT_NE(find(made, "/srv/report.txt"), nullptr);
  EXPECT_EQ(made.items.size(), 2U);
}

TEST_F(Incident, judges_each_content_once_and_counts_it_in_every_snapshot) {
  FakeSource source;
  fill(source, 6, 5);
  const JudgeOutcome outcome = judge(source);
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.contents, 39U + 6U + 30U);
  EXPECT_EQ(outcome.judged, outcome.contents);
  ASSERT_EQ(outcome.snapshots.size(), 6U);
  EXPECT_EQ(count(outcome.snapshots[0], Verdict::intact), 40U);
  EXPECT_EQ(outcome.snapshots[0].added, 40U);
  EXPECT_EQ(outcome.snapshots[1].changed, 1U);
  EXPECT_EQ(outcome.snapshots[1].added + outcome.snapshots[1].removed, 0U);
  EXPECT_EQ(count(outcome.snapshots[4], Verdict::encrypted), 30U);
  EXPECT_EQ(outcome.snapshots[4].added, 30U);
  EXPECT_EQ(outcome.snapshots[4].removed, 30U);
  EXPECT_EQ(count(outcome.snapshots[5], Verdict::encrypted), 30U);
  EXPECT_TRUE(has_oddity(outcome.snapshots[4], "series.jump"));
  EXPECT_FALSE(has_oddity(outcome.snapshots[3], "series.jump"));
}

TEST_F(Incident, reads_nothing_again_when_all_is_judged) {
  FakeSource source;
  fill(source, 3, 9);
  judge(source);
  const std::uint64_t read_before = source.bytes_read();
  const JudgeOutcome again = judge(source);
  EXPECT_EQ(again.judged, 0U);
  EXPECT_EQ(source.bytes_read(), read_before);
  EXPECT_EQ(count(again.snapshots[2], Verdict::intact), 40U);
}

TEST_F(Incident, judges_only_what_a_new_snapshot_brings) {
  FakeSource source;
  fill(source, 3, 9);
  judge(source);
  source.add_snapshot("s4", day(4));
  source.put_file("s4", "/srv/lab/report0.txt", letter(0));
  source.put_file("s4", "/srv/lab/new.txt", letter(77));
  const JudgeOutcome again = judge(source);
  EXPECT_EQ(again.judged, 1U);
  EXPECT_TRUE(has_oddity(again.snapshots[3], "series.shrunk"));
}

TEST_F(Incident, judges_databases_and_other_sets_before_any_file_when_asked_for_them_alone) {
  FakeSource source;
  fill(source, 2, 9);
  for (const char* folder : {"cur", "new", "tmp"})
    source.put("s2", std::string("/srv/mail/") + folder, model::EntryKind::folder);
  source.put_file("s2", "/srv/mail/cur/1.M1.host:2,S", "Subject: a\n\nb\n");
  const JudgeOutcome first = judge(source, JudgeWhat::units);
  ASSERT_TRUE(first.finished);
  EXPECT_EQ(first.judged, 0U);
  ASSERT_EQ(store_.backups().units("nas").value().size(), 1U);
  EXPECT_EQ(store_.backups().units("nas").value()[0].path, "/srv/mail");
  EXPECT_EQ(store_.backups().snapshots("nas").value()[1].open, 41U) << "every file waits for its verdict";
  EXPECT_NE(os::testing::read_file(scratch_.path() + "/ledger").find("databases-judged"), std::string::npos);
  const JudgeOutcome all = judge(source);
  EXPECT_EQ(all.judged, 42U);
  EXPECT_EQ(all.units.size(), 1U);
  EXPECT_EQ(all.snapshots[1].open, 0U);
}

TEST_F(Incident, records_nothing_when_it_is_stopped_before_the_first_content) {
  FakeSource source;
  fill(source, 4, 3);
  progress_.cancel_after = 1;
  const auto stopped = judge_backup({.source = record_}, source, store_, *ledger_, progress_);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, base::ErrorCode::cancelled);
  EXPECT_EQ(source.bytes_read(), 0U);
  EXPECT_TRUE(store_.scans().value().empty());
}

TEST_F(Incident, goes_on_in_the_scan_that_an_interrupted_run_left) {
  FakeSource source;
  fill(source, 4, 3);
  model::Scan left;
  left.source = record_.name;
  const std::int64_t scan = store_.begin_scan(left).value();
  model::FileRecord judged;
  judged.path = "/nas/s1/srv/lab/report0.txt";
  judged.verdict = Verdict::intact;
  ASSERT_TRUE(store_.record_files(scan, std::vector{judged}, {}).ok());
  const model::ContentKey key = source.entry("s1", "/srv/lab/report0.txt").content.key;
  ASSERT_TRUE(store_.backups()
                  .record_contents(std::vector{model::JudgedContent{.key = key, .scan_id = scan, .path = judged.path}})
                  .ok());
  const JudgeOutcome rest = judge(source);
  EXPECT_EQ(rest.judged, rest.contents - 1) << "what is judged is not judged again";
  EXPECT_EQ(count(rest.snapshots[3], Verdict::encrypted), 30U);
  EXPECT_EQ(rest.snapshots[3].open, 0U);
  const auto scans = store_.scans().value();
  ASSERT_EQ(scans.size(), 1U) << "one scan for all contents, so that they are compared with each other";
  EXPECT_NE(scans[0].finished_ns, 0);
}

TEST_F(Incident, still_knows_of_databases_when_judging_of_files_was_interrupted) {
  FakeSource source;
  source.add_snapshot("s1", day(1));
  for (const char* folder : {"cur", "new", "tmp"})
    source.put("s1", std::string("/srv/mail/") + folder, model::EntryKind::folder);
  for (int i = 0; i < 400; ++i)
    source.put_file("s1", "/srv/lab/" + std::to_string(i), random_bytes(50'000, static_cast<std::uint64_t>(i)));
  judge(source, JudgeWhat::units);
  bool was_interrupted = false;
  for (int after = 1; after < 100 && !was_interrupted; ++after) {
    progress_ = IncidentProgress();
    progress_.cancel_after = after;
    const auto stopped = judge_backup({.source = record_}, source, store_, *ledger_, progress_);
    was_interrupted = stopped.ok() && !stopped.value().finished;
    EXPECT_EQ(store_.backups().units("nas").value().size(), 1U) << "stopped when it was asked for the time " << after;
  }
  EXPECT_TRUE(was_interrupted) << "among the files";
}

TEST_F(Incident, says_of_lost_bytes_that_they_could_not_be_read) {
  FakeSource source;
  fill(source, 1, 9);
  source.lose_piece("s1", "/srv/lab/report7.txt", 0);
  const JudgeOutcome outcome = judge(source);
  EXPECT_EQ(count(outcome.snapshots[0], Verdict::unreadable), 1U);
  EXPECT_EQ(count(outcome.snapshots[0], Verdict::intact), 39U);
}

TEST_F(Incident, judges_again_what_another_source_holds_whole) {
  FakeSource broken;
  fill(broken, 1, 9);
  broken.lose_piece("s1", "/srv/lab/report7.txt", 0);
  judge(broken);
  FakeSource whole;
  fill(whole, 1, 9);
  const JudgeOutcome outcome = judge(whole);
  EXPECT_EQ(outcome.judged, 1U) << "only what could not be read before";
  EXPECT_EQ(count(outcome.snapshots[0], Verdict::intact), 40U);
}

model::JudgedSnapshot made(const std::string& id, int when, std::uint64_t encrypted) {
  model::JudgedSnapshot judged;
  judged.snapshot.id = id;
  judged.snapshot.time_ns = day(when);
  judged.snapshot.host = "db1";
  for (std::uint64_t i = 0; i < 100 - encrypted; ++i) judged.counts.count(Verdict::intact, 1, 0);
  for (std::uint64_t i = 0; i < encrypted; ++i) judged.counts.count(Verdict::encrypted, 1, 0);
  return judged;
}

TEST(SeriesOddities, warns_of_a_policy_that_would_delete_every_good_snapshot) {
  std::vector<model::JudgedSnapshot> series{made("good", 1, 0)};
  for (int i = 2; i < 9; ++i) series.push_back(made("bad" + std::to_string(i), i, 50));
  find_oddities(series, day(9), {});
  EXPECT_TRUE(has_oddity(series.back(), "series.forget"));
}

TEST(SeriesOddities, tells_of_times_to_come_and_of_new_hosts_and_of_empty_trees) {
  std::vector<model::JudgedSnapshot> series{made("a", 1, 0), made("b", 2, 0), made("c", 3, 0), made("d", 4, 0)};
  series[3].counts = {};
  series.push_back(made("e", 50, 0));
  series.push_back(made("f", 51, 0));
  series[5].snapshot.host = "other";
  find_oddities(series, day(5), {});
  EXPECT_TRUE(has_oddity(series[3], "series.empty"));
  EXPECT_TRUE(has_oddity(series[4], "series.future"));
  EXPECT_TRUE(has_oddity(series[5], "series.host"));
  EXPECT_FALSE(has_oddity(series[1], "series.future"));
}

TEST(SeriesOddities, takes_no_time_for_one_to_come_that_an_unknown_zone_explains) {
  std::vector<model::JudgedSnapshot> series{made("2022-11-22_193000", 1, 0)};
  ASSERT_TRUE(sources::date_by_name(series[0].snapshot, series[0].snapshot.id, {}, "folder.time.name"));
  constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
  const std::int64_t made_ns = series[0].snapshot.time_ns;
  find_oddities(series, made_ns - 5 * k_hour_ns, {});
  EXPECT_FALSE(has_oddity(series[0], "series.future"));
  find_oddities(series, made_ns - 5 * k_hour_ns, "+00:00");
  EXPECT_TRUE(has_oddity(series[0], "series.future")) << "the zone is known";
  find_oddities(series, made_ns - 20 * k_hour_ns, {});
  EXPECT_TRUE(has_oddity(series[0], "series.future")) << "no zone is so far from UTC";
}

TEST(SeriesOddities, tells_of_one_snapshot_that_the_store_got_at_another_time_but_not_of_a_copied_store) {
  std::vector<model::JudgedSnapshot> series{made("a", 1, 0), made("b", 2, 0), made("c", 3, 0)};
  for (model::JudgedSnapshot& snapshot : series) snapshot.snapshot.stored_ns = snapshot.snapshot.time_ns;
  series[1].snapshot.stored_ns = day(20);
  find_oddities(series, day(21), {});
  EXPECT_TRUE(has_oddity(series[1], "series.stored"));
  for (model::JudgedSnapshot& snapshot : series) snapshot.snapshot.stored_ns = day(20);
  find_oddities(series, day(21), {});
  for (const model::JudgedSnapshot& snapshot : series) EXPECT_FALSE(has_oddity(snapshot, "series.stored"));
}

}  // namespace

}  // namespace lastgood::recovery::testing
