// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What one scan knows of one file, of the campaign it may belong to, and of the scan itself. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/verdict.h"

namespace lastgood::model {

/// Length of the head and tail bytes kept of every file that is not intact, to find what many of them share.
inline constexpr std::size_t k_mark_bytes = 64;

/// Why a verdict: a rule and what it saw. Printed as "rule: sentence".
struct Reason {
  std::string rule;
  std::string sentence;
  bool operator==(const Reason&) const = default;
};

/// One version: one path as it was when scanned. Paths and names are bytes as the system has them, never repaired.
struct FileRecord {
  std::string path;  // absolute
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;  // since 1970, UTC; attackers can set it
  std::int64_t ctime_ns = 0;  // the kernel's own change time
  Verdict verdict = Verdict::undecided;
  Certainty certainty = Certainty::weak;
  std::string format;  // "docx"; empty when unknown
  std::uint64_t bytes_read = 0;

  // Empty for most intact files.
  std::string original_name;      // name without what the attack appended; empty when the same
  std::vector<ByteRange> ranges;  // the encrypted (damaged) bytes, where they could be told
  std::vector<Reason> reasons;
  std::vector<std::uint8_t> head;    // first k_mark_bytes
  std::vector<std::uint8_t> tail;    // last k_mark_bytes
  std::vector<std::uint8_t> sha256;  // of the whole content, when every byte was read; else empty
  std::int64_t campaign_id = 0;      // 0: none
};

/// An indicator (address, account, wallet, ...) at a place.
struct Sighting {
  std::string kind;   // "email", "onion", "tox", ...
  std::string value;  // normalised, UTF-8
  std::string level;  // "checksum", "shape" or "context": how the value was told from chance
  std::string path;
  std::uint64_t offset_bytes = 0;
};

/// The marks one attack left on many files.
struct Campaign {
  std::int64_t id = 0;
  Certainty certainty = Certainty::weak;
  std::string extension;              // appended extension with its dot; empty: none in common
  std::vector<std::uint8_t> head;     // constant first bytes
  std::vector<std::uint8_t> tail;     // constant last bytes
  std::uint64_t footer_bytes = 0;     // appended length told by a family's table or by size residue; 0: unknown
  std::string family;                 // name from the marker table; empty: unknown family
  std::vector<std::string> contacts;  // "kind:value"
  std::vector<std::string> notes;     // paths of some ransom notes, at most 100
  std::uint64_t note_count = 0;
  std::uint64_t file_count = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t first_change_ns = 0;  // change times of its files; can be forged
  std::int64_t last_change_ns = 0;
  std::vector<Reason> reasons;  // why these files belong together
};

struct ScanCounts {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_read = 0;
  std::array<std::uint64_t, k_verdict_count> files_by_verdict{};
  std::array<std::uint64_t, k_verdict_count> bytes_by_verdict{};
  std::uint64_t skipped = 0;  // not regular files, other file systems, excluded

  void count(Verdict verdict, std::uint64_t size_bytes, std::uint64_t read_bytes) {
    const auto at = static_cast<std::size_t>(verdict);
    ++files;
    bytes += size_bytes;
    bytes_read += read_bytes;
    ++files_by_verdict.at(at);
    bytes_by_verdict.at(at) += size_bytes;
  }
};

struct Scan {
  std::int64_t id = 0;
  std::string host;                // label of the machine the paths belong to
  std::vector<std::string> roots;  // absolute
  std::string source;              // name of the backup source whose contents were judged; empty: a live tree
  Depth depth = Depth::standard;
  std::string options;  // what else was asked for, one line, so that --resume can compare
  std::int64_t started_ns = 0;
  std::int64_t finished_ns = 0;  // 0: interrupted or still running
  ScanCounts counts;
};

}  // namespace lastgood::model
