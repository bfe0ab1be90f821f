// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/blob_index.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "base/assert.h"
#include "sources/restic/crypto.h"

namespace lastgood::sources::restic {

namespace {

static_assert(std::is_trivially_copyable_v<BlobRecord>);

constexpr std::size_t k_records_max = std::size_t{1} << 31;
constexpr std::size_t k_records_a_bucket = 8;
constexpr unsigned k_bucket_bits_max = 26;

std::uint32_t beginning_of(const BlobId& id) {
  return std::uint32_t{id[0]} << 24U | std::uint32_t{id[1]} << 16U | std::uint32_t{id[2]} << 8U | id[3];
}

bool comes_before(const BlobRecord& a, const BlobRecord& b) {
  const int order = std::memcmp(a.id.data(), b.id.data(), a.id.size());
  if (order != 0) return order < 0;
  if (a.pack() != b.pack()) return a.pack() < b.pack();
  if (a.offset_bytes != b.offset_bytes) return a.offset_bytes < b.offset_bytes;
  if (a.length_bytes != b.length_bytes) return a.length_bytes < b.length_bytes;
  return a.plain_bytes < b.plain_bytes;
}

/// The kind is no part of it: what a blob is, its bytes say.
bool is_same_copy(const BlobRecord& a, const BlobRecord& b) { return !comes_before(a, b) && !comes_before(b, a); }

}  // namespace

std::uint32_t BlobRecord::content_bytes() const {
  if (plain_bytes > 0) return plain_bytes;
  return length_bytes - std::min<std::uint32_t>(length_bytes, k_seal_bytes);
}

PackTable::PackTable(std::vector<StoredFile> present) : present_(std::move(present)) {}

const BlobId& PackTable::name_of(std::uint32_t number) const {
  LG_ASSERT(number < size());
  return number < present_.size() ? present_[number].name : absent_[number - present_.size()];
}

std::uint32_t PackTable::number_of(const BlobId& name) {
  const auto found = std::lower_bound(present_.begin(), present_.end(), name,
                                      [](const StoredFile& file, const BlobId& wanted) { return file.name < wanted; });
  if (found != present_.end() && found->name == name) return static_cast<std::uint32_t>(found - present_.begin());
  const auto [place, is_new] = absent_numbers_.try_emplace(name, static_cast<std::uint32_t>(size()));
  if (is_new) absent_.push_back(name);
  return place->second;
}

RecordArray::RecordArray(RecordArray&& other) noexcept
    : records_(std::exchange(other.records_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

RecordArray& RecordArray::operator=(RecordArray&& other) noexcept {
  std::swap(records_, other.records_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

void RecordArray::resize_capacity(std::size_t capacity) {
  void* const moved = std::realloc(records_, capacity * sizeof(BlobRecord));  // NOLINT(cppcoreguidelines-no-malloc)
  if (moved == nullptr) throw std::bad_alloc();
  records_ = static_cast<BlobRecord*>(moved);
  capacity_ = capacity;
}

void RecordArray::push_back(const BlobRecord& record) {
  if (size_ == capacity_) resize_capacity(std::max<std::size_t>(1024, capacity_ + capacity_ / 2));
  records_[size_++] = record;
}

void RecordArray::cut_to(std::size_t size) {
  LG_ASSERT(size <= size_);
  size_ = size;
  if (size > 0) resize_capacity(size);
}

bool BlobIndex::add(std::uint32_t pack, const BlobPlace& place) {
  if (records_.size() >= k_records_max || pack >= BlobRecord::k_tree_bit) return false;
  records_.push_back({.id = place.id,
                      .pack_and_kind = pack | (place.kind == BlobKind::tree ? BlobRecord::k_tree_bit : 0),
                      .offset_bytes = place.offset_bytes,
                      .length_bytes = place.length_bytes,
                      .plain_bytes = place.plain_length_bytes});
  return true;
}

void BlobIndex::put_in_order() {
  const std::span<BlobRecord> all = records_.records();
  std::sort(all.begin(), all.end(), comes_before);
  records_.cut_to(static_cast<std::size_t>(std::unique(all.begin(), all.end(), is_same_copy) - all.begin()));

  bucket_bits_ = 0;
  while (bucket_bits_ < k_bucket_bits_max && (records_.size() >> bucket_bits_) > k_records_a_bucket) ++bucket_bits_;
  const std::size_t buckets = std::size_t{1} << bucket_bits_;
  bucket_starts_.assign(buckets + 1, 0);
  bucket_starts_.shrink_to_fit();
  for (const BlobRecord& record : records()) {
    ++bucket_starts_[(std::uint64_t{beginning_of(record.id)} >> (32 - bucket_bits_)) + 1];
  }
  for (std::size_t i = 1; i <= buckets; ++i) bucket_starts_[i] += bucket_starts_[i - 1];
}

std::span<const BlobRecord> BlobIndex::copies_of(const BlobId& id) const {
  if (bucket_starts_.empty()) return {};
  const std::uint64_t bucket = std::uint64_t{beginning_of(id)} >> (32 - bucket_bits_);
  const std::span<const BlobRecord> near =
      records().subspan(bucket_starts_[bucket], bucket_starts_[bucket + 1] - bucket_starts_[bucket]);
  auto first = std::lower_bound(near.begin(), near.end(), id, [](const BlobRecord& record, const BlobId& wanted) {
    return std::memcmp(record.id.data(), wanted.data(), wanted.size()) < 0;
  });
  auto last = first;
  while (last != near.end() && last->id == id) ++last;
  return {first, last};
}

}  // namespace lastgood::sources::restic
