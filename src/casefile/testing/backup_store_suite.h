// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every BackupStore must do. Built upon case_store_suite.h; included by the same one file.
#pragma once

#include "casefile/testing/case_store_suite.h"

namespace lastgood::casefile::testing {

class BackupStoreSuite : public CaseStoreSuite {
 protected:
  BackupStore& backups() { return store_->backups(); }

  static model::BackupSource source_named(const std::string& name) {
    return {.name = name,
            .address = "restic:/backup/\xff",
            .format = "restic v2",
            .independence = model::Independence::apart,
            .password_from = "file:/root/pw",
            .key_file = "/root/key",
            .stored_prefix = "/mnt/snap",
            .live_prefix = "/srv\n",
            .added_ns = 17};
  }

  static model::JudgedSnapshot snapshot_named(const std::string& id) {
    model::JudgedSnapshot judged;
    judged.snapshot = {.id = id,
                       .time_ns = -5,
                       .stored_ns = 6,
                       .host = "db1",
                       .user = "root",
                       .paths = {"/srv", "/ho,me"},
                       .tags = {"daily"},
                       .program = "restic 0.14.0",
                       .root = std::string("\0\xff", 2),
                       .presence = model::Presence::erased,
                       .claims = {},
                       .findings = {}};
    judged.snapshot.findings.push_back({.rule = "borg.tam", .sentence = "not there", .weight = {}, .range = {}});
    judged.counts.count(Verdict::encrypted, 100, 0);
    judged.open = 1;
    judged.added = 2;
    judged.changed = 3;
    judged.removed = 4;
    judged.oddities = {{.rule = "series.jump", .sentence = "ten times as many"}};
    return judged;
  }

  static model::JudgedUnit unit_at(const std::string& path) {
    return {.snapshot = "s1",
            .kind = "postgresql",
            .path = path,
            .state = "torn",
            .certainty = Certainty::proven,
            .data_as_of_ns = 99,
            .files = 7,
            .bytes = 8,
            .findings = {{.rule = "postgresql.lsn", .sentence = "newer than its log"}}};
  }
};

TEST_P(BackupStoreSuite, gives_back_every_field_of_a_source_in_the_order_they_came) {
  ASSERT_TRUE(backups().put_source(source_named("zz")).ok());
  ASSERT_TRUE(backups().put_source(source_named("aa")).ok());
  model::BackupSource again = source_named("zz");
  again.format = "restic v1";
  ASSERT_TRUE(backups().put_source(again).ok());
  const auto sources = backups().sources().value();
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].name, "zz");
  EXPECT_EQ(sources[0].format, "restic v1") << "the same name replaces";
  EXPECT_EQ(sources[1].address, "restic:/backup/\xff");
  EXPECT_EQ(sources[1].independence, model::Independence::apart);
  EXPECT_EQ(sources[1].password_from, "file:/root/pw");
  EXPECT_EQ(sources[1].key_file, "/root/key");
  EXPECT_EQ(sources[1].stored_prefix, "/mnt/snap");
  EXPECT_EQ(sources[1].live_prefix, "/srv\n");
  EXPECT_EQ(sources[1].added_ns, 17);
}

