// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One item of an archive: a path with its metadata and the list of its chunks (borg documentation, "Data structures and
// file formats", section "Items"). Items are MessagePack maps, one after another, cut into chunks without regard to
// where an item ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sources/borg/msgpack_reader.h"
#include "sources/borg/object_codec.h"

namespace lastgood::sources::borg {

struct ItemChunk {
  ObjectId id{};
  std::uint32_t size_bytes = 0;
};

/// Texts are views of the bytes that were parsed.
struct Item {
  std::string_view path;
  std::optional<std::uint32_t> mode;  // st_mode
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::string_view user;
  std::string_view group;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t device_number = 0;
  std::optional<std::uint64_t> size_bytes;
  std::optional<std::string_view> source;  // a link's target, or the first path of a file with several names
  bool hardlink_master = false;
  bool has_chunks = false;
  std::vector<ItemChunk> chunks;
  bool has_healthy = false;
  std::vector<ItemChunk> healthy;  // what stood there before `borg check --repair` put zeros
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  std::vector<Attribute> attributes;
  std::string_view acl_access;
  std::string_view acl_default;
  std::uint64_t bsd_flags = 0;
  std::optional<std::uint32_t> part;  // this is a part of a file, counted from 1

  void clear();
};

inline constexpr std::uint32_t k_item_chunks_max = 64U << 20;
inline constexpr std::uint32_t k_item_attributes_max = 10'000;

/// The next item; `item` is filled anew. Look at the reader's state afterwards: `cut` wants more bytes.
void parse_item(MsgpackReader& reader, Item& item);

/// Where the next item may begin at or after `from`, after bytes were lost: a map whose first name is one of an item's.
[[nodiscard]] std::size_t find_item(base::ByteView bytes, std::size_t from);

}  // namespace lastgood::sources::borg
