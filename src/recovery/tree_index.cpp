// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/tree_index.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_chunk_folders = 256;
constexpr std::size_t k_findings_max = 500;
constexpr unsigned k_readers_max = 16;

/// FNV-1a with a final mix: names are compared within one folder only, and only to count changes.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15;
}

base::Error cancelled() {
  return base::Error{.code = base::ErrorCode::cancelled,
                     .what = "interrupted while the folders of the snapshots were read",
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "the same command goes on with what is not judged yet"};
}

/// A folder that waits to be read.
struct Waiting {
  std::string subtree;
  std::string path;  // in the snapshot, "" for the root
  std::uint32_t number = 0;
  std::uint32_t depth = 0;
};

}  // namespace

std::size_t TreeIndex::KeyHash::operator()(const Key& key) const {
  std::uint64_t word = 0;
  std::memcpy(&word, key.data(), sizeof word);  // keys are digests: any eight bytes are as good as a hash
  return static_cast<std::size_t>(word);
}

std::uint32_t TreeIndex::find_content(std::string_view key) const {
  if (key.size() != k_key_bytes) return k_none;
  Key wanted{};
  std::copy(key.begin(), key.end(), wanted.begin());
  const auto at = contents_by_key_.find(wanted);
  return at == contents_by_key_.end() ? k_none : at->second;
}

std::uint32_t TreeIndex::find_folder(std::uint32_t number, std::string_view name) const {
  const std::uint64_t hash = hash_of(name);
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
    std::vector<Waiting> level;
    std::uint32_t root = TreeIndex::k_none;
    if (!snapshot.root.empty() || !is_named_by_content()) root = number_of(snapshot.root, "", 0, level);
    while (!level.empty()) {
      std::vector<Waiting> next;
      for (std::size_t from = 0; from < level.size(); from += k_chunk_folders) {
        if (progress_.cancelled()) return cancelled();
        const std::size_t to = std::min(from + k_chunk_folders, level.size());
        LG_TRY(read_chunk(std::span(level).subspan(from, to - from), next));
        progress_.indexing(tally_);
      }
      level = std::move(next);
    }
    index_.roots_.push_back(settle(root));
    return base::Done{};
  }

  /// Numbers of fresh folders follow those that are settled.
  std::uint32_t number_of(const std::string& subtree, std::string path, std::uint32_t depth,
                          std::vector<Waiting>& level) {
    const auto next = static_cast<std::uint32_t>(index_.folder_count() + fresh_.size());
    if (is_named_by_content()) {
      const auto [at, is_new] = folders_by_id_.try_emplace(subtree, next);
      if (!is_new) return at->second;
    }
    fresh_.emplace_back();
    level.push_back({.subtree = subtree, .path = std::move(path), .number = next, .depth = depth});
    return next;
  }

  /// Several threads read, this one takes in.
  base::Status read_chunk(std::span<const Waiting> chunk, std::vector<Waiting>& next) {
    std::vector<std::optional<base::Result<sources::Folder>>> read(chunk.size());
    std::atomic<std::size_t> at = 0;
    const auto work = [&] {
      for (std::size_t i = at++; i < chunk.size(); i = at++) read[i].emplace(source_.read_folder(chunk[i].subtree));
    };
    const std::size_t wanted = std::min<std::size_t>(chunk.size() / 8, k_readers_max);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < std::min<std::size_t>(wanted, source_.traits().readers_max); ++i)
        threads.emplace_back(work);
      work();
    }
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      if (read[i]->ok()) {
        LG_TRY(take(chunk[i], read[i]->value(), next));
      } else {
        note({.rule = "source.folder",
              .sentence =
                  fmt::format("cannot read the folder '{}': {}", base::printable(chunk[i].path), read[i]->error().what),
              .weight = model::Weight::contradicts,
              .range = {}});
      }
      ++tally_.folders;
    }
    return base::Done{};
  }

  base::Status take(const Waiting& waiting, const sources::Folder& folder, std::vector<Waiting>& next) {
    for (const model::Finding& finding : folder.findings) note(finding);
    Entries entries;
    entries.reserve(folder.entries.size());
    for (const model::TreeEntry& entry : folder.entries) {
      IndexedEntry indexed{.name_hash = hash_of(entry.name)};
      if (entry.kind == model::EntryKind::folder && waiting.depth < sources::k_depth_max) {
        indexed.kind = IndexedEntry::Kind::folder;
        indexed.number = number_of(entry.subtree, waiting.path + "/" + entry.name, waiting.depth + 1, next);
      } else if (entry.kind == model::EntryKind::regular && entry.content.key.size() == TreeIndex::k_key_bytes) {
        indexed.kind = IndexedEntry::Kind::file;
        LG_ASSIGN(indexed.number, content_number(waiting, entry));
      }
      entries.push_back(indexed);
    }
    std::sort(entries.begin(), entries.end(),
              [](const IndexedEntry& a, const IndexedEntry& b) { return a.name_hash < b.name_hash; });
    fresh_[waiting.number - index_.folder_count()] = std::move(entries);
    std::vector<FolderUnit> units = sinks_.units(snapshot_, waiting.path, folder);
    if (!units.empty()) index_.units_.insert_or_assign(waiting.number, std::move(units));
    return base::Done{};
  }

  base::Result<std::uint32_t> content_number(const Waiting& waiting, const model::TreeEntry& entry) {
    TreeIndex::Key key{};
    std::copy(entry.content.key.begin(), entry.content.key.end(), key.begin());
    const auto next = static_cast<std::uint32_t>(index_.content_count());
    if (next == TreeIndex::k_none - 1) {
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = "the source holds more than four thousand million contents",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = {}};
    }
    const auto [at, is_new] = index_.contents_by_key_.try_emplace(key, next);
    if (!is_new) return at->second;
    index_.keys_.push_back(key);
    index_.sizes_bytes_.push_back(entry.content.size_bytes);
    ++tally_.contents;
    sinks_.content({.content = next, .snapshot = snapshot_, .folder = &waiting.path, .entry = &entry});
    return next;
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
  std::uint32_t snapshot_ = 0;
  IndexTally tally_;
};

base::Result<TreeIndex> read_tree_index(sources::Source& source, std::span<const model::Snapshot> snapshots,
                                        const IndexSinks& sinks, IndexProgress& progress) {
  return TreeIndexer(source, sinks, progress).read(snapshots);
}

}  // namespace lastgood::recovery
