// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What replayed logs took away: a replay brings an attacker's deletions as well as the hospital's commits, and no log
// says who meant which. People are told the last ones with their moments, so that a replay can end before them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastgood::engines {

struct LogRemoval {
  std::int64_t time_ns = 0;  // UTC; a binary log knows seconds
  std::string what;          // "DROP TABLE lis.orders", "12034 rows deleted from lis.orders"; raw
};

struct LogRemovals {
  std::vector<LogRemoval> last;   // oldest first, at most k_kept_max
  std::uint64_t earlier = 0;      // before them, not kept
  std::uint64_t conditional = 0;  // DELETE statements with a condition: the logs do not say how many rows it met
  std::int64_t last_conditional_ns = 0;
  static constexpr std::size_t k_kept_max = 20;

  /// REQUIRES: in the order of the logs.
  void add(LogRemoval removal);
  [[nodiscard]] bool empty() const { return last.empty() && conditional == 0; }
};

/// A transaction that deletes so many rows of one table is one of them: a hospital's own programs delete a few.
inline constexpr std::uint64_t k_many_rows = 100;

}  // namespace lastgood::engines
