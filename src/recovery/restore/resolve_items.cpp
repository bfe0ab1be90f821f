// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/resolve_items.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "os/account_names.h"

namespace lastgood::recovery::restore {

namespace {

const std::string& stored_path(const PlanItem& item) { return item.stored_path.empty() ? item.path : item.stored_path; }

/// Like the order of bytes, but what is in a folder follows the folder at once: '/' sorts before all else.
bool walks_before(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  if (in_b == b.end()) return false;
  if (in_a == a.end()) return true;
  const int byte_a = *in_a == '/' ? -1 : static_cast<unsigned char>(*in_a);
  const int byte_b = *in_b == '/' ? -1 : static_cast<unsigned char>(*in_b);
  return byte_a < byte_b;
}

/// The open folders of one snapshot from its root down to where the walk is.
class SnapshotWalk {
 public:
  SnapshotWalk(sources::Source& source, std::string root) : source_(source), root_(std::move(root)) {}

  /// The folders above `path` that were met, and the entry itself; nullptr with a sentence when it is not there.
  /// "/" is the top itself.
  model::TreeEntry* find(std::string_view path, std::string& why_not) {
    if (path == "/") return find_top(why_not);
    std::string_view rest = path.substr(1);
    std::size_t level = 0;
    while (true) {
      if (level >= levels_.size() && !read_level(level, why_not)) return nullptr;
      const std::size_t slash = rest.find('/');
      const std::string_view name = rest.substr(0, slash);
      model::TreeEntry* entry = find_in(levels_[level].folder, name);
      if (entry == nullptr) {
        why_not = fmt::format("the snapshot has no '{}' there", base::printable(name));
        return nullptr;
      }
      if (slash == std::string_view::npos) return entry;
      if (entry->kind != model::EntryKind::folder) {
        why_not = fmt::format("in the snapshot '{}' is no folder", base::printable(name));
        return nullptr;
      }
      if (levels_[level].entered != name) {
        levels_.resize(level + 1);
        levels_[level].entered = std::string(name);
        levels_[level].entered_entry = entry;
      }
      rest.remove_prefix(slash + 1);
      ++level;
    }
  }

  /// That the source does not answer: nothing is known of what it holds then.
  [[nodiscard]] const std::optional<base::Error>& away() const { return away_; }

  /// Entries of the folders above the path that was found last, from the root down.
  [[nodiscard]] std::vector<const model::TreeEntry*> above() const {
    std::vector<const model::TreeEntry*> out;
    for (const Level& level : levels_) {
      if (level.entered_entry != nullptr) out.push_back(level.entered_entry);
    }
    return out;
  }

 private:
  struct Level {
    sources::Folder folder;
    std::string entered;
    model::TreeEntry* entered_entry = nullptr;
  };

  static model::TreeEntry* find_in(sources::Folder& folder, std::string_view name) {
    const auto found = std::lower_bound(
        folder.entries.begin(), folder.entries.end(), name,
        [](const model::TreeEntry& entry, std::string_view wanted) { return std::string_view(entry.name) < wanted; });
    return found != folder.entries.end() && found->name == name ? &*found : nullptr;
  }

  /// No snapshot says what its top carries: for its owner alone, whose what is in it is.
  model::TreeEntry* find_top(std::string& why_not) {
    levels_.clear();
    if (!read_level(0, why_not)) return nullptr;
    top_ = {};
    top_.kind = model::EntryKind::folder;
    top_.mode = 0700;
    const std::vector<model::TreeEntry>& entries = levels_[0].folder.entries;
    for (const model::TreeEntry& entry : entries) top_.mtime_ns = std::max(top_.mtime_ns, entry.mtime_ns);
    const bool has_one_owner = std::all_of(entries.begin(), entries.end(), [&](const model::TreeEntry& entry) {
      return entry.user_id == entries[0].user_id && entry.group_id == entries[0].group_id;
    });
    if (!entries.empty() && has_one_owner) {
      top_.user_id = entries[0].user_id;
      top_.group_id = entries[0].group_id;
      top_.user = entries[0].user;
      top_.group = entries[0].group;
    }
    return &top_;
  }

  bool read_level(std::size_t level, std::string& why_not) {
    const std::string& subtree = level == 0 ? root_ : levels_[level - 1].entered_entry->subtree;
    base::Result<sources::Folder> folder = source_.read_folder(subtree);
    if (!folder.ok()) {
      why_not = folder.error().what;
      if (folder.error().code == base::ErrorCode::busy_retry) away_ = folder.error();
      return false;
    }
    levels_.push_back({std::move(folder).value(), {}, nullptr});
    return true;
  }

