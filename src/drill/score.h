// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Step five of a drill: the scan's verdicts against the truth.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drill/truth.h"
#include "model/file_record.h"

namespace lastgood::drill {

struct Goals {
  double recall_min = 0.99;  // of files changed by documented patterns: called encrypted or partly_encrypted
  double right_min = 0.95;   // of the same: called by a verdict that is right
  double notes_min = 1.0;
  double false_alarms_max = 0.0;       // of whole files: called encrypted, partly_encrypted, damaged or note
  double damage_as_attack_max = 0.05;  // of plainly damaged files: called encrypted or partly_encrypted
};

/// One group of files: a pattern, a kind, or all of a fate.
struct Tally {
  std::uint64_t files = 0;
  std::uint64_t recalled = 0;  // encrypted or partly_encrypted
  std::uint64_t right = 0;     // a verdict the truth allows
  std::array<std::uint64_t, model::k_verdict_count> by_verdict{};
  double agreement_sum = 0;  // range_agreement of the recalled

  [[nodiscard]] double recall() const {
    return files == 0 ? 1.0 : static_cast<double>(recalled) / static_cast<double>(files);
  }
  [[nodiscard]] double right_share() const {
    return files == 0 ? 1.0 : static_cast<double>(right) / static_cast<double>(files);
  }
  [[nodiscard]] double agreement() const { return recalled == 0 ? 0.0 : agreement_sum / static_cast<double>(recalled); }
};

/// A file that was judged wrongly, for people.
struct Miss {
  std::string path;
  std::string kind;
  std::string pattern;  // or the fate's name
  model::Verdict verdict = model::Verdict::undecided;
  std::string reason;  // the first one
};

struct Score {
  std::map<std::string, Tally> by_pattern;
  std::map<std::string, Tally> by_kind;  // of attacked files
  std::map<std::string, std::map<std::string, Tally>> by_pattern_and_kind;
  std::map<std::string, Tally> by_fate;
  Tally documented;  // attacked, without the evasions
  Tally evasions;
  std::uint64_t not_judged = 0;  // in the truth, not in the scan
  std::uint64_t not_known = 0;   // in the scan, not in the truth
  std::uint64_t false_alarms = 0;
  std::uint64_t whole_files = 0;          // untouched, protected and renamed ones
  std::vector<Miss> misses;               // at most k_misses_max
  std::vector<std::string> goals_missed;  // sentences; empty: passed

  static constexpr std::size_t k_misses_max = 200;
  [[nodiscard]] bool passed() const { return goals_missed.empty(); }
};

/// `root` is the absolute path of the folder that was scanned. Pure.
Score score_scan(const Truth& truth, const std::vector<model::FileRecord>& records, std::string_view root,
                 const Goals& goals);

/// What it comes to, in some lines; a table of every pattern and kind of file; and JSON ("lastgood-score-1").
std::string write_score_summary(const Score& score);
std::string write_score_table(const Score& score);
std::string write_score_json(const Score& score);

}  // namespace lastgood::drill
