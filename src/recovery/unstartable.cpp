// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unstartable.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

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

}  // namespace

std::vector<Unstartable> find_unstartable(const Plan& plan, const std::vector<ReplayedUnit>& replayed,
                                          const RestoreOutcome& restored) {
  std::vector<Unstartable> out;
  for (std::uint32_t number = 0; number < plan.units.size(); ++number) {
    const PlanUnit& unit = plan.units[number];
    const bool is_replayed = std::any_of(replayed.begin(), replayed.end(), [&](const ReplayedUnit& one) {
      return one.path == unit.path &&
             (one.state == ReplayedUnit::State::replayed || one.state == ReplayedUnit::State::known);
    });
    if (is_replayed || restored.is_without(unit.path)) continue;
    const std::string folder = (restored.target_path == "/" ? std::string() : restored.target_path) + unit.path;
    if (unit.needs_log)
      out.push_back({folder, Unstartable::Why::log});
    else if (has_moved_tablespaces(plan, number))
      out.push_back({folder, Unstartable::Why::tablespaces});
  }
  return out;
}

}  // namespace lastgood::recovery
