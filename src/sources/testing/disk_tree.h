// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is on the disk, read by the test itself and by other means than a source: the truth sources are held against.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/tree_entry.h"

namespace lastgood::sources::testing {

struct DiskEntry {
  model::EntryKind kind = model::EntryKind::regular;
  std::uint32_t mode = 0;
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t device_number = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::string link_target;
  std::map<std::string, std::string> attributes;
};

/// Everything below the folder `path`, by path relative to it; no entry for the folder itself.
std::map<std::string, DiskEntry> read_disk_tree(const std::string& path);

/// All bytes of the file `path`; its access time stays.
std::string read_disk_bytes(const std::string& path);

/// Every name at and below `path` with its whole status, access time included, and of files the SHA-256: two of these
/// are equal when nothing changed in between. Looking changes no access time.
std::map<std::string, std::string> read_traces(const std::string& path);

/// Sets every access time at and below `path` back by years, so that any reading that keeps them moves one.
void age_access_times(const std::string& path);

}  // namespace lastgood::sources::testing
