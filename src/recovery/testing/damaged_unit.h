// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A database of some files, one of them outside of its folder, in a source and struck where it lies.
#pragma once

#include <gtest/gtest.h>

#include "recovery/testing/restore_story.h"

namespace lastgood::recovery::testing {

/// A database folder with a file outside of it.
class DamagedUnit : public RestoreStory {
 public:
  DamagedUnit() {
    root = scratch / "root";
    for (const char* path : {"/db/main/PG_VERSION", "/db/main/base/1", "/db/main/base/2", "/space/t1"}) {
      source.put_file("s1", path, std::string("good ") + path, 0600).user_id = 26;
    }
    source.put("s1", "/db/main", model::EntryKind::folder, 0700).user_id = 26;
    plan_all();
    plan.units.push_back({.kind = "postgresql", .path = "/db/main", .snapshot = 0});
    for (PlanItem& one : plan.items) {
      if (one.path.starts_with("/db/main") || one.path == "/space/t1") one.unit = 0;
    }
    request.seen = &seen;
  }
  void damage() {
    std::filesystem::create_directories(root + "/db/main/base");
    std::filesystem::create_directories(root + "/space");
    os::testing::write_file(root + "/db/main/PG_VERSION", "15");
    os::testing::write_file(root + "/db/main/base/1", "ENCRYPTED 1");
    os::testing::write_file(root + "/db/main/base/3", "newer");
    os::testing::write_file(root + "/space/t1", "ENCRYPTED t1");
    item("/space/t1").current_path = "/space/t1";
    seen.see(root, "/space/t1");
    request.mode = RestoreMode::in_place;
    request.target = root;
  }
  void expect_good(const std::string& at) const {
    for (const char* path : {"/db/main/PG_VERSION", "/db/main/base/1", "/db/main/base/2", "/space/t1"}) {
      EXPECT_EQ(os::testing::read_file(at + path), std::string("good ") + path);
    }
    EXPECT_FALSE(std::filesystem::exists(at + "/db/main/base/3"));
    EXPECT_FALSE(std::filesystem::exists(at + "/" + std::string(k_parts_folder)));
  }

  std::string root;
  SeenOnDisk seen;
};

}  // namespace lastgood::recovery::testing
