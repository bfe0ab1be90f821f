// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which paths of the live scans are ransom notes, and which are encrypted: eight bytes a path, so that millions fit.
// Private to facts/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "timeline/live_scans.h"

namespace lastgood::facts {

enum class PathKind : std::uint8_t { other, note, encrypted };

class KnownPaths {
 public:
  /// Reads the files of the live scan, and adds them.
  [[nodiscard]] base::Status add_scan(casefile::CaseStore& store, const timeline::LiveScan& live);
  /// Once, after the last add_scan.
  void sort();
  /// Two paths of one hash are mixed up with a chance of 2^-64 each: a count may be off by one, never a verdict.
  [[nodiscard]] static std::uint64_t hash_of(std::string_view path);
  [[nodiscard]] PathKind kind_of(std::string_view path) const;

 private:
  std::vector<std::uint64_t> notes_;
  std::vector<std::uint64_t> encrypted_;
};

}  // namespace lastgood::facts
