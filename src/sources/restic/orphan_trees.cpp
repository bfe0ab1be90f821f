// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/orphan_trees.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "sources/restic/json.h"
#include "sources/restic/tree_file.h"

namespace lastgood::sources::restic {

namespace {

using TreeNumber = std::uint32_t;

struct Edge {
  TreeNumber folder;
  TreeNumber inside;
};

/// The trees of an index as a graph. A tree's id is the SHA-256 of a text that holds the ids of its subtrees, and every
/// tree is checked against its id when it is read: so there are no cycles.
class TreeGraph {
 public:
  TreeGraph(const BlobIndex& index, const BlobReader& reader) : index_(index), reader_(reader) {
    const std::span<const BlobRecord> records = index.records();
    for (std::size_t i = 0; i < records.size(); ++i) {
      const bool first_copy = i == 0 || records[i].id != records[i - 1].id;
      if (first_copy && records[i].kind() == BlobKind::tree && places_.size() < UINT32_MAX) places_.push_back(i);
    }
    newest_ns_.resize(places_.size());
    is_inside_.resize(places_.size());
  }

  void name_root(const BlobId& id) {
    if (const auto number = number_of(id)) is_inside_[*number] = true;
  }

  void read_all() {
    std::vector<TreeNumber> order(places_.size());
    for (TreeNumber number = 0; number < order.size(); ++number) order[number] = number;
    std::sort(order.begin(), order.end(), [&](TreeNumber a, TreeNumber b) { return position(a) < position(b); });
    std::vector<std::uint8_t> bytes;
    for (const TreeNumber number : order) read(number, bytes);
    std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) { return a.folder < b.folder; });
    gather_times();
  }

  [[nodiscard]] std::vector<OrphanTree> orphans() {
    std::vector<OrphanTree> found;
    for (TreeNumber number = 0; number < places_.size(); ++number) {
      if (is_inside_[number] || unread_.contains(number)) continue;
      const BlobRecord& record = record_of(number);
      const PackTable& packs = index_.packs();
      found.push_back({.id = record.id,
                       .newest_mtime_ns = newest_ns_[number],
                       .stored_ns = packs.is_present(record.pack()) ? packs.file_of(record.pack()).stored_ns : 0});
    }
    return found;
  }

  [[nodiscard]] std::size_t unread_count() const { return unread_.size(); }

 private:
  [[nodiscard]] const BlobRecord& record_of(TreeNumber number) const { return index_.records()[places_[number]]; }
  [[nodiscard]] std::uint64_t position(TreeNumber number) const {
    const BlobRecord& record = record_of(number);
    return std::uint64_t{record.pack()} << 32U | record.offset_bytes;
  }

  [[nodiscard]] std::optional<TreeNumber> number_of(const BlobId& id) const {
    const std::span<const BlobRecord> copies = index_.copies_of(id);
    if (copies.empty()) return std::nullopt;
    const std::size_t place = index_.place_of(copies.front());
    const auto found = std::lower_bound(places_.begin(), places_.end(), place);
    if (found == places_.end() || *found != place) return std::nullopt;
    return static_cast<TreeNumber>(found - places_.begin());
  }

  void read(TreeNumber number, std::vector<std::uint8_t>& bytes) {
    const BlobRecord& record = record_of(number);
    if (!reader_.read(record.id, index_.copies_of(record.id), k_tree_bytes_max, bytes).ok()) {
      unread_.insert(number);
      return;
    }
    bytes.resize(bytes.size() + k_json_padding_bytes);
    // What is wrong with a tree is told when somebody reads the folder.
    (void)parse_tree(bytes, [&](TreeNode&& node) {
      newest_ns_[number] = std::max(newest_ns_[number], node.entry.mtime_ns);
      const auto id = id_from_bytes(node.entry.subtree);
      const auto inside = id ? number_of(*id) : std::nullopt;
      if (!inside) return;
      is_inside_[*inside] = true;
      edges_.push_back({.folder = number, .inside = *inside});
    });
  }

  /// Brings the newest time of each tree up to what is below it. Each tree and each edge is looked at once, with a
  /// stack of its own: how deep folders lie in each other, and how many share one, is a stranger's choice.
  void gather_times() {
    std::vector<bool> begun(places_.size());
    struct Step {
      TreeNumber tree;
      std::size_t next_edge;
    };
    std::vector<Step> path;
    for (TreeNumber root = 0; root < places_.size(); ++root) {
      if (begun[root]) continue;
      begun[root] = true;
      path.push_back({root, first_edge_of(root)});
      while (!path.empty()) {
        Step& step = path.back();
        if (step.next_edge == edges_.size() || edges_[step.next_edge].folder != step.tree) {
          const std::int64_t newest = newest_ns_[step.tree];
          path.pop_back();
          if (!path.empty()) newest_ns_[path.back().tree] = std::max(newest_ns_[path.back().tree], newest);
          continue;
        }
        const TreeNumber inside = edges_[step.next_edge++].inside;
        if (begun[inside]) {
          newest_ns_[step.tree] = std::max(newest_ns_[step.tree], newest_ns_[inside]);
        } else {
          begun[inside] = true;
          path.push_back({inside, first_edge_of(inside)});
        }
      }
    }
  }

  [[nodiscard]] std::size_t first_edge_of(TreeNumber folder) const {
    const auto found = std::lower_bound(edges_.begin(), edges_.end(), folder,
                                        [](const Edge& edge, TreeNumber wanted) { return edge.folder < wanted; });
    return static_cast<std::size_t>(found - edges_.begin());
  }

  const BlobIndex& index_;
  const BlobReader& reader_;
  std::vector<std::size_t> places_;      // of the first copy of each tree in the index's records
  std::vector<std::int64_t> newest_ns_;  // of the tree's own nodes, then of all below it
  std::vector<bool> is_inside_;
  std::set<TreeNumber> unread_;
  std::vector<Edge> edges_;
};

}  // namespace

OrphanSearch find_orphan_trees(const BlobIndex& index, const BlobReader& reader, const std::vector<BlobId>& roots) {
  TreeGraph graph(index, reader);
  for (const BlobId& root : roots) graph.name_root(root);
  graph.read_all();
  OrphanSearch search{.orphans = graph.orphans(), .findings = {}};
  if (graph.unread_count() > 0) {
    search.findings.push_back(
        {.rule = "restic.orphans.unread",
         .sentence = fmt::format("{} trees cannot be read: what is below them may be shown as if it had been deleted",
                                 graph.unread_count()),
         .weight = model::Weight::contradicts});
  }
  return search;
}

}  // namespace lastgood::sources::restic