  sources::Source& source_;
  std::string root_;
  std::vector<Level> levels_;
  model::TreeEntry top_;
  std::optional<base::Error> away_;
};

class Resolver {
 public:
  Resolver(const Plan& plan, std::span<sources::Source* const> sources, const RestoreRequest& request,
           const JournalState& journal, FolderTree& tree, TroubleList& troubles)
      : plan_(plan), sources_(sources), request_(request), journal_(journal), tree_(tree), troubles_(troubles) {}

  base::Result<RestoreItems> resolve() {
    refuse_bad_paths();
    LG_TRY(list_snapshots());
    std::vector<std::uint32_t> order = good_items();
    std::size_t from = 0;
    while (from < order.size()) {
      const std::uint32_t snapshot = plan_.items[order[from]].snapshot;
      std::size_t to = from;
      while (to < order.size() && plan_.items[order[to]].snapshot == snapshot) ++to;
      LG_TRY(walk_snapshot(snapshot, std::span(order).subspan(from, to - from)));
      from = to;
    }
    sort_files();
    std::sort(items_.folders.begin(), items_.folders.end(),
              [](const RestoreFolder& a, const RestoreFolder& b) { return a.folder < b.folder; });
    return std::move(items_);
  }

 private:
  void refuse(std::uint32_t item, std::string rule, std::string sentence) {
    troubles_.refuse(plan_.items[item].path, std::move(rule), std::move(sentence));
  }

  void refuse_bad_paths() {
    good_.assign(plan_.items.size(), 0);
    std::vector<std::uint32_t> by_path(plan_.items.size());
    std::iota(by_path.begin(), by_path.end(), 0U);
    std::stable_sort(by_path.begin(), by_path.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return plan_.items[a].path < plan_.items[b].path; });
    for (std::size_t i = 0; i < by_path.size(); ++i) {
      const std::uint32_t index = by_path[i];
      const PlanItem& item = plan_.items[index];
      // What lay in a folder may be all that a source holds.
      const bool is_top = item.kind == model::EntryKind::folder && item.stored_path == "/";
      if (!is_path(item.path) || (!is_top && !is_path(stored_path(item))) || is_our_own(item.path)) {
        refuse(index, "restore.name", "the path is not one that a restore may write");
      } else if (item.snapshot >= plan_.snapshots.size() || plan_.snapshots[item.snapshot].source >= sources_.size() ||
                 (item.unit != PlanItem::k_no_unit && item.unit >= plan_.units.size())) {
        refuse(index, "restore.plan",
               fmt::format("the plan has no snapshot {} or no unit {}", item.snapshot, item.unit));
      } else if (i > 0 && plan_.items[by_path[i - 1]].path == item.path) {
        refuse(index, "restore.twice", "the plan names this path more than once; the first stays");
      } else {
        good_[index] = 1;
      }
    }
  }

  static bool is_path(std::string_view path) {
    if (path.size() < 2 || path.front() != '/') return false;
    std::size_t names = 0;
    for (std::size_t from = 1; from <= path.size();) {
      const std::size_t end = std::min(path.find('/', from), path.size());
      if (!os::is_entry_name(path.substr(from, end - from)) || ++names > sources::k_depth_max) return false;
      from = end + 1;
    }
    return path.back() != '/';
  }

  /// The kept tree and the parts folder are no place for a plan's items.
  static bool is_our_own(std::string_view path) {
    for (const std::string_view own : {k_kept_folder, k_parts_folder}) {
      const std::size_t at = path.find(own);
      if (at != std::string_view::npos && path[at - 1] == '/' &&
          (at + own.size() == path.size() || path[at + own.size()] == '/')) {
        return true;
      }
    }
    return false;
  }

  base::Status list_snapshots() {
    roots_.resize(plan_.snapshots.size());
    for (std::uint32_t source = 0; source < sources_.size(); ++source) {
      if (sources_[source] == nullptr) continue;
      LG_ASSIGN(const std::vector<model::Snapshot> found, sources_[source]->snapshots());
      std::unordered_map<std::string_view, const model::Snapshot*> by_id;
      for (const model::Snapshot& snapshot : found) by_id.emplace(snapshot.id, &snapshot);
      for (std::size_t i = 0; i < plan_.snapshots.size(); ++i) {
        if (plan_.snapshots[i].source != source) continue;
        const auto match = by_id.find(plan_.snapshots[i].id);
        if (match != by_id.end()) roots_[i] = match->second->root;
      }
    }
    return base::Done{};
  }

