// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that database folders that were put aside are counted and proven file by file, that this comes after the
// restore and is resumed wherever it was stopped, and that nobody releases them.
#include <gtest/gtest.h>

#include "recovery/kept.h"
#include "recovery/kept_digests.h"
#include "recovery/testing/damaged_unit.h"

namespace lastgood::recovery {
namespace {

using os::testing::read_file;
using os::testing::write_file;
using testing::DamagedUnit;
using testing::rules_of;

KeptDigests take_digests(DamagedUnit& story, RestoreProgress& progress) {
  const auto tell = [&](std::string_view kind, const ledger::Fields& fields) -> base::Status {
    const auto entry = story.ledger->append(kind, fields);
    return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
  };
  auto taken = take_kept_digests(story.plan, story.request, progress, tell);
  EXPECT_TRUE(taken.ok()) << taken.error().what;
  return taken.ok() ? std::move(taken).value() : KeptDigests{};
}

KeptDigests take_digests(DamagedUnit& story) { return take_digests(story, story.progress); }

KeptPlace place_of(const DamagedUnit& story) {
  return {story.root, story.request.journal_folder, story.request.plan_sha256};
}

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t out = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++out;
  return out;
}

/// "STATE FILES BYTES PATH: WHY" of each.
std::string told(const std::vector<KeptOriginal>& kept) {
  std::string out;
  for (const KeptOriginal& one : kept)
    out += std::string(name_of(one.state)) + " " + std::to_string(one.files) + " " + std::to_string(one.size_bytes) +
           " " + one.path + (one.why.empty() ? "" : ": " + one.why) + "\n";
  return out;
}

TEST(KeptUnits, are_kept_with_each_file_counted_and_proven) {
  DamagedUnit story;
  story.damage();
  std::filesystem::create_symlink("/space", story.root + "/db/main/link");
  ASSERT_TRUE(story.restore().ok());
  const KeptDigests taken = take_digests(story);
  EXPECT_EQ(rules_of(taken.remarks), "");
  EXPECT_TRUE(taken.finished);
  EXPECT_EQ(taken.files, 4U);
  EXPECT_EQ(taken.bytes, 18U);
  EXPECT_EQ(story.progress.digested.bytes, story.progress.digested.bytes_total);
  const KeptPlace place = place_of(story);
  const std::string kept = story.root + "/" + std::string(k_kept_folder) + "/" + std::string(16, 'a') + "/db/main";
  EXPECT_EQ(told(list_kept(story.plan, place).value()), "kept 4 18 /db/main\nkept 1 12 /space/t1\n");
  EXPECT_EQ(told(verify_kept(story.plan, place, story.progress).value()), "kept 4 18 /db/main\nkept 1 12 /space/t1\n");
  EXPECT_NE(read_file(story.scratch / "case/ledger").find("\"kind\":\"unit-kept\""), std::string::npos);

  write_file(kept + "/base/1", "ENCRYPTED 2");
  std::filesystem::remove(kept + "/base/3");
  write_file(kept + "/planted", "x");
  std::filesystem::remove(kept + "/link");
  std::filesystem::create_symlink("/etc", kept + "/link");
  EXPECT_EQ(told(verify_kept(story.plan, place, story.progress).value()),
            "differs 4 18 /db/main: base/1 differs, link differs, planted was added, base/3 is missing\nkept 1 12 "
            "/space/t1\n");
}

TEST(KeptUnits, are_not_released_and_named_instead) {
  DamagedUnit story;
  story.damage();
  ASSERT_TRUE(story.restore().ok());
  ASSERT_TRUE(take_digests(story).finished);
  const KeptPlace place = place_of(story);
  std::vector<std::uint32_t> all;
  const std::vector<KeptOriginal> kept = list_kept(story.plan, place).value();
  for (const KeptOriginal& one : kept) all.push_back(one.item);
  const auto outcome = release_kept(story.plan, place, {"Dr. Rao", "images are taken", all}, *story.ledger);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(told(outcome.value().released), "released 1 12 /space/t1\n");
  ASSERT_EQ(outcome.value().stayed.size(), 1U);
  EXPECT_NE(outcome.value().stayed[0].why.find(story.root + "/.lastgood-kept/aaaaaaaaaaaaaaaa/db/main' by hand"),
            std::string::npos)
      << outcome.value().stayed[0].why;
  EXPECT_EQ(told(list_kept(story.plan, place).value()), "kept 3 18 /db/main\nreleased 1 12 /space/t1\n");
}

/// Wants no more once that many blocks were read.
class StopsAfter final : public testing::QuietProgress {
 public:
  explicit StopsAfter(int blocks) : left_(blocks) {}
  void digesting(const DigestTally& /*tally*/) override { --left_; }
  [[nodiscard]] bool cancelled() const override { return left_ <= 0; }

 private:
  int left_;
};

TEST(KeptUnits, that_were_not_read_to_the_end_are_unproven_until_the_next_run_takes_the_rest) {
  for (const int blocks : {1, 2, 3}) {
    DamagedUnit story;
    story.damage();
    ASSERT_TRUE(story.restore().ok());
    StopsAfter stops(blocks);
    EXPECT_FALSE(take_digests(story, stops).finished) << blocks;
    EXPECT_TRUE(told(verify_kept(story.plan, place_of(story), story.progress).value())
                    .starts_with("unproven 3 18 /db/main: not verified: no digests of it were taken"));
    EXPECT_EQ(count(read_file(story.scratch / "case/ledger"), "unit-kept"), 0U);

    const auto again = story.restore();
    ASSERT_TRUE(again.ok()) << again.error().what;
    EXPECT_TRUE(again.value().finished);
    EXPECT_EQ(take_digests(story).folders, 1U);
    EXPECT_EQ(take_digests(story).folders, 0U) << "they are known";
    EXPECT_EQ(told(verify_kept(story.plan, place_of(story), story.progress).value()),
              "kept 3 18 /db/main\nkept 1 12 /space/t1\n");
    EXPECT_EQ(count(read_file(story.scratch / "case/ledger"), "unit-kept"), 1U);
  }
}

TEST(KeptUnits, whose_sum_the_ledger_could_not_take_are_read_again) {
  DamagedUnit story;
  story.damage();
  ASSERT_TRUE(story.restore().ok());
  const auto full = [](std::string_view /*kind*/, const ledger::Fields& /*fields*/) -> base::Status {
    return base::system_error("write", "ledger", ENOSPC);
  };
  const auto failed = take_kept_digests(story.plan, story.request, story.progress, full);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, base::ErrorCode::no_space);
  EXPECT_EQ(take_digests(story).folders, 1U);
}

TEST(KeptUnits, are_not_waited_for_by_who_verifies_and_wants_no_more) {
  DamagedUnit story;
  story.damage();
  ASSERT_TRUE(story.restore().ok());
  ASSERT_TRUE(take_digests(story).finished);
  StopsAfter stops(1);
  const auto verified = verify_kept(story.plan, place_of(story), stops);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, base::ErrorCode::cancelled);
}

TEST(KeptUnits, of_a_restore_beside_are_none) {
  DamagedUnit story;
  ASSERT_TRUE(story.restore().ok());
  EXPECT_TRUE(take_digests(story).finished);
  EXPECT_EQ(take_digests(story).folders, 0U);
}

}  // namespace
}  // namespace lastgood::recovery
