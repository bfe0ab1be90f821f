// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that links of a database are followed to where the backup job put what they lead to, and only in their own
// snapshot.
#include "recovery/outside_paths.h"

#include <gtest/gtest.h>

namespace lastgood::recovery {
namespace {

model::Snapshot snapshot(const std::string& id) {
  model::Snapshot out;
  out.id = id;
  out.root = id;
  return out;
}

/// "v /srv/ts" for what lay there on the victim, "b /ts" for what only the backup had elsewhere.
std::string paths(const model::BackupSource& source, const std::string& id, std::string_view target) {
  std::string out;
  for (const OutsidePath& path : find_outside_paths(source, snapshot(id), target))
    out += (out.empty() ? "" : ", ") + std::string(path.of == OutsidePath::Of::victim ? "v " : "b ") + path.stored;
  return out;
}

TEST(OutsidePaths, are_in_the_snapshot_that_the_link_is_in_whatever_the_job_called_it) {
  const model::BackupSource source{.name = "bk", .address = "folder:/bk"};
  EXPECT_EQ(paths(source, "2022-11-22", "/bk/2022-11-22/ts"), "v /bk/2022-11-22/ts, b /ts");
  EXPECT_EQ(paths(source, "2022-11-22", "/bk/current/a/ts/"), "v /bk/current/a/ts, b /a/ts");
  EXPECT_EQ(paths(source, "2022-11-22", "/bk/ts"), "v /bk/ts");
  EXPECT_EQ(paths(source, ".", "/bk/today/ts"), "v /bk/today/ts, b /today/ts") << "one tree";
  EXPECT_EQ(paths(source, ".zfs/snapshot/a", "/bk/today/ts"), "v /bk/today/ts, b /today/ts");
  EXPECT_EQ(paths(source, "2022-11-22", "/bkx/today/ts"), "v /bkx/today/ts");
}

TEST(OutsidePaths, begin_behind_the_name_of_the_snapshot_where_the_folder_lies_elsewhere_by_now) {
  const model::BackupSource source{.name = "bk", .address = "folder:/mnt/usb"};
  EXPECT_EQ(paths(source, "2022-11-22", "/backup/2022-11-22/ts"), "v /backup/2022-11-22/ts, b /ts");
  EXPECT_EQ(paths(source, "2022-11-22", "/backup/2022-11-21/ts"), "v /backup/2022-11-21/ts");
}

TEST(OutsidePaths, of_the_victim_are_where_the_source_keeps_its_paths) {
  model::BackupSource source{.name = "bk", .address = "restic:/nas/repo"};
  EXPECT_EQ(paths(source, "3fa1", "/srv/ts"), "v /srv/ts");
  source.stored_prefix = "/mnt/snap";
  source.live_prefix = "/srv";
  EXPECT_EQ(paths(source, "3fa1", "/srv/ts"), "v /mnt/snap/ts, v /srv/ts");
}

TEST(OutsidePaths, are_none_for_links_that_climb_or_lead_to_the_top) {
  const model::BackupSource source{.name = "bk", .address = "folder:/bk"};
  for (const char* target : {"", "ts", "../ts", "/bk/day/../../etc", "/", "//", "/."})
    EXPECT_EQ(paths(source, "day", target), "") << target;
  EXPECT_EQ(paths(source, "day", "/bk/day"), "v /bk/day");
}

}  // namespace
}  // namespace lastgood::recovery
