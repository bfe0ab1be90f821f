// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_units.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "engines/evidence_view.h"
#include "os/folder_user.h"
#include "recovery/below.h"
#include "recovery/fault_in_place.h"
#include "recovery/plan_databases.h"
#include "recovery/stands_as_seen.h"
#include "recovery/unit_copies.h"

namespace lastgood::recovery {

namespace {

using model::EntryKind;

constexpr std::size_t k_unit_remarks_max = 5;
// In the folder of each PostgreSQL and each MariaDB.
constexpr std::array<std::string_view, 2> k_server_files = {"PG_VERSION", "ibdata1"};

/// "lis/orders.ibd"; of PostgreSQL "base/16384/24576", tables and indexes alike. Not what is half made.
bool is_table_file(std::string_view kind, std::string_view inside) {
  constexpr std::array<std::string_view, 5> k_ends = {".ibd", ".MYD", ".MAD", ".CSV", ".ARZ"};
  if (kind == "mariadb")
    return inside.find("#sql") == std::string_view::npos &&
           std::any_of(k_ends.begin(), k_ends.end(), [&](std::string_view end) { return inside.ends_with(end); });
  return kind == "postgresql" && inside.starts_with("base/") &&
         inside.substr(inside.rfind('/') + 1).find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_server(const model::JudgedUnit& unit) { return unit.kind == "postgresql" || unit.kind == "mariadb"; }

}  // namespace

base::Status UnitPlanner::read(casefile::CaseStore& store) {
  struct BehindLink {
    std::string home;
    std::uint32_t layer = 0;
    model::JudgedUnit unit;
  };
  std::vector<BehindLink> behind_links;
  std::map<std::string, std::string> homes;
  for (std::uint32_t s = 0; s < sources_.opened.size(); ++s) {
    const OpenedSource& opened = sources_.opened[s];
    std::map<std::string, std::uint32_t> layer_by_snapshot;
    for (std::uint32_t i = 0; i < layers_.layers.size(); ++i) {
      const Layer& layer = layers_.layers[i];
      if (layer.source == s) layer_by_snapshot.emplace(opened.snapshots[layer.snapshot].id, i);
    }
    LG_ASSIGN(std::vector<model::JudgedUnit> judged, store.backups().units(opened.record.name));
    for (model::JudgedUnit& unit : judged) {
      const auto layer = layer_by_snapshot.find(unit.snapshot);
      const auto path = live_path_of(opened.record, unit.path);
      if (layer == layer_by_snapshot.end() || !path) continue;
      const auto [home, is_new] = homes.try_emplace(*path);
      if (is_new) home->second = home_of(*path);
      if (home->second == *path) {
        units_[*path].emplace(layer->second, std::move(unit));
        continue;
      }
      links_.insert(*path);
      behind_links.push_back({.home = home->second, .layer = layer->second, .unit = std::move(unit)});
    }
  }
  // A snapshot that has it at its own place, too, has it there.
  for (BehindLink& one : behind_links) units_[one.home].emplace(one.layer, std::move(one.unit));
  take_emptied_as_hit();
  for (const auto& [path, hit] : live_.hit) hit_paths_.insert(path);
  find_parts_elsewhere();
  return base::Done{};
}

void UnitPlanner::find_parts_elsewhere() {
  for (const auto& [path, by_layer] : units_) {
    if (std::none_of(by_layer.begin(), by_layer.end(), [](const auto& one) { return is_server(one.second); })) continue;
    if (live_.covers(path)) elsewhere_.look_at_live(path, live_.roots);
    for (const auto& [layer, unit] : by_layer) {
      const OpenedSource& opened = sources_.opened[layers_.layers[layer].source];
      elsewhere_.add_copy(path, opened.record, opened.snapshots[layers_.layers[layer].snapshot], unit);
    }
  }
  for (auto& [path, hit] : live_.hit) {
    const PartElsewhere* const part = elsewhere_.find(path);
    if (part == nullptr) continue;
    if (part->use == PartElsewhere::Use::used)
      hit_elsewhere_[part->unit].push_back(path);
    else
      hit.planned = HitFile::Planned::yes;  // the database has it elsewhere by now: nothing of it is missing
  }
}

void UnitPlanner::leave_part(const std::string& path, const PartElsewhere& part) {
  if (part.use == PartElsewhere::Use::left || is_planned_itself(part.unit)) return;
  std::vector<std::string> hits;
  if (hit_paths_.contains(path)) hits.push_back(path);
  for (auto at = hit_paths_.lower_bound(path + "/"); at != hit_paths_.end() && is_at_or_below(*at, path); ++at)
    hits.push_back(*at);
  if (live_.covers(path) && hits.empty()) return;
  builder_.add_loss(path, describe_part(part));
  for (const std::string& hit : hits) live_.hit.at(hit).planned = HitFile::Planned::yes;
}

void UnitPlanner::say_deleted(const std::string& path) {
  for (auto at = units_.lower_bound(path); at != units_.end() && at->first.starts_with(path); ++at) {
    const std::string& unit = at->first;
    if (!is_at_or_below(unit, path) || !is_planned_itself(unit) || at->second.empty()) continue;
    if (live_.covers(unit) && engines::open_evidence_view(unit).ok()) continue;
    builder_.add_unjudged(
        unit, fmt::format("unit.deleted: snapshot {} holds this {}, and the newest one before the attack does not: its "
                          "owner deleted it, or that snapshot never took it (one of logs alone, say); 'lastgood plan "
                          "--deleted' brings it back",
                          builder_.snapshot_name(at->second.begin()->first), at->second.begin()->second.kind));
  }
}

/// An empty file is a whole SQLite database without tables, so no scan has anything against it. Where the newest
/// snapshot of a source has a database there, or a service stands on one, it was emptied since.
void UnitPlanner::take_emptied_as_hit() {
  std::set<std::uint32_t> newest_of_sources;
  std::set<std::uint32_t> seen;
  for (std::uint32_t i = 0; i < layers_.layers.size(); ++i) {
    if (seen.insert(layers_.layers[i].source).second) newest_of_sources.insert(i);
  }
  for (const auto& [path, by_layer] : units_) {
    const auto empty = live_.empty.find(path);
    if (empty == live_.empty.end() || by_layer.begin()->second.kind != "sqlite") continue;
    // A log that is not empty may hold all of it.
    const bool has_log = std::any_of(k_companions.begin(), k_companions.end(), [&, at = &path](std::string_view log) {
      const std::string beside = *at + std::string(log);
      return live_.is_left_alone(beside) && !live_.empty.contains(beside);
    });
    const bool is_in_newest =
        std::any_of(newest_of_sources.begin(), newest_of_sources.end(),
                    [&, units = &by_layer](std::uint32_t layer) { return units->contains(layer); });
    const bool is_named = request_.services != nullptr && find_data(*request_.services, path, "sqlite") != nullptr;
    if (has_log || (!is_in_newest && !is_named)) continue;
    live_.left_alone.erase(std::hash<std::string_view>()(path));
    live_.hit.insert_or_assign(
        path,
        HitFile{.current_path = path, .size_bytes = 0, .mtime_ns = empty->second, .verdict = model::Verdict::damaged});
  }
}

bool UnitPlanner::is_part_of_file_unit(std::string_view path) const {
  return std::any_of(k_companions.begin(), k_companions.end(), [&](std::string_view companion) {
    return path.ends_with(companion) && units_.contains(path.substr(0, path.size() - companion.size()));
  });
}

bool UnitPlanner::is_hit_live(const std::string& path) const {
  return is_hit_in_place(path) || hit_elsewhere_.contains(path);
}

bool UnitPlanner::is_hit_in_place(const std::string& path) const {
  if (hit_paths_.contains(path) || faults_in_place_.contains(path)) return true;
  // "/srv/mysql-dumps/x" sorts between "/srv/mysql" and what lies in it.
  const auto below = hit_paths_.lower_bound(path + "/");
  if (below != hit_paths_.end() && is_at_or_below(*below, path)) return true;
  return std::any_of(k_companions.begin(), k_companions.end(),
                     [&](std::string_view companion) { return hit_paths_.contains(path + std::string(companion)); });
}

bool UnitPlanner::is_damaged_in_place(const std::string& path) {
  const ByLayer& by_layer = units_.find(path)->second;
  if (request_.in_place == PlanRequest::InPlace::not_asked || by_layer.empty() || !live_.covers(path)) return false;
  if (what_stands_at(path) != Stands::something) return false;
  if (const auto user = os::find_folder_user(path)) {
    builder_.add_unjudged(path,
                          fmt::format("unit.in-use: {} (process {}) works in it, so that it was not asked what it "
                                      "lacks: ask its tables, or stop it and plan again",
                                      base::printable(user->name), user->process_id));
    return false;
  }
  FaultInPlace fault = find_fault_in_place(by_layer.begin()->second.kind, path, live_.roots);
  if (fault.sentence.empty()) return false;
  if (request_.policy.damaged_in_place == PlanPolicy::DamagedInPlace::exchange) {
    faults_in_place_.emplace(path, std::move(fault));
    return false;
  }
  builder_.add_loss(
      path,
      fmt::format(
          "unit.in-place: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: {}. "
          "It stays until somebody decides. If it was struck since, scan it again; a server that "
          "keeps a part of its files elsewhere looks so, too; 'lastgood plan --exchange-damaged' takes a copy, and "
          "says what goes with it",
          fault.sentence));
  return true;
}

std::vector<HitFile*> UnitPlanner::find_doubts(const std::string& path) {
  const ByLayer& by_layer = units_.find(path)->second;
  if (request_.in_place == PlanRequest::InPlace::not_asked || by_layer.empty() || !live_.covers(path)) return {};
  if (hit_paths_.contains(path) || hit_elsewhere_.contains(path)) return {};
  std::vector<HitFile*> hits;
  for (auto at = hit_paths_.lower_bound(path + "/"); at != hit_paths_.end() && is_at_or_below(*at, path); ++at)
    hits.push_back(&live_.hit.at(*at));
  const bool are_doubts = std::all_of(hits.begin(), hits.end(), [](const HitFile* hit) {
    return hit->verdict == model::Verdict::damaged || hit->verdict == model::Verdict::undecided;
  });
  return are_doubts ? hits : std::vector<HitFile*>{};
}

bool UnitPlanner::is_whole_in_place(const std::string& path) {
  const std::vector<HitFile*> hits = find_doubts(path);
  if (hits.empty()) return false;
  const std::string state = find_whole_in_place(units_.find(path)->second.begin()->second.kind, path, live_.roots);
  if (state.empty()) return false;
  for (HitFile* const hit : hits) hit->planned = HitFile::Planned::yes;
  builder_.add_unjudged(
      path, fmt::format("unit.whole: the scan has something against {} of it ('{}'), and its own check, which knows "
                        "what its log makes at the next start, calls it whole ({}): it stays as it is",
                        base::counted(hits.size(), "file"), base::printable(hits.front()->current_path), state));
  return true;
}

bool UnitPlanner::is_doubtful_in_use(const std::string& path) {
  const std::vector<HitFile*> hits = find_doubts(path);
  if (hits.empty()) return false;
  // No server renames a file of its own: what bears another's name was struck, though no scan may know its ending.
  const std::string& kind = units_.find(path)->second.begin()->second.kind;
  const bool has_others = std::any_of(hits.begin(), hits.end(), [&](const HitFile* hit) {
    return hit->verdict != model::Verdict::damaged && !is_table_file(kind, hit->current_path.substr(path.size() + 1));
  });
  if (has_others) return false;
  const auto user = os::find_folder_user(path);
  if (!user) return false;
  for (HitFile* const hit : hits) hit->planned = HitFile::Planned::yes;
  builder_.add_unjudged(
      path, fmt::format("unit.in-use: the scan has something against {} of it ('{}'), and {} (process {}) works in it, "
                        "which may not have written them yet: nothing of it is exchanged. Ask its tables; if rows are "
                        "missing, stop it, scan and plan again",
                        base::counted(hits.size(), "file"), base::printable(hits.front()->current_path),
                        base::printable(user->name), user->process_id));
  return true;
}

std::string UnitPlanner::find_server_around(const std::string& path) const {
  const auto at = units_.find(path);
  if (at == units_.end() || at->second.empty() || !is_server(at->second.begin()->second)) return {};
  for (std::size_t end = path.rfind('/'); end != std::string::npos && end > 0; end = path.rfind('/', end - 1)) {
    std::string above = path.substr(0, end);
    const auto unit = units_.find(above);
    const bool is_unit = unit != units_.end() && !unit->second.empty() && is_server(unit->second.begin()->second);
    const bool is_there = std::any_of(k_server_files.begin(), k_server_files.end(), [&](std::string_view name) {
      const std::string file = above + "/" + std::string(name);
      return live_.is_left_alone(file) || hit_paths_.contains(file);
    });
    if (is_unit || is_there) return above;
  }
  return {};
}

void UnitPlanner::mark_planned(const std::string& path) {
  const auto mark = [&](const std::string& hit_path) {
    const auto hit = live_.hit.find(hit_path);
    if (hit == live_.hit.end()) return;
    hit->second.planned = HitFile::Planned::yes;
    builder_.count_kept(hit->second.size_bytes);
  };
  if (hit_paths_.contains(path)) mark(path);
  for (auto at = hit_paths_.lower_bound(path + "/"); at != hit_paths_.end() && is_at_or_below(*at, path); ++at)
    mark(*at);
  for (const std::string_view companion : k_companions) {
    const std::string beside = path + std::string(companion);
    if (hit_paths_.contains(beside)) mark(beside);
  }
  const auto elsewhere = hit_elsewhere_.find(path);
  if (elsewhere == hit_elsewhere_.end()) return;
  for (const std::string& hit : elsewhere->second) live_.hit.at(hit).planned = HitFile::Planned::yes;
}

bool UnitPlanner::is_planned_itself(const std::string& path) const {
  const std::vector<std::string>& only = request_.policy.only;
  return only.empty() ||
         std::any_of(only.begin(), only.end(), [&](const std::string& one) { return is_at_or_below(path, one); });
}

std::vector<const PartElsewhere*> UnitPlanner::parts_there(const std::string& unit) const {
  std::vector<const PartElsewhere*> out = elsewhere_.used_by(unit);
  const auto hits = hit_elsewhere_.find(unit);
  std::erase_if(out, [&](const PartElsewhere* part) {
    const bool is_hit =
        hits != hit_elsewhere_.end() && std::any_of(hits->second.begin(), hits->second.end(),
                                                    [&](const auto& hit) { return is_at_or_below(hit, part->folder); });
    return !live_.covers(part->folder) || (part->said_by == PartElsewhere::SaidBy::copy && !is_hit);
  });
  return out;
}

void UnitPlanner::say_what_stays(const std::string& path, Members& members) const {
  for (const PartElsewhere* const part : parts_there(path)) {
    if (kind_of_part(part->inside) == PartKind::table_link) continue;  // said by say_where_tables_lie
    members.remarks.push_back(
        fmt::format("unit.elsewhere: '{}', where its {} is now, stays as it is, and what is restored does not use it",
                    base::printable(part->folder), part->inside));
  }
}

void UnitPlanner::say_made_since(const std::string& path, const model::JudgedUnit& unit, const Members& members) {
  std::set<std::string, std::less<>> copied;
  for (const PlanItem& item : members.items) copied.insert(item.path);
  std::size_t count = 0;
  std::string first;
  for (auto at = hit_paths_.lower_bound(path + "/"); at != hit_paths_.end() && is_at_or_below(*at, path); ++at) {
    const model::Verdict verdict = live_.hit.at(*at).verdict;
    const bool is_struck = verdict == model::Verdict::encrypted || verdict == model::Verdict::partly_encrypted;
    if (!is_struck || copied.contains(*at) || !is_table_file(unit.kind, at->substr(path.size() + 1))) continue;
    // As mariadb-backup keeps a table that was made while it ran.
    if (copied.contains(at->substr(0, at->rfind('.')) + ".new")) continue;
    if (count++ == 0) first = *at;
  }
  if (count == 0) return;
  builder_.add_unjudged(
      path,
      fmt::format("unit.since: {} of it that {} struck {} not in the copy ('{}'): made after it, or rewritten "
                  "since. What was in {} comes back only as far as logs of the database, replayed after it, reach",
                  base::counted(count, "table file"), count == 1 ? "is" : "are", count == 1 ? "is" : "are",
                  base::printable(first), count == 1 ? "it" : "them"));
}

void UnitPlanner::add(const std::string& path, const model::JudgedUnit& unit, std::uint32_t layer, Members members) {
  PlanUnit planned{.kind = unit.kind,
                   .path = path,
                   .snapshot = builder_.snapshot_number(layer),
                   .data_as_of_ns = unit.data_as_of_ns,
                   .remarks = std::move(members.remarks),
                   .logs = {},
                   .needs_log = needs_log(unit),
                   .was_missing = members.was_missing,
                   .fault_in_place = {},
                   .stood_until_ns = 0,
                   .other_copies = {}};
  say_made_since(path, unit, members);
  planned.remarks.insert(planned.remarks.begin(), fmt::format("{}, {}", unit.state, model::name_of(unit.certainty)));
  if (const auto fault = faults_in_place_.find(path); fault != faults_in_place_.end()) {
    planned.fault_in_place = fault->second.sentence;
    planned.stood_until_ns = fault->second.stood_until_ns;
    planned.remarks.push_back(fmt::format(
        "unit.in-place: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: {}",
        planned.fault_in_place));
  }
  if (const std::string passed_over = find_passed_over(path, unit, layer); !passed_over.empty())
    planned.remarks.push_back("unit.passed_over: " + passed_over);
  for (const model::Reason& reason : unit.findings) {
    if (planned.remarks.size() >= k_unit_remarks_max) break;
    planned.remarks.push_back(reason.rule + ": " + reason.sentence);
  }
  const std::uint32_t number = builder_.add_unit(std::move(planned));
  for (PlanItem& item : members.items) {
    item.unit = number;
    builder_.add(std::move(item));
  }
  mark_planned(path);
}

std::int64_t UnitPlanner::as_of(const model::JudgedUnit& unit, std::uint32_t layer) const {
  return unit.data_as_of_ns != 0 ? unit.data_as_of_ns : layers_.layers[layer].time_ns;
}

std::string UnitPlanner::find_passed_over(const std::string& path, const model::JudgedUnit& taken,
                                          std::uint32_t layer) const {
  for (const auto& [other, unit] : units_.find(path)->second) {
    if (!would_run(unit) || !is_usable(unit) || unit.kind != taken.kind || as_of(unit, other) <= as_of(taken, layer))
      continue;
    const Layer& from = layers_.layers[other];
    const OpenedSource& opened = sources_.opened[from.source];
    return describe_passed_over(opened.record.name, opened.snapshots[from.snapshot].id, as_of(unit, other), {});
  }
  return {};
}

std::vector<std::uint32_t> UnitPlanner::order_by_last_commit(const ByLayer& by_layer) const {
  std::vector<std::uint32_t> order;
  for (const auto& [layer, unit] : by_layer) order.push_back(layer);
  const auto rank = [&](std::uint32_t layer) {
    const model::JudgedUnit& unit = by_layer.find(layer)->second;
    return std::pair(would_run(unit), -as_of(unit, layer));
  };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  return order;
}

base::Status UnitPlanner::plan_unit(const std::string& path, const LayeredFolder& folder,
                                    const std::vector<NamedEntry>& names) {
  if (const std::string around = find_server_around(path); !around.empty() && !is_hit_live(path)) {
    builder_.add_unjudged(
        path, fmt::format("unit.inside: it would come to lie in the folder of the database server at '{}', where no "
                          "server has another one: it is not brought back there. A --map of its source that leads to "
                          "the wrong place does this, or a copy that somebody kept there",
                          base::printable(around)));
    return base::Done{};
  }
  if (is_hit_live(path) && (is_whole_in_place(path) || is_doubtful_in_use(path))) return base::Done{};
  if (!is_hit_live(path) && is_damaged_in_place(path)) return base::Done{};
  const bool is_hit_now = is_hit_live(path);
  const ByLayer& by_layer = units_.find(path)->second;
  std::string obstacles;
  for (const std::uint32_t layer : order_by_last_commit(by_layer)) {
    LG_ASSIGN(const bool is_settled,
              try_layer({.path = path, .folder = folder, .names = names}, layer, by_layer.find(layer)->second,
                        is_hit_now ? LiveCopy::hit : LiveCopy::not_hit, obstacles));
    if (is_settled) return base::Done{};
  }
  const std::string kind = by_layer.empty() ? "unit" : by_layer.begin()->second.kind;
  if (live_.covers(path) && !is_hit_now) return base::Done{};
  builder_.add_loss(path, fmt::format("unit.none: no snapshot holds a usable set of this {}: {}", kind, obstacles));
  for (const PartElsewhere* const part : parts_there(path))
    builder_.add_loss(part->folder, fmt::format("unit.part: what is there of the {} at '{}' is not brought back alone",
                                                kind, base::printable(path)));
  mark_planned(path);
  return base::Done{};
}

base::Result<std::string> UnitPlanner::find_obstacle(const std::string& path, std::uint32_t layer,
                                                     const model::JudgedUnit& unit) {
  if (is_usable(unit)) return std::string();
  if (!needs_log(unit)) return "it is " + describe_state(unit);
  const services::DataUnit* const data =
      request_.services == nullptr ? nullptr : find_data(*request_.services, path, unit.kind);
  if (data == nullptr || data->logs.empty()) return "it is " + describe_state(unit);
  const Layer& from = layers_.layers[layer];
  const OpenedSource& opened = sources_.opened[from.source];
  LG_ASSIGN(const auto view, open_source_view(opened.record, *opened.source, opened.snapshots[from.snapshot], ""));
  const auto kind = engines::find_unit_kind(unit.kind);
  const engines::FoundUnit found{
      .kind = kind.value_or(engines::UnitKind::postgresql),
      .path = unit.path.substr(std::min(unit.path.find_first_not_of('/'), unit.path.size()))};
  std::string why;
  auto logs = logs_.find(data->logs);
  if (logs == logs_.end())
    logs = logs_.emplace(data->logs, find_log_places(sources_, data->logs, request_.policy.not_after_ns)).first;
  if (find_completing_logs(sources_, logs->second, verdicts_, *view, found, why)) return std::string();
  return fmt::format("it is {}; the logs at '{}' do not complete it: {}", describe_state(unit),
                     base::printable(data->logs), why);
}

base::Result<bool> UnitPlanner::try_layer(const Place& place, std::uint32_t layer, const model::JudgedUnit& unit,
                                          LiveCopy live_copy, std::string& obstacles) {
  const std::string of_newer = would_run(unit) ? std::string() : obstacles;
  const auto note = [&](std::string_view why) {
    if (obstacles.empty()) obstacles = fmt::format("in snapshot {} {}", builder_.snapshot_name(layer), why);
  };
  LG_ASSIGN(const std::string obstacle, find_obstacle(place.path, layer, unit));
  if (!obstacle.empty()) {
    note(obstacle);
    return false;
  }
  for (const NamedEntry& name : place.names) {
    LG_ASSIGN(Members members, gather(place, name, layer, unit));
    if (!members.obstacle.empty()) {
      note(members.obstacle);
      continue;
    }
    const bool is_there =
        live_.covers(place.path) && std::any_of(members.items.begin(), members.items.end(), [&](const PlanItem& item) {
          return item.kind == EntryKind::regular && live_.is_left_alone(item.path);
        });
    members.was_missing = live_.covers(place.path) && !is_there && !is_hit_in_place(place.path);
    if (!is_there || live_copy == LiveCopy::hit) {
      if (!of_newer.empty()) members.remarks.push_back("unit.newer: a NEWER copy is not taken: " + of_newer);
      add(place.path, unit, layer, std::move(members));
      return true;
    }
    const bool is_asked = request_.in_place == PlanRequest::InPlace::asked && live_.covers(place.path);
    if (is_asked && is_server(unit) && what_stands_at(place.path) == Stands::emptied) {
      builder_.add_loss(place.path, describe_gone(place.path));
      return true;
    }
    std::string shrunk =
        is_asked ? find_shrunk(unit.kind, place.path, members.items, builder_.snapshot_name(layer), live_.roots) : "";
    if (!shrunk.empty()) builder_.add_unjudged(place.path, "unit.shrunk: " + std::move(shrunk));
    return true;
  }
  return false;
}

}  // namespace lastgood::recovery
