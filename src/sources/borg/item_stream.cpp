// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/item_stream.h"

#include <algorithm>

#include "base/error.h"
#include "sources/acl_text.h"
#include "sources/source.h"

namespace lastgood::sources::borg {

using base::ByteView;
using model::EntryKind;

namespace {

// An item is parsed anew with every chunk that it goes on in, up to this size; beyond, only when it has doubled: a file
// of 64 KiB chunks and 1 TiB has an item of 700 MB, and a forger could make one chunk per byte.
constexpr std::size_t k_eager_carry_bytes = 65'536;
// An item that goes on for longer is damage.
constexpr std::size_t k_carry_bytes_max = 1U << 30;
constexpr std::size_t k_findings_per_piece = 50;

// st_mode
constexpr std::uint32_t k_type_bits = 0170000;

std::optional<EntryKind> kind_of(std::uint32_t mode) {
  switch (mode & k_type_bits) {
    case 0100000: return EntryKind::regular;
    case 0040000: return EntryKind::folder;
    case 0120000: return EntryKind::link;
    case 0010000: return EntryKind::fifo;
    case 0140000: return EntryKind::socket;
    case 0020000: return EntryKind::character_device;
    case 0060000: return EntryKind::block_device;
    default: return std::nullopt;
  }
}

/// chflags(2) of the BSDs, which borg writes on every system, to FS_IOC_SETFLAGS.
std::uint32_t linux_flags(std::uint64_t bsd) {
  constexpr std::uint64_t k_bsd_nodump = 0x1;
  constexpr std::uint64_t k_bsd_immutable = 0x2 | 0x20000;
  constexpr std::uint64_t k_bsd_append = 0x4 | 0x40000;
  constexpr std::uint32_t k_immutable = 0x10;
  constexpr std::uint32_t k_append = 0x20;
  constexpr std::uint32_t k_nodump = 0x40;
  return ((bsd & k_bsd_nodump) != 0 ? k_nodump : 0) | ((bsd & k_bsd_immutable) != 0 ? k_immutable : 0) |
         ((bsd & k_bsd_append) != 0 ? k_append : 0);
}

void add_item_finding(std::vector<model::Finding>& findings, const char* rule, std::string sentence,
                      model::Weight weight = model::Weight::contradicts) {
  if (findings.size() < k_findings_per_piece) {
    findings.push_back({.rule = rule, .sentence = std::move(sentence), .weight = weight});
  }
}

base::Sha256Digest key_of(const ItemPiece& before, const ObjectId& chunk, bool is_last) {
  base::Sha256 sha256;
  const std::string state =
      std::to_string(before.retry_bytes) + (before.lost_before ? "l" : "-") + (is_last ? "e" : "-");
  sha256.update(ByteView(chunk));
  sha256.update(ByteView(std::string_view(state)));
  sha256.update(ByteView(std::string_view(before.carry)));
  return sha256.finish();
}

}  // namespace

std::uint64_t link_group_of(std::string_view master_path) {
  return std::max<std::uint64_t>(1, ByteView(base::sha256(ByteView(master_path))).le64(0));
}

std::size_t ItemStream::KeyHash::operator()(const base::Sha256Digest& key) const {
  return static_cast<std::size_t>(ByteView(key).le64(0));
}

std::vector<const ItemPiece*> ItemStream::read(const std::vector<ObjectId>& chunks, const ChunkReader& reader) {
  std::vector<const ItemPiece*> pieces;
  pieces.reserve(chunks.size());
  ++uses_;
  const ItemPiece nothing_before;
  const ItemPiece* before = &nothing_before;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const bool is_last = i + 1 == chunks.size();
    const base::Sha256Digest key = key_of(*before, chunks[i], is_last);
    auto known = pieces_.find(key);
    if (known == pieces_.end()) {
      const base::Status read = reader(chunks[i], bytes);
      ItemPiece piece;
      if (read.ok()) {
        piece = parse(*before, ByteView(bytes), is_last);
      } else {
        piece.lost_before = true;
        add_item_finding(piece.findings, "borg.archive.items",
                         "part " + std::to_string(i + 1) + " of " + std::to_string(chunks.size()) +
                             " of the list of items is lost: " + read.error().what);
      }
      known = pieces_.emplace(key, std::move(piece)).first;
    }
    known->second.last_use = uses_;
    before = &known->second;
    pieces.push_back(before);
  }
  std::erase_if(pieces_, [this](const auto& piece) { return piece.second.last_use != uses_; });
  return pieces;
}

