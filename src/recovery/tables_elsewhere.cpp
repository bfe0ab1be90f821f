// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitPlanner and files of a MariaDB that lie outside of its folder: of tables with a DATA DIRECTORY, behind links, or
// where the server's settings put them.
#include <algorithm>

#include <fmt/format.h>

#include "recovery/plan_units.h"

namespace lastgood::recovery {

namespace {

/// "lis/orders.isl" of "/srv/mysql": "/srv/mysql/lis/orders.ibd"; "ib_logfile0": "/srv/mysql/ib_logfile0".
std::string file_in(const std::string& unit, std::string_view inside) {
  if (kind_of_part(inside) != PartKind::table_link) return unit + "/" + std::string(inside);
  return unit + "/" + std::string(inside.substr(0, inside.size() - 4)) + ".ibd";
}

}  // namespace

base::Status UnitPlanner::take_file(const std::string& path, const PartLink& link, std::uint32_t layer,
                                    Members& members) {
  const Layer& from = layers_.layers[layer];
  const OpenedSource& opened = sources_.opened[from.source];
  const model::Snapshot& snapshot = opened.snapshots[from.snapshot];
  const std::string name = path.substr(path.rfind('/') + 1);
  for (const OutsidePath& outside : find_outside_paths(opened.record, snapshot, link.target)) {
    const auto parts = parts_of(outside.stored);
    const auto subtree = parts ? find_subtree(*opened.source, snapshot.root, *parts)
                               : base::Result<std::optional<std::string>>(std::optional<std::string>());
    if (!subtree.ok() || !subtree.value()) continue;
    const auto folder = opened.source->read_folder(*subtree.value());
    const model::TreeEntry* const table = folder.ok() ? find_entry(folder.value(), name) : nullptr;
    if (table == nullptr || table->kind != model::EntryKind::regular) continue;
    std::erase_if(members.items, [&](const PlanItem& item) { return item.path == path; });  // the link
    gather_entry(path, *table, layer, members);
    if (members.obstacle.empty()) members.items.back().stored_path = outside.stored + "/" + name;
    return base::Done{};
  }
  members.obstacle = fmt::format("its part '{}' lay at '{}', and is not in this snapshot", base::printable(link.inside),
                                 base::printable(link.target));
  return base::Done{};
}

base::Status UnitPlanner::take_files_elsewhere(const std::string& unit, std::uint32_t layer,
                                               const model::JudgedUnit& judged, Members& members) {
  if (judged.kind != "mariadb") return base::Done{};
  for (const PartLink& link : find_part_links(judged)) {
    if (kind_of_part(link.inside) == PartKind::database) continue;  // taken by take_linked
    const std::string path = file_in(unit, link.inside);
    const auto has = [&](const std::string& wanted, model::EntryKind kind) {
      return std::any_of(members.items.begin(), members.items.end(),
                         [&](const PlanItem& item) { return item.path == wanted && item.kind == kind; });
    };
    // A table in partitions has a link for each of them, which its name alone does not tell.
    const bool is_table = kind_of_part(link.inside) == PartKind::table_link;
    const bool has_link = has(unit + "/" + link.inside, is_table ? model::EntryKind::regular : model::EntryKind::link);
    if (!has(path, model::EntryKind::regular) && (has_link || !link.setting.empty()))
      LG_TRY(take_file(path, link, layer, members));
    if (!members.obstacle.empty()) return base::Done{};
    if (!link.setting.empty())
      members.remarks.push_back(fmt::format(
          "unit.elsewhere: '{}' comes back in the folder, and {} of its server's settings looks for it at '{}': before "
          "the server starts, move away what is there, and '{}' to it",
          base::printable(link.inside), link.setting, base::printable(link.target), base::printable(path)));
  }
  say_where_tables_lie(unit, members);
  return base::Done{};
}

void UnitPlanner::say_where_tables_lie(const std::string& unit, Members& members) const {
  for (const PartElsewhere* const part : parts_there(unit)) {
    const PartKind kind = kind_of_part(part->inside);
    if (kind != PartKind::table_link && kind != PartKind::file) continue;
    const std::string path = file_in(unit, part->inside);
    const std::string place = part->folder + path.substr(path.rfind('/'));
    const auto item =
        std::find_if(members.items.begin(), members.items.end(), [&](const PlanItem& one) { return one.path == path; });
    if (item == members.items.end()) continue;
    const auto hit = live_.hit.find(place);
    if (hit != live_.hit.end()) item->current_path = hit->second.current_path;
    if (kind == PartKind::file) continue;  // said by say_what_stays
    members.remarks.push_back(
        fmt::format("unit.elsewhere: table '{}' comes back in the folder, its link leads to '{}': before the server "
                    "starts, move away what is there, and '{}' to it; with files at both places MariaDB opens neither",
                    base::printable(part->inside.substr(0, part->inside.size() - 4)), base::printable(place),
                    base::printable(path)));
  }
}

}  // namespace lastgood::recovery
