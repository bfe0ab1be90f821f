// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Snapshot: one point in time inside a source. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace lastgood::model {

enum class Presence : std::uint8_t {
  listed,  // the source's own tool would show it
  erased,  // deleted or hidden, and still readable: orphan trees, earlier manifests, unfinished archives
};

/// What the tool that made a snapshot counted itself (restic since 0.17). A claim, useful to see a jump.
struct SnapshotClaims {
  std::uint64_t files_added = 0;
  std::uint64_t files_changed = 0;
  std::uint64_t files_unmodified = 0;
  std::uint64_t bytes_added = 0;
};

struct Snapshot {
  std::string id;              // as the tool writes it (restic: 64 hex digits; borg: archive name; folder: its name)
  std::int64_t time_ns = 0;    // as the snapshot says; attackers can set it
  std::int64_t stored_ns = 0;  // when the store itself got it (file time, transaction), 0: unknown
  std::string host;
  std::string user;
  std::vector<std::string> paths;  // what was backed up, as the tool was told
  std::vector<std::string> tags;
  std::string program;  // "restic 0.14.0"; empty: unknown
  std::string root;     // id for Source::read_folder; entries are named as below "/"
  Presence presence = Presence::listed;
  std::optional<SnapshotClaims> claims;
  std::vector<Finding> findings;  // unauthenticated archive, checkpoint, unreadable root
};

/// For people: a digest is known by its first 12 digits, a name only as a whole ("etc_2026-11-27T06:45:00.tar.gz").
[[nodiscard]] std::string short_id(std::string_view id);

}  // namespace lastgood::model
