// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitPlanner: databases and other sets in a plan. A unit comes back from one snapshot as a whole, or not at all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/layered_folder.h"
#include "recovery/live_state.h"
#include "recovery/outside_paths.h"
#include "recovery/plan_builder.h"
#include "recovery/plan_layers.h"
#include "recovery/plan_recovery.h"
#include "recovery/unit_copies.h"
#include "recovery/verdict_table.h"

namespace lastgood::recovery {

class UnitPlanner {
 public:
  /// All outlive the planner.
  UnitPlanner(const PlanRequest& request, OpenedSources& sources, const PlanLayers& layers,
              const VerdictTable& verdicts, LiveState& live, PlanBuilder& builder)
      : request_(request), sources_(sources), layers_(layers), verdicts_(verdicts), live_(live), builder_(builder) {}

  /// What judging said of the units in the snapshots that the plan may draw from.
  [[nodiscard]] base::Status read(casefile::CaseStore& store);

  [[nodiscard]] bool is_unit(const std::string& path) const { return units_.contains(path); }
  /// The log or journal of an SQLite database that is a unit: comes with it or not at all.
  [[nodiscard]] bool is_part_of_file_unit(std::string_view path) const;

  /// Plans the unit at `path`, whose entry is `names` in `folder`. REQUIRES: is_unit(path).
  [[nodiscard]] base::Status plan_unit(const std::string& path, const LayeredFolder& folder,
                                       const std::vector<NamedEntry>& names);

 private:
  using ByLayer = std::map<std::uint32_t, model::JudgedUnit>;  // newest first
  /// A link of a database's pg_tblspc: the files of that tablespace lie where it leads.
  struct Tablespace {
    std::size_t item = 0;  // index in Members::items
    std::string target;
  };
  struct Members {
    std::vector<PlanItem> items;
    std::vector<Tablespace> tablespaces;
    std::vector<std::string> remarks;
    std::string obstacle;  // why this layer cannot be used; empty: it can
  };
  struct Place {
    const std::string& path;
    const LayeredFolder& folder;
    const std::vector<NamedEntry>& names;
  };
  enum class LiveCopy : std::uint8_t { not_hit, hit };
  /// The newest data first, whenever it was copied: a later snapshot may carry an old base backup along. A copy that
  /// somebody laid out to run a command comes last: what else was done to it?
  [[nodiscard]] std::vector<std::uint32_t> order_by_last_commit(const ByLayer& by_layer) const;
  /// true: this layer's set was planned, or the live one is left as it is. false: `obstacles` may say why not.
  base::Result<bool> try_layer(const Place& place, std::uint32_t layer, const model::JudgedUnit& unit,
                               LiveCopy live_copy, std::string& obstacles);
  /// Why the set cannot be chosen, by what judging said of it; empty: it can.
  base::Result<std::string> find_obstacle(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit);
  void take_emptied_as_hit();
  [[nodiscard]] bool is_hit_live(const std::string& path) const;
  base::Result<Members> gather(const std::string& path, const NamedEntry& entry, const LayeredFolder& folder,
                               std::uint32_t layer);
  base::Status gather_folder(const std::string& path, const std::string& subtree, std::uint32_t layer,
                             std::size_t depth, Members& members);
  void gather_entry(const std::string& path, const model::TreeEntry& entry, std::uint32_t layer, Members& members);
  /// Puts the files of tablespaces that only the backup had elsewhere into the folder itself: a server that is started
  /// on a link into the backup writes there.
  base::Status take_tablespaces(std::uint32_t layer, Members& members);
  base::Status take_tablespace(const Tablespace& tablespace, const OutsidePath& outside, const std::string& subtree,
                               std::uint32_t layer, Members& members);
  [[nodiscard]] bool is_planned_itself(const std::string& path) const;
  void add(const std::string& path, const model::JudgedUnit& unit, std::uint32_t layer, Members members);
  void mark_planned(const std::string& path);

  const PlanRequest& request_;
  OpenedSources& sources_;
  const PlanLayers& layers_;
  const VerdictTable& verdicts_;
  LiveState& live_;
  PlanBuilder& builder_;
  std::map<std::string, ByLayer, std::less<>> units_;  // by path on the victim
  std::set<std::string> hit_paths_;
  std::map<std::string, std::vector<FoundLogs>> logs_;  // by path on the victim, looked for once
};

}  // namespace lastgood::recovery
