// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/tree_index.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "recovery/count_snapshots.h"
#include "recovery/read_level.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_findings_max = 500;
constexpr std::uint64_t k_folders_per_progress = 256;

base::Error cancelled() {
  return base::Error{.code = base::ErrorCode::cancelled,
                     .what = "interrupted while the folders of the snapshots were read",
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "the same command goes on with what is not judged yet"};
}

}  // namespace

std::uint32_t TreeIndex::find_folder(std::uint32_t number, std::string_view name) const {
  const std::uint64_t hash = hash_of_name(name);
  for (const IndexedEntry& entry : folder(number)) {
    if (entry.name_hash == hash && entry.kind == IndexedEntry::Kind::folder) return entry.number;
  }
  return k_none;
}

/// Reads snapshot after snapshot, level by level.
class TreeIndexer {
 public:
  TreeIndexer(sources::Source& source, const IndexSinks& sinks, IndexProgress& progress)
      : source_(source), sinks_(sinks), progress_(progress) {}

  base::Result<TreeIndex> read(std::span<const model::Snapshot> snapshots) {
    tally_.snapshots = snapshots.size();
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      snapshot_ = static_cast<std::uint32_t>(i);
      LG_TRY(read_snapshot(snapshots[i]));
      tally_.snapshots_done = i + 1;
      progress_.indexing(tally_);
    }
    return std::move(index_);
  }

 private:
  using Entries = std::vector<IndexedEntry>;
  [[nodiscard]] bool is_named_by_content() const {
    return source_.traits().subtree_ids == sources::SourceTraits::SubtreeIds::named_by_content;
  }

  base::Status read_snapshot(const model::Snapshot& snapshot) {
    fresh_.clear();
    std::vector<WaitingFolder> level;
    std::uint32_t root = TreeIndex::k_none;
    if (!snapshot.root.empty() || !is_named_by_content()) root = number_of(snapshot.root, "", 0, level);
    while (!level.empty()) {
      std::vector<WaitingFolder> next;
      base::Status status = base::Done{};
      read_level(source_, snapshot_, level, sinks_, [&](const WaitingFolder& waiting, base::Result<ReadFolder> read) {
        status = progress_.cancelled() ? base::Status(cancelled()) : take(waiting, std::move(read), next);
        if (++tally_.folders % k_folders_per_progress == 0) progress_.indexing(tally_);
        return status.ok();
      });
      LG_TRY(std::move(status));
      level = std::move(next);
    }
    index_.roots_.push_back(without_trap(settle(root)));
    return base::Done{};
  }

  /// A snapshot with more paths than can be is as if it could not be read: whoever walks it would never come back.
  std::uint32_t without_trap(std::uint32_t root) {
    if (!is_named_by_content()) return root;
    const std::uint64_t paths = path_counter_.count_below(index_, root);
    if (!is_trap_of_paths(paths, index_.entries_.size())) return root;
    note({.rule = std::string(k_rule_paths),
          .sentence = fmt::format("the snapshot has {}{} paths made of {} entries: no real tree is like that",
                                  paths == UINT64_MAX ? "more than " : "", paths, index_.entries_.size()),
          .weight = model::Weight::contradicts,
          .range = {}});
    return TreeIndex::k_none;
  }

  /// Numbers of fresh folders follow those that are settled.
  std::uint32_t number_of(const std::string& subtree, std::string path, std::uint32_t depth,
                          std::vector<WaitingFolder>& level) {
    const auto next = static_cast<std::uint32_t>(index_.folder_count() + fresh_.size());
    if (is_named_by_content()) {
      const auto [at, is_new] = folders_by_id_.try_emplace(subtree, next);
      if (!is_new) return at->second;
    }
    fresh_.emplace_back();
    level.push_back({.subtree = subtree, .path = std::move(path), .number = next, .depth = depth});
    return next;
  }

  base::Status take(const WaitingFolder& waiting, base::Result<ReadFolder> read, std::vector<WaitingFolder>& next) {
    if (!read.ok()) {
      note(
          {.rule = "source.folder",
           .sentence = fmt::format("cannot read the folder '{}': {}", base::printable(waiting.path), read.error().what),
           .weight = model::Weight::contradicts,
           .range = {}});
      return base::Done{};
    }
    ReadFolder& folder = read.value();
    for (const model::Finding& finding : folder.folder.findings) note(finding);
    for (IndexedEntry& indexed : folder.entries) {
      const model::TreeEntry& entry = folder.folder.entries[indexed.number];
      if (indexed.kind == IndexedEntry::Kind::folder) {
        indexed.number = number_of(entry.subtree, waiting.path + "/" + entry.name, waiting.depth + 1, next);
      } else if (indexed.kind == IndexedEntry::Kind::file) {
        LG_ASSIGN(indexed.number, content_number(waiting, entry));
      } else {
        indexed.number = 0;
      }
    }
    fresh_[waiting.number - index_.folder_count()] = std::move(folder.entries);
    if (!folder.units.empty()) index_.units_.insert_or_assign(waiting.number, std::move(folder.units));
    return base::Done{};
  }

  base::Result<std::uint32_t> content_number(const WaitingFolder& waiting, const model::TreeEntry& entry) {
    const ContentTable::Added added = index_.contents_.add(entry.content.key);
    if (added.number == TreeIndex::k_none) {
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = "the source holds more than four thousand million contents",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = {}};
    }
    if (!added.is_new) return added.number;
    index_.sizes_bytes_.push_back(entry.content.size_bytes);
    ++tally_.contents;
    sinks_.content({.content = added.number, .snapshot = snapshot_, .folder = &waiting.path, .entry = &entry});
    return added.number;
  }

  /// Moves the snapshot's folders into the index. Of a source that names folders by their place, equal ones are
  /// found here, from the leaves up: children have larger numbers than their parents.
  std::uint32_t settle(std::uint32_t root) {
    const auto first = static_cast<std::uint32_t>(index_.folder_count());
    if (is_named_by_content()) {
      for (Entries& entries : fresh_) append(entries);
      return root;
    }
    std::unordered_map<std::uint32_t, std::vector<FolderUnit>> fresh_units;
    for (std::size_t i = 0; i < fresh_.size() && index_.has_units(); ++i) {
      if (auto node = index_.units_.extract(first + static_cast<std::uint32_t>(i))) fresh_units.insert(std::move(node));
    }
    std::vector<std::uint32_t> settled(fresh_.size());
    for (std::size_t i = fresh_.size(); i-- > 0;) {
      for (IndexedEntry& entry : fresh_[i]) {
        if (entry.kind == IndexedEntry::Kind::folder) entry.number = settled[entry.number - first];
      }
      settled[i] = settle_folder(fresh_[i]);
      const auto units = fresh_units.find(first + static_cast<std::uint32_t>(i));
      if (units != fresh_units.end()) index_.units_.insert_or_assign(settled[i], std::move(units->second));
    }
    return root == TreeIndex::k_none ? root : settled[root - first];
  }

  std::uint32_t settle_folder(const Entries& entries) {
    std::string written;
    written.reserve(entries.size() * 13);
    for (const IndexedEntry& entry : entries) {
      for (unsigned byte = 0; byte < 8; ++byte) written += static_cast<char>(entry.name_hash >> (8 * byte));
      for (unsigned byte = 0; byte < 4; ++byte) written += static_cast<char>(entry.number >> (8 * byte));
      written += static_cast<char>(entry.kind);
    }
    const base::Sha256Digest digest = base::sha256(base::ByteView(written));
    const auto next = static_cast<std::uint32_t>(index_.folder_count());
    const auto [at, is_new] = folders_by_id_.try_emplace(std::string(digest.begin(), digest.end()), next);
    if (is_new) append(entries);
    return at->second;
  }

  void append(const Entries& entries) {
    index_.entries_.insert(index_.entries_.end(), entries.begin(), entries.end());
    index_.folder_starts_.push_back(index_.entries_.size());
  }

  void note(model::Finding finding) {
    if (index_.findings_.size() < k_findings_max) index_.findings_.emplace_back(snapshot_, std::move(finding));
  }

  sources::Source& source_;
  const IndexSinks& sinks_;
  IndexProgress& progress_;
  TreeIndex index_;
  std::unordered_map<std::string, std::uint32_t> folders_by_id_;
  std::vector<Entries> fresh_;
  PathCounter path_counter_;
  std::uint32_t snapshot_ = 0;
  IndexTally tally_;
};

base::Result<TreeIndex> read_tree_index(sources::Source& source, std::span<const model::Snapshot> snapshots,
                                        const IndexSinks& sinks, IndexProgress& progress) {
  return TreeIndexer(source, sinks, progress).read(snapshots);
}

}  // namespace lastgood::recovery
