// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that bytes which the plan's source lost come from other versions where something proves them, and from
// nowhere else; and that each fill is told, also after an interruption.
#include <gtest/gtest.h>

#include <functional>

#include "recovery/restore_plan.h"
#include "recovery/testing/incident.h"
#include "recovery/testing/restore_story.h"
#include "recovery/verify_restored.h"

namespace lastgood::recovery {
namespace {

using os::testing::read_file;
using sources::testing::FakeSource;
using testing::random_bytes;
using testing::RestoreStory;
using testing::rules_of;

/// Versions that a test names, for any item.
class NamedVersions final : public OtherVersions {
 public:
  [[nodiscard]] std::vector<OtherVersion> find_versions(const PlanItem& item) override {
    ++asked;
    std::vector<OtherVersion> out;
    for (const Named& named : versions) {
      const model::TreeEntry& entry = named.source->entry(named.snapshot, item.path);
      out.push_back({.source = named.source,
                     .content = entry.content,
                     .mtime_ns = entry.mtime_ns,
                     .judged = judged,
                     .name = named.name});
    }
    return out;
  }
  [[nodiscard]] std::optional<base::Sha256Digest> find_digest(const model::ContentKey& key) override {
    const auto found = digests.find(key);
    return found == digests.end() ? std::nullopt : std::optional(found->second);
  }

  struct Named {
    FakeSource* source = nullptr;
    std::string snapshot;
    std::string name;
  };
  std::vector<Named> versions;
  std::map<model::ContentKey, base::Sha256Digest> digests;
  OtherVersion::Judged judged = OtherVersion::Judged::good;
  int asked = 0;
};

class QuietVerify final : public VerifyProgress {
 public:
  void verifying(const VerifyTally& /*tally*/) override {}
  [[nodiscard]] bool cancelled() const override { return false; }
};

/// A story whose source may lose pieces, and a vault that has the same file in pieces of another size.
class FillStory : public RestoreStory {
 public:
  explicit FillStory(FakeSource::Pieces pieces = FakeSource::Pieces::named_by_digest) {
    source.set_pieces(pieces);
    source.piece_bytes = 10'000;
    vault.set_pieces(FakeSource::Pieces::named_by_digest);
    vault.piece_bytes = 7'777;
    vault.add_snapshot("v1", 900);
    others.versions.push_back({&vault, "v1", "vault v1"});
    request.others = &others;
  }

  void put(const std::string& path, const std::string& bytes, const std::string& in_vault) {
    source.put_file("s1", path, bytes);
    vault.put_file("v1", path, in_vault);
  }

  std::string verified() {
    QuietVerify quiet;
    const auto verified = verify_restored(plan,
                                          {.mode = request.mode,
                                           .target = request.target,
                                           .journal_folder = request.journal_folder,
                                           .plan_sha256 = request.plan_sha256},
                                          quiet);
    if (!verified.ok()) return verified.error().what;
    std::string out;
    for (const VerifiedPath& path : verified.value().troubles) out += path.path + ": " + path.sentence + "\n";
    return out;
  }

