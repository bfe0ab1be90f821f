// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/archive_trees.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "base/assert.h"
#include "base/error.h"
#include "os/random.h"

namespace lastgood::sources::borg {

using base::ByteView;
using model::EntryKind;

namespace {

constexpr std::uint32_t k_nothing = UINT32_MAX;
constexpr std::size_t k_findings_max = 1000;

void add_finding(std::vector<model::Finding>& findings, const char* rule, std::string sentence, model::Weight weight) {
  if (findings.size() < k_findings_max) {
    findings.push_back({.rule = rule, .sentence = std::move(sentence), .weight = weight});
  }
}

}  // namespace

/// What one archive needs while its folders are made; indexes are nodes where not said otherwise.
struct ArchiveTrees::Build {
  std::vector<ParsedItem> items;
  std::vector<std::uint32_t> own_entry;    // of folders: the entry that describes them
  std::vector<std::uint32_t> first;        // place of the folder's first entry in `placed`, one more than nodes
  std::vector<std::uint32_t> placed;       // entries that are no folders, folder by folder, as they came
  std::vector<std::uint32_t> first_child;  // linked list of those child folders that are done
  std::vector<std::uint32_t> next_sibling;
  std::vector<std::uint32_t> folder;  // in folders_, when done
  std::vector<bool> present;
  std::uint64_t made_up = 0;
  std::uint32_t first_made_up = 0;
  std::vector<model::Finding> findings;
};

namespace {

/// A list that names the same chunk of items again and again says nothing new, and would fill the memory with it.
void leave_out_repeated(std::vector<const ItemPiece*>& pieces, std::vector<model::Finding>& findings) {
  std::unordered_set<const ItemPiece*> seen;
  const auto is_repeated = [&](const ItemPiece* piece) { return !piece->items.empty() && !seen.insert(piece).second; };
  const std::size_t repeated = std::erase_if(pieces, is_repeated);
  if (repeated > 0) {
    add_finding(findings, "borg.archive.items.repeated",
                std::to_string(repeated) + " pieces of the list of items are there again and are left out",
                model::Weight::contradicts);
  }
}

}  // namespace

ArchiveTrees::ArchiveTrees(const ObjectTable& table, EntryStore::ChunkIds ids)
    : entries_(table, ids), nodes_(names_), stream_(entries_, nodes_) {
  std::array<std::uint8_t, 8> random{};
  os::fill_random(random);
  seed_ = ByteView(random).le64(0);
}

ArchiveTree ArchiveTrees::build(const std::vector<ObjectId>& chunks, Parts parts, const ChunkReader& reader) {
  std::vector<const ItemPiece*> pieces = stream_.read(chunks, reader);
  Build build;
  leave_out_repeated(pieces, build.findings);
  gather(pieces, build);
  resolve_links(pieces, build);
  if (parts == Parts::join) join_parts(pieces, build);
  place_items(build);
  // A child's number is larger than its parent's: from the last to the first, children are done before parents.
  for (std::size_t node = nodes_.size(); node-- > 0;) {
    if (build.present[node]) close_folder(static_cast<std::uint32_t>(node), build);
  }
  if (build.made_up > 0) {
    add_finding(build.findings, "borg.item.parent",
                std::to_string(build.made_up) + " folders are not in the archive themselves and are made up, first '" +
                    base::printable(nodes_.path(build.first_made_up)) + "'",
                model::Weight::remarks);
  }
  seen_ = std::move(seen_now_);
  seen_now_ = {};
  return {.root = build.folder[0], .findings = std::move(build.findings)};
}

void ArchiveTrees::gather(const std::vector<const ItemPiece*>& pieces, Build& build) {
  std::size_t count = 0;
  for (const ItemPiece* const piece : pieces) count += piece->items.size();
  build.items.reserve(count);
  for (const ItemPiece* const piece : pieces) {
    build.items.insert(build.items.end(), piece->items.begin(), piece->items.end());
    for (const model::Finding& finding : piece->findings) {
      if (build.findings.size() < k_findings_max) build.findings.push_back(finding);
    }
  }
}

void ArchiveTrees::resolve_links(const std::vector<const ItemPiece*>& pieces, Build& build) {
  std::unordered_map<std::uint64_t, std::uint32_t> masters;
  for (const ItemPiece* const piece : pieces) {
    for (const ItemPiece::Named& master : piece->masters) masters.try_emplace(master.link_group, master.entry);
  }
  std::size_t items_before = 0;
  for (const ItemPiece* const piece : pieces) {
    for (const ItemPiece::Link& link : piece->links) {
      std::uint32_t& number = build.items[items_before + link.item].entry;
      StoredEntry entry = entries_.entry(number);
      const auto master = masters.find(link.link_group);
      if (master == masters.end()) {
        if (!entry.content_lost) continue;
        entry.findings = entries_.texts().intern(
            pack_findings({{.rule = "borg.item.link",
                            .sentence = "this is a further name of a file whose first name is not in the archive",
                            .weight = model::Weight::contradicts}}));
      } else {
        const StoredEntry first = entries_.entry(master->second);
        if (first.kind != entry.kind) continue;
        if (entry.kind == EntryKind::regular) entry.link_group = link.link_group;
        if (entry.content_lost) {
          entry.content_lost = first.content_lost;
          entry.chunks = first.chunks;
          entry.findings = first.findings;
        }
        if (entry.device_number == 0) entry.device_number = first.device_number;
      }
      number = entries_.add(entry);
    }
    items_before += piece->items.size();
  }
}

void ArchiveTrees::join_parts(const std::vector<const ItemPiece*>& pieces, Build& build) {
  // By folder and name without the ending, then by number.
  std::map<std::pair<std::uint32_t, std::string>, std::map<std::uint32_t, std::uint32_t>> files;
  for (const ItemPiece* const piece : pieces) {
    for (const ItemPiece::Part& part : piece->parts) {
      std::string name(entries_.entry(part.entry).name);
      const std::size_t ending = name.rfind(".borg_part_");
      if (ending != std::string::npos && ending > 0) name.resize(ending);
      files[{part.folder, std::move(name)}].try_emplace(part.number, part.entry);
    }
  }
  for (const auto& [place, parts] : files) {
    StoredEntry whole = entries_.entry(parts.begin()->second);
    whole.name = place.second;
    whole.chunks.clear();
    std::uint32_t expected = 1;
    bool gap = false;
    for (const auto& [number, entry] : parts) {
      gap = gap || number != expected++;
      const StoredEntry part = entries_.entry(entry);
      whole.chunks.insert(whole.chunks.end(), part.chunks.begin(), part.chunks.end());
    }
    whole.findings = entries_.texts().intern(pack_findings(
        {{.rule = "borg.item.part",
          .sentence = "joined from " + std::to_string(parts.size()) + " parts of an unfinished backup, " +
                      (gap ? "parts between them are missing" : "what follows the last part is not there"),
          .weight = model::Weight::contradicts}}));
    build.items.push_back({.folder = place.first, .entry = entries_.add(whole)});
  }
}

void ArchiveTrees::place_items(Build& build) {
  const std::size_t nodes = nodes_.size();
  build.own_entry.assign(nodes, k_nothing);
  build.first.assign(nodes + 1, 0);
  build.first_child.assign(nodes, k_nothing);
  build.next_sibling.assign(nodes, k_nothing);
  build.folder.assign(nodes, k_nothing);
  build.present.assign(nodes, false);
  build.present[0] = true;
  const auto mark = [&](std::uint32_t node) {
    for (; !build.present[node]; node = nodes_.parent(node)) build.present[node] = true;
  };
  for (const ParsedItem& item : build.items) {
    if (item.node == k_no_node) {
      ++build.first[item.folder + 1];
      mark(item.folder);
      continue;
    }
    mark(item.node);
    std::uint32_t& own = build.own_entry[item.node];
    if (own == k_nothing) {
      own = item.entry;
    } else if (own != item.entry) {
      add_finding(build.findings, "borg.item.twice",
                  "the folder '" + base::printable(nodes_.path(item.node)) + "' is there twice, the first counts",
                  model::Weight::remarks);
    }
  }
  for (std::size_t node = 0; node < nodes; ++node) build.first[node + 1] += build.first[node];
  build.placed.resize(build.first[nodes]);
  std::vector<std::uint32_t> next(build.first.begin(), build.first.end() - 1);
  for (const ParsedItem& item : build.items) {
    if (item.node == k_no_node) build.placed[next[item.folder]++] = item.entry;
  }
}

std::uint32_t ArchiveTrees::made_up_entry(std::uint32_t node) {
  return entries_.add({.kind = EntryKind::folder, .name = nodes_.name(node), .mode = 0755});
}

void ArchiveTrees::close_folder(std::uint32_t node, Build& build) {
  FolderStore::View unsorted;
  unsorted.entries.assign(build.placed.begin() + build.first[node], build.placed.begin() + build.first[node + 1]);
  for (std::uint32_t child = build.first_child[node]; child != k_nothing; child = build.next_sibling[child]) {
    std::uint32_t own = build.own_entry[child];
    if (own == k_nothing) {
      own = made_up_entry(child);
      // Folders above what borg was told to take have no item in any archive: nothing is missing there.
      const bool is_only_child = build.first_child[node] == child && build.next_sibling[child] == k_nothing;
      const bool leads_to_root = build.own_entry[node] == k_nothing && unsorted.entries.empty() && is_only_child;
      if (!leads_to_root) {
        ++build.made_up;
        build.first_made_up = child;  // the last one seen is the first by number
      }
    }
    unsorted.entries.push_back(own);
    unsorted.children.push_back(build.folder[child]);
  }
  std::vector<std::uint32_t> numbers = unsorted.entries;
  numbers.push_back(k_nothing);
  numbers.insert(numbers.end(), unsorted.children.begin(), unsorted.children.end());
  const XXH128_hash_t hash = XXH3_128bits_withSeed(numbers.data(), numbers.size() * sizeof(std::uint32_t), seed_);
  const std::pair<std::uint64_t, std::uint64_t> key{hash.low64, hash.high64};
  const auto known = seen_.find(key);
  const std::uint32_t folder = known != seen_.end() ? known->second : make_folder(node, unsorted);
  seen_now_.emplace(key, folder);
  build.folder[node] = folder;
  if (node != 0) {
    const std::uint32_t parent = nodes_.parent(node);
    build.next_sibling[node] = build.first_child[parent];
    build.first_child[parent] = node;
  }
}

std::uint32_t ArchiveTrees::make_folder(std::uint32_t node, const FolderStore::View& unsorted) {
  struct Row {
    std::string_view name;
    std::uint32_t entry = 0;
    std::uint32_t child = k_nothing;
  };
  std::vector<Row> rows;
  rows.reserve(unsorted.entries.size());
  const std::size_t plain = unsorted.entries.size() - unsorted.children.size();
  for (std::size_t i = 0; i < unsorted.entries.size(); ++i) {
    const std::uint32_t entry = unsorted.entries[i];
    rows.push_back({.name = name_of_packed(entries_.packed(entry)),
                    .entry = entry,
                    .child = i < plain ? k_nothing : unsorted.children[i - plain]});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
  FolderStore::View folder;
  std::vector<model::Finding> findings;
  base::Sha256 sha256;
  const Row* before = nullptr;
  for (const Row& row : rows) {
    if (before != nullptr && before->name == row.name) {
      if (before->entry != row.entry || row.child != k_nothing) {
        const bool below = before->child == k_nothing && row.child != k_nothing;
        add_finding(findings, below ? "borg.item.below" : "borg.item.twice",
                    "'" + base::printable(row.name) + "' in '" + base::printable(nodes_.path(node)) +
                        (below ? "' is no folder, what is said to lie below it is left out"
                               : "' is there twice, the first counts"),
                    model::Weight::contradicts);
      }
      continue;
    }
    before = &row;
    folder.entries.push_back(row.entry);
    sha256.update(ByteView(entries_.digest(row.entry)));
    if (row.child == k_nothing) continue;
    folder.children.push_back(row.child);
    sha256.update(ByteView(folders_.digest(row.child)));
  }
  for (const model::Finding& finding : findings) sha256.update(ByteView(std::string_view(finding.sentence)));
  return folders_.add(folder, sha256.finish(), std::move(findings));
}

}  // namespace lastgood::sources::borg
