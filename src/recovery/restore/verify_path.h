// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One path of a plan against what the journal says was put there.
#pragma once

#include <atomic>
#include <optional>
#include <unordered_map>
#include <vector>

#include "recovery/restore/folder_tree.h"
#include "recovery/restore/journal_record.h"
#include "recovery/verify_restored.h"

namespace lastgood::recovery::restore {

/// A unit's folder, and where what was restored of it lies now; both as the plan's paths are.
struct MovedPath {
  std::string path;
  std::string kept;
};
[[nodiscard]] std::vector<MovedPath> moved_paths(const std::vector<MovedUnit>& units, const std::string& target);

/// Filled by read_restored, then only read.
struct VerifyRun {
  const Plan& plan;
  const os::RestoreTarget& target;
  RestoreMode mode = RestoreMode::beside;
  std::vector<MovedPath> moved;
  FolderTree tree;
  std::vector<std::uint32_t> folder_of;  // by item; k_no_folder: the path is none
  std::vector<std::uint32_t> done_of;    // by item: index in `done`; k_not_done
  std::vector<DoneState> done;
  std::unordered_map<std::uint32_t, std::vector<SegmentEntry>> segments;  // by item
  std::uint64_t seed = 0;
  std::uint64_t journal_damages = 0;
  static constexpr std::uint32_t k_not_done = UINT32_MAX;
};

struct VerifyTools {
  explicit VerifyTools(const VerifyRun& run) : folders(run.tree, run.target), hash(run.seed) {}
  FolderCache folders;
  ContentHash hash;
  std::vector<std::uint8_t> buffer;
};

/// Where what was restored as `path` is now.
[[nodiscard]] std::string placed_path(const VerifyRun& run, const std::string& path);

/// ErrorCode::not_found without a journal; ErrorCode::misuse when it is of another plan.
[[nodiscard]] base::Status read_restored(VerifyRun& run, const std::string& journal_path);

/// Any thread. Adds the bytes that were read to `bytes`.
[[nodiscard]] VerifiedPath verify_path(const VerifyRun& run, VerifyTools& tools, std::uint32_t item,
                                       const std::atomic<bool>& stop, std::uint64_t& bytes);

}  // namespace lastgood::recovery::restore
