// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where every copy of every blob lies: one sorted array of 48 bytes a blob, with a table of where each beginning of an
// id starts (half a byte a blob). SHA-256 spreads ids evenly; where somebody made up ids to crowd one place, the search
// is still binary.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sources/restic/blob_id.h"
#include "sources/restic/index_file.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

/// One copy of a blob.
struct BlobRecord {
  BlobId id{};
  std::uint32_t pack_and_kind = 0;
  std::uint32_t offset_bytes = 0;
  std::uint32_t length_bytes = 0;
  std::uint32_t plain_bytes = 0;  // 0: not compressed

  static constexpr std::uint32_t k_tree_bit = std::uint32_t{1} << 31;
  [[nodiscard]] std::uint32_t pack() const { return pack_and_kind & ~k_tree_bit; }
  [[nodiscard]] BlobKind kind() const { return (pack_and_kind & k_tree_bit) != 0 ? BlobKind::tree : BlobKind::data; }
  /// Of the content.
  [[nodiscard]] std::uint32_t content_bytes() const;
};
static_assert(sizeof(BlobRecord) == 48);

/// Packs, numbered: those that are there by name, then those that an index names and nobody has.
class PackTable {
 public:
  PackTable() = default;
  /// `present` is sorted by name.
  explicit PackTable(std::vector<StoredFile> present);
  [[nodiscard]] std::size_t size() const { return present_.size() + absent_.size(); }
  [[nodiscard]] std::size_t present_count() const { return present_.size(); }
  [[nodiscard]] bool is_present(std::uint32_t number) const { return number < present_.size(); }
  /// REQUIRES: number < size().
  [[nodiscard]] const BlobId& name_of(std::uint32_t number) const;
  /// REQUIRES: is_present(number).
  [[nodiscard]] const StoredFile& file_of(std::uint32_t number) const { return present_[number]; }
  /// The number of a pack, a new one where it has none.
  std::uint32_t number_of(const BlobId& name);

 private:
  std::vector<StoredFile> present_;
  std::vector<BlobId> absent_;
  std::map<BlobId, std::uint32_t> absent_numbers_;
};

/// Grows in place where the system can move pages instead of bytes: a std::vector would need three times the memory
/// while it grows.
class RecordArray {
 public:
  RecordArray() = default;
  RecordArray(RecordArray&& other) noexcept;
  RecordArray& operator=(RecordArray&& other) noexcept;
  RecordArray(const RecordArray&) = delete;
  RecordArray& operator=(const RecordArray&) = delete;
  ~RecordArray() { std::free(records_); }  // NOLINT(cppcoreguidelines-no-malloc)
  void push_back(const BlobRecord& record);
  void cut_to(std::size_t size);
  [[nodiscard]] std::span<BlobRecord> records() { return {records_, size_}; }
  [[nodiscard]] std::span<const BlobRecord> records() const { return {records_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void resize_capacity(std::size_t capacity);
  BlobRecord* records_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Filled by one thread, then ordered, then asked by any thread.
class BlobIndex {
 public:
  BlobIndex() = default;
  explicit BlobIndex(PackTable packs) : packs_(std::move(packs)) {}

  /// False when no more fit: 2^31 copies. After it, `put_in_order` before anything is asked.
  [[nodiscard]] bool add(std::uint32_t pack, const BlobPlace& place);
  /// By id, then pack, then offset; what is there twice stays once.
  void put_in_order();

  /// Every copy of a blob, those in packs that are there first; empty when no index and no pack names it.
  [[nodiscard]] std::span<const BlobRecord> copies_of(const BlobId& id) const;
  [[nodiscard]] std::span<const BlobRecord> records() const { return records_.records(); }
  /// Where a record from here stands in records().
  [[nodiscard]] std::size_t place_of(const BlobRecord& record) const {
    return static_cast<std::size_t>(&record - records_.records().data());
  }
  [[nodiscard]] PackTable& packs() { return packs_; }
  [[nodiscard]] const PackTable& packs() const { return packs_; }

 private:
  PackTable packs_;
  RecordArray records_;
  std::vector<std::uint32_t> bucket_starts_;
  unsigned bucket_bits_ = 0;
};

}  // namespace lastgood::sources::restic
