// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/item.h"

#include <algorithm>
#include <array>

namespace lastgood::sources::borg {

using base::ByteView;
using Kind = MsgpackReader::Kind;

namespace {

constexpr std::array<std::string_view, 23> k_names = {
    "path",   "source",   "rdev", "chunks",   "chunks_healthy", "hardlink_master", "mode",        "user",
    "group",  "uid",      "gid",  "mtime",    "atime",          "ctime",           "birthtime",   "size",
    "xattrs", "bsdflags", "part", "acl_nfs4", "acl_access",     "acl_default",     "acl_extended"};

/// Texts that are missing are written as nil.
std::string_view read_optional_text(MsgpackReader& reader) {
  if (reader.next_kind() == Kind::nothing) {
    reader.skip();
    return {};
  }
  return reader.read_text();
}

std::int64_t read_optional_integer(MsgpackReader& reader) {
  if (reader.next_kind() == Kind::integer) return reader.read_integer();
  reader.skip();
  return 0;
}

std::uint32_t read_account(MsgpackReader& reader) {
  const std::int64_t id = read_optional_integer(reader);
  return id >= 0 && id <= UINT32_MAX ? static_cast<std::uint32_t>(id) : 0;
}

/// An integer, or as borg 1.0 wrote it and later versions do beyond 63 bits: a signed little-endian number of any
/// length. Times outside of 1677..2262 become the nearest that nanoseconds in 64 bits can say.
std::int64_t read_time(MsgpackReader& reader) {
  if (reader.next_kind() != Kind::text) return read_optional_integer(reader);
  const ByteView bytes(reader.read_text());
  if (bytes.empty()) return 0;
  const bool negative = (bytes.u8(bytes.size() - 1) & 0x80U) != 0;
  std::uint64_t value = negative ? UINT64_MAX : 0;
  for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i-- > 0;) value = (value << 8) | bytes.u8(i);
  const std::uint8_t filler = negative ? 0xFF : 0;
  bool fits = (static_cast<std::int64_t>(value) < 0) == negative;
  for (std::size_t i = 8; i < bytes.size(); ++i) fits = fits && bytes.u8(i) == filler;
  if (!fits) return negative ? INT64_MIN : INT64_MAX;
  return static_cast<std::int64_t>(value);
}

void read_chunks(MsgpackReader& reader, std::vector<ItemChunk>& chunks) {
  if (reader.next_kind() == Kind::nothing) return reader.skip();
  const std::uint32_t count = reader.read_list();
  if (count > k_item_chunks_max) return reader.fail();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint32_t fields = reader.read_list();
    const ByteView id(reader.read_text());
    const std::int64_t size = reader.read_integer();
    for (std::uint32_t field = 2; field < fields && reader.ok(); ++field) reader.skip();
    if (!reader.ok()) return;
    if (fields < 2 || id.size() != 32 || size < 0 || size > UINT32_MAX) return reader.fail();
    ItemChunk chunk{.size_bytes = static_cast<std::uint32_t>(size)};
    std::copy(id.begin(), id.end(), chunk.id.begin());
    chunks.push_back(chunk);
  }
}

void read_attributes(MsgpackReader& reader, std::vector<Item::Attribute>& attributes) {
  if (reader.next_kind() == Kind::nothing) return reader.skip();
  const std::uint32_t count = reader.read_map();
  if (count > k_item_attributes_max) return reader.fail();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    attributes.push_back({.name = name, .value = read_optional_text(reader)});
  }
}

/// The fields that nearly every item has; false for another.
bool read_common_field(MsgpackReader& reader, std::string_view name, Item& item) {
  if (name == "path") {
    item.path = reader.read_text();
  } else if (name == "mode") {
    const std::int64_t mode = reader.read_integer();
    if (mode >= 0 && mode <= UINT32_MAX) item.mode = static_cast<std::uint32_t>(mode);
  } else if (name == "mtime") {
    item.mtime_ns = read_time(reader);
  } else if (name == "ctime") {
    item.ctime_ns = read_time(reader);
  } else if (name == "uid") {
    item.user_id = read_account(reader);
  } else if (name == "gid") {
    item.group_id = read_account(reader);
  } else if (name == "user") {
    item.user = read_optional_text(reader);
  } else if (name == "group") {
    item.group = read_optional_text(reader);
  } else if (name == "chunks") {
    item.has_chunks = reader.next_kind() != Kind::nothing;
    read_chunks(reader, item.chunks);
  } else if (name == "size") {
    const std::int64_t size = read_optional_integer(reader);
    if (size >= 0) item.size_bytes = static_cast<std::uint64_t>(size);
  } else {
    return false;
  }
  return true;
}

void read_rare_field(MsgpackReader& reader, std::string_view name, Item& item) {
  if (name == "source") {
    if (reader.next_kind() == Kind::nothing) return reader.skip();
    item.source = reader.read_text();
  } else if (name == "hardlink_master" && reader.next_kind() == Kind::boolean) {
    item.hardlink_master = reader.read_boolean();
  } else if (name == "rdev") {
    item.device_number = static_cast<std::uint64_t>(std::max<std::int64_t>(0, read_optional_integer(reader)));
  } else if (name == "chunks_healthy") {
    item.has_healthy = reader.next_kind() != Kind::nothing;
    read_chunks(reader, item.healthy);
  } else if (name == "xattrs") {
    read_attributes(reader, item.attributes);
  } else if (name == "acl_access") {
    item.acl_access = read_optional_text(reader);
  } else if (name == "acl_default") {
    item.acl_default = read_optional_text(reader);
  } else if (name == "bsdflags") {
    item.bsd_flags = static_cast<std::uint64_t>(std::max<std::int64_t>(0, read_optional_integer(reader)));
  } else if (name == "part") {
    const std::int64_t part = read_optional_integer(reader);
    item.part = part > 0 && part <= INT32_MAX ? static_cast<std::uint32_t>(part) : 1;
  } else {
    reader.skip();
  }
}

}  // namespace

void Item::clear() {
  std::vector<ItemChunk> kept_chunks = std::move(chunks);
  std::vector<ItemChunk> kept_healthy = std::move(healthy);
  std::vector<Attribute> kept_attributes = std::move(attributes);
  *this = Item();
  chunks = std::move(kept_chunks);
  healthy = std::move(kept_healthy);
  attributes = std::move(kept_attributes);
  chunks.clear();
  healthy.clear();
  attributes.clear();
}

void parse_item(MsgpackReader& reader, Item& item) {
  item.clear();
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (reader.ok() && !read_common_field(reader, name, item)) read_rare_field(reader, name, item);
  }
}

std::size_t find_item(ByteView bytes, std::size_t from) {
  for (std::size_t at = from; at + 2 < bytes.size(); ++at) {
    const std::uint8_t head = bytes.u8(at);
    // Maps of up to 15 pairs, or of a 16-bit number of them; then a short text.
    const bool short_map = head > 0x80 && head <= 0x8F;
    if (!short_map && head != 0xDE) continue;
    const std::size_t name_at = at + (short_map ? 1 : 3);
    const std::uint8_t name_head = bytes.u8(name_at);
    if (name_head <= 0xA0 || name_head > 0xBF) continue;
    const std::string_view name = bytes.part(name_at + 1, name_head & 0x1FU).text();
    if (std::find(k_names.begin(), k_names.end(), name) != k_names.end()) return at;
  }
  return bytes.size();
}

}  // namespace lastgood::sources::borg
