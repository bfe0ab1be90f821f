// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The log that a repository is: segment files of entries (borg documentation, "Data structures and file formats",
// section "Segments").
//
//   segment: "BORG_SEG" entry*
//   entry:   CRC-32 of the rest u32 | size of all u32 | tag u8 | [key 32] | [value]      little endian
//   tags:    0 PUT key value, 1 DELETE key, 2 COMMIT: all before it holds
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "model/finding.h"
#include "sources/borg/object_codec.h"

namespace lastgood::sources::borg {

inline constexpr std::string_view k_segment_magic = "BORG_SEG";
inline constexpr std::string_view k_attic_magic = "ATTICSEG";
inline constexpr std::uint32_t k_entry_head_bytes = 9;
inline constexpr std::uint32_t k_put_head_bytes = 41;
inline constexpr std::uint32_t k_entry_bytes_max = 20U << 20;

enum class EntryTag : std::uint8_t { put = 0, remove = 1, commit = 2 };

struct EntryHead {
  std::uint32_t crc32 = 0;
  std::uint32_t size_bytes = 0;  // of the whole entry
  EntryTag tag = EntryTag::commit;
};

/// Nothing when size and tag cannot stand in an entry.
[[nodiscard]] std::optional<EntryHead> parse_entry_head(base::ByteView bytes);

/// True when `entry`, all its bytes, fits its CRC.
[[nodiscard]] bool entry_fits(base::ByteView entry);

struct SegmentEntry {
  EntryTag tag = EntryTag::commit;
  ObjectId key{};  // zeros for a commit
  std::uint64_t offset_bytes = 0;
  std::uint32_t size_bytes = 0;
};

using EntryVisitor = std::function<void(const SegmentEntry&)>;

/// Shows the entries of one segment from front to back; only heads are read, as borg itself does it. Where a head makes
/// no sense, the entry before it is checked by its CRC, and the walk goes on at the next entry that fits its own: what
/// was passed over is a finding "borg.segment.*" with `number` and offset. An error only when the file cannot be read.
[[nodiscard]] base::Result<std::vector<model::Finding>> walk_segment(base::ByteSource& file, std::uint32_t number,
                                                                     const EntryVisitor& visitor);

/// True when the segment ends with a commit.
[[nodiscard]] base::Result<bool> ends_with_commit(base::ByteSource& file);

}  // namespace lastgood::sources::borg
