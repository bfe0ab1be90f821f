// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is to be put where, as the steps of a restore hand it on: compact, because there are millions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "model/tree_entry.h"
#include "recovery/restore/folder_tree.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery::restore {

inline constexpr std::uint32_t k_no_index = UINT32_MAX;
inline constexpr std::size_t k_read_bytes = std::size_t{1} << 20U;  // of a content at a time

/// What most entries do not have.
struct ItemExtras {
  std::vector<model::Attribute> attributes;
  std::string link_target;
  std::uint64_t device_number = 0;
  std::uint32_t flags = 0;
};

/// What an entry carries apart from its content.
struct Carried {
  std::int64_t mtime_ns = 0;
  std::uint32_t mode = 0;
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::uint32_t extras = k_no_index;  // index in RestoreItems::extras
};

/// Staged: a file of a unit outside of the unit's folder; it waits under a hidden name until the whole unit is there,
/// and is then leaving for its place.
enum class Stands : std::uint8_t { at_place, staged, leaving };

struct RestoreFile {
  std::uint32_t item = 0;  // index in Plan::items
  std::uint32_t folder = 0;
  std::uint32_t source = 0;
  model::EntryKind kind = model::EntryKind::regular;
  Stands stands = Stands::at_place;
  Carried carried;
  std::uint64_t position = 0;
  std::uint64_t link_group = 0;  // 0: none; numbers of different snapshots differ
  std::string handle;            // of the content
};

struct RestoreFolder {
  std::uint32_t item = k_no_index;  // not every folder is an item: some only lead to one
  std::uint32_t folder = 0;
  Carried carried;
};

/// Filled by resolve_items, then only read.
struct RestoreItems {
  /// Regular files by source and position, first names of hard links among them; from `more_names_from` on, further
  /// names of those.
  std::vector<RestoreFile> files;
  std::uint32_t more_names_from = 0;
  std::vector<std::uint32_t> first_of;  // by further name: index of the first one in `files`
  std::vector<RestoreFile> others;      // links, fifos, sockets, devices
  std::vector<RestoreFolder> folders;   // parents before what is in them
  std::vector<ItemExtras> extras;
};

/// The last part of an item's path.
[[nodiscard]] inline std::string name_in(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Troubles and counts, gathered by all threads.
class TroubleList {
 public:
  explicit TroubleList(RestoreOutcome& outcome) : outcome_(outcome) {}
  void refuse(const std::string& path, std::string rule, std::string sentence);
  void remark(const std::string& path, std::string rule, std::string sentence);
  void incomplete(IncompleteFile file);
  /// A copy, while others count on.
  [[nodiscard]] RestoreTally tally();

 private:
  std::mutex mutex_;
  RestoreOutcome& outcome_;
};

}  // namespace lastgood::recovery::restore
