// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every CaseStore must do. An implementation's test gives a name and a function that makes an empty store:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, CaseStoreSuite, ::testing::Values(StoreMaker{[] { return ...; }}));
//
// The test program includes this header in exactly one file.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "casefile/case_store.h"
#include "casefile/testing/sample_records.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::casefile::testing {

/// Makes an empty store, if it likes in `folder`, which outlives the store.
struct StoreMaker {
  std::function<std::unique_ptr<CaseStore>(const std::string& folder)> make;
};

class CaseStoreSuite : public ::testing::TestWithParam<StoreMaker> {
 protected:
  void SetUp() override {
    store_ = GetParam().make(scratch_.path());
    ASSERT_NE(store_, nullptr);
    scan_ = begin();
  }

  std::int64_t begin() {
    model::Scan scan;
    scan.host = "hims1";
    scan.roots = {"/srv", "/home,\n"};
    scan.depth = model::Depth::full;
    scan.options = "one-file-system";
    scan.started_ns = 17;
    auto id = store_->begin_scan(scan);
    EXPECT_TRUE(id.ok());
    return id.ok() ? id.value() : 0;
  }
  void record(const std::vector<FileRecord>& files, const std::vector<Sighting>& sightings = {}) {
    const base::Status status = store_->record_files(scan_, files, sightings);
    EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().what);
  }

  os::testing::ScratchFolder scratch_;
  std::unique_ptr<CaseStore> store_;
  std::int64_t scan_ = 0;
};

TEST_P(CaseStoreSuite, gives_back_every_field_of_a_file) {
  record({plain_file("/srv/a.docx"), attacked_file("/srv/b.docx.bak9")});
  const std::vector<FileRecord> files = files_in(*store_);
  ASSERT_EQ(files.size(), 2U);
  expect_same(files[0], plain_file("/srv/a.docx"));
  expect_same(files[1], attacked_file("/srv/b.docx.bak9"));
}

TEST_P(CaseStoreSuite, takes_paths_of_any_bytes_and_length) {
  std::vector<FileRecord> files{plain_file("/"s + std::string(5000, 'n')), plain_file("/\n\xff\xfe/\x01"),
                                plain_file("/nul\0in/it\0"s), plain_file("/a"),
                                plain_file("/'; DROP TABLE files; --/%_\\")};
  files[0].format.clear();
  files[1].size_bytes = UINT64_MAX;
  record(files);
  for (const FileRecord& file : files) {
    const std::vector<FileRecord> found = files_in(*store_, {.scan_id = scan_, .path = file.path});
    ASSERT_EQ(found.size(), 1U) << base::printable(file.path);
    expect_same(found[0], file);
  }
}

TEST_P(CaseStoreSuite, refuses_paths_that_no_file_has) {
  for (const char* path : {"", "relative", "relative/a", "/", "/srv/"}) {
    const base::Status status =
        store_->record_files(scan_, std::vector<FileRecord>{plain_file("/srv/good"), plain_file(path)}, {});
    ASSERT_FALSE(status.ok()) << path;
    EXPECT_EQ(status.error().code, base::ErrorCode::misuse);
  }
  EXPECT_TRUE(files_in(*store_).empty()) << "all or nothing";
}

