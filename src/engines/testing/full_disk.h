// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Scratch servers on a disk that is too small for them: the disk is to blame, never the copy. For every engine.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engines/testing/ask_rows.h"
#include "engines/testing/real_engine.h"

namespace lastgood::engines::testing {

/// Starts a server on `copy` of `folder` on disks that have so many MB more than it, the last of them enough.
inline void expect_full_disk_is_said(const EngineFolder& folder, const std::string& copy, UnitKind kind,
                                     std::initializer_list<int> sizes_more_mb) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounts a small disk";
  const std::string parent = folder / "full";
  std::filesystem::create_directories(parent);
  const auto as_root = [](std::vector<std::string> command) {
    const auto end = os::run_program(command, "/");
    return end.ok() && end.value().exit_code == 0;
  };
  ASSERT_TRUE(as_root({"/bin/mount", "-t", "tmpfs", "tmpfs", parent}));
  const int needed_mb = std::stoi(folder.shell("du -sm " + copy + " | cut -f1"));
  int started = 0;
  int full = 0;
  for (const int more_mb : sizes_more_mb) {
    ASSERT_TRUE(as_root({"/bin/mount", "-o", fmt::format("remount,size={}m", needed_mb + more_mb), "tmpfs", parent}));
    const Opened opened = open_server(folder / copy, kind, {.parent = parent, .copy_way = CopyWay::copy});
    ++(opened.server ? started : full);
    EXPECT_TRUE(opened.server || opened.error.starts_with("no_space: ")) << more_mb << " MB more: " << opened.error;
    EXPECT_TRUE(opened.server || opened.error.find(" are needed, ") != std::string::npos) << opened.error;
  }
  EXPECT_GT(started, 0);
  EXPECT_GT(full, 1);
  EXPECT_TRUE(as_root({"/bin/umount", parent}));
}

}  // namespace lastgood::engines::testing
