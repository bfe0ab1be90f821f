// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/stored_entry.h"

#include <algorithm>

#include "base/assert.h"

namespace lastgood::sources::borg {

using base::ByteView;
using model::EntryKind;

namespace {

// First byte: the kind in four bits, whether content is lost, and whether the rare fields stand there.
constexpr std::uint8_t k_kind_mask = 0x0F;
constexpr std::uint8_t k_lost_bit = 0x10;
constexpr std::uint8_t k_rare_bit = 0x20;

void append_little(std::string& out, std::uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

/// Reads what the functions above wrote.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t little(unsigned count) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value |= std::uint64_t{bytes_.u8(at_ + i)} << (8 * i);
    at_ += count;
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = bytes_.u8(at_++);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }
  std::uint32_t varint32() { return static_cast<std::uint32_t>(varint()); }
  std::string_view text() {
    const auto length = static_cast<std::size_t>(varint());
    const std::string_view text = bytes_.part(at_, length).text();
    at_ += length;
    return text;
  }
  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
};

std::vector<model::Attribute> unpack_attributes(std::string_view bytes) {
  std::vector<model::Attribute> attributes;
  for (Unpacker from(bytes); !from.at_end();) {
    std::string name(from.text());
    attributes.push_back({.name = std::move(name), .value = std::string(from.text())});
  }
  return attributes;
}

std::vector<model::Finding> unpack_findings(std::string_view bytes) {
  std::vector<model::Finding> findings;
  for (Unpacker from(bytes); !from.at_end();) {
    const auto weight = static_cast<model::Weight>(from.little(1));
    std::string rule(from.text());
    findings.push_back({.rule = std::move(rule), .sentence = std::string(from.text()), .weight = weight});
  }
  return findings;
}

}  // namespace

std::uint32_t ChunkNames::number_of(const ObjectId& id) {
  if (const std::optional<std::uint32_t> number = table_.find(id)) return *number;
  const auto [place, is_new] =
      numbers_of_missing_.try_emplace(id, static_cast<std::uint32_t>(table_.size() + missing_.size()));
  if (is_new) missing_.push_back(id);
  return place->second;
}

void pack_entry(const StoredEntry& entry, std::string& out) {
  const bool rare = entry.device_number != 0 || entry.link_group != 0 || entry.flags != 0 || entry.attributes != 0 ||
                    entry.findings != 0 || !entry.link_target.empty();
  out.clear();
  out += static_cast<char>(static_cast<std::uint8_t>(entry.kind) | (entry.content_lost ? k_lost_bit : 0) |
                           (rare ? k_rare_bit : 0));
  append_text(out, entry.name);
  append_varint(out, entry.mode);
  append_varint(out, entry.user_id);
  append_varint(out, entry.group_id);
  append_varint(out, entry.user);
  append_varint(out, entry.group);
  append_little(out, static_cast<std::uint64_t>(entry.mtime_ns), 8);
  append_little(out, static_cast<std::uint64_t>(entry.ctime_ns), 8);
  if (rare) {
    append_varint(out, entry.device_number);
    append_varint(out, entry.link_group);
    append_varint(out, entry.flags);
    append_varint(out, entry.attributes);
    append_varint(out, entry.findings);
    append_text(out, entry.link_target);
  }
  for (const StoredChunk& chunk : entry.chunks) {
    append_little(out, chunk.number, 4);
    append_varint(out, chunk.size_bytes);
  }
}

StoredEntry unpack_entry(std::string_view bytes) {
  Unpacker from(bytes);
  StoredEntry entry;
  const auto first = static_cast<std::uint8_t>(from.little(1));
  entry.kind = static_cast<EntryKind>(first & k_kind_mask);
  entry.content_lost = (first & k_lost_bit) != 0;
  entry.name = from.text();
  entry.mode = from.varint32();
  entry.user_id = from.varint32();
  entry.group_id = from.varint32();
  entry.user = from.varint32();
  entry.group = from.varint32();
  entry.mtime_ns = static_cast<std::int64_t>(from.little(8));
  entry.ctime_ns = static_cast<std::int64_t>(from.little(8));
  if ((first & k_rare_bit) != 0) {
    entry.device_number = from.varint();
    entry.link_group = from.varint();
    entry.flags = from.varint32();
    entry.attributes = from.varint32();
    entry.findings = from.varint32();
    entry.link_target = from.text();
  }
  while (!from.at_end()) {
    const auto number = static_cast<std::uint32_t>(from.little(4));
    entry.chunks.push_back({.number = number, .size_bytes = from.varint32()});
  }
  return entry;
}