TEST_P(CaseStoreSuite, knows_no_scan_that_was_not_begun) {
  EXPECT_EQ(store_->record_files(99, std::vector<FileRecord>{plain_file("/a")}, {}).error().code,
            base::ErrorCode::not_found);
  EXPECT_EQ(store_->record_campaigns(99, {}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(store_->finish_scan(99, 1, {}).error().code, base::ErrorCode::not_found);
  EXPECT_TRUE(store_->known_files(99, "/srv").value().empty());
  EXPECT_TRUE(store_->campaigns(99).value().empty());
}

TEST_P(CaseStoreSuite, shows_files_by_directory_and_name_as_bytes) {
  record({plain_file("/srv/b/2"), plain_file("/srv/b/10"), plain_file("/srv/b-c/1"), plain_file("/srv/b/x/0"),
          plain_file("/srv/B"), plain_file("/zz"), plain_file("/srv/\xff")});
  EXPECT_EQ(paths_in(*store_), (std::vector<std::string>{"/zz", "/srv/B", "/srv/\xff", "/srv/b/10", "/srv/b/2",
                                                         "/srv/b-c/1", "/srv/b/x/0"}));
}

TEST_P(CaseStoreSuite, shows_one_folder_and_what_is_below_it) {
  record({plain_file("/srv/b/2"), plain_file("/srv/b/x/y/1"), plain_file("/srv/b-c/1"), plain_file("/srv/bc/1"),
          plain_file("/b/1")});
  const std::vector<std::string> below{"/srv/b/2", "/srv/b/x/y/1"};
  EXPECT_EQ(paths_in(*store_, {.path_below = "/srv/b"}), below);
  EXPECT_EQ(paths_in(*store_, {.path_below = "/srv/b/"}), below);
  EXPECT_EQ(paths_in(*store_, {.path_below = "/"}).size(), 5U);
  EXPECT_TRUE(paths_in(*store_, {.path_below = "/srv/b/2"}).empty());
  EXPECT_EQ(paths_in(*store_, {.path = "/srv/b/2", .path_below = "/srv"}).size(), 1U);
  EXPECT_TRUE(paths_in(*store_, {.path = "/srv/b/2", .path_below = "/b"}).empty());
}

TEST_P(CaseStoreSuite, finds_one_path_and_nothing_beside_it) {
  record({plain_file("/srv/a"), plain_file("/srv/aa")});
  EXPECT_EQ(paths_in(*store_, {.path = "/srv/a"}), std::vector<std::string>{"/srv/a"});
  EXPECT_TRUE(paths_in(*store_, {.path = "/srv/"}).empty());
  EXPECT_TRUE(paths_in(*store_, {.path = "/srv/ab"}).empty());
  EXPECT_TRUE(paths_in(*store_, {.path = "/other/a"}).empty());
}

TEST_P(CaseStoreSuite, shows_chosen_verdicts_and_scans_only) {
  record(
      {plain_file("/a", Verdict::intact), plain_file("/b", Verdict::unreadable), plain_file("/c", Verdict::encrypted)});
  const std::int64_t first = scan_;
  scan_ = begin();
  record({plain_file("/c", Verdict::unreadable)});
  EXPECT_EQ(paths_in(*store_, {.verdicts = {Verdict::unreadable, Verdict::encrypted}}),
            (std::vector<std::string>{"/b", "/c", "/c"}));
  EXPECT_EQ(paths_in(*store_, {.scan_id = first, .verdicts = {Verdict::unreadable}}), std::vector<std::string>{"/b"});
  EXPECT_EQ(paths_in(*store_, {.scan_id = scan_}), std::vector<std::string>{"/c"});
  EXPECT_TRUE(paths_in(*store_, {.scan_id = scan_, .verdicts = {Verdict::intact}, .path = "/c"}).empty());
}

TEST_P(CaseStoreSuite, leaves_out_details_when_asked) {
  record({attacked_file("/a")});
  const std::vector<FileRecord> files = files_in(*store_, {.details = false});
  ASSERT_EQ(files.size(), 1U);
  expect_same(files[0], plain_file("/a", Verdict::partly_encrypted));
}

TEST_P(CaseStoreSuite, ends_a_visit_when_the_visitor_has_enough) {
  record({plain_file("/a"), plain_file("/b"), plain_file("/c/d")}, {sighting_in("/a", 1), sighting_in("/b", 2)});
  scan_ = begin();
  record({plain_file("/a")});
  int seen = 0;
  EXPECT_TRUE(store_->visit_files({}, [&](const FileRecord&) { return ++seen < 2; }).ok());
  EXPECT_EQ(seen, 2);
  seen = 0;
  EXPECT_TRUE(store_->visit_sightings(1, [&](const Sighting&) { return ++seen < 1; }).ok());
  EXPECT_EQ(seen, 1);
}

TEST_P(CaseStoreSuite, counts_the_files_of_one_scan_by_verdict) {
  FileRecord intact = plain_file("/srv/a", Verdict::intact);
  FileRecord struck = attacked_file("/srv/b/c");
  struck.verdict = Verdict::encrypted;
  record({intact, struck});
  const std::int64_t first = scan_;
  scan_ = begin();
  record({intact});
  const model::ScanCounts counts = store_->count_files(first).value();
  const auto encrypted = static_cast<std::size_t>(Verdict::encrypted);
  EXPECT_EQ(counts.files, 2U);
  EXPECT_EQ(counts.bytes, intact.size_bytes + struck.size_bytes);
  EXPECT_EQ(counts.bytes_read, intact.bytes_read + struck.bytes_read);
  EXPECT_EQ(counts.files_by_verdict.at(encrypted), 1U);
  EXPECT_EQ(counts.bytes_by_verdict.at(encrypted), struck.size_bytes);
  EXPECT_EQ(store_->count_files(scan_).value().files, 1U);
  EXPECT_EQ(store_->count_files(99).value().files, 0U);
}

TEST_P(CaseStoreSuite, lets_the_last_record_of_a_path_win) {
  record({attacked_file("/srv/a"), plain_file("/srv/b")}, {sighting_in("/srv/a", 5), sighting_in("/srv/b", 6)});
  FileRecord later = attacked_file("/srv/a");
  later.head = {9};
  later.size_bytes = 1;
  record({plain_file("/srv/a"), later}, {sighting_in("/srv/a", 7)});
  const std::vector<FileRecord> files = files_in(*store_);
  ASSERT_EQ(files.size(), 2U);
  expect_same(files[0], later);
  const std::vector<Sighting> sightings = sightings_in(*store_, scan_);
  ASSERT_EQ(sightings.size(), 2U);
  EXPECT_EQ(sightings[0].offset_bytes, 7U);
  EXPECT_EQ(sightings[1].offset_bytes, 6U);
  record({plain_file("/srv/a")});
  expect_same(files_in(*store_, {.path = "/srv/a"}).at(0), plain_file("/srv/a"));
}

TEST_P(CaseStoreSuite, amends_what_was_decided_and_keeps_what_was_seen) {
  record({attacked_file("/srv/a"), plain_file("/srv/b"), plain_file("/srv/c")});
  FileRecord decided = plain_file("/srv/a", Verdict::encrypted);
  decided.certainty = Certainty::weak;
  decided.reasons = {{.rule = "campaign", .sentence = "shares its tail"}};
  decided.ranges = {{.from = 1, .to = 2}};
  decided.original_name = "a";
  decided.campaign_id = 8;
  decided.size_bytes = 1;  // not among what is amended
  FileRecord same = decided;
  same.path = "/srv/b";
  FileRecord bare = plain_file("/srv/c", Verdict::damaged);
  ASSERT_TRUE(store_->amend_files(scan_, std::vector<FileRecord>{decided, same, bare}).ok());
  const std::vector<FileRecord> files = files_in(*store_);
  ASSERT_EQ(files.size(), 3U);
  FileRecord expected = attacked_file("/srv/a");
  expected.verdict = Verdict::encrypted;
  expected.certainty = Certainty::weak;
  expected.reasons = decided.reasons;
  expected.ranges = decided.ranges;
  expected.original_name = "a";
  expected.campaign_id = 8;
  expect_same(files[0], expected);
  EXPECT_EQ(files[1].reasons, decided.reasons);
  EXPECT_EQ(files[1].size_bytes, 4711U);
  EXPECT_TRUE(files[1].head.empty());
  expect_same(files[2], bare);
}

TEST_P(CaseStoreSuite, amends_all_or_nothing) {
  record({plain_file("/srv/a")});
  const base::Status status = store_->amend_files(
      scan_, std::vector<FileRecord>{plain_file("/srv/a", Verdict::damaged), plain_file("/srv/missing")});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::not_found);
  expect_same(files_in(*store_).at(0), plain_file("/srv/a"));
  record({plain_file("/srv/new folder/b")});
  EXPECT_EQ(paths_in(*store_).size(), 2U) << "ids made in what was undone must not be used";
}

TEST_P(CaseStoreSuite, lets_a_visitor_change_files_that_come_later) {
  std::vector<FileRecord> many;
  for (int i = 0; i < 1500; ++i) many.push_back(plain_file("/srv/" + std::to_string(100'000 + i)));
  record(many);
  int seen = 0;
  EXPECT_TRUE(store_
                  ->visit_files({},
                                [&](const FileRecord& file) {
                                  ++seen;
                                  FileRecord changed = file;
                                  changed.verdict = Verdict::encrypted;
                                  return store_->amend_files(scan_, std::vector<FileRecord>{changed}).ok();
                                })
                  .ok());
  EXPECT_EQ(seen, 1500);
  EXPECT_EQ(paths_in(*store_, {.verdicts = {Verdict::encrypted}}).size(), 1500U);
}

TEST_P(CaseStoreSuite, shows_many_files_in_many_folders_once_each) {
  std::vector<FileRecord> many;
  for (int folder = 0; folder < 700; ++folder) {
    for (int i = 0; i < (folder == 3 ? 1025 : 2); ++i)
      many.push_back(plain_file("/f" + std::to_string(folder) + "/" + std::to_string(i)));
  }
  record(many);
  const std::vector<std::string> paths = paths_in(*store_);
  EXPECT_EQ(paths.size(), many.size());
  EXPECT_EQ(std::set<std::string>(paths.begin(), paths.end()).size(), many.size());
  EXPECT_EQ(store_->known_files(scan_, "/f3").value().size(), 1025U);
}

TEST_P(CaseStoreSuite, knows_the_files_of_one_directory) {
  record({plain_file("/srv/b"), plain_file("/srv/a"), plain_file("/srv/x/c"), plain_file("/root")});
  scan_ = begin();
  record({plain_file("/srv/d")});
  const KnownFile a{.name = "a", .size_bytes = 4711, .mtime_ns = 1'669'187'220'123'456'789, .ctime_ns = -5};
  KnownFile b = a;
  b.name = "b";
  EXPECT_EQ(store_->known_files(1, "/srv").value(), (std::vector<KnownFile>{a, b}));
  EXPECT_EQ(store_->known_files(1, "/").value().at(0).name, "root");
  EXPECT_EQ(store_->known_files(1, "").value().at(0).name, "root");
  EXPECT_TRUE(store_->known_files(1, "/never").value().empty());
}

TEST_P(CaseStoreSuite, gives_sightings_by_place_and_each_once) {
  record({plain_file("/srv/a")},
         {sighting_in("/srv/b\xff", 3), sighting_in("/srv/a", 900), sighting_in("/srv/a", 20),
          sighting_in("/srv/a", 20), sighting_in("/srv/a", 20, "cat@example.org"), sighting_in("/a/z", 1)});
  std::vector<std::string> seen;
  for (const Sighting& sighting : sightings_in(*store_, scan_)) {
    seen.push_back(sighting.path + "@" + std::to_string(sighting.offset_bytes) + " " + sighting.kind + ":" +
                   sighting.value + " " + sighting.level);
  }
  EXPECT_EQ(seen,
            (std::vector<std::string>{"/a/z@1 email:dog@example.org shape", "/srv/a@20 email:cat@example.org shape",
                                      "/srv/a@20 email:dog@example.org shape", "/srv/a@900 email:dog@example.org shape",
                                      "/srv/b\xff@3 email:dog@example.org shape"}));
  EXPECT_TRUE(sightings_in(*store_, 2).empty());
}

TEST_P(CaseStoreSuite, gives_thousands_of_sightings_of_one_file) {
  std::vector<Sighting> many;
  for (std::uint64_t i = 0; i < 1600; ++i) many.push_back(sighting_in("/srv/mail", i / 2, std::to_string(i % 2)));
  record({}, many);
  const std::vector<Sighting> found = sightings_in(*store_, scan_);
  ASSERT_EQ(found.size(), 1600U);
  EXPECT_EQ(found[1027].offset_bytes, 513U);
  EXPECT_EQ(found[1027].value, "1");
}

TEST_P(CaseStoreSuite, keeps_scans_as_they_began_and_ended) {
  scan_ = begin();
  EXPECT_EQ(scan_, 2);
  model::ScanCounts counts{.files = 5, .bytes = 6, .bytes_read = 7, .skipped = UINT64_MAX};
  counts.files_by_verdict[1] = 8;
  counts.bytes_by_verdict[7] = 9;
  ASSERT_TRUE(store_->finish_scan(2, 99, counts).ok());
  const std::vector<model::Scan> scans = store_->scans().value();
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].id, 1);
  EXPECT_EQ(scans[0].finished_ns, 0);
  EXPECT_EQ(scans[1].host, "hims1");
  EXPECT_EQ(scans[1].roots, (std::vector<std::string>{"/srv", "/home,\n"}));
  EXPECT_EQ(scans[1].depth, model::Depth::full);
  EXPECT_EQ(scans[1].options, "one-file-system");
  EXPECT_EQ(scans[1].started_ns, 17);
  EXPECT_EQ(scans[1].finished_ns, 99);
  EXPECT_EQ(scans[1].counts.skipped, UINT64_MAX);
  EXPECT_EQ(scans[1].counts.files_by_verdict, counts.files_by_verdict);
  EXPECT_EQ(scans[1].counts.bytes_by_verdict, counts.bytes_by_verdict);
}

TEST_P(CaseStoreSuite, replaces_campaigns_and_never_gives_an_id_twice) {
  model::Campaign campaign{.certainty = Certainty::proven,
                           .extension = ".bak9",
                           .head = {1, 0, 2},
                           .tail = {},
                           .footer_bytes = 534,
                           .family = "akira",
                           .contacts = {"email:dog@example.org", ""},
                           .notes = {"/srv/READ\n.txt"},
                           .note_count = 12,
                           .file_count = 13,
                           .size_bytes = 14,
                           .first_change_ns = -1,
                           .last_change_ns = 15,
                           .reasons = {{.rule = "tail", .sentence = "shared"}}};
  const auto first = store_->record_campaigns(scan_, std::vector<model::Campaign>{campaign, campaign});
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first.value().size(), 2U);
  campaign.extension = ".other";
  const auto second = store_->record_campaigns(scan_, std::vector<model::Campaign>{campaign});
  ASSERT_TRUE(second.ok());
  EXPECT_GT(second.value().at(0), first.value().at(1));
  const std::vector<model::Campaign> found = store_->campaigns(scan_).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].id, second.value().at(0));
  EXPECT_EQ(found[0].extension, ".other");
  EXPECT_EQ(found[0].head, campaign.head);
  EXPECT_EQ(found[0].contacts, campaign.contacts);
  EXPECT_EQ(found[0].notes, campaign.notes);
  EXPECT_EQ(found[0].reasons, campaign.reasons);
  EXPECT_EQ(found[0].certainty, Certainty::proven);
  EXPECT_EQ(std::make_pair(found[0].first_change_ns, found[0].last_change_ns),
            std::make_pair(std::int64_t{-1}, std::int64_t{15}));
  EXPECT_EQ(found[0].footer_bytes + found[0].note_count + found[0].file_count + found[0].size_bytes,
            534U + 12 + 13 + 14);
  EXPECT_EQ(found[0].family, "akira");
}

TEST_P(CaseStoreSuite, keeps_settings) {
  EXPECT_FALSE(store_->setting("name").value().has_value());
  ASSERT_TRUE(store_->put_setting("name", "first").ok());
  ASSERT_TRUE(store_->put_setting("name", "\0\xff"s).ok());
  EXPECT_EQ(store_->setting("name").value(), "\0\xff"s);
  ASSERT_TRUE(store_->put_setting("empty", "").ok());
  EXPECT_EQ(store_->setting("empty").value(), "");
}

}  // namespace lastgood::casefile::testing
