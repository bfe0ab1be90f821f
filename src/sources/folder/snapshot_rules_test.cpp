// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves which names make snapshots of folders, and which do not.
#include "sources/folder/snapshot_rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace lastgood::sources::folder {
namespace {

using Names = std::vector<std::string>;

TEST(SnapshotRules, know_the_names_that_tools_give) {
  EXPECT_EQ(find_snapshot_rule("daily.0"), SnapshotRule::rsnapshot);
  EXPECT_EQ(find_snapshot_rule("hourly.23"), SnapshotRule::rsnapshot);
  EXPECT_EQ(find_snapshot_rule("@GMT-2022.11.22-03.00.00"), SnapshotRule::shadow_copy);
  EXPECT_EQ(find_snapshot_rule("zfs-auto-snap_hourly-2022-11-22-0317"), SnapshotRule::zfs_tool);
  EXPECT_EQ(find_snapshot_rule("autosnap_2022-11-22_03:00:01_daily"), SnapshotRule::zfs_tool);
  EXPECT_EQ(find_snapshot_rule("2022-11-22"), SnapshotRule::date);
  EXPECT_EQ(find_snapshot_rule("backup-2022-11-22T03:00:00"), SnapshotRule::date);
  for (const char* name : {"daily.", "daily.x", "daily.12345", "daily", "srv", "sometimes.0", "2022", ".0", ""}) {
    EXPECT_EQ(find_snapshot_rule(name), std::nullopt) << name;
  }
}

TEST(SnapshotRules, need_two_that_follow_one_rule_and_more_than_follow_none) {
  EXPECT_EQ(decide_snapshot_rule(Names{"daily.0", "daily.1"}), SnapshotRule::rsnapshot);
  EXPECT_EQ(decide_snapshot_rule(Names{"daily.0", "weekly.0", "lost+found"}), SnapshotRule::rsnapshot);
  EXPECT_EQ(decide_snapshot_rule(Names{"2022-11-21", "2022-11-22"}), SnapshotRule::date);
  EXPECT_EQ(decide_snapshot_rule(Names{"2022-11-22", "uploads"}), std::nullopt);
  EXPECT_EQ(decide_snapshot_rule(Names{"daily.0", "2022-11-22"}), std::nullopt);
  EXPECT_EQ(decide_snapshot_rule(Names{"2022-11-21", "2022-11-22", "etc", "home"}), std::nullopt);
  EXPECT_EQ(decide_snapshot_rule(Names{}), std::nullopt);
}

TEST(SnapshotRules, take_a_folder_that_is_alone_by_its_own_name) {
  EXPECT_EQ(decide_snapshot_rule(Names{"daily.0"}), SnapshotRule::rsnapshot);
  EXPECT_EQ(decide_snapshot_rule(Names{"2022-11-22"}), SnapshotRule::date);
  EXPECT_EQ(decide_snapshot_rule(Names{"2022-11-22", "lost+found"}), SnapshotRule::date);
  EXPECT_EQ(decide_snapshot_rule(Names{"srv"}), std::nullopt);
  EXPECT_EQ(decide_snapshot_rule(Names{"lost+found"}), std::nullopt);
}

TEST(SnapshotRules, find_trees_alike_that_share_half_of_the_smaller_ones_names) {
  EXPECT_TRUE(are_alike(Names{"etc", "home", "srv"}, Names{"etc", "home", "srv", "var"}));
  EXPECT_TRUE(are_alike(Names{"etc"}, Names{"a", "b", "etc"}));
  EXPECT_FALSE(are_alike(Names{"study-1", "study-2"}, Names{"study-3", "study-4"}));
  EXPECT_FALSE(are_alike(Names{"a", "b", "c"}, Names{"a", "x", "y"}));
  EXPECT_FALSE(are_alike(Names{}, Names{"a"}));
  EXPECT_FALSE(are_alike(Names{}, Names{}));
}

}  // namespace
}  // namespace lastgood::sources::folder
