// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where each object lies: one sorted array, 40 bytes an object, found through the first bits of the name, which are
// as good as random.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sources/borg/object_codec.h"

namespace lastgood::sources::borg {

struct ObjectPlace {
  ObjectId id{};
  std::uint32_t segment = 0;
  std::uint32_t offset_bytes = 0;  // of the entry; segments end below 4 GiB
};

/// Immutable once made: any thread.
class ObjectTable {
 public:
  enum class Copies : std::uint8_t { newest, all };

  ObjectTable() = default;
  /// Of several places with one id the newest in the log stays, or all do, newest last.
  ObjectTable(std::vector<ObjectPlace> places, Copies copies);

  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] const ObjectPlace& at(std::size_t index) const { return places_[index]; }
  [[nodiscard]] std::optional<std::uint32_t> find(const ObjectId& id) const;
  /// All places with this id, newest last.
  [[nodiscard]] std::span<const ObjectPlace> copies_of(const ObjectId& id) const;

 private:
  [[nodiscard]] std::size_t first_at_or_after(const ObjectId& id) const;

  std::vector<ObjectPlace> places_;
  std::vector<std::uint32_t> buckets_;  // first place whose id begins with at least this many
  unsigned bucket_bits_ = 0;
};

}  // namespace lastgood::sources::borg
