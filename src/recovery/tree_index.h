// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TreeIndex: the folders of all snapshots of a source, each different one once, in flat arrays; and the contents in
// them, each once. About 16 bytes an entry and 56 bytes a content, so that a million files in thirty snapshots fit.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/snapshot.h"
#include "recovery/content_table.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// What an entry of an indexed folder is: a folder or a content, by number, or something without bytes.
struct IndexedEntry {
  std::uint64_t name_hash = 0;
  std::uint32_t number = 0;
  enum class Kind : std::uint8_t { folder, file, other } kind = Kind::other;
};

/// A content that stands first in this entry; asked for while the index is made.
struct FirstSight {
  std::uint32_t content = 0;            // its number
  std::uint32_t snapshot = 0;           // its number
  const std::string* folder = nullptr;  // path in the snapshot: "" or "/srv/lab"
  const model::TreeEntry* entry = nullptr;
};

/// A database or other unit that lies in a folder, or that the folder is (then `name` is empty).
struct FolderUnit {
  std::string kind;
  std::string name;
};

/// What whoever makes an index wants of it.
struct IndexSinks {
  /// Called from one thread.
  std::function<void(const FirstSight&)> content;
  /// Asked once for each different folder, with the path it was seen at first. Any thread, several at once.
  std::function<std::vector<FolderUnit>(std::uint32_t snapshot, const std::string& path, const sources::Folder&)> units;
};

class TreeIndex {
 public:
  static constexpr std::uint32_t k_none = ContentTable::k_none;

  /// Entries of a folder, sorted by name_hash.
  [[nodiscard]] std::span<const IndexedEntry> folder(std::uint32_t number) const {
    return {entries_.data() + folder_starts_[number], entries_.data() + folder_starts_[number + 1]};
  }
  [[nodiscard]] std::size_t folder_count() const { return folder_starts_.size() - 1; }
  /// The root folder of a snapshot; k_none: it could not be read.
  [[nodiscard]] std::uint32_t root(std::size_t snapshot) const { return roots_[snapshot]; }
  [[nodiscard]] std::size_t content_count() const { return sizes_bytes_.size(); }
  [[nodiscard]] std::string_view key(std::uint32_t content) const { return contents_.key(content); }
  [[nodiscard]] std::uint64_t size_bytes(std::uint32_t content) const { return sizes_bytes_[content]; }
  /// k_none: no content has this key.
  [[nodiscard]] std::uint32_t find_content(std::string_view key) const { return contents_.find(key); }
  /// The folder called `name` in `folder`; k_none: there is none.
  [[nodiscard]] std::uint32_t find_folder(std::uint32_t folder, std::string_view name) const;
  /// nullptr: none.
  [[nodiscard]] const std::vector<FolderUnit>* units(std::uint32_t folder) const {
    const auto at = units_.find(folder);
    return at == units_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] bool has_units() const { return !units_.empty(); }
  /// Folders that could not be read and names that were refused, by snapshot number; at most some hundred.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, model::Finding>>& findings() const { return findings_; }

 private:
  friend class TreeIndexer;

  std::vector<IndexedEntry> entries_;
  std::vector<std::uint64_t> folder_starts_{0};
  std::vector<std::uint32_t> roots_;
  ContentTable contents_;
  std::vector<std::uint64_t> sizes_bytes_;
  std::unordered_map<std::uint32_t, std::vector<FolderUnit>> units_;  // few folders have any
  std::vector<std::pair<std::uint32_t, model::Finding>> findings_;
};

/// The finding of a snapshot that is a trap (see count_snapshots.h): it has no root in the index, plans leave it out.
inline constexpr std::string_view k_rule_paths = "source.paths";

/// How far indexing is.
struct IndexTally {
  std::size_t snapshots_done = 0;
  std::size_t snapshots = 0;
  std::uint64_t folders = 0;
  std::uint64_t contents = 0;
};

class IndexProgress {
 public:
  virtual ~IndexProgress() = default;
  virtual void indexing(const IndexTally& tally) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

/// Reads every different folder once, several at a time. A folder that cannot be read is a finding, and empty.
/// ErrorCode::cancelled when asked to stop; ErrorCode::limit_reached beyond four thousand million entries.
[[nodiscard]] base::Result<TreeIndex> read_tree_index(sources::Source& source,
                                                      std::span<const model::Snapshot> snapshots,
                                                      const IndexSinks& sinks, IndexProgress& progress);

}  // namespace lastgood::recovery
