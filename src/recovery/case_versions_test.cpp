// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves which versions of a path a restore is told of when bytes are lost: all sources and snapshots, under the names
// that each has for it, likeliest first, never the lost one itself.
#include "recovery/case_versions.h"

#include <gtest/gtest.h>

#include "recovery/testing/incident.h"

namespace lastgood::recovery {
namespace {

using sources::testing::FakeSource;
using testing::day;
using testing::letter;

/// A source of two days, and a copy that keeps "/srv" as its root.
class CaseVersionsStory : public testing::Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    auto nas = std::make_unique<FakeSource>();
    nas->add_snapshot("monday", day(1));
    nas->add_snapshot("tuesday", day(2));
    nas->put_file("monday", "/srv/lab/a.txt", letter(1));
    nas->put_file("tuesday", "/srv/lab/a.txt", letter(2));
    nas->put_file("tuesday", "/srv/lab/b.txt", letter(3));
    auto copy = std::make_unique<FakeSource>();
    copy->add_snapshot("friday", day(5));
    copy->add_snapshot("sunday", day(7));
    copy->put_file("friday", "/lab/a.txt", letter(2));
    copy->put_file("sunday", "/lab/a.txt", letter(2) + "one line more\n");
    copy->put_file("sunday", "/lab/c.txt", letter(4));
    judge_and_add(std::move(nas), record_);
    model::BackupSource record;
    record.name = "copy";
    record.address = "folder:/copy";
    record.live_prefix = "/srv";
    ASSERT_TRUE(store_.backups().put_source(record).ok());
    judge_and_add(std::move(copy), record);
    plan_.sources = {{.name = "nas"}, {.name = "copy"}};
    plan_.snapshots = {{.source = 0, .id = "tuesday"}};
  }

  void judge_and_add(std::unique_ptr<FakeSource> source, const model::BackupSource& record) {
    const auto judged =
        judge_backup({.source = record, .depth = model::Depth::full}, *source, store_, *ledger_, progress_);
    ASSERT_TRUE(judged.ok());
    auto snapshots = source->snapshots().value();
    sources_.by_index.push_back(source.get());
    sources_.sources.opened.push_back(
        {.record = record, .source = std::move(source), .snapshots = std::move(snapshots)});
  }

  /// As the plan has it.
  PlanItem item(const std::string& path, const std::string& name) {
    FakeSource& nas = static_cast<FakeSource&>(*sources_.by_index[0]);
    const model::TreeEntry& entry = nas.entry("tuesday", name);
    return {.path = path,
            .stored_path = path == name ? "" : name,
            .snapshot = 0,
            .size_bytes = entry.content.size_bytes,
            .mtime_ns = entry.mtime_ns,
            .content_key = entry.content.key};
  }

  std::string names_of(const std::vector<OtherVersion>& versions) {
    std::string out;
    for (const OtherVersion& version : versions) out += version.name + "; ";
    return out;
  }

  Plan plan_;
  PlanSources sources_;
};

TEST_F(CaseVersionsStory, names_every_other_version_of_the_path_likeliest_first) {
  CaseVersions versions(plan_, sources_, store_);
  const auto found = versions.find_versions(item("/srv/lab/a.txt", "/srv/lab/a.txt"));
  EXPECT_EQ(names_of(found), "copy friday; nas monday; copy sunday; ");
  for (const OtherVersion& version : found) {
    EXPECT_EQ(version.judged, OtherVersion::Judged::good);
    EXPECT_TRUE(version.source->open_content(version.content).ok());
  }
}

TEST_F(CaseVersionsStory, knows_the_path_by_its_stored_name_when_it_is_restored_under_another) {
  CaseVersions versions(plan_, sources_, store_);
  EXPECT_EQ(names_of(versions.find_versions(item("/new/place/a.txt", "/srv/lab/a.txt"))),
            "copy friday; nas monday; copy sunday; ");
}

TEST_F(CaseVersionsStory, has_nothing_for_what_is_in_one_snapshot_only) {
  CaseVersions versions(plan_, sources_, store_);
  EXPECT_EQ(names_of(versions.find_versions(item("/srv/lab/b.txt", "/srv/lab/b.txt"))), "");
  PlanItem odd = item("/srv/lab/b.txt", "/srv/lab/b.txt");
  for (const char* path : {"/", "/nowhere/a.txt", "/srv/lab/b.txt/below", "/srv/../a"}) {
    odd.path = path;
    EXPECT_EQ(names_of(versions.find_versions(odd)), "") << path;
  }
}

TEST_F(CaseVersionsStory, knows_the_digest_of_what_was_judged_throughout) {
  CaseVersions versions(plan_, sources_, store_);
  const std::string text = letter(2);
  const auto digest = versions.find_digest(item("/srv/lab/a.txt", "/srv/lab/a.txt").content_key);
  ASSERT_TRUE(digest.has_value());
  EXPECT_EQ(*digest, base::sha256(base::ByteView(std::string_view(text))));
  EXPECT_FALSE(versions.find_digest(std::string(32, 'x')).has_value());
}

}  // namespace
}  // namespace lastgood::recovery
