// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/score.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "drill/compare_ranges.h"

namespace lastgood::drill {
namespace {

using model::FileRecord;
using model::Verdict;

bool is_recall(Verdict verdict) { return verdict == Verdict::encrypted || verdict == Verdict::partly_encrypted; }

bool is_alarm(Verdict verdict) { return is_recall(verdict) || verdict == Verdict::damaged || verdict == Verdict::note; }

bool is_whole(Fate fate) { return fate == Fate::untouched || fate == Fate::renamed; }

bool is_evasion(const TruthEntry& entry) {
  const DamagePattern* pattern = find_damage_pattern(entry.pattern);
  return pattern != nullptr && pattern->family == "evasion";
}

double agreement_of(const TruthEntry& entry, const FileRecord& record) {
  // "encrypted" without ranges is said of the whole content.
  const std::vector<model::ByteRange> whole{{0, entry.size_bytes}};
  const bool said_of_all = record.ranges.empty() && record.verdict == Verdict::encrypted;
  return range_agreement(entry.replaced, entry.added, said_of_all ? whole : record.ranges, entry.size_bytes);
}

void count(Tally& tally, const TruthEntry& entry, const FileRecord& record) {
  ++tally.files;
  ++tally.by_verdict.at(static_cast<std::size_t>(record.verdict));
  if (std::find(entry.right.begin(), entry.right.end(), record.verdict) != entry.right.end()) ++tally.right;
  if (!is_recall(record.verdict)) return;
  ++tally.recalled;
  tally.agreement_sum += agreement_of(entry, record);
}

void keep_miss(Score& score, const TruthEntry& entry, const FileRecord& record) {
  if (score.misses.size() == Score::k_misses_max) return;
  const std::string reason =
      record.reasons.empty() ? std::string() : record.reasons.front().rule + ": " + record.reasons.front().sentence;
  score.misses.push_back({.path = entry.path,
                          .kind = entry.kind,
                          .pattern = entry.pattern.empty() ? std::string(name_of(entry.fate)) : entry.pattern,
                          .verdict = record.verdict,
                          .reason = reason});
}

void score_one(Score& score, const TruthEntry& entry, const FileRecord& record) {
  count(score.by_fate[std::string(name_of(entry.fate))], entry, record);
  if (!entry.pattern.empty()) {
    count(score.by_pattern[entry.pattern], entry, record);
    count(score.by_pattern_and_kind[entry.pattern][entry.kind], entry, record);
  }
  if (entry.fate == Fate::attacked) {
    count(score.by_kind[entry.kind], entry, record);
    count(is_evasion(entry) ? score.evasions : score.documented, entry, record);
  }
  if (is_whole(entry.fate)) {
    ++score.whole_files;
    if (is_alarm(record.verdict)) ++score.false_alarms;
  }
  const bool right = std::find(entry.right.begin(), entry.right.end(), record.verdict) != entry.right.end();
  if (!right) keep_miss(score, entry, record);
}

void check_goals(Score& score, const Goals& goals) {
  const auto demand = [&](bool met, std::string sentence) {
    if (!met) score.goals_missed.push_back(std::move(sentence));
  };
  const double alarms =
      score.whole_files == 0 ? 0.0 : static_cast<double>(score.false_alarms) / static_cast<double>(score.whole_files);
  demand(score.not_judged == 0, fmt::format("{} files were not judged", score.not_judged));
  demand(score.documented.files > 0, "no file was attacked");
  demand(score.documented.recall() >= goals.recall_min,
         fmt::format("recall {:.4f} is below {:.4f}", score.documented.recall(), goals.recall_min));
  demand(
      score.documented.right_share() >= goals.right_min,
      fmt::format("share of right verdicts {:.4f} is below {:.4f}", score.documented.right_share(), goals.right_min));
  demand(
      score.by_fate["note"].right_share() >= goals.notes_min,
      fmt::format("share of notes found {:.4f} is below {:.4f}", score.by_fate["note"].right_share(), goals.notes_min));
  demand(alarms <= goals.false_alarms_max,
         fmt::format("{} false alarms among {} whole files", score.false_alarms, score.whole_files));
  demand(score.by_fate["damaged"].files == 0 || score.by_fate["damaged"].recall() <= goals.damage_as_attack_max,
         fmt::format("share of plain damage called encryption {:.4f} is above {:.4f}",
                     score.by_fate["damaged"].recall(), goals.damage_as_attack_max));
}

}  // namespace

Score score_scan(const Truth& truth, const std::vector<FileRecord>& records, std::string_view root,
                 const Goals& goals) {
  std::unordered_map<std::string_view, const FileRecord*> by_path;
  for (const FileRecord& record : records) by_path.emplace(record.path, &record);
  Score score;
  std::size_t known = 0;
  for (const TruthEntry& entry : truth.entries) {
    const std::string path = fmt::format("{}/{}", root, entry.path);
    const auto found = by_path.find(path);
    if (found == by_path.end()) {
      ++score.not_judged;
      continue;
    }
    ++known;
    score_one(score, entry, *found->second);
  }
  score.not_known = by_path.size() - known;
  check_goals(score, goals);
  return score;
}

}  // namespace lastgood::drill
