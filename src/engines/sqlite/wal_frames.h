// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What an SQLite write-ahead log and a rollback journal would do to their database. Specification: sqlite.org,
// "WAL-mode File Format" section 2 and "Database File Format" sections 3 and 4. Nothing is written.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::sqlite {

inline constexpr std::uint64_t k_frames_max = 16'000'000;

/// Where the newest content of a page lies: byte offset in the log or journal.
using PageOffsets = std::unordered_map<std::uint32_t, std::uint64_t>;

struct WalFrames {
  std::string_view fault;  // of the header: the log is none
  std::uint32_t page_bytes = 0;
  std::uint64_t frames = 0;  // that follow each other and fit their checksums
  std::uint64_t commits = 0;
  std::uint32_t pages_after = 0;    // of the database, after the last commit
  std::uint64_t uncommitted = 0;    // fitting frames behind the last commit
  std::uint64_t broken_at = 0;      // offset of a frame that was changed after it was written: some behind it fit; or 0
  std::uint64_t zeros_at = 0;       // offset of a frame of zeros where the log ends: no log is written so; or 0
  std::uint64_t salts = 0;          // of this use of the log
  std::uint64_t first_page_at = 0;  // content of page 1 where it was logged first; 0: nowhere
  PageOffsets pages;                // as of the last commit
};

/// An error when reading fails. An empty file is a log without frames.
[[nodiscard]] base::Result<WalFrames> read_wal_frames(base::ByteSource& source);

struct Journal {
  bool is_hot = false;  // its header stands: the transaction was neither finished nor rolled back
  std::string_view fault;
  std::uint32_t page_bytes = 0;
  std::uint32_t pages_before = 0;  // of the database, when the transaction began
  std::uint64_t records = 0;       // that fit their checksums
  std::uint64_t lost_at = 0;       // offset of a record that was written and does not fit, or is not there; or 0
  PageOffsets pages;               // as they were before the transaction
};
[[nodiscard]] base::Result<Journal> read_journal(base::ByteSource& source);

}  // namespace lastgood::engines::sqlite
