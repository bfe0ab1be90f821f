// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unstartable.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engines/unit.h"

namespace lastgood::recovery {

namespace {

/// Tablespaces that come to lie in the folder itself. A server that replays its log refuses folders where it puts its
/// links, and one that has a tablespace_map (of a backup in tar form) goes by their old places, also of one that
/// nothing was in: files of another moment may stand there. Where it was shut down in good order, which its first
/// remark says, it takes folders as they are.
bool has_moved_tablespaces(const Plan& plan, std::uint32_t number) {
  const PlanUnit& unit = plan.units[number];
  if (unit.kind != "postgresql") return false;
  bool has_map = false;
  bool has_folders = false;
  for (const PlanItem& item : plan.items) {
    if (item.unit != number || item.kind != model::EntryKind::regular || item.path.size() <= unit.path.size()) continue;
    const std::string_view inside = std::string_view(item.path).substr(unit.path.size() + 1);
    has_map = has_map || inside == "tablespace_map";
    has_folders = has_folders || inside.starts_with("pg_tblspc/");
  }
  const bool is_at_rest =
      !unit.remarks.empty() && unit.remarks.front().starts_with(engines::name_of(engines::UnitVerdict::consistent));
  return has_map || (has_folders && !is_at_rest);
}

/// As tables_elsewhere.cpp says it.
std::vector<std::string> find_moves(const PlanUnit& unit) {
  constexpr std::string_view k_rule = "unit.elsewhere: ";
  std::vector<std::string> moves;
  for (const std::string& remark : unit.remarks) {
    if (remark.starts_with(k_rule) && remark.find(": before the server starts, ") != std::string::npos)
      moves.push_back(remark.substr(k_rule.size()));
  }
  return moves;
}

}  // namespace

std::vector<Unstartable> find_unstartable(const Plan& plan, const std::vector<ReplayedUnit>& replayed,
                                          const RestoreOutcome& restored, RestoreMode mode) {
  std::vector<Unstartable> out;
  for (std::uint32_t number = 0; number < plan.units.size(); ++number) {
    const PlanUnit& unit = plan.units[number];
    const bool is_replayed = std::any_of(replayed.begin(), replayed.end(), [&](const ReplayedUnit& one) {
      return one.path == unit.path &&
             (one.state == ReplayedUnit::State::replayed || one.state == ReplayedUnit::State::known);
    });
    if (restored.is_without(unit.path)) continue;
    const std::string folder = (restored.target_path == "/" ? std::string() : restored.target_path) + unit.path;
    std::vector<std::string> moves = find_moves(unit);
    if (mode == RestoreMode::in_place && !moves.empty())
      out.push_back({.folder = folder, .why = Unstartable::Why::parts, .moves = std::move(moves)});
    if (is_replayed) continue;
    if (unit.needs_log)
      out.push_back({.folder = folder, .why = Unstartable::Why::log, .moves = {}});
    else if (has_moved_tablespaces(plan, number))
      out.push_back({.folder = folder, .why = Unstartable::Why::tablespaces, .moves = {}});
  }
  return out;
}

}  // namespace lastgood::recovery
