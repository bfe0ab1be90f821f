// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What stands in the journal of a restore, and its one spelling. Pure.
//
// The file is a row of frames: "LGRJ" (4 bytes), length of the payload (4), CRC-32C of the payload (4), payload; its
// first byte is the kind, the rest as written below. Numbers are little endian. A frame that was cut by a crash, or
// does not fit its checksum, is passed over to the next "LGRJ": what it said is then done again.
//
// - header: format (4), mode (1), SHA-256 of the plan (32), inode of the target's root (8), items (8), hash seed (8)
// - done: count (4), then for each: item (4), DoneState
// - segments: count (4), then for each: item (4), index (4), offset (8), length (8), hash (16)
// - intents: count (4), then for each: item (4), DoneState, original, length (4) and bytes of the kept name
// - incomplete: count (4), then for each: item (4), ranges (4), from and to (8 each)
// - folders: count (4), then for each: length (4) and bytes of a folder's path that this restore is about to make
// - unit: unit (4): all of it is in its place
// - finished: nothing
// - released: count (4), then for each: item (4): a person gave this kept original up
// - filled: count (4), then for each: item (4), from and to (8 each), proof (1), bytes compared (8), length (4) and
//   text of the other version's name: bytes that it gave; before "done" or "segments" of the same bytes
// - kept files: item (4), count (4), then for each: kind (1), bytes (8), SHA-256 (32), length (4) and bytes of its
// path:
//   what lies in the folder of a unit that was put aside
// - kept whole: item (4), files (8), bytes (8): all of that folder's files stand above
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"
#include "recovery/other_versions.h"
#include "recovery/restore/content_hash.h"

namespace lastgood::recovery::restore {

inline constexpr std::uint32_t k_journal_format = 1;
inline constexpr std::size_t k_frame_head_bytes = 12;
/// Larger frames are taken for damage.
inline constexpr std::size_t k_frame_bytes_max = std::size_t{8} << 20;

/// A restored file, as it was left: what verify compares with.
struct DoneState {
  std::uint64_t size_bytes = 0;
  Hash128 hash{};              // of the content, or, of a large file, of its segments' hashes
  std::uint32_t segments = 0;  // 0: `hash` is of the content
  std::uint32_t mode = 0;
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::int64_t mtime_ns = 0;
  Hash128 attributes{};  // of those that were set; see hash_attributes
  std::uint64_t inode = 0;
  bool operator==(const DoneState&) const = default;
};

/// The encrypted original that stood in a file's place. Of a unit's folder: without size and digest.
struct Original {
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::array<std::uint8_t, 32> sha256{};
  bool operator==(const Original&) const = default;
};

struct HeaderRecord {
  std::uint8_t mode = 0;
  std::array<std::uint8_t, 32> plan_sha256{};
  std::uint64_t root_inode = 0;
  std::uint64_t items = 0;
  std::uint64_t seed = 0;
  bool operator==(const HeaderRecord&) const = default;
};
struct DoneEntry {
  std::uint32_t item = 0;
  DoneState state;
  bool operator==(const DoneEntry&) const = default;
};
struct SegmentEntry {
  std::uint32_t item = 0;
  std::uint32_t index = 0;
  std::uint64_t offset_bytes = 0;
  std::uint64_t length_bytes = 0;
  Hash128 hash{};
  bool operator==(const SegmentEntry&) const = default;
};
struct IntentEntry {
  std::uint32_t item = 0;
  DoneState state;
  Original original;
  std::string kept_path;  // below the target's root
  bool operator==(const IntentEntry&) const = default;
};
/// A unit's folder is put aside.
[[nodiscard]] inline bool is_of_folder(const IntentEntry& entry) {
  return entry.original.inode != 0 && entry.original.sha256 == std::array<std::uint8_t, 32>{};
}
struct IncompleteEntry {
  std::uint32_t item = 0;
  std::vector<model::ByteRange> lost;
  bool operator==(const IncompleteEntry&) const = default;
};

struct DoneRecord {
  std::vector<DoneEntry> entries;
};
struct SegmentsRecord {
  std::vector<SegmentEntry> entries;
};
struct IntentsRecord {
  std::vector<IntentEntry> entries;
};
struct IncompleteRecord {
  std::vector<IncompleteEntry> entries;
};
struct FoldersRecord {
  std::vector<std::string> paths;
};
struct UnitRecord {
  std::uint32_t unit = 0;
};
struct FinishedRecord {};
struct ReleasedRecord {
  std::vector<std::uint32_t> items;
};
/// Bytes of an item that another version gave.
struct FilledEntry {
  std::uint32_t item = 0;
  model::ByteRange range;
  FillProof proof = FillProof::compared;
  std::uint64_t compared_bytes = 0;
  std::string from;
  bool operator==(const FilledEntry&) const = default;
};
struct FilledRecord {
  std::vector<FilledEntry> entries;
};

/// A file or link in the folder of a unit that was put aside.
struct KeptFile {
  std::string path;       // below that folder
  std::uint8_t kind = 0;  // os::FileKind
  std::uint64_t size_bytes = 0;
  std::array<std::uint8_t, 32> sha256{};  // of a link: of where it leads
  bool operator==(const KeptFile&) const = default;
};
struct KeptFilesRecord {
  std::uint32_t item = 0;
  std::vector<KeptFile> files;
};
struct KeptWholeRecord {
  std::uint32_t item = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

using JournalRecord =
    std::variant<HeaderRecord, DoneRecord, SegmentsRecord, IntentsRecord, IncompleteRecord, FoldersRecord, UnitRecord,
                 FinishedRecord, ReleasedRecord, FilledRecord, KeptFilesRecord, KeptWholeRecord>;

/// The whole frame. REQUIRES: it fits k_frame_bytes_max; writers split their lists (k_entries_per_record).
[[nodiscard]] std::string format_record(const JournalRecord& record);
inline constexpr std::size_t k_entries_per_record = 1000;

struct ParsedFrame {
  JournalRecord record;
  std::size_t frame_bytes = 0;
};
enum class FrameTrouble : std::uint8_t {
  cut,      // `bytes` end within the frame
  damaged,  // no frame stands at the beginning of `bytes`, or it does not fit its checksum or this program
};
/// The frame at the beginning of `bytes`.
[[nodiscard]] std::variant<ParsedFrame, FrameTrouble> parse_frame(base::ByteView bytes);

/// Offset of the next possible frame after the first byte; size() when there is none.
[[nodiscard]] std::size_t find_next_frame(base::ByteView bytes);

}  // namespace lastgood::recovery::restore
