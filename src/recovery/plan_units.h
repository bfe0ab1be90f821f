// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// UnitPlanner: databases and other sets in a plan. A unit comes back from one snapshot as a whole, or not at all.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/fault_in_place.h"
#include "recovery/layered_folder.h"
#include "recovery/live_state.h"
#include "recovery/outside_paths.h"
#include "recovery/parts_elsewhere.h"
#include "recovery/plan_builder.h"
#include "recovery/plan_layers.h"
#include "recovery/plan_recovery.h"
#include "recovery/saved_logs.h"
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

  /// A link of this machine that leads to a unit. A backup may hold a copy of that there ("rsync -L").
  [[nodiscard]] bool is_link_to_unit(const std::string& path) const { return links_.contains(path); }

  /// What `path` outside of every unit's folder is a part of; null: of nothing. It comes with that unit or not at all.
  [[nodiscard]] const PartElsewhere* find_part_elsewhere(std::string_view path) const { return elsewhere_.find(path); }
  /// Says of such a path that it is not planned by itself where its unit was not asked for.
  void leave_part(const std::string& path, const PartElsewhere& part);

  /// Names the units at and below `path` that are left out with it, because the newest snapshot before the attack does
  /// not hold it any more, and that do not stand in their place either.
  void say_deleted(const std::string& path);

  /// Plans the unit at `path`, whose entry is `names` in `folder`. REQUIRES: is_unit(path).
  [[nodiscard]] base::Status plan_unit(const std::string& path, const LayeredFolder& folder,
                                       const std::vector<NamedEntry>& names);

  /// Plans those that no snapshot holds at their own place, only at links that lead there.
  [[nodiscard]] base::Status plan_units_behind_links();

 private:
  // What SQLite keeps beside a database.
  static constexpr std::array<std::string_view, 3> k_companions = {"-wal", "-shm", "-journal"};

  using ByLayer = std::map<std::uint32_t, model::JudgedUnit>;  // newest first
  /// What a link of a database leads to: a tablespace, its log.
  struct Linked {
    std::size_t item = 0;  // index in Members::items; of what a map names: none
    PartLink link;
    /// map: tablespace_map names it, which leads a server to the victim's folder wherever this one comes to lie.
    enum class By : std::uint8_t { link, map } by = By::link;
  };
  struct Members {
    std::vector<PlanItem> items;
    std::vector<Linked> linked;
    std::vector<std::string> remarks;
    std::string obstacle;      // why this layer cannot be used; empty: it can
    bool was_missing = false;  // the newest scan saw nothing of it in its place
  };
  struct Place {
    const std::string& path;
    const LayeredFolder& folder;
    const std::vector<NamedEntry>& names;
  };
  enum class LiveCopy : std::uint8_t { not_hit, hit };
  /// Of its data, else of its snapshot.
  [[nodiscard]] std::int64_t as_of(const model::JudgedUnit& unit, std::uint32_t layer) const;
  /// Whether a newer sound copy than `taken` would run a command, and was not taken for that; empty: none.
  [[nodiscard]] std::string find_passed_over(const std::string& path, const model::JudgedUnit& taken,
                                             std::uint32_t layer) const;
  /// The newest data first, whenever it was copied: a later snapshot may carry an old base backup along. A copy that
  /// somebody laid out to run a command comes last: what else was done to it?
  [[nodiscard]] std::vector<std::uint32_t> order_by_last_commit(const ByLayer& by_layer) const;
  /// true: this layer's set was planned, or the live one is left as it is. false: `obstacles` may say why not.
  base::Result<bool> try_layer(const Place& place, std::uint32_t layer, const model::JudgedUnit& unit,
                               LiveCopy live_copy, std::string& obstacles);
  /// Why the set cannot be chosen, by what judging said of it; empty: it can.
  base::Result<std::string> find_obstacle(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit);
  /// The folder of another database server that `path` lies in; empty: in none. No server has one in another's.
  [[nodiscard]] std::string find_server_around(const std::string& path) const;
  void take_emptied_as_hit();
  /// Asks a database that no scan has anything against for itself. True: it is damaged, and that is said alone.
  bool is_damaged_in_place(const std::string& path);
  /// What a scan has against files of the unit at `path`, where that is no more than a doubt: a file that a server at
  /// work or a crash left half written is damaged by itself, and its log makes it. Empty: nothing, or it was struck.
  std::vector<HitFile*> find_doubts(const std::string& path);
  /// True: it stays, and that is said.
  bool is_whole_in_place(const std::string& path);
  /// True: a server works in it, so that nobody can tell, and that is said.
  bool is_doubtful_in_use(const std::string& path);
  [[nodiscard]] bool is_hit_in_place(const std::string& path) const;
  [[nodiscard]] bool is_hit_live(const std::string& path) const;
  /// Where the unit that a source had at `path` belongs: there, or where the link leads that this machine has there.
  [[nodiscard]] std::string home_of(const std::string& path) const;
  /// Is the copy of `path` that this layer has kept at a link?
  [[nodiscard]] bool is_behind_link(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit) const;
  base::Status gather_behind_link(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit,
                                  Members& members);
  base::Status take_what_lies_elsewhere(const std::string& path, std::uint32_t layer, const model::JudgedUnit& unit,
                                        Members& members);
  base::Result<Members> gather(const Place& place, const NamedEntry& entry, std::uint32_t layer,
                               const model::JudgedUnit& unit);
  base::Status gather_folder(const std::string& path, const std::string& subtree, std::uint32_t layer,
                             std::size_t depth, Members& members);
  void gather_entry(const std::string& path, const model::TreeEntry& entry, std::uint32_t layer, Members& members);
  /// Takes the files that links of the database lead to from the same snapshot, as parts of the unit.
  base::Status take_linked(const std::string& unit, std::uint32_t layer, Members& members);
  /// Folders of a MariaDB's databases that are links.
  static void add_databases(const std::string& path, const model::JudgedUnit& unit, Members& members);
  /// What only its tablespace_map names is as good as a link.
  static void add_mapped(const std::string& path, const model::JudgedUnit& unit, Members& members);
  /// They come to lie in the folder itself: a server that is started on a link into the backup writes there, and where
  /// they lay may be files of another moment. Only where nothing is known of that place they come back there.
  base::Status take_part(const std::string& unit, const Linked& linked, const OutsidePath& outside,
                         const std::string& subtree, std::uint32_t layer, Members& members);
  /// Files of a MariaDB that lie elsewhere: each comes back in the folder, of a table beside the link, as
  /// mariadb-backup keeps it. What a person has to do then is a remark: with files at both places MariaDB opens
  /// neither.
  base::Status take_files_elsewhere(const std::string& unit, std::uint32_t layer, const model::JudgedUnit& judged,
                                    Members& members);
  base::Status take_file(const std::string& path, const PartLink& link, std::uint32_t layer, Members& members);
  void say_where_tables_lie(const std::string& unit, Members& members) const;
  void say_what_stays(const std::string& path, Members& members) const;
  /// Parts of the unit that stand elsewhere now, as far as anything is known of them.
  [[nodiscard]] std::vector<const PartElsewhere*> parts_there(const std::string& unit) const;
  void find_parts_elsewhere();
  [[nodiscard]] bool is_planned_itself(const std::string& path) const;
  void add(const std::string& path, const model::JudgedUnit& unit, std::uint32_t layer, Members members);
  /// Struck tables that the copy does not have were made after it: nothing of them comes back with it.
  void say_made_since(const std::string& path, const model::JudgedUnit& unit, const Members& members);
  void mark_planned(const std::string& path);

  const PlanRequest& request_;
  OpenedSources& sources_;
  const PlanLayers& layers_;
  const VerdictTable& verdicts_;
  LiveState& live_;
  PlanBuilder& builder_;
  std::map<std::string, ByLayer, std::less<>> units_;  // by path on the victim
  std::set<std::string> links_;                        // of this machine, that lead to units
  std::set<std::string> hit_paths_;
  std::map<std::string, FaultInPlace> faults_in_place_;  // by unit
  PartsElsewhere elsewhere_;
  std::map<std::string, std::vector<std::string>> hit_elsewhere_;  // by unit: keys of LiveState::hit
  std::map<std::string, std::vector<LogPlace>> logs_;              // by path on the victim, looked for once
};

}  // namespace lastgood::recovery
