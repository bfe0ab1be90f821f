// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Units (databases and the like) come back as a whole or not at all. Each is put together in the parts folder, on the
// file system it belongs on, every file and folder of it synced; then it takes its place in one step: its folder by one
// rename or exchange, and files outside of that folder right after. A unit that misses anything stays in the parts
// folder, is reported, and its place is left as it is.
#pragma once

#include <vector>

#include "recovery/plan_services.h"
#include "recovery/restore/place_folders.h"
#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// Indexes of what is restored together.
struct RestoreParts {
  std::vector<std::uint32_t> files;       // in RestoreItems::files; not done yet
  std::vector<std::uint32_t> done_files;  // done by an earlier run
  std::vector<std::uint32_t> more_names;  // in RestoreItems::files
  std::vector<std::uint32_t> others;      // in RestoreItems::others
  std::vector<std::uint32_t> folders;     // in RestoreItems::folders
  [[nodiscard]] std::vector<std::uint32_t> all_files() const;
};

class RestoreUnits {
 public:
  /// REQUIRES: `run` outlives this.
  explicit RestoreUnits(RestoreRun& run);

  /// Lets the folders of units stand in the parts folder from now on. Before make_folders.
  [[nodiscard]] base::Status put_elsewhere();
  /// What belongs to no unit.
  [[nodiscard]] const RestoreParts& outside() const { return outside_; }
  /// The units of a stage, outer ones first; a unit inside of another one comes in no earlier stage than that.
  [[nodiscard]] base::Status restore(FoldersMade& made, const PlanStages& stages, std::uint32_t stage);

 private:
  struct Unit {
    std::uint32_t number = 0;            // in Plan::units
    std::uint32_t folder = k_no_folder;  // its own folder; none where the unit is single files
    FolderTree::Place place;             // where that folder belongs
    bool folder_is_placed = false;       // an earlier run exchanged it and was interrupted then
    std::vector<std::uint32_t> items;    // of the plan
    RestoreParts parts;
    std::vector<std::uint32_t> staged;  // of parts.files and .done_files: outside of its folder
  };

  void sort_items();
  [[nodiscard]] std::uint32_t stage_of(std::uint32_t number, const PlanStages& stages) const;
  [[nodiscard]] base::Status stage_files(Unit& unit, FolderCache& cache);
  [[nodiscard]] bool was_placed(const Unit& unit, FolderCache& cache) const;
  [[nodiscard]] base::Status restore_one(Unit& unit, FoldersMade& made);
  [[nodiscard]] bool is_left_alone(const Unit& unit);
  /// Of what the scan found struck in it. gone: nothing of it stands there as it was seen; in_doubt: some does, and
  /// nothing of that is encrypted; unseen: the scan found nothing struck.
  enum class Struck : std::uint8_t { unseen, gone, in_doubt, encrypted };
  [[nodiscard]] Struck look_at_struck(const Unit& unit) const;
  [[nodiscard]] bool is_whole_as_it_stands(const Unit& unit, Struck struck);
  [[nodiscard]] bool is_in_use(const Unit& unit);
  [[nodiscard]] bool is_back_in_use(const Unit& unit);
  [[nodiscard]] base::Status remove_empty_stage(const Unit& unit);
  [[nodiscard]] std::string placed_by(const Unit& unit) const;
  [[nodiscard]] std::string real_path(const std::string& path) const;
  [[nodiscard]] bool is_whole(const Unit& unit) const;
  [[nodiscard]] base::Status put_in_place(Unit& unit);
  [[nodiscard]] base::Result<bool> put_folder_in_place(Unit& unit);
  [[nodiscard]] base::Result<bool> put_files_in_place(Unit& unit);
  [[nodiscard]] base::Result<bool> keep_old_folder(Unit& unit, const IntentEntry& intent);
  [[nodiscard]] base::Result<bool> keep_old_file(const RestoreFile& file, const os::Descriptor& parts);
  [[nodiscard]] std::string staged_name(const Unit& unit) const;

  RestoreRun& run_;
  RestoreParts outside_;
  std::vector<Unit> units_;           // by Plan::units
  std::vector<std::uint32_t> order_;  // outer units first
};

}  // namespace lastgood::recovery::restore
