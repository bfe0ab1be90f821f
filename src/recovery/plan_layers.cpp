// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_layers.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "recovery/names_zone.h"
#include "recovery/series_oddities.h"
#include "recovery/tree_index.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

/// Ids of snapshots of one source.
struct KnownSnapshots {
  std::set<std::string> struck;  // with hit files
  std::set<std::string> traps;   // with more paths than can be
  std::set<std::string> open;    // with files that have no verdict
};

base::Result<KnownSnapshots> read_known(casefile::CaseStore& store, const std::string& source) {
  KnownSnapshots known;
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source));
  for (const model::JudgedSnapshot& snapshot : judged) {
    if (is_struck(snapshot)) known.struck.insert(snapshot.snapshot.id);
    if (snapshot.open > 0) known.open.insert(snapshot.snapshot.id);
    const auto& findings = snapshot.snapshot.findings;
    const auto is_trap = [](const model::Finding& finding) { return finding.rule == k_rule_paths; };
    if (std::any_of(findings.begin(), findings.end(), is_trap)) known.traps.insert(snapshot.snapshot.id);
  }
  return known;
}

/// Where the victim's "/" begins in a snapshot; nothing when the stored prefix is not in it.
base::Result<std::optional<LayerPlace>> root_place(OpenedSource& opened, const model::Snapshot& snapshot) {
  const auto stored = parts_of(opened.record.stored_prefix);
  const auto live = parts_of(opened.record.live_prefix);
  if (!stored || !live) return std::optional<LayerPlace>();
  LG_ASSIGN(std::optional<std::string> subtree, find_subtree(*opened.source, snapshot.root, *stored));
  if (!subtree) return std::optional<LayerPlace>();
  LayerPlace place;
  place.subtree = std::move(*subtree);
  place.prefix_left = *live;
  return std::optional<LayerPlace>(std::move(place));
}

/// The first struck snapshot, by when it was made at the latest.
struct FirstStruck {
  std::int64_t latest_ns = 0;  // 0: none is struck
  std::string name;
  std::map<std::uint32_t, std::int64_t> by_source;  // the times of the first ones

  void see(const Layer& layer, std::int64_t layer_latest_ns, std::string layer_name) {
    const auto [at, is_new] = by_source.try_emplace(layer.source, layer.time_ns);
    if (!is_new) at->second = std::min(at->second, layer.time_ns);
    if (latest_ns != 0 && layer_latest_ns >= latest_ns) return;
    latest_ns = layer_latest_ns;
    name = std::move(layer_name);
  }
};

/// What was made since the attack began: what is later than that; and, where nobody has said when it began, what its
/// own source has later than something struck, however exact its times are.
void set_moments(PlanLayers& out, const FirstStruck& struck, std::int64_t told_ns) {
  for (Layer& layer : out.layers) {
    const auto first = struck.by_source.find(layer.source);
    const bool is_behind_struck = told_ns == 0 && first != struck.by_source.end() && layer.time_ns >= first->second;
    const bool is_since = is_behind_struck || (out.attack_began_ns != 0 && layer.time_ns >= out.attack_began_ns);
    layer.moment = is_since ? Candidate::Moment::since_attack : Candidate::Moment::before_attack;
  }
  for (std::uint32_t i = 0; i < out.layers.size(); ++i) {
    if (out.layers[i].company == Candidate::Company::clean && out.layers[i].verdicts == Layer::Verdicts::all) {
      out.last_clean = i;
      break;
    }
  }
}

}  // namespace

base::Result<PlanLayers> find_layers(const PlanPolicy& policy, std::int64_t live_attack_began_ns,
                                     OpenedSources& sources, casefile::CaseStore& store) {
  struct Found {
    Layer layer;
    LayerPlace place;
    bool is_preferred = false;
  };
  std::vector<Found> found;
  std::map<std::tuple<std::uint32_t, std::string, std::vector<std::string>>, std::uint32_t> series;
  FirstStruck struck;
  for (std::uint32_t s = 0; s < sources.opened.size(); ++s) {
    OpenedSource& opened = sources.opened[s];
    LG_ASSIGN(const KnownSnapshots known, read_known(store, opened.record.name));
    LG_ASSIGN(const std::string names_in, read_names_zone(store, opened.record.name));
    for (std::uint32_t i = 0; i < opened.snapshots.size(); ++i) {
      const model::Snapshot& snapshot = opened.snapshots[i];
      if (policy.not_after_ns != 0 && snapshot.time_ns > policy.not_after_ns) continue;
      if (known.traps.contains(snapshot.id)) continue;
      auto place = root_place(opened, snapshot);
      if (!place.ok() || !place.value()) continue;
      const auto number = static_cast<std::uint32_t>(series.size());
      Layer layer{.source = s,
                  .snapshot = i,
                  .series = series.try_emplace({s, snapshot.host, snapshot.paths}, number).first->second,
                  .time_ns = snapshot.time_ns};
      if (known.open.contains(snapshot.id)) layer.verdicts = Layer::Verdicts::some;
      if (known.struck.contains(snapshot.id)) {
        layer.company = Candidate::Company::struck;
        struck.see(layer, sources::latest_ns(snapshot, names_in),
                   opened.record.name + " " + model::short_id(snapshot.id));
      }
      found.push_back(
          {.layer = layer, .place = std::move(*place.value()), .is_preferred = opened.record.name == policy.prefer});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::pair(a.layer.time_ns, a.is_preferred) > std::pair(b.layer.time_ns, b.is_preferred);
  });
  PlanLayers out;
  for (Found& one : found) {
    one.place.layer = static_cast<std::uint32_t>(out.layers.size());
    out.layers.push_back(one.layer);
    out.roots.push_back(std::move(one.place));
  }
  out.attack_began_ns = policy.attack_began_ns != 0 ? policy.attack_began_ns : live_attack_began_ns;
  if (policy.attack_began_ns != 0)
    out.attack_basis = "as was said with --attack-began";
  else if (live_attack_began_ns != 0)
    out.attack_basis = "by the change times of the files that a scan found struck";
  // A struck snapshot was taken after the attack began, whatever change times say.
  if (policy.attack_began_ns == 0 && struck.latest_ns != 0 &&
      (out.attack_began_ns == 0 || struck.latest_ns < out.attack_began_ns)) {
    out.attack_began_ns = struck.latest_ns;
    out.attack_basis =
        fmt::format("at the latest: snapshot '{}', not made later than that, holds struck files already", struck.name);
  }
  set_moments(out, struck, policy.attack_began_ns);
  return out;
}

}  // namespace lastgood::recovery