ItemPiece ItemStream::parse(const ItemPiece& before, ByteView chunk, bool is_last) {
  ItemPiece piece;
  std::string joined = before.carry;
  joined += chunk.text();
  if (joined.size() < before.retry_bytes && !is_last) {
    piece.carry = std::move(joined);
    piece.retry_bytes = before.retry_bytes;
    return piece;
  }
  const ByteView bytes{std::string_view(joined)};
  std::size_t at = before.lost_before ? find_item(bytes, 0) : 0;
  bool searching = before.lost_before;
  while (at < bytes.size()) {
    MsgpackReader reader(bytes.part(at));
    parse_item(reader, item_);
    if (reader.ok() && !item_.path.empty()) {
      take_item(item_, piece);
      at += reader.offset();
      searching = false;
      continue;
    }
    if (reader.state() == MsgpackReader::State::cut && !searching && joined.size() - at < k_carry_bytes_max) break;
    if (!searching) {
      add_item_finding(piece.findings, "borg.item.broken", "an item does not decode, the next one is looked for");
      searching = true;
    }
    at = find_item(bytes, at + 1);
  }
  piece.lost_before = searching;
  if (at < bytes.size() && is_last) {
    add_item_finding(
        piece.findings, "borg.archive.items.end",
        "the list of items ends within an item of at least " + std::to_string(bytes.size() - at) + " bytes");
  } else if (at < bytes.size()) {
    piece.carry = joined.substr(at);
    if (piece.carry.size() > k_eager_carry_bytes) piece.retry_bytes = piece.carry.size() * 2;
  }
  return piece;
}

void ItemStream::take_item(const Item& item, ItemPiece& piece) {
  const std::optional<EntryKind> kind = item.mode ? kind_of(*item.mode) : std::nullopt;
  if (!kind) {
    return add_item_finding(piece.findings, "borg.item.mode",
                            "'" + base::printable(item.path.substr(0, 300)) + "' is of no known kind and is left out");
  }
  // `borg create REPO::NAME .` writes the folder it stands in: the root, which has no name.
  if (*kind == EntryKind::folder && item.path == ".") return;
  const std::optional<PathNodes::Place> place = nodes_.place_of(item.path);
  if (!place) {
    return add_item_finding(piece.findings, "borg.item.path",
                            "the path '" + base::printable(item.path.substr(0, 300)) + "' is refused");
  }
  add_item(item, *place, piece);
}

void ItemStream::add_item(const Item& item, const PathNodes::Place& place, ItemPiece& piece) {
  StoredEntry& entry = stored_;
  entry.chunks.clear();
  entry.kind = *kind_of(*item.mode);
  entry.content_lost = false;
  entry.name = place.name;
  entry.mode = *item.mode & model::k_mode_bits;
  entry.user_id = item.user_id;
  entry.group_id = item.group_id;
  entry.user = entries_.texts().intern(item.user);
  entry.group = entries_.texts().intern(item.group);
  entry.mtime_ns = item.mtime_ns;
  entry.ctime_ns = item.ctime_ns;
  entry.device_number = item.device_number;
  entry.link_group = 0;
  entry.flags = linux_flags(item.bsd_flags);
  entry.link_target = {};
  std::vector<model::Finding> findings;
  const bool is_further_name = item.source && entry.kind != EntryKind::link && entry.kind != EntryKind::folder;
  if (entry.kind == EntryKind::link) entry.link_target = item.source.value_or(std::string_view());
  if (entry.kind == EntryKind::regular && is_further_name) {
    entry.content_lost = !item.has_chunks;  // until its master is found
  } else if (entry.kind == EntryKind::regular && item.hardlink_master) {
    entry.link_group = link_group_of(item.path);
  }
  if (entry.kind == EntryKind::regular && !entry.content_lost) take_content(item, entry, findings);
  take_attributes(item, entry, findings);
  entry.findings = findings.empty() ? 0 : entries_.texts().intern(pack_findings(findings));
  const std::uint32_t number = entries_.add(entry);
  if (item.part) {
    piece.parts.push_back({.folder = place.folder, .entry = number, .number = *item.part});
    return;
  }
  ParsedItem parsed{.folder = place.folder, .entry = number};
  if (entry.kind == EntryKind::folder) {
    parsed.node = nodes_.child(place.folder, place.name);
    if (parsed.node == k_no_node) {
      return add_item_finding(piece.findings, "borg.item.limit", "there are more folders than can be held");
    }
  }
  if (is_further_name) {
    piece.links.push_back(
        {.item = static_cast<std::uint32_t>(piece.items.size()), .link_group = link_group_of(*item.source)});
  } else if (item.hardlink_master) {
    piece.masters.push_back({.link_group = link_group_of(item.path), .entry = number});
  }
  piece.items.push_back(parsed);
}