  FakeSource vault;
  NamedVersions others;
};

std::string sentences_of(const std::vector<FilledFile>& files) {
  std::string out;
  for (const FilledFile& file : files) out += file.path + " " + sentence_of(file) + "\n";
  return out;
}

std::string lost_in(const RestoreOutcome& outcome) {
  std::string out;
  for (const IncompleteFile& file : outcome.incomplete) {
    out += file.path;
    for (const model::ByteRange& range : file.lost)
      out += " " + std::to_string(range.from) + "-" + std::to_string(range.to);
    out += "\n";
  }
  return out;
}

TEST(FillLosses, takes_proven_pieces_from_another_version_and_says_so) {
  FillStory story;
  const std::string bytes = random_bytes(45'000, 1);
  story.put("/srv/scan.dcm", bytes, bytes);
  story.put("/srv/whole", "whole", "whole");
  for (const std::size_t piece : {1U, 2U, 4U}) story.source.lose_piece("s1", "/srv/scan.dcm", piece);
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(read_file(story.in_target("/srv/scan.dcm")) == bytes);
  EXPECT_EQ(lost_in(outcome.value()), "");
  EXPECT_EQ(outcome.value().tally.filled, 1U);
  EXPECT_EQ(outcome.value().tally.files, 2U);
  EXPECT_EQ(sentences_of(outcome.value().filled),
            "/srv/scan.dcm restore.filled: 2 ranges, 25.0 kB, from vault v1; each piece has the digest it was stored "
            "under\n");
  EXPECT_EQ(story.others.asked, 1);
  EXPECT_EQ(story.verified(), "");
  // Said again when everything was done before.
  const auto again = story.restore();
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_EQ(again.value().filled.size(), 1U);
}

TEST(FillLosses, takes_nothing_from_a_version_that_differs_there) {
  FillStory story;
  const std::string bytes = random_bytes(45'000, 1);
  std::string struck = bytes;
  struck[12'345] = static_cast<char>(struck[12'345] ^ 1);  // same size, same time
  story.put("/srv/scan.dcm", bytes, struck);
  story.source.lose_piece("s1", "/srv/scan.dcm", 1);
  story.source.lose_piece("s1", "/srv/scan.dcm", 3);
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  // The other lost piece is the same there, and its digest proves it.
  EXPECT_EQ(lost_in(outcome.value()), "/srv/scan.dcm 10000-20000\n");
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/srv/scan.dcm")));
  std::string expected = bytes;
  expected.replace(10'000, 10'000, 10'000, '\0');
  EXPECT_TRUE(read_file(story.in_target("/srv/scan.dcm" + std::string(k_incomplete_suffix))) == expected);
  ASSERT_EQ(outcome.value().filled.size(), 1U);
  EXPECT_EQ(outcome.value().filled[0].ranges, (std::vector<model::ByteRange>{{30'000, 40'000}}));
}

TEST(FillLosses, fills_from_as_many_versions_as_it_takes_and_maps_what_all_lost) {
  FillStory story;
  const std::string bytes = random_bytes(60'000, 2);
  story.put("/a", bytes, bytes);
  FakeSource copy;
  copy.add_snapshot("c1", 800);
  copy.piece_bytes = 4'000;
  copy.put_file("c1", "/a", bytes);
  story.others.versions.push_back({&copy, "c1", "copy c1"});
  for (const std::size_t piece : {0U, 2U, 5U}) story.source.lose_piece("s1", "/a", piece);
  story.vault.lose_piece("v1", "/a", 0);
  story.vault.lose_piece("v1", "/a", 7);  // 54439 to 60000
  copy.lose_piece("c1", "/a", 5);         // 20000 to 24000
  copy.lose_piece("c1", "/a", 14);        // 56000 to 60000
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(lost_in(outcome.value()), "/a 50000-60000\n");
  EXPECT_EQ(sentences_of(outcome.value().filled),
            "/a restore.filled: 1 range, 10.0 kB, from copy c1; each piece has the digest it was stored under\n"
            "/a restore.filled: 1 range, 10.0 kB, from vault v1; each piece has the digest it was stored under\n");
}

/// What a comparison needs; each row of the test takes one thing away.
struct Comparable {
  FakeSource::Pieces vault_pieces = FakeSource::Pieces::named_by_digest;
  OtherVersion::Judged judged = OtherVersion::Judged::good;
  std::int64_t time_step_ns = 0;
  std::uint32_t unit = PlanItem::k_no_unit;
  std::string in_vault = random_bytes(45'000, 1);
  std::string bytes = random_bytes(45'000, 1);
};

base::Result<RestoreOutcome> restore_compared(FillStory& story, const Comparable& with) {
  story.vault.set_pieces(with.vault_pieces);
  story.others.judged = with.judged;
  story.put("/srv/scan.dcm", with.bytes, with.in_vault);
  story.vault.entry("v1", "/srv/scan.dcm").mtime_ns += with.time_step_ns;
  story.source.lose_piece("s1", "/srv/scan.dcm", 2);
  story.plan_all();
  if (with.unit != PlanItem::k_no_unit) {
    story.plan.units.push_back({.kind = "sqlite", .path = "/srv/scan.dcm", .snapshot = 0});
    story.item("/srv/scan.dcm").unit = with.unit;
  }
  return story.restore();
}

TEST(FillLosses, without_digests_compares_what_both_versions_hold) {
  FillStory story(FakeSource::Pieces::as_they_lie);
  const Comparable whole;
  const auto outcome = restore_compared(story, whole);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(sentences_of(outcome.value().filled),
            "/srv/scan.dcm restore.filled: 1 range, 10.0 kB, from vault v1; the 35.0 kB that both hold are the same, "
            "no digest proves the rest\n");
  EXPECT_TRUE(read_file(story.in_target("/srv/scan.dcm")) == whole.bytes);
  EXPECT_EQ(story.verified(), "");
}

TEST(FillLosses, without_digests_leaves_the_loss_wherever_one_sign_is_missing) {
  std::string struck = random_bytes(45'000, 1);
  struck[44'000] = 'x';
  std::string zeros(45'000, '\0');
  zeros.replace(20'000, 10'000, random_bytes(10'000, 3));
  const std::map<std::string, Comparable> rows{
      {"the store has no digests either", {.vault_pieces = FakeSource::Pieces::as_they_lie}},
      {"judged encrypted", {.judged = OtherVersion::Judged::not_good}},
      {"another time", {.time_step_ns = 1}},
      {"part of a unit", {.unit = 0}},
      {"a byte differs that both hold", {.in_vault = struck}},
      {"another size", {.in_vault = random_bytes(45'001, 1)}},
      {"only zeros in common", {.in_vault = zeros, .bytes = zeros}},
  };
  for (const auto& [what, with] : rows) {
    SCOPED_TRACE(what);
    FillStory story(FakeSource::Pieces::as_they_lie);
    const auto outcome = restore_compared(story, with);
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_EQ(lost_in(outcome.value()), "/srv/scan.dcm 20000-30000\n");
    EXPECT_EQ(outcome.value().filled.size(), 0U);
    EXPECT_FALSE(std::filesystem::exists(story.in_target("/srv/scan.dcm")));
  }
}

TEST(FillLosses, takes_a_version_with_the_digest_that_the_case_knows_also_for_units) {
  const std::string bytes = random_bytes(45'000, 1);
  for (const bool right : {true, false}) {
    FillStory story(FakeSource::Pieces::as_they_lie);
    const std::string key = story.source.put_file("s1", "/key", bytes).content.key;
    story.others.digests[key] = base::sha256(base::ByteView(std::string_view(right ? bytes : "other")));
    const auto outcome = restore_compared(story, {.vault_pieces = FakeSource::Pieces::as_they_lie,
                                                  .judged = OtherVersion::Judged::not_good,
                                                  .time_step_ns = 5,
                                                  .unit = 0});
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_EQ(lost_in(outcome.value()), right ? "" : "/srv/scan.dcm 20000-30000\n");
    EXPECT_EQ(std::filesystem::exists(story.in_target("/srv/scan.dcm")), right);
    EXPECT_EQ(rules_of(outcome.value().refused), right ? "" : "/srv/scan.dcm restore.unit\n");
    if (!right) continue;
    ASSERT_EQ(outcome.value().filled.size(), 1U);
    EXPECT_EQ(outcome.value().filled[0].proof, FillProof::whole);
  }
}

TEST(FillLosses, goes_on_when_the_other_source_fails) {
  FillStory story;
  const std::string bytes = random_bytes(45'000, 1);
  story.put("/a", bytes, bytes);
  story.put("/b", "b", "b");
  story.source.lose_piece("s1", "/a", 1);
  story.vault.vanish_after(0);
  story.plan_all();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(lost_in(outcome.value()), "/a 10000-20000\n");
  EXPECT_EQ(read_file(story.in_target("/b")), "b");
}

TEST(FillLosses, tells_of_segments_that_an_interrupted_run_had_filled) {
  FillStory story;
  story.source.piece_bytes = 1'000'000;
  story.vault.piece_bytes = 900'000;
  std::string large;
  for (const std::string block = random_bytes(99'990, 5); large.size() < 40'000'000;)
    large += block + std::to_string(1'000'000'000 + large.size());
  story.put("/large", large, large);
  story.source.lose_piece("s1", "/large", 3);
  story.source.lose_piece("s1", "/large", 38);
  story.request.threads = 1;
  story.plan_all();
  // The disk of the backup is pulled out within the last segment.
  story.source.vanish_after(36);
  ASSERT_FALSE(story.restore().ok());
  story.source.vanish_after(UINT64_MAX);
  const std::uint64_t read_before = story.source.pieces_read();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_LT(story.source.pieces_read() - read_before, 40U) << "nothing of the first run was kept";
  EXPECT_TRUE(read_file(story.in_target("/large")) == large);
  ASSERT_EQ(outcome.value().filled.size(), 1U);
  EXPECT_EQ(outcome.value().filled[0].ranges,
            (std::vector<model::ByteRange>{{3'000'000, 4'000'000}, {38'000'000, 39'000'000}}));
  EXPECT_EQ(story.verified(), "");
}

TEST(FillLosses, clears_the_incomplete_file_away_when_a_later_run_can_fill_it) {
  FillStory story;
  const std::string bytes = random_bytes(45'000, 1);
  story.put("/a", bytes, bytes);
  story.source.lose_piece("s1", "/a", 1);
  story.plan_all();
  story.request.others = nullptr;
  const auto first = story.restore();
  ASSERT_TRUE(first.ok()) << first.error().what;
  ASSERT_TRUE(std::filesystem::exists(story.in_target("/a" + std::string(k_incomplete_suffix))));
  story.request.others = &story.others;
  const auto second = story.restore();
  ASSERT_TRUE(second.ok()) << second.error().what;
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/a" + std::string(k_incomplete_suffix))));
  EXPECT_TRUE(read_file(story.in_target("/a")) == bytes);
  EXPECT_EQ(story.verified(), "");
}

TEST(FillLosses, fills_in_place_and_keeps_the_encrypted_original) {
  FillStory story;
  const std::string bytes = random_bytes(45'000, 1);
  story.put("/a", bytes, bytes);
  story.source.lose_piece("s1", "/a", 1);
  story.plan_all();
  std::filesystem::create_directory(story.request.target);
  os::testing::write_file(story.in_target("/a"), "encrypted");
  story.item("/a").current_path = "/a";
  testing::SeenOnDisk seen;
  seen.see(story.request.target, "/a");
  story.request.seen = &seen;
  story.request.mode = RestoreMode::in_place;
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(read_file(story.in_target("/a")) == bytes);
  EXPECT_EQ(outcome.value().tally.kept, 1U);
  EXPECT_EQ(outcome.value().filled.size(), 1U);
}

}  // namespace
}  // namespace lastgood::recovery
