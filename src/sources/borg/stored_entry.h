// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An entry of a folder as a few dozen bytes, and the pools that those bytes point into.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"
#include "model/tree_entry.h"
#include "sources/borg/bytes_pool.h"
#include "sources/borg/object_table.h"

namespace lastgood::sources::borg {

/// Numbers for chunk ids: the place in the table, or beyond its end for those that the repository does not hold.
class ChunkNames {
 public:
  explicit ChunkNames(const ObjectTable& table) : table_(table) {}
  std::uint32_t number_of(const ObjectId& id);
  [[nodiscard]] bool holds(const ObjectId& id) const { return table_.find(id).has_value(); }
  [[nodiscard]] const ObjectId& id_of(std::uint32_t number) const {
    return number < table_.size() ? table_.at(number).id : missing_[number - table_.size()];
  }

 private:
  const ObjectTable& table_;
  std::vector<ObjectId> missing_;
  std::map<ObjectId, std::uint32_t> numbers_of_missing_;
};

struct StoredChunk {
  std::uint32_t number = 0;
  std::uint32_t size_bytes = 0;
};

/// What the bytes say. Texts of users, groups, attributes and findings are numbers in the pool.
struct StoredEntry {
  model::EntryKind kind = model::EntryKind::regular;
  bool content_lost = false;  // nobody knows which chunks this file has
  std::string_view name;
  std::uint32_t mode = 0;
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t device_number = 0;
  std::uint64_t link_group = 0;
  std::uint32_t flags = 0;
  std::uint32_t attributes = 0;  // pack_attributes()
  std::uint32_t findings = 0;    // pack_findings()
  std::string_view link_target;
  std::vector<StoredChunk> chunks;
};

void pack_entry(const StoredEntry& entry, std::string& out);
/// REQUIRES: bytes that pack_entry made.
[[nodiscard]] StoredEntry unpack_entry(std::string_view bytes);
/// Only the name and the kind: what sorting needs.
[[nodiscard]] std::string_view name_of_packed(std::string_view bytes);
[[nodiscard]] model::EntryKind kind_of_packed(std::string_view bytes);

[[nodiscard]] std::string pack_attributes(const std::vector<model::Attribute>& attributes);
[[nodiscard]] std::string pack_findings(const std::vector<model::Finding>& findings);

/// Proves an entry with everything in it, the same in every run and every repository.
using EntryDigest = std::array<std::uint8_t, 16>;

/// Every distinct entry once.
class EntryStore {
 public:
  /// In repositories without keys a chunk's id is the SHA-256 of its bytes.
  enum class ChunkIds : std::uint8_t { keyed, sha256 };
  EntryStore(const ObjectTable& table, ChunkIds ids) : chunks_(table), ids_(ids) {}
  std::uint32_t add(const StoredEntry& entry);
  [[nodiscard]] std::string_view packed(std::uint32_t number) const { return entries_.at(number); }
  [[nodiscard]] StoredEntry entry(std::uint32_t number) const { return unpack_entry(packed(number)); }
  [[nodiscard]] const EntryDigest& digest(std::uint32_t number) const { return digests_[number]; }
  [[nodiscard]] model::TreeEntry tree_entry(std::uint32_t number) const;

  [[nodiscard]] BytesPool& texts() { return texts_; }
  [[nodiscard]] ChunkNames& chunks() { return chunks_; }

 private:
  [[nodiscard]] EntryDigest digest_of(const StoredEntry& entry);

  BytesPool texts_;
  BytesPool entries_;
  ChunkNames chunks_;
  ChunkIds ids_;
  std::vector<EntryDigest> digests_;
  base::Sha256 sha256_;
  std::string scratch_;
};

/// A content's handle: 36 bytes a chunk, its id and its length (little endian). Of lost content: k_lost_handle.
inline constexpr std::size_t k_handle_chunk_bytes = 36;
inline constexpr std::string_view k_lost_handle = "lost";

}  // namespace lastgood::sources::borg
