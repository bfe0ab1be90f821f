// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// After an interruption in place: the journal says what was about to move, the inode numbers say how far it came.
#include <algorithm>
#include <cerrno>
#include <optional>

#include "recovery/restore/place_file.h"

namespace lastgood::recovery::restore {

namespace {

enum class Settled : std::uint8_t { done, again };

class Settling {
 public:
  Settling(RestoreRun& run, FolderCache& cache, FolderCache& kept_cache)
      : run_(run), cache_(cache), kept_(kept_cache) {}

  base::Result<Settled> settle(const IntentEntry& intent) {
    const PlanItem& item = run_.plan.items[intent.item];
    const std::size_t slash = item.path.rfind('/');
    const std::uint32_t number = run_.tree.find(std::string_view(item.path).substr(0, slash));
    if (number == k_no_folder) return Settled::again;
    auto folder = cache_.open(number);
    if (!folder.ok()) return Settled::again;
    const os::Descriptor& here = *folder.value();
    const std::string name = name_in(item.path);
    const std::string hidden = run_.hidden_name(intent.item);
    const std::uint64_t at_name = inode_at(here, name);
    LG_TRY(settle_hidden(intent, here, hidden, run_.own_folders[number].kept));
    LG_TRY(settle_part(intent, run_.own_folders[number]));
    if (at_name != intent.state.inode) {
      // Either nothing had moved, or somebody has put a newer file there since: looked at like any other.
      return is_kept(intent) ? Settled::done : Settled::again;
    }
    if (intent.original.inode != 0 && item.current_path != item.path && !item.current_path.empty()) {
      const std::string current = name_in(item.current_path);
      if (inode_at(here, current) == intent.original.inode) {
        LG_TRY(keep(intent, here, current, run_.own_folders[number].kept));
      }
    }
    return Settled::done;
  }

 private:
  [[nodiscard]] static std::uint64_t inode_at(const os::Descriptor& folder, const std::string& name) {
    const auto status = os::target_status_at(folder, name, name);
    return status.ok() ? status.value().inode : 0;
  }

  /// Under the hidden name is the original, after the exchange, or our own new file, before it.
  base::Status settle_hidden(const IntentEntry& intent, const os::Descriptor& folder, const std::string& hidden,
                             std::uint32_t kept) {
    const std::uint64_t inode = inode_at(folder, hidden);
    if (inode == 0) return base::Done{};
    if (intent.original.inode != 0 && inode == intent.original.inode) return keep(intent, folder, hidden, kept);
    if (inode == intent.state.inode) return run_.target.remove_file(folder, hidden, hidden);
    return base::Done{};
  }

  /// A large file changes places from the parts folder: there its original may wait.
  base::Status settle_part(const IntentEntry& intent, const OwnFolders& own) {
    if (own.parts == k_no_folder || intent.original.inode == 0) return base::Done{};
    auto parts = cache_parts().open(own.parts);
    if (!parts.ok()) return base::Done{};
    const std::string name = run_.hidden_name(intent.item);
    if (inode_at(*parts.value(), name) != intent.original.inode) return base::Done{};
    return keep(intent, *parts.value(), name, own.kept);
  }

  FolderCache& cache_parts() {
    if (!parts_) parts_.emplace(run_.tree, run_.target);
    return *parts_;
  }

  base::Status keep(const IntentEntry& intent, const os::Descriptor& folder, const std::string& name,
                    std::uint32_t kept) {
    LG_ASSIGN(const os::Descriptor* to, open_or_make(run_, kept_, kept));
    return run_.target.move_new(folder, name, *to, name_in(intent.kept_path), intent.kept_path);
  }

  [[nodiscard]] bool is_kept(const IntentEntry& intent) {
    if (intent.original.inode == 0) return false;
    const std::size_t slash = intent.kept_path.rfind('/');
    if (slash == std::string::npos) return false;
    const std::uint32_t number = run_.tree.find(std::string_view(intent.kept_path).substr(0, slash));
    if (number == k_no_folder) return false;
    auto folder = kept_.open(number);
    return folder.ok() && inode_at(*folder.value(), name_in(intent.kept_path)) == intent.original.inode;
  }

  RestoreRun& run_;
  FolderCache& cache_;
  FolderCache& kept_;
  std::optional<FolderCache> parts_;
};

}  // namespace

base::Status settle_intents(RestoreRun& run) {
  FolderCache cache(run.tree, run.target);
  FolderCache kept_cache(run.tree, run.target);
  Settling settling(run, cache, kept_cache);
  DoneRecord done;
  for (const auto& [item, intent] : run.journal.state().intents) {
    if (run.plan.items[item].unit != PlanItem::k_no_unit) continue;  // with its unit
    LG_ASSIGN(const Settled settled, settling.settle(intent));
    if (settled == Settled::done) done.entries.push_back({item, intent.state});
  }
  if (done.entries.empty()) return base::Done{};
  LG_TRY(run.target.sync_all(run.mounts));
  for (std::size_t from = 0; from < done.entries.size(); from += k_entries_per_record) {
    const auto begin = done.entries.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t count = std::min(k_entries_per_record, done.entries.size() - from);
    LG_TRY(run.journal.append(DoneRecord{{begin, begin + static_cast<std::ptrdiff_t>(count)}}));
    run.journal.note_done({begin, begin + static_cast<std::ptrdiff_t>(count)});
    run.outcome.tally.known += count;
  }
  return base::Done{};
}

}  // namespace lastgood::recovery::restore
