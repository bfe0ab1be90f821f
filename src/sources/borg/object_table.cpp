// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/object_table.h"

#include <algorithm>
#include <bit>

#include "base/byte_view.h"

namespace lastgood::sources::borg {

namespace {

// About four places a bucket: a look-up is one jump and a few comparisons.
constexpr std::size_t k_places_per_bucket = 4;
constexpr unsigned k_bucket_bits_max = 24;

std::uint32_t head_of(const ObjectId& id) { return base::ByteView(id).be32(0); }

}  // namespace

ObjectTable::ObjectTable(std::vector<ObjectPlace> places, Copies copies) : places_(std::move(places)) {
  std::sort(places_.begin(), places_.end(), [](const ObjectPlace& a, const ObjectPlace& b) {
    if (a.id != b.id) return a.id < b.id;
    return a.segment != b.segment ? a.segment < b.segment : a.offset_bytes < b.offset_bytes;
  });
  if (copies == Copies::newest) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const bool newer_follows = i + 1 < places_.size() && places_[i + 1].id == places_[i].id;
      if (!newer_follows) places_[kept++] = places_[i];
    }
    places_.resize(kept);
  }
  places_.shrink_to_fit();
  bucket_bits_ = std::min<unsigned>(k_bucket_bits_max,
                                    static_cast<unsigned>(std::bit_width(places_.size() / k_places_per_bucket)));
  buckets_.assign((std::size_t{1} << bucket_bits_) + 1, static_cast<std::uint32_t>(places_.size()));
  for (std::size_t i = places_.size(); i-- > 0;) {
    const std::uint64_t bucket = std::uint64_t{head_of(places_[i].id)} >> (32 - bucket_bits_);
    buckets_[static_cast<std::size_t>(bucket)] = static_cast<std::uint32_t>(i);
  }
  for (std::size_t b = buckets_.size() - 1; b-- > 0;) buckets_[b] = std::min(buckets_[b], buckets_[b + 1]);
}

std::size_t ObjectTable::first_at_or_after(const ObjectId& id) const {
  if (places_.empty()) return 0;
  const auto bucket = static_cast<std::size_t>(std::uint64_t{head_of(id)} >> (32 - bucket_bits_));
  const auto from = places_.begin() + static_cast<std::ptrdiff_t>(buckets_[bucket]);
  const auto to = places_.begin() + static_cast<std::ptrdiff_t>(buckets_[bucket + 1]);
  const auto found = std::lower_bound(
      from, to, id, [](const ObjectPlace& place, const ObjectId& wanted) { return place.id < wanted; });
  return static_cast<std::size_t>(found - places_.begin());
}

std::optional<std::uint32_t> ObjectTable::find(const ObjectId& id) const {
  const std::span<const ObjectPlace> copies = copies_of(id);
  if (copies.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(&copies.back() - places_.data());
}

std::span<const ObjectPlace> ObjectTable::copies_of(const ObjectId& id) const {
  const std::size_t from = first_at_or_after(id);
  std::size_t to = from;
  while (to < places_.size() && places_[to].id == id) ++to;
  return std::span(places_).subspan(from, to - from);
}

}  // namespace lastgood::sources::borg
