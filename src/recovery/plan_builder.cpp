// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace lastgood::recovery {

namespace {
constexpr std::size_t k_losses_max = 100'000;
// Of what the journal of a restore writes for each file.
constexpr std::uint64_t k_journal_bytes_per_item = 160;
constexpr double k_ns_per_hour = 3.6e12;
}  // namespace

PlanItem PlanBuilder::item_of(const std::string& path, const model::TreeEntry& entry, std::uint32_t layer) {
  PlanItem item;
  item.path = path;
  const OpenedSource& opened = sources_.opened[layers_.layers[layer].source];
  const std::string folder = path.substr(0, path.find_last_of('/') + 1);
  const std::string stored = stored_path_of(opened.record, folder + entry.name).value_or(std::string());
  if (stored != path) item.stored_path = stored;
  item.snapshot = snapshot_number(layer);
  item.kind = entry.kind;
  item.mtime_ns = entry.mtime_ns;
  if (entry.kind == model::EntryKind::regular) {
    item.size_bytes = entry.content.size_bytes;
    item.content_key = entry.content.key;
  }
  return item;
}

void PlanBuilder::add(PlanItem item) {
  if (item.kind == model::EntryKind::regular) {
    plan_.space.restored_bytes += item.size_bytes;
    PlanTop& top = top_of(item.path);
    ++top.files;
    top.bytes += item.size_bytes;
    const std::int64_t when = plan_.snapshots[item.snapshot].time_ns;
    top.oldest_ns = top.oldest_ns == 0 ? when : std::min(top.oldest_ns, when);
    top.newest_ns = std::max(top.newest_ns, when);
  }
  plan_.items.push_back(std::move(item));
}

std::uint32_t PlanBuilder::add_unit(PlanUnit unit) {
  plan_.units.push_back(std::move(unit));
  return static_cast<std::uint32_t>(plan_.units.size() - 1);
}

void PlanBuilder::count_gain(std::int64_t mtime_ns, std::int64_t snapshot_ns) {
  if (layers_.last_clean == UINT32_MAX) return;
  const std::int64_t clean_ns = layers_.layers[layers_.last_clean].time_ns;
  if (snapshot_ns <= clean_ns) return;
  ++plan_.files_newer_than_last_clean;
  // How much later than the last clean snapshot the bytes were still good: at the file's own time, as far as that can
  // be believed.
  const double hours = static_cast<double>(std::min(mtime_ns, snapshot_ns) - clean_ns) / k_ns_per_hour;
  plan_.hours_gained_max = std::max(plan_.hours_gained_max, hours);
}

/// The first two folders of a path.
PlanTop& PlanBuilder::top_of(const std::string& path) {
  std::size_t end = path.find('/', 1);
  if (end != std::string::npos) end = path.find('/', end + 1);
  if (end == std::string::npos) end = path.find_last_of('/');
  const std::string top = end == 0 ? "/" : path.substr(0, end);
  PlanTop& found = tops_[top];
  found.path = top;
  return found;
}

void PlanBuilder::add_loss(const std::string& path, std::string why) {
  ++top_of(path).files_lost;
  if (plan_.losses.size() < k_losses_max) plan_.losses.push_back({.path = path, .why = std::move(why)});
}

void PlanBuilder::add_unjudged(const std::string& path, std::string why) {
  if (plan_.unjudged.size() < k_losses_max) plan_.unjudged.push_back({.path = path, .why = std::move(why)});
}

std::uint32_t PlanBuilder::why(std::string_view sentence) {
  const auto at = std::find(plan_.whys.begin(), plan_.whys.end(), sentence);
  if (at == plan_.whys.end()) plan_.whys.emplace_back(sentence);
  return static_cast<std::uint32_t>(std::find(plan_.whys.begin(), plan_.whys.end(), sentence) - plan_.whys.begin());
}

std::string PlanBuilder::snapshot_name(std::uint32_t layer) const {
  const OpenedSource& opened = sources_.opened[layers_.layers[layer].source];
  return opened.record.name + " " + base::printable(opened.snapshots[layers_.layers[layer].snapshot].id);
}

std::uint32_t PlanBuilder::snapshot_number(std::uint32_t layer) {
  const auto next = static_cast<std::uint32_t>(plan_.snapshots.size());
  const auto [at, is_new] = snapshot_numbers_.try_emplace(layer, next);
  if (is_new) {
    const Layer& where = layers_.layers[layer];
    const model::Snapshot& snapshot = sources_.opened[where.source].snapshots[where.snapshot];
    plan_.snapshots.push_back({.source = where.source, .id = snapshot.id, .time_ns = snapshot.time_ns});
  }
  return at->second;
}

Plan PlanBuilder::finish() {
  std::sort(plan_.losses.begin(), plan_.losses.end(),
            [](const PlanLoss& a, const PlanLoss& b) { return std::tie(a.path, a.why) < std::tie(b.path, b.why); });
  for (auto& [path, top] : tops_) plan_.tops.push_back(std::move(top));
  plan_.space.journal_bytes = plan_.items.size() * k_journal_bytes_per_item;
  return std::move(plan_);
}

}  // namespace lastgood::recovery
