// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/bytes_pool.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/byte_view.h"
#include "os/random.h"

namespace lastgood::sources::borg {

namespace {

// The first blocks are small: most repositories have few texts.
constexpr std::uint32_t k_first_block_bytes = 1U << 14;
constexpr std::uint32_t k_block_bytes_max = 1U << 20;
constexpr std::uint32_t k_length_bytes = sizeof(std::uint32_t);

}  // namespace

BytesPool::BytesPool() : slots_(1024, 0) {
  std::array<std::uint8_t, 8> random{};
  os::fill_random(random);
  seed_ = base::ByteView(random).le64(0);
  intern({});
}

std::uint64_t BytesPool::hash_of(std::string_view bytes) const {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed_);
}

std::string_view BytesPool::at(std::uint32_t number) const {
  LG_ASSERT(number < places_.size());
  const Place place = places_[number];
  const char* const from = blocks_[place.block].get() + place.offset_bytes;
  std::uint32_t length = 0;
  std::memcpy(&length, from, k_length_bytes);
  return {from + k_length_bytes, length};
}

BytesPool::Place BytesPool::store(std::string_view bytes) {
  LG_ASSERT(bytes.size() < UINT32_MAX - k_length_bytes && blocks_.size() < UINT32_MAX);
  const auto length = static_cast<std::uint32_t>(bytes.size());
  Place place;
  if (length + k_length_bytes > k_first_block_bytes / 4) {
    // Long runs get a block of their own, so that little room is lost at the ends of common ones.
    place = {.block = static_cast<std::uint32_t>(blocks_.size()), .offset_bytes = 0};
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(length + k_length_bytes));
  } else {
    if (common_block_ == UINT32_MAX || room_from_ + length + k_length_bytes > block_bytes_) {
      common_block_ = static_cast<std::uint32_t>(blocks_.size());
      block_bytes_ = block_bytes_ == 0 ? k_first_block_bytes : std::min(block_bytes_ * 2, k_block_bytes_max);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_bytes_));
      room_from_ = 0;
    }
    place = {.block = common_block_, .offset_bytes = room_from_};
    room_from_ += length + k_length_bytes;
  }
  char* const to = blocks_[place.block].get() + place.offset_bytes;
  std::memcpy(to, &length, k_length_bytes);
  if (length > 0) std::memcpy(to + k_length_bytes, bytes.data(), length);
  return place;
}

void BytesPool::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < places_.size(); ++number) {
    std::size_t slot = static_cast<std::size_t>(hash_of(at(number))) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = number + 1;
  }
}

std::uint32_t BytesPool::intern(std::string_view bytes) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(hash_of(bytes)) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (at(slots_[slot] - 1) == bytes) return slots_[slot] - 1;
  }
  LG_ASSERT(places_.size() < UINT32_MAX - 1);
  const auto number = static_cast<std::uint32_t>(places_.size());
  places_.push_back(store(bytes));
  slots_[slot] = number + 1;
  if (places_.size() * 4 > slots_.size() * 3) grow();
  return number;
}

}  // namespace lastgood::sources::borg
