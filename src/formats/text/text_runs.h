// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Gathers foreign cells into runs and tells whether their bytes look random.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "formats/text/text_model.h"
#include "model/finding.h"

namespace lastgood::formats {

enum class RunKind : std::uint8_t {
  pooled,  // too short to judge alone: see ForeignRuns::is_random
  random,
  other,           // binary, not random
  foreign_script,  // no controls: text in another encoding
};

struct ForeignRun {
  model::ByteRange range;
  RunKind kind = RunKind::pooled;
};

/// A copy of one cell: its view ends with the piece it was read in.
struct CellCopy {
  std::array<std::uint8_t, k_cell_bytes> bytes{};
  std::size_t size_bytes = 0;
  std::uint64_t offset = 0;
};

class ForeignRuns {
 public:
  /// Cells come in ascending order.
  void add_foreign(base::ByteView cell, std::uint64_t offset);
  /// A cell that joins its neighbours when both are foreign.
  void add_grey(base::ByteView cell, std::uint64_t offset);
  /// REQUIRES: called once, after the last cell.
  void finish(std::uint64_t size_bytes);

  /// At most k_runs_max; more are only counted.
  [[nodiscard]] const std::vector<ForeignRun>& runs() const { return runs_; }
  [[nodiscard]] bool is_random(const ForeignRun& run) const {
    return run.kind == RunKind::random || (run.kind == RunKind::pooled && pool_kind_ == RunKind::random);
  }
  /// Sums over all runs, also those that are only counted.
  [[nodiscard]] std::uint64_t random_bytes() const {
    return random_bytes_ + (pool_kind_ == RunKind::random ? pooled_bytes_ : 0);
  }
  [[nodiscard]] std::uint64_t other_bytes() const {
    return other_bytes_ + (pool_kind_ == RunKind::other ? pooled_bytes_ : 0);
  }
  [[nodiscard]] std::uint64_t foreign_script_bytes() const {
    return foreign_script_bytes_ + (pool_kind_ == RunKind::foreign_script ? pooled_bytes_ : 0);
  }
  [[nodiscard]] std::uint64_t random_runs() const {
    return random_runs_ + (pool_kind_ == RunKind::random ? pooled_runs_ : 0);
  }
  [[nodiscard]] std::uint64_t total_bytes() const { return random_bytes() + other_bytes() + foreign_script_bytes(); }
  /// A random run begins at byte 0 or reaches the content's last byte.
  [[nodiscard]] bool touches_edge() const { return touches_edge_; }

 private:
  static constexpr std::size_t k_short_bytes = 256;
  static constexpr std::size_t k_runs_max = 65'536;
  void append(base::ByteView cell);
  void close(std::uint64_t size_bytes);

  model::ByteRange current_;
  std::array<std::uint8_t, k_short_bytes> short_{};  // the current run's bytes while it is short
  ByteHistogram long_counts_{};                      // and once it is not
  ByteHistogram pool_{};
  std::optional<CellCopy> grey_;
  std::vector<ForeignRun> runs_;
  std::uint64_t random_bytes_ = 0, other_bytes_ = 0, foreign_script_bytes_ = 0, pooled_bytes_ = 0;
  std::uint64_t random_runs_ = 0, pooled_runs_ = 0;
  RunKind pool_kind_ = RunKind::other;
  bool touches_edge_ = false;
};

}  // namespace lastgood::formats
