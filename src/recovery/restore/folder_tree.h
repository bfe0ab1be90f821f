// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders a restore works in, numbered, so that no file needs a look-up by path; and the open ones of one thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "os/restore_target.h"

namespace lastgood::recovery::restore {

inline constexpr std::uint32_t k_no_folder = UINT32_MAX;

/// Numbers of folders below the target's root, which is 0. A parent has a smaller number than what is in it. Filled by
/// one thread, then read by any.
class FolderTree {
 public:
  FolderTree();

  /// `path`: "" or "/a/b", of names that is_entry_name accepts; at most k_depth_max deep. k_no_folder otherwise.
  [[nodiscard]] std::uint32_t add(std::string_view path);
  [[nodiscard]] std::uint32_t find(std::string_view path) const;

  [[nodiscard]] std::uint32_t parent(std::uint32_t folder) const { return nodes_[folder].parent; }
  /// Where it stands: its own name, but for a unit that is put together elsewhere.
  [[nodiscard]] const std::string& name(std::uint32_t folder) const { return nodes_[folder].name; }
  [[nodiscard]] std::string path(std::uint32_t folder) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }

  /// From now on `folder` stands in `parent` under `name`: a unit while it is put together, and back.
  /// REQUIRES: no cache has it open.
  void put_elsewhere(std::uint32_t folder, std::uint32_t parent, std::string name);

  struct Place {
    std::uint32_t parent = 0;
    std::string name;
  };

 private:
  std::vector<Place> nodes_;
  std::unordered_map<std::string, std::uint32_t> by_path_;
};

/// Open folders of one thread, the last used ones.
class FolderCache {
 public:
  FolderCache(const FolderTree& tree, const os::RestoreTarget& target) : tree_(tree), target_(target) {}

  /// Valid until the next call. Opened from the nearest open folder above, one name at a time.
  [[nodiscard]] base::Result<const os::Descriptor*> open(std::uint32_t folder);
  void clear();

 private:
  struct Slot {
    std::uint32_t folder = k_no_folder;
    bool used = false;
    os::Descriptor descriptor;
  };
  [[nodiscard]] const os::Descriptor* find(std::uint32_t folder);
  const os::Descriptor* keep(std::uint32_t folder, os::Descriptor descriptor);

  const FolderTree& tree_;
  const os::RestoreTarget& target_;
  std::vector<std::uint32_t> slot_of_;  // by folder; k_no_folder: not open
  std::vector<Slot> slots_;
  std::size_t hand_ = 0;
};

}  // namespace lastgood::recovery::restore
