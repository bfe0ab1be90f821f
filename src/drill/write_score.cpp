// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The score in some lines, as a table and as JSON: the same numbers in all.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "drill/score.h"

namespace lastgood::drill {
namespace {

using Json = nlohmann::ordered_json;
using model::Verdict;

std::uint64_t said(const Tally& tally, Verdict verdict) {
  return tally.by_verdict.at(static_cast<std::size_t>(verdict));
}

std::string table_row(std::string_view name, const Tally& tally) {
  return fmt::format("{:<22} {:>6} {:>7.1f}% {:>7.1f}% {:>6.2f} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6}\n", name,
                     tally.files, 100 * tally.recall(), 100 * tally.right_share(), tally.agreement(),
                     said(tally, Verdict::encrypted), said(tally, Verdict::partly_encrypted),
                     said(tally, Verdict::damaged), said(tally, Verdict::intact), said(tally, Verdict::protected_),
                     said(tally, Verdict::undecided), said(tally, Verdict::note));
}

std::string table_head(std::string_view title) {
  return fmt::format("{:<22} {:>6} {:>8} {:>8} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6}\n", title, "files",
                     "recall", "right", "ranges", "encr", "partly", "damaged", "intact", "protect", "undecid", "note");
}

std::string table_of(std::string_view title, const std::map<std::string, Tally>& tallies) {
  std::string out = table_head(title);
  for (const auto& [name, tally] : tallies) out += table_row(name, tally);
  return out + "\n";
}

Json json_of(const Tally& tally) {
  Json verdicts = Json::object();
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (said(tally, verdict) > 0) verdicts[std::string(model::name_of(verdict))] = said(tally, verdict);
  }
  return {{"files", tally.files},
          {"recall", tally.recall()},
          {"right", tally.right_share()},
          {"range_agreement", tally.agreement()},
          {"verdicts", verdicts}};
}

Json json_of(const std::map<std::string, Tally>& tallies) {
  Json out = Json::object();
  for (const auto& [name, tally] : tallies) out[name] = json_of(tally);
  return out;
}

}  // namespace

std::string write_score_summary(const Score& score) {
  const auto found = [](const Tally& tally, std::string_view what) {
    return fmt::format("  {:>6} files struck by {}: {:.1f} % found, their ranges {:.0f} % alike\n", tally.files, what,
                       100 * tally.recall(), 100 * tally.agreement());
  };
  std::string out = "Files\n" + found(score.documented, "documented patterns") + found(score.evasions, "evasions");
  if (const auto notes = score.by_fate.find("note"); notes != score.by_fate.end())
    out += fmt::format("  {:>6} ransom notes: {} found\n", notes->second.files, said(notes->second, Verdict::note));
  out += fmt::format("  {:>6} whole files: {} false alarms\n", score.whole_files, score.false_alarms);
  if (score.not_judged > 0 || score.not_known > 0)
    out += fmt::format("  {:>6} not judged, {} unknown to the truth\n", score.not_judged, score.not_known);
  for (const std::string& sentence : score.goals_missed) out += fmt::format("  MISSED  {}\n", sentence);
  return out;
}

std::string write_score_table(const Score& score) {
  std::string out = table_of("pattern", score.by_pattern) + table_of("kind (attacked)", score.by_kind) +
                    table_of("fate", score.by_fate);
  out += table_head("all") + table_row("documented patterns", score.documented) +
         table_row("evasions", score.evasions) + "\n";
  out += fmt::format("false alarms: {} of {} whole files; not judged: {}; unknown to the truth: {}\n",
                     score.false_alarms, score.whole_files, score.not_judged, score.not_known);
  for (const std::string& sentence : score.goals_missed) out += fmt::format("goal missed: {}\n", sentence);
  if (score.passed()) out += "all goals met\n";
  return out;
}

std::string write_score_json(const Score& score) {
  Json crossed = Json::object();
  for (const auto& [pattern, kinds] : score.by_pattern_and_kind) crossed[pattern] = json_of(kinds);
  Json misses = Json::array();
  for (const Miss& miss : score.misses) {
    misses.push_back({{"path", miss.path},
                      {"kind", miss.kind},
                      {"pattern", miss.pattern},
                      {"verdict", model::name_of(miss.verdict)},
                      {"reason", miss.reason}});
  }
  const Json out{{"format", "lastgood-score-1"},
                 {"passed", score.passed()},
                 {"goals_missed", score.goals_missed},
                 {"documented", json_of(score.documented)},
                 {"evasions", json_of(score.evasions)},
                 {"by_fate", json_of(score.by_fate)},
                 {"by_pattern", json_of(score.by_pattern)},
                 {"by_kind", json_of(score.by_kind)},
                 {"by_pattern_and_kind", std::move(crossed)},
                 {"false_alarms", score.false_alarms},
                 {"whole_files", score.whole_files},
                 {"not_judged", score.not_judged},
                 {"not_known", score.not_known},
                 {"misses", std::move(misses)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lastgood::drill
