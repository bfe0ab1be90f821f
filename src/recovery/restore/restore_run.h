// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the steps of one restore share.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "recovery/restore/folder_tree.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/put_metadata.h"
#include "recovery/restore/restore_item.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery::restore {

/// Folders of our own that belong to one folder of the target; numbers in the tree.
struct OwnFolders {
  std::uint32_t kept = k_no_folder;   // where originals of that folder go
  std::uint32_t parts = k_no_folder;  // on the same file system
};

struct RestoreRun {
  const Plan& plan;
  std::span<sources::Source* const> sources;
  const RestoreRequest& request;
  RestoreProgress& progress;
  ledger::Ledger& ledger;
  const os::RestoreTarget& target;
  Journal& journal;
  FolderTree& tree;
  RestoreItems& items;
  TroubleList& troubles;
  RestoreOutcome& outcome;
  MetadataRules rules;
  std::vector<os::Descriptor> mounts;   // to be synced: one of each file system that is written to
  std::vector<OwnFolders> own_folders;  // by folder
  std::vector<std::uint8_t> shares;     // by source: 1 where its files' blocks can be the target's
  std::uint64_t open_files_max = 256;
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> shared_bytes = 0;
  std::vector<DoneEntry> late_done;      // of folders, links and nodes: recorded after the next sync
  std::set<std::uint32_t> units_placed;  // by this run
  bool is_any_back = false;              // of the services that were told
  std::mutex case_mutex;                 // what is asked of the case is asked by one thread at a time
  std::map<std::uint32_t, std::vector<FilledEntry>> filled;  // by item, in earlier runs and this one
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

  /// How far it is, to whoever asked. From one thread at a time.
  void tell() {
    outcome.tally.shared_bytes = shared_bytes;
    outcome.tally.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    progress.restoring(troubles.tally());
  }

  /// As EarlierRestores::find_placed. Any thread.
  [[nodiscard]] std::string placed_by(const std::string& path, std::uint64_t inode) {
    const std::lock_guard lock(case_mutex);
    return request.earlier == nullptr ? std::string() : request.earlier->find_placed(path, inode);
  }

  [[nodiscard]] bool in_place() const { return request.mode == RestoreMode::in_place; }
  [[nodiscard]] bool synced() const { return request.policy.durability == RestorePolicy::Durability::synced; }
  [[nodiscard]] const PlanItem& item(const RestoreFile& file) const { return plan.items[file.item]; }
  /// In place, and not a part of a unit: those are put together elsewhere and exchanged as a whole.
  [[nodiscard]] bool replaces(const RestoreFile& file) const {
    return in_place() && (item(file).unit == PlanItem::k_no_unit || file.stands == Stands::leaving);
  }
  [[nodiscard]] std::string name_of(const RestoreFile& file) const {
    return file.stands == Stands::staged ? hidden_name(file.item) : name_in(item(file).path);
  }
  /// Of a file while it has no other name, or while it changes places with an original.
  [[nodiscard]] std::string hidden_name(std::uint32_t item) const {
    return ".lastgood-" + request.plan_sha256.substr(0, 8) + "-" + std::to_string(item);
  }
};

/// Opens a folder of our own (kept, parts), made with those above it where it is missing. Any thread.
[[nodiscard]] base::Result<const os::Descriptor*> open_or_make(RestoreRun& run, FolderCache& cache,
                                                               std::uint32_t folder);

}  // namespace lastgood::recovery::restore
