// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitPlanner and links of this machine: a server reaches its database by a link, and a backup has it under the link's
// own path ("rsync -L"), or under both.
#include <algorithm>

#include <fmt/format.h>

#include "os/paths.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_units.h"

namespace lastgood::recovery {

std::string UnitPlanner::home_of(const std::string& path) const {
  std::string home = os::follow_links(path);
  if (home == path) return path;
  const std::vector<std::string>& only = request_.policy.only;
  const bool is_asked_for = !only.empty() && is_planned_itself(home);
  // This may be another machine than the one that was struck: its links say nothing of that.
  if (is_asked_for || live_.covers(path) || live_.covers(home)) return home;
  const bool is_named = request_.services != nullptr && is_link_of_data(*request_.services, path, home);
  return is_named ? home : path;
}

bool UnitPlanner::is_behind_link(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit) const {
  return live_path_of(sources_.opened[layers_.layers[layer].source].record, unit.path) != path;
}

base::Status UnitPlanner::gather_behind_link(const std::string& path, std::uint32_t layer,
                                             const model::JudgedUnit& unit, Members& members) {
  const Layer& from = layers_.layers[layer];
  const OpenedSource& opened = sources_.opened[from.source];
  auto parts = parts_of(unit.path).value_or(std::vector<std::string>());
  members.obstacle = "it is not there";
  if (parts.empty()) return base::Done{};
  const std::string name = std::move(parts.back());
  parts.pop_back();
  const auto subtree = find_subtree(*opened.source, opened.snapshots[from.snapshot].root, parts);
  if (!subtree.ok() || !subtree.value()) return base::Done{};
  const auto folder = opened.source->read_folder(*subtree.value());
  const model::TreeEntry* const top = folder.ok() ? find_entry(folder.value(), name) : nullptr;
  if (top == nullptr) return base::Done{};
  members.obstacle.clear();
  gather_entry(path, *top, layer, members);
  if (members.obstacle.empty() && top->kind == model::EntryKind::folder)
    LG_TRY(gather_folder(path, top->subtree, layer, 0, members));
  for (PlanItem& item : members.items) item.stored_path = unit.path + item.path.substr(path.size());
  members.remarks.push_back(fmt::format("unit.link: this snapshot has it at '{}', which is a link to where it lies",
                                        base::printable(unit.path)));
  return base::Done{};
}

base::Status UnitPlanner::plan_units_behind_links() {
  const LayeredFolder nowhere;
  const std::vector<NamedEntry> unnamed(1);
  for (const auto& [path, by_layer] : units_) {
    const bool is_elsewhere_only = std::all_of(by_layer.begin(), by_layer.end(), [&, at = &path](const auto& one) {
      return is_behind_link(*at, one.first, one.second);
    });
    if (is_elsewhere_only && is_planned_itself(path)) LG_TRY(plan_unit(path, nowhere, unnamed));
  }
  return base::Done{};
}

}  // namespace lastgood::recovery
