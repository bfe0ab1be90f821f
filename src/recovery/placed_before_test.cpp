// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what an earlier plan of the case put in place is not told as if a stranger had put it there.
#include "recovery/placed_before.h"

#include <gtest/gtest.h>

#include "recovery/plan_file.h"
#include "recovery/testing/damaged_unit.h"

namespace lastgood::recovery {
namespace {

using os::testing::write_file;

/// Two files are missing; one plan brings them back, and another one, made before that, wants to.
class TwoPlans : public testing::RestoreStory {
 public:
  TwoPlans() {
    root = scratch / "root";
    std::filesystem::create_directories(root + "/srv");
    std::filesystem::create_directory(scratch / "case/restores");
    for (const char* path : {"/srv/a", "/srv/b"}) source.put_file("s1", path, std::string("good ") + path, 0640);
    plan_all();
    plan.whys = {"newest.intact"};
    std::erase_if(plan.items, [](const PlanItem& item) { return item.kind == model::EntryKind::folder; });
    request.mode = RestoreMode::in_place;
    request.target = root;
    request.seen = &seen;
    request.journal_folder = scratch / "case/restores";
    request.plan_path = scratch / "plan.json";
  }
  base::Result<RestoreOutcome> carry_out(std::int64_t made_ns) {
    plan.made_ns = made_ns;
    request.plan_sha256 = write_plan(plan, request.plan_path).value();
    PlacedBefore earlier(scratch / "case", root, request.plan_sha256, {});
    request.earlier = &earlier;
    auto outcome = restore();
    request.earlier = nullptr;
    return outcome;
  }

  std::string root;
  testing::SeenOnDisk seen;
};

TEST(PlacedBefore, NamesThePlanThatPutAFileThereAndNoPlanForAStrangersFile) {
  TwoPlans story;
  ASSERT_TRUE(story.carry_out(1'000'000'000).ok());
  const std::string first = story.request.plan_sha256;
  write_file(story.scratch / "other", "somebody typed it again");  // before: a number that is free is given again
  std::filesystem::rename(story.scratch / "other", story.root + "/srv/b");
  const auto outcome = story.carry_out(2'000'000'000);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  const std::vector<ItemTrouble>& refused = outcome.value().refused;
  ASSERT_EQ(testing::rules_of(refused), "/srv/a restore.exists\n/srv/b restore.exists\n");
  EXPECT_EQ(refused[0].finding.sentence.find("an earlier restore of this case (plan " + first.substr(0, 16) + "..., "),
            0U)
      << refused[0].finding.sentence;
  EXPECT_EQ(refused[1].finding.sentence, "something stands there that the plan does not know of; it was left as it is");
}

TEST(PlacedBefore, NamesThePlanThatExchangedAFileSinceTheScan) {
  TwoPlans story;
  write_file(story.root + "/srv/a", "ENCRYPTED");
  story.item("/srv/a").current_path = "/srv/a";
  story.seen.see(story.root, "/srv/a");
  std::erase_if(story.plan.items, [](const PlanItem& item) { return item.path != "/srv/a"; });
  ASSERT_TRUE(story.carry_out(1'000'000'000).ok());
  const auto outcome = story.carry_out(2'000'000'000);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  ASSERT_EQ(testing::rules_of(outcome.value().refused), "/srv/a restore.changed\n");
  EXPECT_EQ(outcome.value().refused[0].finding.sentence.find("an earlier restore of this case (plan "), 0U)
      << outcome.value().refused[0].finding.sentence;
}

}  // namespace
}  // namespace lastgood::recovery
