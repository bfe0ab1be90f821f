// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a plan holds the last good version of every path that was there, none that is hit, and says why.
#include "recovery/plan_recovery.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "os/testing/scratch_folder.h"
#include "recovery/choose_version.h"
#include "recovery/logs_on_server.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

Candidate candidate(Verdict verdict, Candidate::Moment moment = Candidate::Moment::before_attack,
                    Candidate::Company company = Candidate::Company::clean) {
  return {.verdict = verdict, .certainty = model::Certainty::strong, .company = company, .moment = moment};
}

TEST(ChooseVersion, prefers_an_older_version_when_newer_ones_are_encrypted) {
  const std::vector<Candidate> versions{candidate(Verdict::encrypted), candidate(Verdict::partly_encrypted),
                                        candidate(Verdict::intact), candidate(Verdict::intact)};
  const Choice choice = choose_version(versions);
  EXPECT_EQ(choice.index, 2U);
  EXPECT_EQ(choice.reason, ChoiceReason::older_intact);
}

TEST(ChooseVersion, takes_a_good_version_from_a_snapshot_made_while_the_attack_ran) {
  const std::vector<Candidate> versions{
      candidate(Verdict::intact, Candidate::Moment::since_attack, Candidate::Company::struck),
      candidate(Verdict::intact)};
  EXPECT_EQ(choose_version(versions).index, 0U);
  EXPECT_EQ(choose_version(versions).reason, ChoiceReason::from_struck);
}

TEST(ChooseVersion, takes_what_nobody_can_judge_from_before_the_attack_only) {
  EXPECT_EQ(choose_version(std::vector{candidate(Verdict::undecided)}).reason, ChoiceReason::undecided_before);
  EXPECT_FALSE(choose_version(std::vector{candidate(Verdict::undecided, Candidate::Moment::since_attack)}).index);
  EXPECT_EQ(choose_version(std::vector{candidate(Verdict::damaged)}).reason, ChoiceReason::damaged_before);
}

TEST(ChooseVersion, never_takes_what_is_hit_unreadable_or_not_judged) {
  for (const Verdict verdict : {Verdict::encrypted, Verdict::partly_encrypted, Verdict::note, Verdict::unreadable})
    EXPECT_FALSE(choose_version(std::vector{candidate(verdict)}).index);
  EXPECT_EQ(choose_version(std::vector{Candidate{}}).reason, ChoiceReason::not_judged);
  EXPECT_FALSE(choose_version({}).index);
}

/// Forty letters in `id`; those in `hit` are struck and renamed.
void put_letters(FakeSource& source, const std::string& id, int days, int hit, int generation) {
  source.add_snapshot(id, day(days));
  for (int i = 0; i < 40; ++i) {
    const std::string path = "/srv/lab/report" + std::to_string(i) + ".txt";
    if (i < hit) {
      source.put_file(id, path + ".bak9", struck(i));
    } else {
      source.put_file(id, path, letter(i * 100 + generation)).mtime_ns = day(days) - k_day_ns / 4;
    }
  }
}

TEST_F(Incident, plans_the_last_good_version_of_every_path) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  put_letters(*source, "s2", 2, 0, 2);
  put_letters(*source, "s3", 3, 25, 3);  // the attack runs: fifteen are newer and good
  put_letters(*source, "s4", 4, 40, 4);
  judge(*source);
  const Plan made = plan(std::move(source));
  EXPECT_TRUE(made.losses.empty());
  std::map<std::string, int> by_snapshot;
  for (const PlanItem& item : made.items) {
    if (item.kind != model::EntryKind::regular) continue;
    EXPECT_EQ(item.verdict, Verdict::intact) << item.path;
    EXPECT_FALSE(item.path.ends_with(".bak9"));
    ++by_snapshot[made.snapshots[item.snapshot].id];
  }
  EXPECT_EQ(by_snapshot["s2"], 25);
  EXPECT_EQ(by_snapshot["s3"], 15);
  EXPECT_EQ(made.files_newer_than_last_clean, 15U);
  EXPECT_NEAR(made.hours_gained_max, 18, 0.01)
      << "the file's own time is six hours before the snapshot of the third day";
  EXPECT_NE(made.last_clean_snapshot.find("s2"), std::string::npos);
  EXPECT_EQ(made.attack_began_ns, day(3));
  EXPECT_NE(made.attack_basis.find("s3', not made later than that, holds struck files already"), std::string::npos)
      << made.attack_basis;
}

