// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From the flat items of archives to folders. An archive's items are read once, when its root is first asked for.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sources/borg/folder_store.h"
#include "sources/borg/item_stream.h"

namespace lastgood::sources::borg {

struct ArchiveTree {
  std::uint32_t root = 0;  // in folders()
  std::vector<model::Finding> findings;
};

/// One thread builds; many may look at what is built while none does.
class ArchiveTrees {
 public:
  ArchiveTrees(const ObjectTable& table, EntryStore::ChunkIds ids);

  /// Part files are for archives that borg did not finish: then they are joined, else left out.
  enum class Parts : std::uint8_t { leave_out, join };
  [[nodiscard]] ArchiveTree build(const std::vector<ObjectId>& chunks, Parts parts, const ChunkReader& reader);

  [[nodiscard]] const FolderStore& folders() const { return folders_; }
  [[nodiscard]] const EntryStore& entries() const { return entries_; }

 private:
  struct Build;
  void gather(const std::vector<const ItemPiece*>& pieces, Build& build);
  void resolve_links(const std::vector<const ItemPiece*>& pieces, Build& build);
  void join_parts(const std::vector<const ItemPiece*>& pieces, Build& build);
  void place_items(Build& build);
  void close_folder(std::uint32_t node, Build& build);
  [[nodiscard]] std::uint32_t make_folder(std::uint32_t node, const FolderStore::View& unsorted);
  [[nodiscard]] std::uint32_t made_up_entry(std::uint32_t node);

  struct Hash {
    std::size_t operator()(const std::pair<std::uint64_t, std::uint64_t>& key) const {
      return static_cast<std::size_t>(key.first);
    }
  };
  // From a hash, with a secret seed, of a folder's entries, as they come, to the folder: spares the sorting of folders
  // that did not change.
  using Seen = std::unordered_map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t, Hash>;

  BytesPool names_;
  EntryStore entries_;
  PathNodes nodes_;
  ItemStream stream_;
  FolderStore folders_;
  std::uint64_t seed_ = 0;
  Seen seen_;
  Seen seen_now_;
};

}  // namespace lastgood::sources::borg
