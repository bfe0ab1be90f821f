// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitPlanner and what belongs to one copy of a unit: its files, and what its links lead to in the same snapshot.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "recovery/below.h"
#include "recovery/choose_version.h"
#include "recovery/outside_paths.h"
#include "recovery/plan_units.h"

namespace lastgood::recovery {

namespace {

using model::EntryKind;

constexpr std::size_t k_folders_deep_max = 1024;

/// "log: pg_wal", "tablespace: 16384", "database: lis"
std::string name_for_people(const std::string& inside) {
  const PartKind kind = kind_of_part(inside);
  const char* const what = kind == PartKind::log ? "log" : kind == PartKind::database ? "database" : "tablespace";
  return fmt::format("{}: {}", what, base::printable(inside.substr(inside.rfind('/') + 1)));
}

}  // namespace

void UnitPlanner::gather_entry(const std::string& path, const model::TreeEntry& entry, std::uint32_t layer,
                               Members& members) {
  PlanItem item = builder_.item_of(path, entry, layer);
  item.why = builder_.why("unit: belongs to a set that comes back as a whole");
  if (entry.kind == EntryKind::regular) {
    const VerdictTable::Row* row = verdicts_.find(entry.content.key);
    if (row == nullptr) {
      members.obstacle = fmt::format("'{}' is new since its backup was judged: 'lastgood backups judge' looks at it",
                                     base::printable(path));
      return;
    }
    if (is_hit(row->verdict) || row->verdict == model::Verdict::unreadable) {
      members.obstacle = fmt::format("'{}' is {}", base::printable(path), model::name_of(row->verdict));
      return;
    }
    item.verdict = row->verdict;
    item.certainty = row->certainty;
    const auto hit = live_.hit.find(path);
    if (hit != live_.hit.end()) item.current_path = hit->second.current_path;
  }
  if (entry.kind == EntryKind::link && !members.items.empty() && is_at_or_below(path, members.items.front().path)) {
    const std::string inside = path.substr(members.items.front().path.size() + 1);
    const bool is_tablespace = inside.starts_with("pg_tblspc/") && inside.find('/', 10) == std::string::npos;
    if (is_tablespace || inside == "pg_wal")
      members.linked.push_back({members.items.size(), {inside, entry.link_target}});
  }
  members.items.push_back(std::move(item));
}

base::Status UnitPlanner::take_part(const std::string& unit, const Linked& linked, const OutsidePath& outside,
                                    const std::string& subtree, std::uint32_t layer, Members& members) {
  const OpenedSource& opened = sources_.opened[layers_.layers[layer].source];
  const auto own_place = live_path_of(opened.record, outside.stored);
  const bool is_at_own_place = linked.by == Linked::By::link && outside.of == OutsidePath::Of::victim && own_place &&
                               is_planned_itself(*own_place) && !live_.covers(*own_place);
  const std::string path = is_at_own_place ? *own_place : unit + "/" + linked.link.inside;
  if (!is_at_own_place) {
    if (linked.by == Linked::By::map) {
      model::TreeEntry top;
      top.kind = EntryKind::folder;
      top.name = path.substr(path.rfind('/') + 1);
      gather_entry(path, top, layer, members);
    }
    PlanItem& top = linked.by == Linked::By::map ? members.items.back() : members.items[linked.item];
    top.kind = EntryKind::folder;
    top.stored_path = outside.stored;
    members.remarks.push_back(
        fmt::format("unit.{} comes to lie in the folder itself; {} '{}'", name_for_people(linked.link.inside),
                    outside.of == OutsidePath::Of::victim ? "it lay at" : "the backup job had it at",
                    base::printable(linked.link.target)));
  }
  const auto folder = opened.source->read_folder(subtree);
  if (!folder.ok()) {
    members.obstacle = folder.error().what;
    return base::Done{};
  }
  const std::size_t first = members.items.size();
  for (const model::TreeEntry& entry : folder.value().entries) {
    if (!is_name_of_part(linked.link.inside, {}, entry.name)) continue;
    const std::string below = path + "/" + entry.name;
    gather_entry(below, entry, layer, members);
    if (!members.obstacle.empty()) return base::Done{};
    if (entry.kind == EntryKind::folder) LG_TRY(gather_folder(below, entry.subtree, layer, 0, members));
  }
  std::vector<const PartElsewhere*> there = parts_there(unit);
  std::erase_if(there, [&](const PartElsewhere* part) { return part->inside != linked.link.inside; });
  for (std::size_t i = first; i < members.items.size(); ++i) {
    PlanItem& item = members.items[i];
    const std::string rest = item.path.substr(path.size());
    item.stored_path = outside.stored + rest;
    for (const PartElsewhere* const part : there) {
      const auto hit = live_.hit.find(part->folder + rest);
      if (hit != live_.hit.end()) item.current_path = hit->second.current_path;
    }
  }
  return base::Done{};
}

base::Status UnitPlanner::take_linked(const std::string& unit, std::uint32_t layer, Members& members) {
  const Layer& from = layers_.layers[layer];
  const OpenedSource& opened = sources_.opened[from.source];
  const model::Snapshot& snapshot = opened.snapshots[from.snapshot];
  // Each folder comes once, whatever links a hostile copy has.
  const PlanItem& top = members.items.front();
  const std::string stored_top = top.stored_path.empty() ? top.path : top.stored_path;
  std::vector<std::string> taken = {stored_top};
  for (const Linked& linked : std::exchange(members.linked, {})) {
    for (const OutsidePath& outside : find_outside_paths(opened.record, snapshot, linked.link.target)) {
      const auto parts = parts_of(outside.stored);
      const auto subtree = parts ? find_subtree(*opened.source, snapshot.root, *parts)
                                 : base::Result<std::optional<std::string>>(std::optional<std::string>());
      if (!subtree.ok()) {
        members.obstacle = subtree.error().what;
        return base::Done{};
      }
      if (!subtree.value()) continue;
      // A folder inside of the database's own, which somebody took for a tablespace, comes back with that.
      const bool is_inside = outside.of == OutsidePath::Of::victim && outside.stored.size() > stored_top.size() &&
                             is_at_or_below(outside.stored, stored_top);
      if (is_inside) break;
      const bool is_again = std::any_of(taken.begin(), taken.end(), [&](const std::string& one) {
        return is_at_or_below(one, outside.stored) || is_at_or_below(outside.stored, one);
      });
      if (is_again) {
        members.obstacle = fmt::format("its link to '{}' leads to a folder that holds other data of it, too",
                                       base::printable(linked.link.target));
        return base::Done{};
      }
      taken.push_back(outside.stored);
      LG_TRY(take_part(unit, linked, outside, *subtree.value(), layer, members));
      break;
    }
    if (!members.obstacle.empty()) break;
  }
  return base::Done{};
}

base::Status UnitPlanner::gather_folder(const std::string& path, const std::string& subtree, std::uint32_t layer,
                                        std::size_t depth, Members& members) {
  if (depth > k_folders_deep_max) {
    members.obstacle = "it is nested deeper than any real database";
    return base::Done{};
  }
  auto folder = sources_.opened[layers_.layers[layer].source].source->read_folder(subtree);
  if (!folder.ok()) {
    members.obstacle = folder.error().what;
    return base::Done{};
  }
  for (const model::TreeEntry& entry : folder.value().entries) {
    const std::string below = path + "/" + entry.name;
    gather_entry(below, entry, layer, members);
    if (!members.obstacle.empty()) return base::Done{};
    if (entry.kind == EntryKind::folder) LG_TRY(gather_folder(below, entry.subtree, layer, depth + 1, members));
  }
  return base::Done{};
}

void UnitPlanner::add_mapped(const std::string& path, const model::JudgedUnit& unit, Members& members) {
  const bool has_map = std::any_of(members.items.begin(), members.items.end(),
                                   [&](const PlanItem& item) { return item.path == path + "/tablespace_map"; });
  if (!has_map) return;
  for (PartLink& link : find_part_links(unit)) {
    const std::string at = path + "/" + link.inside;
    const bool is_there =
        std::any_of(members.items.begin(), members.items.end(), [&](const PlanItem& item) { return item.path == at; });
    if (is_there) continue;
    members.linked.push_back({0, std::move(link), Linked::By::map});
  }
}

void UnitPlanner::add_databases(const std::string& path, const model::JudgedUnit& unit, Members& members) {
  if (unit.kind != "mariadb") return;
  for (PartLink& link : find_part_links(unit)) {
    if (kind_of_part(link.inside) != PartKind::database) continue;
    const std::string at = path + "/" + link.inside;
    const auto item = std::find_if(members.items.begin(), members.items.end(),
                                   [&](const PlanItem& one) { return one.path == at && one.kind == EntryKind::link; });
    if (item == members.items.end()) continue;
    const auto index = static_cast<std::size_t>(item - members.items.begin());
    members.linked.push_back({index, std::move(link), Linked::By::link});
  }
}

base::Status UnitPlanner::take_what_lies_elsewhere(const std::string& path, std::uint32_t layer,
                                                   const model::JudgedUnit& unit, Members& members) {
  add_mapped(path, unit, members);
  add_databases(path, unit, members);
  if (members.obstacle.empty()) LG_TRY(take_linked(path, layer, members));
  if (members.obstacle.empty()) LG_TRY(take_files_elsewhere(path, layer, unit, members));
  say_what_stays(path, members);
  return base::Done{};
}

base::Result<UnitPlanner::Members> UnitPlanner::gather(const Place& place, const NamedEntry& entry, std::uint32_t layer,
                                                       const model::JudgedUnit& unit) {
  const std::string& path = place.path;
  Members members;
  const auto form_in = [layer](const NamedEntry& named) -> const model::TreeEntry* {
    for (const EntryForm& form : named.forms) {
      if (std::find(form.layers.begin(), form.layers.end(), layer) != form.layers.end()) return form.entry;
    }
    return nullptr;
  };
  if (is_behind_link(path, layer, unit)) {
    LG_TRY(gather_behind_link(path, layer, unit, members));
    const bool is_folder = members.obstacle.empty() && members.items.front().kind == EntryKind::folder;
    if (is_folder) LG_TRY(take_what_lies_elsewhere(path, layer, unit, members));
    return members;
  }
  const model::TreeEntry* top = form_in(entry);
  if (top == nullptr) {
    members.obstacle = "it is not there";
    return members;
  }
  gather_entry(path, *top, layer, members);
  if (top->kind == EntryKind::folder) {
    LG_TRY(gather_folder(path, top->subtree, layer, 0, members));
    LG_TRY(take_what_lies_elsewhere(path, layer, unit, members));
    return members;
  }
  // The index of a log SQLite makes anew; one that an attack left there must not keep the database from its place.
  constexpr std::string_view k_index = "-shm";
  for (const NamedEntry& sibling : place.folder.names()) {
    const bool is_companion = std::any_of(k_companions.begin(), k_companions.end(), [&](std::string_view companion) {
      return companion != k_index && sibling.name == std::string(entry.name) + std::string(companion);
    });
    const model::TreeEntry* found = is_companion ? form_in(sibling) : nullptr;
    if (found != nullptr)
      gather_entry(path.substr(0, path.find_last_of('/') + 1) + found->name, *found, layer, members);
  }
  return members;
}

}  // namespace lastgood::recovery
