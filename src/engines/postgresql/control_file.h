// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's global/pg_control: where recovery begins and what the cluster is like. Layout: catalog/pg_control.h,
// version 1300, which PostgreSQL 13 to 17 share, and 1800, which is 18's. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::engines::postgresql {

/// A position in the write-ahead log.
using Lsn = std::uint64_t;
/// "0/16B3748".
std::string format_lsn(Lsn lsn);
std::optional<Lsn> parse_lsn(std::string_view text);

enum class ClusterState : std::uint32_t {
  starting = 0,
  shut_down = 1,
  shut_down_in_recovery = 2,
  shutting_down = 3,
  in_crash_recovery = 4,
  in_archive_recovery = 5,
  in_production = 6,
};

struct ControlFile {
  std::uint64_t system_id = 0;
  std::uint32_t version = 0;
  std::uint32_t catalogue = 0;
  ClusterState state = ClusterState::starting;
  std::int64_t time_s = 0;  // when it was written
  Lsn checkpoint = 0;       // the last checkpoint's record
  Lsn redo = 0;             // where replay begins
  std::uint32_t timeline = 0;
  std::uint32_t next_transaction = 0;
  std::int64_t checkpoint_time_s = 0;
  Lsn recovery_end_min = 0;  // a standby is not consistent before
  Lsn backup_end = 0;
  std::uint32_t block_bytes = 0;
  std::uint32_t segment_blocks = 0;  // of a relation's file
  std::uint32_t wal_block_bytes = 0;
  std::uint32_t wal_segment_bytes = 0;
  bool has_page_sums = false;
};

struct ControlOpinion {
  std::optional<ControlFile> control;
  std::string_view fault;         // why it is broken
  bool is_other_version = false;  // sound as far as one can tell, and of a layout not known here
};

ControlOpinion parse_control(base::ByteView bytes);

/// "15" by the number of the catalogue, which no two versions share; empty: of a version not known here.
std::string_view major_version(const ControlFile& control);

/// What is wrong with the text of a PG_VERSION, of the cluster or of a database in it: "says '14', and pg_control is of
/// PostgreSQL 15". Empty: nothing, or the version is not known here.
std::string find_version_fault(std::string_view text, const ControlFile& control);

}  // namespace lastgood::engines::postgresql
