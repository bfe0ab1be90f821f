// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's redo log as MariaDB 10.8 and newer write it, followed from its checkpoints to its end. Facts: MariaDB
// documentation, "InnoDB Redo Log", and the description of the format in MDEV-14425. Replaying nothing.
//
//   file   = header(4096) checkpoint(4096) checkpoint(4096) ring
//   header = "Phys"(4) 0(4) first LSN(8) creator(32) ... crc32c(4, at byte 508)
//   checkpoint = LSN(8) LSN of the end record(8) ... crc32c(4, at byte 60)
//   ring   = mini-transaction*, of LSN l at byte 12288 + (l - first) mod (size - 12288)
//   mini-transaction = record+ end(1: 1 in the first pass through the ring, then 0, ...) crc32c(4, of the records)
//   record = kind and length(1) [more length] [tablespace, page, unless the same as before] data
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

using Lsn = std::uint64_t;

/// Tablespace in the upper half, page in the lower.
using PageId = std::uint64_t;
constexpr PageId page_id(std::uint32_t space, std::uint32_t page) { return PageId{space} << 32 | page; }

struct PageFacts {
  Lsn written_min = 0;        // on disk when the checkpoint was done: its LSN cannot be lower
  bool is_made_anew = false;  // replay begins it from nothing: what is on disk does not matter
  bool is_freed = false;      // after the checkpoint: may be older, or zeros
};

struct RedoLog {
  enum class Form : std::uint8_t { none, stream, blocks } form = Form::none;  // blocks: older, not followed here
  bool is_sealed = false;  // encrypted by the server: not followed either
  std::string_view fault;  // the header or both checkpoints are broken
  std::string creator;
  Lsn first = 0;
  Lsn checkpoint = 0;
  Lsn end = 0;                  // behind the last mini-transaction that fits
  bool saw_checkpoint = false;  // the record that names the checkpoint is there, as recovery demands
  bool has_changes = false;     // pages were changed after the checkpoint: replay has work
  std::uint64_t transactions = 0;
  bool are_facts_whole = true;
  std::unordered_map<PageId, PageFacts> pages;
  std::unordered_map<std::uint32_t, Lsn> deleted_spaces;
  std::unordered_set<std::string> made_files;  // "lis/patient.ibd": replay makes them
};

/// An error when reading fails.
[[nodiscard]] base::Result<RedoLog> read_redo_log(base::ByteSource& source);

/// What speaks against the log having ended where `log` says: replay would stop there, and lose the rest without a
/// word. Empty: nothing does. A machine that lost its power may leave such a log too.
[[nodiscard]] base::Result<std::string> find_lost_end(base::ByteSource& source, const RedoLog& log);

}  // namespace lastgood::engines::mariadb
