// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/count_snapshots.h"

#include <utility>

namespace lastgood::recovery {

namespace {

using Kind = IndexedEntry::Kind;

void add(SnapshotCounts& to, const SnapshotCounts& from) {
  to.open += from.open;
  to.counts.files += from.counts.files;
  to.counts.bytes += from.counts.bytes;
  for (std::size_t i = 0; i < from.counts.files_by_verdict.size(); ++i) {
    to.counts.files_by_verdict[i] += from.counts.files_by_verdict[i];
    to.counts.bytes_by_verdict[i] += from.counts.bytes_by_verdict[i];
  }
}

/// Visits every folder below `root` that has no mark yet, children first. A folder inside itself (a source that lies)
/// counts as empty there.
template <typename Marks, typename Finish>
void visit_post_order(const TreeIndex& index, std::uint32_t root, Marks& marks, const Finish& finish) {
  struct Open {
    std::uint32_t folder;
    std::size_t next;
  };
  if (root == TreeIndex::k_none || marks[root]) return;
  std::vector<Open> open{{root, 0}};
  marks[root] = true;
  while (!open.empty()) {
    const std::span<const IndexedEntry> entries = index.folder(open.back().folder);
    if (open.back().next == entries.size()) {
      finish(open.back().folder);
      open.pop_back();
      continue;
    }
    const IndexedEntry& entry = entries[open.back().next++];
    if (entry.kind != Kind::folder || marks[entry.number]) continue;
    marks[entry.number] = true;
    open.push_back({entry.number, 0});
  }
}

std::uint64_t count_files(const TreeIndex& index, std::uint32_t root) {
  std::uint64_t files = 0;
  std::vector<std::uint32_t> open{root};
  while (!open.empty()) {
    const std::uint32_t folder = open.back();
    open.pop_back();
    for (const IndexedEntry& entry : index.folder(folder)) {
      if (entry.kind == Kind::file) ++files;
      if (entry.kind == Kind::folder) open.push_back(entry.number);
    }
  }
  return files;
}

std::uint64_t files_in(const TreeIndex& index, const IndexedEntry& entry) {
  if (entry.kind == Kind::file) return 1;
  return entry.kind == Kind::folder ? count_files(index, entry.number) : 0;
}

}  // namespace

std::vector<SnapshotCounts> count_snapshots(const TreeIndex& index, const Verdicts& verdicts, std::size_t snapshots) {
  std::vector<SnapshotCounts> by_folder(index.folder_count());
  std::vector<bool> marks(index.folder_count());
  const auto finish = [&](std::uint32_t folder) {
    SnapshotCounts& counts = by_folder[folder];
    for (const IndexedEntry& entry : index.folder(folder)) {
      if (entry.kind == Kind::folder && entry.number != folder) add(counts, by_folder[entry.number]);
      if (entry.kind != Kind::file) continue;
      if (verdicts[entry.number]) {
        counts.counts.count(*verdicts[entry.number], index.size_bytes(entry.number), 0);
      } else {
        ++counts.open;
      }
    }
  };
  std::vector<SnapshotCounts> out(snapshots);
  for (std::size_t i = 0; i < snapshots; ++i) {
    visit_post_order(index, index.root(i), marks, finish);
    if (index.root(i) != TreeIndex::k_none) out[i] = by_folder[index.root(i)];
  }
  return out;
}

std::uint64_t PathCounter::count_below(const TreeIndex& index, std::uint32_t root) {
  below_.resize(index.folder_count());
  marks_.resize(index.folder_count());
  visit_post_order(index, root, marks_, [&](std::uint32_t folder) {
    std::uint64_t paths = 0;
    for (const IndexedEntry& entry : index.folder(folder)) {
      const std::uint64_t more = entry.kind == Kind::folder && entry.number != folder ? below_[entry.number] : 0;
      paths = more < UINT64_MAX - 1 - paths ? paths + 1 + more : UINT64_MAX;
      if (paths == UINT64_MAX) break;
    }
    below_[folder] = paths;
  });
  return root == TreeIndex::k_none ? 0 : below_[root];
}

SnapshotChanges count_changes(const TreeIndex& index, std::uint32_t before, std::uint32_t after) {
  SnapshotChanges changes;
  if (before == TreeIndex::k_none || after == TreeIndex::k_none) {
    if (before != TreeIndex::k_none) changes.removed = count_files(index, before);
    if (after != TreeIndex::k_none) changes.added = count_files(index, after);
    return changes;
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{before, after}};
  while (!open.empty()) {
    const auto [left_folder, right_folder] = open.back();
    open.pop_back();
    if (left_folder == right_folder) continue;
    const std::span<const IndexedEntry> left = index.folder(left_folder);
    const std::span<const IndexedEntry> right = index.folder(right_folder);
    std::size_t l = 0;
    std::size_t r = 0;
    while (l < left.size() || r < right.size()) {
      if (r == right.size() || (l < left.size() && left[l].name_hash < right[r].name_hash)) {
        changes.removed += files_in(index, left[l++]);
      } else if (l == left.size() || right[r].name_hash < left[l].name_hash) {
        changes.added += files_in(index, right[r++]);
      } else {
        const IndexedEntry& was = left[l++];
        const IndexedEntry& is = right[r++];
        if (was.kind == Kind::folder && is.kind == Kind::folder) {
          open.emplace_back(was.number, is.number);
        } else if (was.kind == Kind::file && is.kind == Kind::file) {
          if (was.number != is.number) ++changes.changed;
        } else {
          changes.removed += files_in(index, was);
          changes.added += files_in(index, is);
        }
      }
    }
  }
  return changes;
}

}  // namespace lastgood::recovery