std::string_view name_of_packed(std::string_view bytes) {
  Unpacker from(bytes.substr(1));
  return from.text();
}

EntryKind kind_of_packed(std::string_view bytes) {
  return static_cast<EntryKind>(static_cast<std::uint8_t>(bytes[0]) & k_kind_mask);
}

std::string pack_attributes(const std::vector<model::Attribute>& attributes) {
  std::string out;
  for (const model::Attribute& attribute : attributes) {
    append_text(out, attribute.name);
    append_text(out, attribute.value);
  }
  return out;
}

std::string pack_findings(const std::vector<model::Finding>& findings) {
  std::string out;
  for (const model::Finding& finding : findings) {
    out += static_cast<char>(finding.weight);
    append_text(out, finding.rule);
    append_text(out, finding.sentence);
  }
  return out;
}

EntryDigest EntryStore::digest_of(const StoredEntry& entry) {
  std::string& bytes = scratch_;
  bytes.clear();
  append_little(bytes, static_cast<std::uint64_t>(entry.kind), 1);
  append_little(bytes, entry.content_lost ? 1 : 0, 1);
  append_text(bytes, entry.name);
  for (const std::uint64_t value :
       {std::uint64_t{entry.mode}, std::uint64_t{entry.user_id}, std::uint64_t{entry.group_id},
        static_cast<std::uint64_t>(entry.mtime_ns), static_cast<std::uint64_t>(entry.ctime_ns), entry.device_number,
        entry.link_group, std::uint64_t{entry.flags}}) {
    append_little(bytes, value, 8);
  }
  for (const std::uint32_t text : {entry.user, entry.group, entry.attributes, entry.findings}) {
    append_text(bytes, texts_.at(text));
  }
  append_text(bytes, entry.link_target);
  for (const StoredChunk& chunk : entry.chunks) {
    bytes += ByteView(chunks_.id_of(chunk.number)).text();
    append_little(bytes, chunk.size_bytes, 4);
  }
  sha256_.update(ByteView(std::string_view(bytes)));
  const base::Sha256Digest whole = sha256_.finish();
  EntryDigest digest{};
  std::copy_n(whole.begin(), digest.size(), digest.begin());
  return digest;
}

std::uint32_t EntryStore::add(const StoredEntry& entry) {
  std::string packed = std::move(scratch_);
  pack_entry(entry, packed);
  const std::uint32_t number = entries_.intern(packed);
  scratch_ = std::move(packed);
  if (digests_.empty()) digests_.resize(1);  // number 0 is the empty run, which is no entry
  if (number == digests_.size()) digests_.push_back(digest_of(entry));
  LG_ASSERT(number < digests_.size());
  return number;
}

model::TreeEntry EntryStore::tree_entry(std::uint32_t number) const {
  const StoredEntry stored = entry(number);
  model::TreeEntry out{.name = std::string(stored.name),
                       .kind = stored.kind,
                       .mode = stored.mode,
                       .user_id = stored.user_id,
                       .group_id = stored.group_id,
                       .user = std::string(texts_.at(stored.user)),
                       .group = std::string(texts_.at(stored.group)),
                       .mtime_ns = stored.mtime_ns,
                       .ctime_ns = stored.ctime_ns,
                       .device_number = stored.device_number,
                       .link_target = std::string(stored.link_target),
                       .link_group = stored.link_group,
                       .flags = stored.flags,
                       .attributes = unpack_attributes(texts_.at(stored.attributes)),
                       .findings = unpack_findings(texts_.at(stored.findings))};
  if (stored.kind != EntryKind::regular) return out;
  if (stored.content_lost) {
    out.content.handle = k_lost_handle;
    out.content.key = ByteView(base::sha256(ByteView(k_lost_handle))).text();
    return out;
  }
  base::Sha256 sha256;
  for (const StoredChunk& chunk : stored.chunks) {
    const ByteView id(chunks_.id_of(chunk.number));
    sha256.update(id);
    out.content.handle += id.text();
    append_little(out.content.handle, chunk.size_bytes, 4);
    out.content.size_bytes += chunk.size_bytes;
  }
  const bool is_sha256_of_content = ids_ == ChunkIds::sha256 && stored.chunks.size() == 1;
  out.content.key =
      is_sha256_of_content ? ByteView(chunks_.id_of(stored.chunks[0].number)).text() : ByteView(sha256.finish()).text();
  return out;
}

}  // namespace lastgood::sources::borg
