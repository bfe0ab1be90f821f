// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LiveState: what the scans of the case say of the live disks, as planning needs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// A live file that is not good.
struct HitFile {
  std::string current_path;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  model::Verdict verdict = model::Verdict::encrypted;
  std::int64_t seen_ns = 0;  // when the scan that saw it ended; 0: none did
  enum class Planned : std::uint8_t { no, yes } planned = Planned::no;
};

/// From the first to the last change of the files of one campaign.
struct AttackWindow {
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
};

struct LiveState {
  std::vector<std::string> roots;  // what was scanned; empty: nothing
  /// By the path it had before the attack. Encrypted, partly encrypted, damaged and undecided files.
  std::unordered_map<std::string, HitFile> hit;
  /// Hashes of the paths of good files, and of those that could not be read: they are left alone.
  std::unordered_set<std::uint64_t> left_alone;
  /// Files that are left alone and hold nothing: when each was changed last.
  std::unordered_map<std::string, std::int64_t> empty;
  std::int64_t attack_began_ns = 0;  // first change of an encrypted file; 0: not known

  std::vector<AttackWindow> windows;

  /// Was it changed in the minutes in which an attack changed others?
  [[nodiscard]] bool is_changed_by_then(const HitFile& file) const;
  [[nodiscard]] bool covers(std::string_view path) const;
  [[nodiscard]] bool is_left_alone(std::string_view path) const;
};

/// From the newest finished scan of each live root.
[[nodiscard]] base::Result<LiveState> read_live_state(casefile::CaseStore& store,
                                                      const std::vector<std::string>& extensions);

}  // namespace lastgood::recovery
