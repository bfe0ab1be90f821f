// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/ole2/ole2_directory.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_entry_bytes = 128;
constexpr std::uint32_t k_no_entry = 0xFFFFFFFF;

/// Why the 128 bytes are no directory entry; nullptr when they are.
const char* find_entry_flaw(ByteView entry) {
  const std::uint8_t type = entry.u8(0x42);
  if (type != 0 && type != 1 && type != 2 && type != 5) return "an unknown type";
  if (type == 0) return nullptr;
  const std::uint16_t name_bytes = entry.le16(0x40);
  if (name_bytes > 64 || name_bytes % 2 != 0) return "an impossible name length";
  if (name_bytes >= 2 && entry.le16(name_bytes - 2U) != 0) return "a name without its end";
  if (entry.u8(0x43) > 1) return "an unknown colour";
  return nullptr;
}

std::string read_name(ByteView entry) {
  std::string name;
  const std::uint64_t letters = entry.le16(0x40) >= 2 ? entry.le16(0x40) / 2U - 1U : 0;
  for (std::uint64_t i = 0; i < letters; ++i) {
    const std::uint16_t letter = entry.le16(2 * i);
    name += letter < 0x80 ? static_cast<char>(letter) : '?';
  }
  return name;
}

Ole2Entry parse_entry(ByteView bytes, std::uint16_t major_version) {
  Ole2Entry entry{.name = read_name(bytes),
                  .type = static_cast<Ole2EntryType>(bytes.u8(0x42)),
                  .left = bytes.le32(0x44),
                  .right = bytes.le32(0x48),
                  .child = bytes.le32(0x4C),
                  .start = bytes.le32(0x74),
                  .size_bytes = bytes.le64(0x78),
                  .class_low = bytes.le64(0x50)};
  // 2.6.3: version 3 writers leave anything in the upper half.
  if (major_version < 4) entry.size_bytes &= 0xFFFFFFFF;
  return entry;
}

/// Walks the trees of siblings and children with an own stack; every entry is reached at most once.
void reach_entries(Ole2Directory& directory, model::ByteRange range, std::vector<Ole2Flaw>& flaws) {
  struct Visit {
    std::uint32_t entry = 0;
    std::uint32_t parent = 0;
  };
  std::vector<Ole2Entry>& entries = directory.entries;
  entries[0].reached = true;
  std::vector<Visit> stack = {{.entry = entries[0].child, .parent = 0}};
  while (!stack.empty()) {
    const Visit visit = stack.back();
    stack.pop_back();
    if (visit.entry == k_no_entry) continue;
    if (visit.entry >= entries.size() || entries[visit.entry].type == Ole2EntryType::unused ||
        entries[visit.entry].reached) {
      flaws.push_back(
          {.why = fmt::format(
               "the directory tree leads to entry {} of {}, which is unused, missing or already in the tree",
               visit.entry, entries.size()),
           .range = range});
      return;
    }
    Ole2Entry& entry = entries[visit.entry];
    entry.reached = true;
    entry.parent = visit.parent;
    stack.push_back({.entry = entry.left, .parent = visit.parent});
    stack.push_back({.entry = entry.right, .parent = visit.parent});
    if (entry.type == Ole2EntryType::storage) stack.push_back({.entry = entry.child, .parent = visit.entry});
  }
}

}  // namespace

void read_ole2_directory(WalkInput& input, const Ole2Header& header, const std::vector<std::uint32_t>& chain,
                         Ole2Directory& directory, std::vector<Ole2Flaw>& flaws) {
  directory.entries.clear();
  directory.unreached = 0;
  bool sound = true;
  for (const std::uint32_t sector : chain) {
    if (!input.may_continue() || directory.entries.size() >= Ole2Directory::k_entries_max) return;
    const std::uint64_t from = header.offset_of(sector);
    const ByteView bytes = input.at(from, static_cast<std::size_t>(header.sector_bytes()));
    for (std::uint64_t at = 0; at + k_entry_bytes <= header.sector_bytes(); at += k_entry_bytes) {
      const ByteView entry = bytes.part(at, k_entry_bytes);
      const char* flaw = find_entry_flaw(entry);
      if (flaw != nullptr || entry.size() < k_entry_bytes) {
        flaws.push_back({.why = fmt::format("directory entry {} has {}", directory.entries.size(),
                                            flaw != nullptr ? flaw : "no bytes"),
                         .range = {.from = from, .to = std::min(from + header.sector_bytes(), input.size_bytes())}});
        sound = false;
        break;
      }
      directory.entries.push_back(parse_entry(entry, header.major_version));
    }
  }
  if (!sound || directory.entries.empty()) return;
  const model::ByteRange first{.from = header.offset_of(chain.front()),
                               .to = header.offset_of(chain.front()) + header.sector_bytes()};
  if (directory.entries[0].type != Ole2EntryType::root) {
    flaws.push_back({.why = "the first directory entry is not the root", .range = first});
    return;
  }
  reach_entries(directory, first, flaws);
  for (const Ole2Entry& entry : directory.entries) {
    if (!entry.reached && entry.type != Ole2EntryType::unused) ++directory.unreached;
  }
}

std::uint64_t Ole2Stream::place(std::uint64_t offset) const {
  const std::uint64_t index = offset / unit_bytes();
  if (index >= units_.size()) return UINT64_MAX;
  const std::uint32_t unit = units_[static_cast<std::size_t>(index)];
  const std::uint64_t inside = offset % unit_bytes();
  return container_ != nullptr ? container_->place(std::uint64_t{unit} * header_->mini_bytes() + inside)
                               : header_->offset_of(unit) + inside;
}

std::vector<std::uint8_t> Ole2Stream::copy(WalkInput& input, std::uint64_t offset, std::uint64_t length) const {
  std::vector<std::uint8_t> bytes;
  std::uint64_t left = offset < size_bytes_ ? std::min(length, size_bytes_ - offset) : 0;
  while (left > 0) {
    const std::uint64_t from = place(offset);
    const std::uint64_t in_unit = std::min(left, unit_bytes() - offset % unit_bytes());
    if (from == UINT64_MAX) break;
    const ByteView piece = input.at(from, static_cast<std::size_t>(in_unit));
    if (piece.empty()) break;
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    offset += piece.size();
    left -= piece.size();
  }
  return bytes;
}

}  // namespace lastgood::formats