TEST_F(Incident, says_what_is_lost_when_every_version_is_hit) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  put_letters(*source, "s2", 2, 40, 2);
  source->put_file("s2", "/srv/lab/later.txt.bak9", struck(99));
  judge(*source);
  const Plan made = plan(std::move(source));
  ASSERT_EQ(made.losses.size(), 1U);
  EXPECT_EQ(made.losses[0].path, "/srv/lab/later.txt");
  EXPECT_EQ(find(made, "/srv/lab/later.txt"), nullptr);
}

TEST_F(Incident, leaves_deleted_what_its_owner_had_deleted_before_the_attack) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  source->put_file("s1", "/srv/lab/old.txt", letter(7000));
  put_letters(*source, "s2", 2, 0, 1);
  put_letters(*source, "s3", 3, 40, 1);
  judge(*source);
  auto same = std::make_unique<FakeSource>();
  put_letters(*same, "s1", 1, 0, 1);
  same->put_file("s1", "/srv/lab/old.txt", letter(7000));
  put_letters(*same, "s2", 2, 0, 1);
  put_letters(*same, "s3", 3, 40, 1);
  const Plan made = plan(std::move(source));
  EXPECT_EQ(find(made, "/srv/lab/old.txt"), nullptr);
  EXPECT_EQ(made.files_deleted_before, 1U);
  const Plan all = plan(std::move(same), {.only = {}, .prefer = {}, .deleted = PlanPolicy::Deleted::bring_back});
  EXPECT_NE(find(all, "/srv/lab/old.txt"), nullptr);
}

TEST_F(Incident, brings_back_what_the_attack_deleted) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  source->put_file("s1", "/srv/lab/wiped.txt", letter(7000));
  put_letters(*source, "s2", 2, 40, 1);
  judge(*source);
  const Plan made = plan(std::move(source));
  EXPECT_NE(find(made, "/srv/lab/wiped.txt"), nullptr);
}

TEST_F(Incident, plans_only_what_is_asked_for_and_uses_no_snapshot_that_is_too_late) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  put_letters(*source, "s2", 2, 0, 2);
  source->put_file("s2", "/home/a.txt", letter(1));
  judge(*source);
  const Plan made = plan(std::move(source), {.only = {"/srv/lab/report3.txt"}, .not_after_ns = day(1), .prefer = {}});
  ASSERT_EQ(made.items.size(), 3U) << "the file and the folders above it";
  EXPECT_EQ(made.items[2].path, "/srv/lab/report3.txt");
  EXPECT_EQ(made.snapshots[made.items[2].snapshot].id, "s1");
}