void ItemStream::take_content(const Item& item, StoredEntry& entry, std::vector<model::Finding>& findings) {
  std::uint64_t sum_bytes = 0;
  const bool can_heal = item.has_healthy && item.healthy.size() == item.chunks.size();
  std::size_t replaced = 0;
  std::size_t healed = 0;
  for (std::size_t i = 0; i < item.chunks.size(); ++i) {
    const ItemChunk* chunk = &item.chunks[i];
    if (can_heal && item.healthy[i].id != chunk->id) {
      ++replaced;
      // What was missing when borg repaired the archive may be there again.
      if (entries_.chunks().holds(item.healthy[i].id)) {
        chunk = &item.healthy[i];
        ++healed;
      }
    }
    sum_bytes += chunk->size_bytes;
    if (chunk->size_bytes > k_piece_bytes_max) entry.content_lost = true;
    entry.chunks.push_back({.number = entries_.chunks().number_of(chunk->id), .size_bytes = chunk->size_bytes});
  }
  if (entry.content_lost) {
    entry.chunks.clear();
    add_item_finding(findings, "borg.item.chunk", "a chunk is said to be larger than any that borg writes");
  }
  if (item.has_healthy) {
    const std::size_t zeros = can_heal ? replaced - healed : item.chunks.size();
    add_item_finding(findings, "borg.item.repaired",
                     "borg check --repair put zeros for " + std::to_string(zeros) + " of " +
                         std::to_string(item.chunks.size()) + " chunks" +
                         (healed > 0 ? ", " + std::to_string(healed) + " more are there again and used" : ""),
                     zeros > 0 ? model::Weight::contradicts : model::Weight::remarks);
  }
  if (item.size_bytes && *item.size_bytes != sum_bytes && !item.part) {
    add_item_finding(findings, "borg.item.size",
                     "the size is said to be " + std::to_string(*item.size_bytes) + " bytes, the chunks have " +
                         std::to_string(sum_bytes));
  }
}

void ItemStream::take_attributes(const Item& item, StoredEntry& entry, std::vector<model::Finding>& findings) {
  entry.attributes = 0;
  if (item.attributes.empty() && item.acl_access.empty() && item.acl_default.empty()) return;
  attributes_.clear();
  for (const Item::Attribute& attribute : item.attributes) {
    if (attribute.name.empty() || attribute.name.size() > 255 || attribute.name.find('\0') != std::string_view::npos ||
        attribute.value.size() > 65'536) {
      add_item_finding(findings, "borg.item.xattr",
                       "an extended attribute is refused: name of " + std::to_string(attribute.name.size()) +
                           " bytes, value of " + std::to_string(attribute.value.size()));
      continue;
    }
    attributes_.push_back({.name = std::string(attribute.name), .value = std::string(attribute.value)});
  }
  const auto take_acl = [&](std::string_view text, const char* name) {
    if (text.empty()) return;
    if (std::optional<std::string> acl = parse_acl_text(text)) {
      attributes_.push_back({.name = name, .value = *std::move(acl)});
    } else {
      add_item_finding(findings, "borg.item.acl",
                       "the access list cannot be converted: '" + base::printable(text.substr(0, 500)) + "'");
    }
  };
  take_acl(item.acl_access, "system.posix_acl_access");
  take_acl(item.acl_default, "system.posix_acl_default");
  const auto by_name = [](const model::Attribute& a, const model::Attribute& b) { return a.name < b.name; };
  std::stable_sort(attributes_.begin(), attributes_.end(), by_name);
  const auto same_name = [](const model::Attribute& a, const model::Attribute& b) { return a.name == b.name; };
  attributes_.erase(std::unique(attributes_.begin(), attributes_.end(), same_name), attributes_.end());
  entry.attributes = entries_.texts().intern(pack_attributes(attributes_));
}

}  // namespace lastgood::sources::borg
