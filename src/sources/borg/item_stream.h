// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From the chunks of an archive's item list to items as numbers. Archives share most of these chunks: what one chunk
// gives, with the bytes left over from the chunk before, is kept until an archive no longer has it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sources/borg/item.h"
#include "sources/borg/path_nodes.h"
#include "sources/borg/stored_entry.h"

namespace lastgood::sources::borg {

struct ParsedItem {
  std::uint32_t folder = 0;        // node of the folder it is in
  std::uint32_t entry = 0;         // in the EntryStore
  std::uint32_t node = k_no_node;  // of a folder: its own
};

/// What one chunk of an item list gives.
struct ItemPiece {
  /// A file or device with several names; also used to look one up.
  struct Named {
    std::uint64_t link_group = 0;
    std::uint32_t entry = 0;
  };
  struct Link {
    std::uint32_t item = 0;  // in `items`
    std::uint64_t link_group = 0;
  };
  /// Of a file that was being read when borg wrote a checkpoint. Its name still ends in ".borg_part_N".
  struct Part {
    std::uint32_t folder = 0;
    std::uint32_t entry = 0;
    std::uint32_t number = 0;
  };
  std::vector<ParsedItem> items;
  std::vector<Named> masters;  // first names of what has several
  std::vector<Link> links;     // further names: their content is the master's
  std::vector<Part> parts;     // not among `items`
  std::vector<model::Finding> findings;
  std::string carry;            // bytes of an item that goes on in the next chunk
  std::size_t retry_bytes = 0;  // the carry is parsed again when there are so many bytes
  bool lost_before = false;     // the next chunk begins somewhere in an item that is lost
  std::uint64_t last_use = 0;
};

/// Reads one chunk of the list: plain bytes, proved.
using ChunkReader = std::function<base::Status(const ObjectId&, std::vector<std::uint8_t>&)>;

/// One thread.
class ItemStream {
 public:
  ItemStream(EntryStore& entries, PathNodes& nodes) : entries_(entries), nodes_(nodes) {}

  /// The pieces of one archive, in order; they live until the next call. Lost chunks are findings of their piece.
  [[nodiscard]] std::vector<const ItemPiece*> read(const std::vector<ObjectId>& chunks, const ChunkReader& reader);

 private:
  struct KeyHash {
    std::size_t operator()(const base::Sha256Digest& key) const;
  };
  [[nodiscard]] ItemPiece parse(const ItemPiece& before, base::ByteView chunk, bool is_last);
  void take_item(const Item& item, ItemPiece& piece);
  void add_item(const Item& item, const PathNodes::Place& place, ItemPiece& piece);
  void take_content(const Item& item, StoredEntry& entry, std::vector<model::Finding>& findings);
  void take_attributes(const Item& item, StoredEntry& entry, std::vector<model::Finding>& findings);

  EntryStore& entries_;
  PathNodes& nodes_;
  std::unordered_map<base::Sha256Digest, ItemPiece, KeyHash> pieces_;  // by carry and chunk id
  std::uint64_t uses_ = 0;
  Item item_;
  StoredEntry stored_;
  std::vector<model::Attribute> attributes_;
};

/// Numbers files with several names: the first bytes of SHA-256 of the first name's path, never 0.
[[nodiscard]] std::uint64_t link_group_of(std::string_view master_path);

}  // namespace lastgood::sources::borg