TEST_F(Incident, plans_for_a_scanned_tree_only_what_is_hit_or_missing_there) {
  model::Scan scan;
  scan.host = "srv";
  scan.roots = {"/srv"};
  const std::int64_t id = store_.begin_scan(scan).value();
  model::FileRecord good;
  good.path = "/srv/lab/report1.txt";
  good.verdict = Verdict::intact;
  model::FileRecord hit;
  hit.path = "/srv/lab/report2.txt.bak9";
  hit.original_name = "report2.txt";
  hit.verdict = Verdict::encrypted;
  hit.size_bytes = 4000;
  ASSERT_TRUE(store_.record_files(id, std::vector{good, hit}, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  const auto backup = [&] {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (int i = 1; i < 4; ++i) source->put_file("s1", "/srv/lab/report" + std::to_string(i) + ".txt", letter(i));
    return source;
  };
  judge(*backup());
  const Plan made = plan(backup());
  EXPECT_EQ(find(made, "/srv/lab/report1.txt"), nullptr) << "good as it is";
  const Plan all = plan(
      backup(), {.only = {"/srv/lab"}, .not_after_ns = 0, .prefer = {}, .good_files = PlanPolicy::GoodFiles::plan});
  EXPECT_NE(find(all, "/srv/lab/report1.txt"), nullptr) << "as if the machine were gone";
  EXPECT_NE(find(all, "/srv/lab/report2.txt"), nullptr);
  EXPECT_TRUE(all.losses.empty());
  ASSERT_NE(find(made, "/srv/lab/report2.txt"), nullptr);
  EXPECT_EQ(find(made, "/srv/lab/report2.txt")->current_path, "/srv/lab/report2.txt.bak9");
  ASSERT_NE(find(made, "/srv/lab/report3.txt"), nullptr) << "missing";
  EXPECT_EQ(made.space.kept_bytes, 4000U);
}

TEST_F(Incident, maps_paths_of_snapshots_to_those_of_the_server) {
  record_.stored_prefix = "/mnt/snap";
  record_.live_prefix = "/srv/data";
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/mnt/snap/lab/a.txt", letter(1));
  source->put_file("s1", "/mnt/other/b.txt", letter(2));
  judge(*source);
  const Plan made = plan(std::move(source));
  const PlanItem* item = find(made, "/srv/data/lab/a.txt");
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(item->stored_path, "/mnt/snap/lab/a.txt");
  EXPECT_EQ(made.items.size(), 2U) << "the folder 'lab' and the file; folders of the mapping are in no snapshot";
}

TEST_F(Incident, calls_no_snapshot_clean_that_was_not_judged_as_a_whole) {
  auto source = std::make_unique<FakeSource>();
  put_letters(*source, "s1", 1, 0, 1);
  judge(*source, JudgeWhat::units);
  const Plan made = plan(std::move(source));
  EXPECT_EQ(made.last_clean_snapshot, "");
  ASSERT_EQ(made.losses.size(), 40U);
  EXPECT_EQ(made.losses[0].why, "none.judged: versions exist and were not judged; run 'lastgood backups judge'");
}

TEST_F(Incident, brings_a_database_back_from_one_snapshot_or_not_at_all) {
  auto source = std::make_unique<FakeSource>();
  for (int d = 1; d <= 3; ++d) {
    const std::string id = "s" + std::to_string(d);
    source->add_snapshot(id, day(d));
    source->put_file(id, "/srv/pg/base/1", letter(d));
    source->put_file(id, "/srv/pg/base/2", letter(d == 1 ? 1 : 50));
  }
  judge(*source);
  // As if judging had recognised it: the newest set is torn, the one before it is good.
  std::vector<model::JudgedUnit> units;
  for (int d = 1; d <= 3; ++d) {
    units.push_back({.snapshot = "s" + std::to_string(d),
                     .kind = "postgresql",
                     .path = "/srv/pg",
                     .state = d == 3 ? "torn" : "needs_recovery",
                     .certainty = model::Certainty::strong,
                     .data_as_of_ns = day(d) - 5});
  }
  const auto snapshots = store_.backups().snapshots("nas").value();
  ASSERT_TRUE(store_.backups().record_snapshots("nas", snapshots, units).ok());
  const Plan made = plan(std::move(source));
  ASSERT_EQ(made.units.size(), 1U);
  EXPECT_EQ(made.units[0].data_as_of_ns, day(2) - 5);
  EXPECT_EQ(made.units[0].remarks.back(), "unit.newer: a NEWER copy is not taken: in snapshot nas s3 it is torn");
  for (const PlanItem& item : made.items) {
    if (!item.path.starts_with("/srv/pg")) continue;
    EXPECT_EQ(made.snapshots[item.snapshot].id, "s2") << item.path;
    EXPECT_EQ(item.unit, 0U) << item.path;
  }
  EXPECT_NE(find(made, "/srv/pg/base/1"), nullptr);
}

TEST_F(Incident, takes_struck_files_beside_a_database_for_what_they_are) {
  const auto backup = [&] {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (const char* name : {"1", "2"}) source->put_file("s1", std::string("/srv/pg/base/") + name, letter(1));
    return source;
  };
  judge(*backup());
  const std::vector<model::JudgedUnit> units{
      {.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg", .state = "consistent"}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  // "-", "." and " " sort before "/", digits and letters behind it.
  const std::vector<std::string> beside{"/srv/pg-dumps/a.sql", "/srv/pg.old/base/1", "/srv/pg 2/x",
                                        "/srv/pg2/secret.pdf", "/srv/pgdata"};
  for (const bool is_struck : {true, false}) {
    std::vector<model::FileRecord> files;
    for (const std::string& path : beside) {
      files.push_back({.path = path + ".bak9", .size_bytes = 4000, .verdict = Verdict::encrypted});
      files.back().original_name = path.substr(path.rfind('/') + 1);
    }
    for (const char* name : {"1", "2"}) {
      files.push_back({.path = std::string("/srv/pg/base/") + name, .size_bytes = 4000});
      files.back().verdict = is_struck && *name == '1' ? Verdict::encrypted : Verdict::intact;
    }
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
    const Plan made = plan(backup());
    ASSERT_EQ(made.units.size(), is_struck ? 1U : 0U);
    EXPECT_EQ(find(made, "/srv/pg/base/2") != nullptr, is_struck) << "it comes back as a whole or stays";
    std::set<std::string> lost;
    for (const PlanLoss& loss : made.losses) lost.insert(loss.path);
    EXPECT_EQ(lost, std::set<std::string>(beside.begin(), beside.end()));
  }
}

TEST_F(Incident, takes_a_copy_that_was_laid_out_to_run_a_command_only_when_there_is_no_other) {
  for (const bool has_other : {true, false}) {
    auto source = std::make_unique<FakeSource>();
    for (int d = 1; d <= 2; ++d) {
      source->add_snapshot("s" + std::to_string(d), day(d));
      source->put_file("s" + std::to_string(d), "/srv/pg/base/1", letter(d));
    }
    judge(*source);
    const std::vector<model::JudgedUnit> units{
        {.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg", .state = has_other ? "consistent" : "torn"},
        {.snapshot = "s2",
         .kind = "postgresql",
         .path = "/srv/pg",
         .state = "consistent",
         .findings = {{.rule = "unit.would_run", .sentence = "laid out"}}}};
    ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
    const Plan made = plan(std::move(source));
    ASSERT_EQ(made.units.size(), 1U);
    EXPECT_EQ(made.snapshots[made.units[0].snapshot].id, has_other ? "s1" : "s2");
    const auto& remarks = made.units[0].remarks;
    const bool is_said = std::any_of(remarks.begin(), remarks.end(), [](const std::string& remark) {
      return remark.find("a NEWER sound copy, 'nas s2' with data as of") != std::string::npos;
    });
    EXPECT_EQ(is_said, has_other) << "a standby's own backup can look so, and the one taken be any age";
  }
}

TEST_F(Incident, takes_the_copy_with_the_last_commit_also_where_a_later_snapshot_carries_an_older_one_along) {
  for (const bool is_stale : {true, false}) {
    auto source = std::make_unique<FakeSource>();
    for (int d = 1; d <= 2; ++d) {
      source->add_snapshot("s" + std::to_string(d), day(d));
      source->put_file("s" + std::to_string(d), "/srv/pg/base/1", letter(d));
    }
    judge(*source);
    const auto unit = [](std::string snapshot, std::int64_t as_of_ns) {
      return model::JudgedUnit{.snapshot = std::move(snapshot),
                               .kind = "postgresql",
                               .path = "/srv/pg",
                               .state = "consistent",
                               .data_as_of_ns = as_of_ns};
    };
    const std::vector<model::JudgedUnit> units{unit("s1", day(1) - 5), unit("s2", day(1) - (is_stale ? 6 : 4))};
    ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
    const Plan made = plan(std::move(source));
    ASSERT_EQ(made.units.size(), 1U);
    EXPECT_EQ(made.snapshots[made.units[0].snapshot].id, is_stale ? "s1" : "s2");
  }
}

TEST_F(Incident, refuses_a_database_of_which_no_usable_set_exists) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/srv/pg/base/1", letter(1));
  judge(*source);
  const std::vector<model::JudgedUnit> units{
      {.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg", .state = "torn"}};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  const Plan made = plan(std::move(source));
  EXPECT_EQ(find(made, "/srv/pg/base/1"), nullptr);
  ASSERT_EQ(made.losses.size(), 1U);
  EXPECT_NE(made.losses[0].why.find("torn"), std::string::npos);
}

TEST_F(Incident, knows_the_logs_that_were_left_whole_on_the_server) {
  const auto file = [](std::string path, int d, Verdict verdict) {
    return model::FileRecord{.path = std::move(path), .size_bytes = 10, .mtime_ns = day(d), .verdict = verdict};
  };
  const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
  const std::vector<model::FileRecord> files{file("/srv/wal/000000010000000000000003", 3, Verdict::intact),
                                             file("/srv/wal/000000010000000000000004", 4, Verdict::encrypted),
                                             file("/srv/wal/readme.txt", 5, Verdict::intact)};
  ASSERT_TRUE(store_.record_files(id, files, {}).ok());
  ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  EXPECT_EQ(find_newest_log_on_server(store_, "/srv/wal").value(), day(3));
  EXPECT_EQ(find_newest_log_on_server(store_, "/srv/binlog").value(), 0);
  EXPECT_EQ(find_newest_log_on_server(store_, "/var/wal").value(), 0) << "no scan looked there, and nothing is there";
  const os::testing::ScratchFolder scratch;
  const std::string log = scratch / "000000010000000000000004";
  std::ofstream(log) << "a segment";
  std::ofstream(scratch / "notes.txt") << "later, and no log";
  const struct timespec times[2] = {{1'000, 0}, {1'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, log.c_str(), times, 0), 0);
  EXPECT_EQ(find_newest_log_on_server(store_, scratch.path()).value(), std::int64_t{1'000} * 1'000'000'000)
      << "no scan looked there: by its name";
  const PlanUnit unit{
      .kind = "postgresql", .path = "/srv/pg", .logs = {.path = "/srv/wal", .on_server_ns = day(3), .missing = "none"}};
  const auto said = sentences_of(unit, {});
  ASSERT_EQ(said.size(), 2U);
  EXPECT_NE(said[1].find("lastgood replay '/srv/pg' --logs '/srv/wal'"), std::string::npos) << said[1];
}

Plan sample_plan() {
  Plan made;
  made.made_ns = day(1);
  made.case_name = "a.case";
  made.sources = {
      {.name = "nas", .address = "restic:/r", .format = "restic v2", .independence = model::Independence::apart}};
  made.snapshots = {{.source = 0, .id = "abc", .time_ns = day(1)}};
  made.units = {{.kind = "sqlite", .path = "/srv/\xff.db", .snapshot = 0, .data_as_of_ns = 0, .remarks = {"r"}}};
  made.units[0].fault_in_place = "base/5/16384: is not there";
  made.whys = {"newest.intact: it is"};
  made.losses = {{.path = "/srv/l\n", .why = "gone"}};
  made.tops = {{.path = "/srv", .files = 1, .bytes = 2, .files_lost = 3, .oldest_ns = day(1), .newest_ns = day(2)}};
  PlanItem item;
  item.path = "/srv/\xff\"\\\n.db";
  item.stored_path = "/mnt/\xff.db";
  item.current_path = "/srv/x.bak9";
  item.unit = 0;
  item.size_bytes = UINT64_MAX;
  item.mtime_ns = -7;
  item.content_key = std::string(32, '\xfe');
  item.verdict = Verdict::protected_;
  item.certainty = model::Certainty::proven;
  made.items = {item};
  return made;
}

TEST(PlanFile, gives_back_every_field) {
  const os::testing::ScratchFolder folder;
  const Plan written = sample_plan();
  const auto digest = write_plan(written, folder / "p.json");
  ASSERT_TRUE(digest.ok());
  const auto read = read_plan(folder / "p.json");
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().digest, digest.value());
  const Plan& plan = read.value().plan;
  EXPECT_EQ(plan.sources.at(0).independence, model::Independence::apart);
  EXPECT_EQ(plan.units.at(0).path, written.units[0].path);
  EXPECT_EQ(plan.units.at(0).fault_in_place, written.units[0].fault_in_place);
  EXPECT_EQ(plan.losses.at(0).path, "/srv/l\n");
  EXPECT_EQ(plan.tops.at(0).files_lost, 3U);
  const PlanItem& item = plan.items.at(0);
  EXPECT_EQ(item.path, written.items[0].path);
  EXPECT_EQ(item.stored_path, written.items[0].stored_path);
  EXPECT_EQ(item.current_path, written.items[0].current_path);
  EXPECT_EQ(item.unit, 0U);
  EXPECT_EQ(item.size_bytes, UINT64_MAX);
  EXPECT_EQ(item.mtime_ns, -7);
  EXPECT_EQ(item.content_key, written.items[0].content_key);
  EXPECT_EQ(item.verdict, Verdict::protected_);
  EXPECT_EQ(item.certainty, model::Certainty::proven);
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PlanFile, is_refused_when_a_byte_of_it_was_changed_or_is_missing) {
  const os::testing::ScratchFolder folder;
  ASSERT_TRUE(write_plan(sample_plan(), folder / "p.json").ok());
  const std::string text = read_text(folder / "p.json");
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(folder / "q.json", std::ios::binary) << changed;
    EXPECT_FALSE(read_plan(folder / "q.json").ok()) << at;
    std::ofstream(folder / "q.json", std::ios::binary) << text.substr(0, at);
    EXPECT_FALSE(read_plan(folder / "q.json").ok()) << at;
  }
}

/// `text` with its digest made right again: what somebody who wants to trick us would do.
std::string with_right_digest(std::string text) {
  const std::size_t at = text.find("sha256:") + 7;
  text.replace(at, 64, std::string(64, '0'));
  const std::string digest = base::hex(base::ByteView(base::sha256(base::ByteView(std::string_view(text)))));
  return text.replace(at, 64, digest);
}

TEST(PlanFile, is_refused_when_its_paths_lead_out_or_its_numbers_lead_nowhere) {
  const os::testing::ScratchFolder folder;
  Plan plain = sample_plan();
  plain.items[0].path = "/srv/a.db";
  ASSERT_TRUE(write_plan(plain, folder / "p.json").ok());
  const std::string text = read_text(folder / "p.json");
  const std::vector<std::pair<std::string, std::string>> changes{
      {"\"/srv/a.db\"", "\"/srv/../etc/passwd\""},
      {"\"/srv/a.db\"", "\"srv/a.db\""},
      {"\"/srv/a.db\"", "\"/srv/\\u0000a\""},
      {"\"kind\":\"file\",\"snapshot\":0", "\"kind\":\"file\",\"snapshot\":9"},
      {"\"why\":0", "\"why\":7"},
      {"\"kind\":\"file\"", "\"kind\":\"door\""},
      {"\"verdict\":\"protected\"", "\"verdict\":\"fine\""},
      {"\"version\":1", "\"version\":2"},
      {"\"attack_began\":null", "\"attack_began\":nope"},
      {"\"items\":[", "\"items\":7,\"x\":["}};
  for (const auto& [from, to] : changes) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    std::ofstream(folder / "q.json", std::ios::binary) << with_right_digest(changed);
    EXPECT_FALSE(read_plan(folder / "q.json").ok()) << to;
  }
  std::ofstream(folder / "q.json", std::ios::binary) << with_right_digest(text);
  EXPECT_TRUE(read_plan(folder / "q.json").ok()) << "the test's own way of making digests";
}

}  // namespace

}  // namespace lastgood::recovery::testing