  /// By snapshot, and there as a walk meets them.
  std::vector<std::uint32_t> good_items() {
    std::vector<std::uint32_t> order;
    order.reserve(plan_.items.size());
    for (std::uint32_t i = 0; i < plan_.items.size(); ++i) {
      const PlanItem& item = plan_.items[i];
      if (good_[i] == 0) continue;
      if (item.kind == model::EntryKind::folder) item_folders_.emplace(item.path, i);
      order.push_back(i);
    }
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const PlanItem& item_a = plan_.items[a];
      const PlanItem& item_b = plan_.items[b];
      if (item_a.snapshot != item_b.snapshot) return item_a.snapshot < item_b.snapshot;
      return walks_before(stored_path(item_a), stored_path(item_b));
    };
    if (!std::is_sorted(order.begin(), order.end(), before)) std::stable_sort(order.begin(), order.end(), before);
    return order;
  }

  base::Status walk_snapshot(std::uint32_t snapshot, std::span<const std::uint32_t> order) {
    const PlanSnapshot& wanted = plan_.snapshots[snapshot];
    sources::Source* source = sources_[wanted.source];
    if (source == nullptr || roots_[snapshot].empty()) {
      for (const std::uint32_t index : order)
        refuse(index, "restore.snapshot", fmt::format("its source has no snapshot '{}'", base::printable(wanted.id)));
      return base::Done{};
    }
    SnapshotWalk walk(*source, roots_[snapshot]);
    groups_.clear();
    for (const std::uint32_t index : order) {
      std::string why_not;
      model::TreeEntry* entry = walk.find(stored_path(plan_.items[index]), why_not);
      if (walk.away()) return *walk.away();
      if (entry == nullptr) {
        refuse(index, "restore.gone", why_not + "; a new plan may find another version");
      } else {
        take(index, *entry, walk);
      }
    }
    return base::Done{};
  }

  void take(std::uint32_t index, model::TreeEntry& entry, const SnapshotWalk& walk) {
    const PlanItem& item = plan_.items[index];
    if (entry.kind != item.kind) {
      refuse(index, "restore.kind", "the snapshot has something else under this name than the plan says");
      return;
    }
    if (entry.kind == model::EntryKind::folder) {
      add_folders_above(item.path, walk);
      add_folder(tree_.add(item.path), index, entry);
      return;
    }
    if (entry.kind == model::EntryKind::regular &&
        (entry.content.key != item.content_key || entry.content.size_bytes != item.size_bytes)) {
      refuse(index, "restore.content",
             fmt::format("the snapshot's content of {} bytes is not the one that the plan means, of {} bytes",
                         entry.content.size_bytes, item.size_bytes));
      return;
    }
    add_folders_above(item.path, walk);
    RestoreFile file;
    file.item = index;
    file.folder = last_folder_;
    file.source = plan_.snapshots[item.snapshot].source;
    file.kind = entry.kind;
    file.carried = carried_of(entry);
    if (entry.kind != model::EntryKind::regular) {
      items_.others.push_back(std::move(file));
      return;
    }
    file.position = sources_[file.source]->position_of(entry.content);
    file.handle = entry.content.handle;  // a copy: several items may come from one entry
    if (entry.link_group != 0) {
      const auto [group, first] = groups_.try_emplace(entry.link_group, index);
      file.link_group = std::uint64_t{group->second} + 1;
      if (!first) {
        if (!journal_.is_done(index)) more_names_.push_back(std::move(file));
        return;
      }
    } else if (journal_.is_done(index) && entry.flags == 0 && item.unit == PlanItem::k_no_unit) {
      return;  // flags come last, units are put in place at the end: those are still needed
    }
    items_.files.push_back(std::move(file));
  }

  Carried carried_of(model::TreeEntry& entry) {
    Carried out{.mtime_ns = entry.mtime_ns,
                .mode = entry.mode & model::k_mode_bits,
                .user_id = entry.user_id,
                .group_id = entry.group_id,
                .extras = k_no_index};
    if (request_.policy.owners == RestorePolicy::Owners::by_name) use_names(entry, out);
    if (entry.attributes.empty() && entry.link_target.empty() && entry.device_number == 0 && entry.flags == 0)
      return out;
    out.extras = static_cast<std::uint32_t>(items_.extras.size());
    items_.extras.push_back({entry.attributes, entry.link_target, entry.device_number, entry.flags});
    return out;
  }