TEST_P(BackupStoreSuite, gives_back_snapshots_and_units_and_replaces_them_as_a_whole) {
  ASSERT_TRUE(backups().put_source(source_named("b2")).ok());
  const std::vector<model::JudgedSnapshot> first{snapshot_named("s1"), snapshot_named("s0")};
  const std::vector<model::JudgedUnit> units{unit_at("/var/lib/pg")};
  ASSERT_TRUE(backups().record_snapshots("b2", first, units).ok());
  const auto found = backups().snapshots("b2").value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].snapshot.id, "s0");
  const model::Snapshot& snapshot = found[0].snapshot;
  EXPECT_EQ(snapshot.time_ns, -5);
  EXPECT_EQ(snapshot.stored_ns, 6);
  EXPECT_EQ(snapshot.host + snapshot.user + snapshot.program, "db1rootrestic 0.14.0");
  EXPECT_EQ(snapshot.paths, first[0].snapshot.paths);
  EXPECT_EQ(snapshot.tags, first[0].snapshot.tags);
  EXPECT_EQ(snapshot.root, first[0].snapshot.root);
  EXPECT_EQ(snapshot.presence, model::Presence::erased);
  ASSERT_EQ(snapshot.findings.size(), 1U);
  EXPECT_EQ(snapshot.findings[0].rule, "borg.tam");
  EXPECT_EQ(found[0].counts.files, 1U);
  EXPECT_EQ(found[0].open + found[0].added * 10 + found[0].changed * 100 + found[0].removed * 1000, 4321U);
  EXPECT_EQ(found[0].oddities, first[0].oddities);
  const auto stored_units = backups().units("b2").value();
  ASSERT_EQ(stored_units.size(), 1U);
  EXPECT_EQ(stored_units[0].path, "/var/lib/pg");
  EXPECT_EQ(stored_units[0].state, "torn");
  EXPECT_EQ(stored_units[0].certainty, Certainty::proven);
  EXPECT_EQ(stored_units[0].data_as_of_ns, 99);
  EXPECT_EQ(stored_units[0].files * 10 + stored_units[0].bytes, 78U);
  EXPECT_EQ(stored_units[0].findings, units[0].findings);
  ASSERT_TRUE(backups().record_snapshots("b2", {}, {}).ok());
  EXPECT_TRUE(backups().snapshots("b2").value().empty());
  EXPECT_TRUE(backups().units("b2").value().empty());
  EXPECT_EQ(backups().record_snapshots("nobody", {}, {}).error().code, base::ErrorCode::not_found);
}

TEST_P(BackupStoreSuite, shows_a_content_with_the_verdict_its_file_has_now) {
  record({plain_file("/s1/a", Verdict::undecided), plain_file("/s1/b", Verdict::intact)});
  const std::string key_a(32, '\x01');
  const std::string key_b(32, '\xff');
  const std::string key_lost(32, '\x02');
  ASSERT_TRUE(backups()
                  .record_contents(std::vector<model::JudgedContent>{
                      {.key = key_b, .scan_id = scan_, .path = "/s1/b"},
                      {.key = key_a, .scan_id = scan_, .path = "/s1/a"},
                      {.key = key_lost, .scan_id = scan_, .path = "/s1/never-recorded"}})
                  .ok());
  FileRecord decided = plain_file("/s1/a", Verdict::encrypted);
  ASSERT_TRUE(store_->amend_files(scan_, std::vector<FileRecord>{decided}).ok());
  std::vector<model::ContentVerdict> seen;
  ASSERT_TRUE(backups()
                  .visit_contents([&](const model::ContentVerdict& content) {
                    seen.push_back(content);
                    return true;
                  })
                  .ok());
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].key, key_a);
  EXPECT_EQ(seen[0].verdict, Verdict::encrypted);
  EXPECT_EQ(seen[1].verdict, Verdict::intact);
  EXPECT_EQ(backups().find_content(key_a).value().value().path, "/s1/a");
  EXPECT_FALSE(backups().find_content(std::string(32, 'x')).value().has_value());
}

TEST_P(BackupStoreSuite, shows_many_contents_once_each_and_stops_when_asked) {
  std::vector<FileRecord> files;
  std::vector<model::JudgedContent> contents;
  for (int i = 0; i < 10'000; ++i) {
    const std::string path = "/s/" + std::to_string(i);
    files.push_back(plain_file(path));
    contents.push_back({.key = "k" + std::to_string(i), .scan_id = scan_, .path = path});
  }
  record(files);
  ASSERT_TRUE(backups().record_contents(contents).ok());
  std::set<std::string> seen;
  ASSERT_TRUE(backups().visit_contents([&](const auto& content) { return seen.insert(content.key).second; }).ok());
  EXPECT_EQ(seen.size(), contents.size());
  int count = 0;
  ASSERT_TRUE(backups().visit_contents([&](const auto&) { return ++count < 3; }).ok());
  EXPECT_EQ(count, 3);
}

TEST_P(BackupStoreSuite, knows_which_scans_judged_a_source) {
  model::Scan scan;
  scan.source = "b2";
  ASSERT_TRUE(store_->begin_scan(scan).ok());
  const auto scans = store_->scans().value();
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].source, "");
  EXPECT_EQ(scans[1].source, "b2");
}

}  // namespace lastgood::casefile::testing
