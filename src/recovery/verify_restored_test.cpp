// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that verifying notices every kind of change to what was restored, and nothing else; and that kept originals
// are listed, verified and released as promised.
#include "recovery/verify_restored.h"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <sys/stat.h>
#include <sys/xattr.h>

#include "recovery/kept.h"
#include "recovery/testing/restore_story.h"

namespace lastgood::recovery {
namespace {

using os::testing::read_file;
using os::testing::write_file;
using testing::RestoreStory;

class QuietVerify final : public VerifyProgress {
 public:
  void verifying(const VerifyTally& /*tally*/) override {}
  [[nodiscard]] bool cancelled() const override { return false; }
};

VerifyOutcome verify(const RestoreStory& story) {
  QuietVerify progress;
  VerifyRequest request{.mode = story.request.mode,
                        .target = story.request.target,
                        .journal_folder = story.request.journal_folder,
                        .plan_sha256 = story.request.plan_sha256,
                        .threads = 2};
  auto outcome = verify_restored(story.plan, request, progress);
  EXPECT_TRUE(outcome.ok()) << outcome.error().what;
  return outcome.ok() ? std::move(outcome).value() : VerifyOutcome{};
}

std::string told(const VerifyOutcome& outcome) {
  std::string out;
  for (const VerifiedPath& path : outcome.troubles)
    out += path.path + " " + std::string(name_of(path.state)) + ": " + path.sentence + "\n";
  return out;
}

/// Sets the time back: what changes a file without a trace in its times must be noticed as well.
void with_same_time(const std::string& path, const std::function<void()>& change) {
  struct stat before {};
  ASSERT_EQ(::lstat(path.c_str(), &before), 0);
  change();
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
}

void fill(RestoreStory& story) {
  for (const char* name : {"bytes", "size", "mode", "owner", "time", "attribute", "gone", "same"}) {
    story.source.put_file("s1", std::string("/srv/") + name, std::string("content of ") + name);
  }
  story.source.put_link("s1", "/srv/link", "same");
  story.source.put("s1", "/srv/folder", model::EntryKind::folder, 0750);
  story.source.piece_bytes = 1'000'000;
  std::string large(40'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 911) large[i] = static_cast<char>(i);
  story.source.put_file("s1", "/srv/large", large);
  story.plan_all();
}

TEST(VerifyRestored, finds_an_undisturbed_restore_the_same) {
  RestoreStory story;
  fill(story);
  ASSERT_TRUE(story.restore().ok());
  const VerifyOutcome outcome = verify(story);
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(told(outcome), "");
  EXPECT_EQ(outcome.tally.same, story.plan.items.size());
  EXPECT_GT(outcome.tally.bytes_read, 40'000'000U);
}

TEST(VerifyRestored, names_every_change) {
  RestoreStory story;
  fill(story);
  ASSERT_TRUE(story.restore().ok());
  const auto at = [&](const std::string& name) { return story.in_target("/srv/" + name); };
  with_same_time(at("bytes"),
                 [&] { std::fstream(at("bytes"), std::ios::in | std::ios::out | std::ios::binary) << "C"; });
  with_same_time(at("large"), [&] {
    std::fstream file(at("large"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(39'999'999);
    file << "!";
  });
  write_file(at("size"), "longer than it was before");
  ASSERT_EQ(::chmod(at("mode").c_str(), 0666), 0);
  ASSERT_EQ(::chown(at("owner").c_str(), 5, 6), 0);
  const timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  ASSERT_EQ(::utimensat(AT_FDCWD, at("time").c_str(), now, 0), 0);
  ASSERT_EQ(::setxattr(at("attribute").c_str(), "user.x", "1", 1, 0), 0);
  std::filesystem::remove(at("gone"));
  with_same_time(at("link"), [&] {
    std::filesystem::remove(at("link"));
    std::filesystem::create_symlink("elsewhere", at("link"));
    const timespec old[2] = {{0, UTIME_OMIT}, {1'600'000'000, 123'456'789}};
    ASSERT_EQ(::utimensat(AT_FDCWD, at("link").c_str(), old, AT_SYMLINK_NOFOLLOW), 0);
  });
  with_same_time(at("folder"), [&] { write_file(at("folder") + "/new", "x"); });
  const VerifyOutcome outcome = verify(story);
  EXPECT_EQ(told(outcome),
            "/srv differs: was changed: its time is not the one that was restored\n"
            "/srv/attribute differs: attributes or access list are not those that were restored\n"
            "/srv/bytes differs: content differs\n"
            "/srv/folder/new extra: not in the plan\n"
            "/srv/gone missing: was restored and is not there\n"
            "/srv/large differs: content differs\n"
            "/srv/link differs: the link leads elsewhere\n"
            "/srv/mode differs: mode is 0666, was restored as 0644\n"
            "/srv/owner differs: belongs to 5:6, was restored for 0:0\n"
            "/srv/size differs: has 25 bytes, was restored with 15\n"
            "/srv/time differs: was changed: its time is not the one that was restored\n");
}

TEST(VerifyRestored, says_what_was_never_restored) {
  RestoreStory story;
  story.source.put_file("s1", "/good", "good");
  story.source.put_file("s1", "/lost", "lost");
  story.source.lose_piece("s1", "/lost", 0);
  story.plan_all();
  ASSERT_TRUE(story.restore().ok());
  EXPECT_EQ(told(verify(story)),
            "/lost unrestored: not recorded as restored\n"
            "/lost.lastgood-incomplete extra: an incomplete file: some of its bytes are lost\n");
}

TEST(VerifyRestored, needs_a_restore) {
  RestoreStory story;
  story.plan_all();
  std::filesystem::create_directory(story.request.target);
  QuietVerify progress;
  const auto outcome = verify_restored(story.plan,
                                       {.target = story.request.target,
                                        .journal_folder = story.request.journal_folder,
                                        .plan_sha256 = story.request.plan_sha256},
                                       progress);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, base::ErrorCode::not_found);
  EXPECT_EQ(outcome.error().hint, "restore this plan to this folder first");
}

class KeptTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(root_ + "/srv");
    for (const char* name : {"a", "b", "c"}) {
      story_.source.put_file("s1", std::string("/srv/") + name, std::string("good ") + name);
      write_file(root_ + "/srv/" + name, std::string("ENCRYPTED ") + name);
    }
    story_.plan_all();
    std::erase_if(story_.plan.items, [](const PlanItem& item) { return item.kind == model::EntryKind::folder; });
    for (PlanItem& item : story_.plan.items) {
      item.current_path = item.path;
      seen_.see(root_, item.path);
    }
    story_.request.mode = RestoreMode::in_place;
    story_.request.target = root_;
    story_.request.seen = &seen_;
    ASSERT_TRUE(story_.restore().ok());
    place_ = {root_, story_.request.journal_folder, story_.request.plan_sha256};
  }
  static std::string states(const base::Result<std::vector<KeptOriginal>>& kept) {
    return kept.ok() ? states(kept.value()) : kept.error().what;
  }
  static std::string states(const std::vector<KeptOriginal>& kept) {
    std::string out;
    for (const KeptOriginal& original : kept) out += original.path + " " + std::string(name_of(original.state)) + "\n";
    return out;
  }

  RestoreStory story_;
  std::string root_ = story_.scratch / "root";
  testing::SeenOnDisk seen_;
  KeptPlace place_;
};

TEST_F(KeptTest, lists_and_verifies_by_digest) {
  const auto listed = list_kept(story_.plan, place_);
  ASSERT_EQ(states(listed), "/srv/a kept\n/srv/b kept\n/srv/c kept\n");
  EXPECT_EQ(listed.value()[0].kept_path, "/.lastgood-kept/aaaaaaaaaaaaaaaa/srv/a");
  EXPECT_EQ(listed.value()[0].size_bytes, 11U);
  EXPECT_EQ(listed.value()[0].sha256, base::hex(base::ByteView(std::span<const std::uint8_t>(
                                          base::sha256(base::ByteView(std::string_view("ENCRYPTED a")))))));
  std::fstream(root_ + listed.value()[1].kept_path, std::ios::in | std::ios::out | std::ios::binary) << "e";
  std::filesystem::remove(root_ + listed.value()[2].kept_path);
  EXPECT_EQ(states(verify_kept(story_.plan, place_, story_.progress)), "/srv/a kept\n/srv/b differs\n/srv/c missing\n");
  EXPECT_EQ(told(verify(story_)), "");
}

TEST_F(KeptTest, releases_only_what_a_person_names_and_tells_the_ledger_first) {
  const auto nobody = release_kept(story_.plan, place_, {"", "space", {0}}, *story_.ledger);
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.error().code, base::ErrorCode::misuse);
  const auto released = release_kept(story_.plan, place_, {"Dr. Rao", "images are taken", {1}}, *story_.ledger);
  ASSERT_TRUE(released.ok()) << released.error().what;
  EXPECT_EQ(states(released.value().released), "/srv/b released\n");
  EXPECT_EQ(states(released.value().stayed), "");
  EXPECT_FALSE(std::filesystem::exists(root_ + "/.lastgood-kept/aaaaaaaaaaaaaaaa/srv/b"));
  EXPECT_EQ(states(list_kept(story_.plan, place_)), "/srv/a kept\n/srv/b released\n/srv/c kept\n");
  const std::string ledger = read_file(story_.scratch / "case/ledger");
  EXPECT_NE(ledger.find("\"kind\":\"kept-released\""), std::string::npos);
  EXPECT_NE(ledger.find("Dr. Rao"), std::string::npos);
}

TEST_F(KeptTest, releases_nothing_that_is_not_what_was_kept) {
  const std::string kept = root_ + "/.lastgood-kept/aaaaaaaaaaaaaaaa/srv/";
  std::fstream(kept + "b", std::ios::in | std::ios::out | std::ios::binary) << "e";
  std::filesystem::remove(kept + "c");
  const auto outcome = release_kept(story_.plan, place_, {"Dr. Rao", "images are taken", {0, 1, 2}}, *story_.ledger);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(states(outcome.value().released), "/srv/a released\n");
  EXPECT_EQ(states(outcome.value().stayed), "/srv/b differs\n/srv/c missing\n");
  EXPECT_TRUE(std::filesystem::exists(kept + "b"));
}

}  // namespace
}  // namespace lastgood::recovery