  void use_names(const model::TreeEntry& entry, Carried& out) {
    const auto known = [](auto& cache, const std::string& name, auto find) {
      const auto [place, fresh] = cache.try_emplace(name);
      if (fresh && !name.empty()) place->second = find(name);
      return place->second;
    };
    if (const auto id = known(users_, entry.user, os::find_user_id)) out.user_id = *id;
    if (const auto id = known(groups_by_name_, entry.group, os::find_group_id)) out.group_id = *id;
  }

  /// Numbers the folders that lead to `path`. What they carry comes from the snapshot as far as the names there and
  /// here are the same from the end; an item of its own says it better.
  void add_folders_above(const std::string& path, const SnapshotWalk& walk) {
    const std::string_view above = std::string_view(path).substr(0, path.rfind('/'));
    if (above == last_path_) return;
    last_path_ = above;
    last_folder_ = tree_.add(above);
    const std::vector<const model::TreeEntry*> entries = walk.above();
    std::uint32_t folder = last_folder_;
    bool same_names = true;
    for (std::size_t up = 0; folder != 0; ++up, folder = tree_.parent(folder)) {
      if (has_folder(folder)) return;
      const model::TreeEntry* entry = up < entries.size() ? entries[entries.size() - 1 - up] : nullptr;
      same_names = same_names && entry != nullptr && entry->name == tree_.name(folder);
      if (item_folders_.contains(tree_.path(folder))) continue;
      model::TreeEntry copy;
      if (same_names) {
        copy = *entry;
      } else {
        copy.mode = 0755;
        copy.mtime_ns = plan_.made_ns;
      }
      add_folder(folder, k_no_index, copy);
    }
  }

  [[nodiscard]] bool has_folder(std::uint32_t folder) const {
    return folder < has_folder_.size() && has_folder_[folder] != 0;
  }

  void add_folder(std::uint32_t folder, std::uint32_t item, model::TreeEntry& entry) {
    if (has_folder(folder)) return;
    if (has_folder_.size() <= folder) has_folder_.resize(std::size_t{folder} * 2 + 16, 0);
    has_folder_[folder] = 1;
    items_.folders.push_back({item, folder, carried_of(entry)});
  }

  /// In the order of the sources' bytes; then each further name of a file knows where the first one is.
  void sort_files() {
    std::sort(items_.files.begin(), items_.files.end(), [](const RestoreFile& a, const RestoreFile& b) {
      return std::tie(a.source, a.position, a.item) < std::tie(b.source, b.position, b.item);
    });
    std::unordered_map<std::uint64_t, std::uint32_t> first_names;
    for (std::uint32_t i = 0; i < items_.files.size(); ++i) {
      if (items_.files[i].link_group != 0) first_names[items_.files[i].link_group] = i;
    }
    items_.more_names_from = static_cast<std::uint32_t>(items_.files.size());
    for (RestoreFile& file : more_names_) {
      items_.first_of.push_back(first_names.at(file.link_group));
      items_.files.push_back(std::move(file));
    }
  }

  const Plan& plan_;
  std::span<sources::Source* const> sources_;
  const RestoreRequest& request_;
  const JournalState& journal_;
  FolderTree& tree_;
  TroubleList& troubles_;
  RestoreItems items_;
  std::vector<RestoreFile> more_names_;
  std::vector<std::uint8_t> good_;  // by item
  std::vector<std::string> roots_;  // by snapshot of the plan; empty: not there
  std::vector<std::uint8_t> has_folder_;
  std::unordered_map<std::string, std::uint32_t> item_folders_;
  std::unordered_map<std::uint64_t, std::uint32_t> groups_;  // link group of a snapshot to the first item of it
  std::map<std::string, std::optional<std::uint32_t>> users_;
  std::map<std::string, std::optional<std::uint32_t>> groups_by_name_;
  std::string_view last_path_ = "\n";  // no path
  std::uint32_t last_folder_ = 0;
};

}  // namespace

base::Result<RestoreItems> resolve_items(const Plan& plan, std::span<sources::Source* const> sources,
                                         const RestoreRequest& request, const JournalState& journal, FolderTree& tree,
                                         TroubleList& troubles) {
  return Resolver(plan, sources, request, journal, tree, troubles).resolve();
}

}  // namespace lastgood::recovery::restore
