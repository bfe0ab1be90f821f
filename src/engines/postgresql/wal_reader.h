// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads the write-ahead log across its segments, as recovery would, and notes what it says about pages and commits.
// Layout: access/xlog_internal.h, access/xlogrecord.h; replaying nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/byte_source.h"
#include "base/byte_view.h"
#include "engines/postgresql/control_file.h"

namespace lastgood::engines::postgresql {

/// Where a page of a relation stands.
struct BlockPlace {
  std::uint32_t tablespace = 0;
  std::uint32_t database = 0;
  std::uint32_t relation = 0;
  std::uint32_t block = 0;
  bool operator==(const BlockPlace&) const = default;
};
struct BlockPlaceHash {
  std::size_t operator()(const BlockPlace& place) const {
    std::uint64_t mixed = (std::uint64_t{place.relation} << 32 | place.block) * 0x9E3779B97F4A7C15ULL;
    mixed ^= (std::uint64_t{place.tablespace} << 32 | place.database) * 0xC2B2AE3D27D4EB4FULL;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
  }
};

/// What the log says about one page of a main fork.
struct BlockFacts {
  Lsn written_min = 0;     // a page that was written out by the last checkpoint cannot have a lower LSN
  bool has_image = false;  // replay puts a whole image there: what is on disk does not matter
};

enum class WalStop : std::uint8_t {
  end,              // zeros or the pages of an earlier use follow: the log ends here
  missing_segment,  // the log goes on in a segment that is not there
  broken,           // a record does not fit although pages written after it follow
  unread,           // a segment could not be read
  limit,            // a limit of ours
};

struct WalSurvey {
  Lsn from = 0;
  Lsn end = 0;  // behind the last record that fits
  std::uint64_t records = 0;
  WalStop stop = WalStop::end;
  std::string fault;            // at `end`
  bool saw_checkpoint = false;  // the record pg_control names
  Lsn checkpoint_end = 0;       // and where that ends
  std::uint64_t later_checkpoints = 0;
  bool saw_backup_end = false;      // the end record of the backup that began at `backup_start`
  std::int64_t last_commit_us = 0;  // since 2000-01-01, 0: none
  bool are_facts_whole = true;      // false: there were more pages or relations than are remembered
  std::unordered_map<BlockPlace, BlockFacts, BlockPlaceHash> blocks;
  std::unordered_set<std::uint32_t> truncated;  // relations that a record cuts shorter, or whose table it drops
  std::unordered_set<BlockPlace, BlockPlaceHash> created;  // relations whose file a record makes (block 0)
  std::unordered_set<std::uint32_t> copied_databases;      // whose folder a record makes as a copy of another one
  std::unordered_set<std::uint32_t> dropped_databases;     // or may drop: versions number these records differently
  /// By relation (block 0): the highest page that replay may write.
  std::unordered_map<BlockPlace, std::uint32_t, BlockPlaceHash> reached;

  /// Nothing when the log does not speak of it.
  [[nodiscard]] const BlockFacts* find(const BlockPlace& place) const {
    const auto found = blocks.find(place);
    return found == blocks.end() ? nullptr : &found->second;
  }
};

struct BlockReference {
  BlockPlace place;
  std::uint8_t id = 0;
  std::uint8_t fork = 0;
  bool has_image = false;
};

// Resource managers (access/rmgrlist.h), the same in PostgreSQL 13 to 17.
inline constexpr std::uint8_t k_manager_log = 0;
inline constexpr std::uint8_t k_manager_transaction = 1;
inline constexpr std::uint8_t k_manager_storage = 2;
inline constexpr std::uint8_t k_manager_database = 4;
inline constexpr std::uint8_t k_manager_heap2 = 9;
inline constexpr std::uint8_t k_manager_heap = 10;
inline constexpr std::uint8_t k_manager_btree = 11;
inline constexpr std::uint8_t k_manager_sequence = 15;

/// One record whose headers could be told apart; valid during the call.
struct WalRecord {
  Lsn from = 0;
  Lsn to = 0;
  std::uint32_t transaction = 0;
  std::uint8_t info = 0;
  std::uint8_t manager = 0;
  std::span<const BlockReference> blocks;
  base::ByteView data;  // the main data
};

/// What a commit's record says beside its time.
struct CommitFacts {
  std::int64_t time_ns = 0;                 // UTC; 0: none that can be
  std::vector<std::uint32_t> transactions;  // those below it
  std::vector<BlockPlace> dropped;          // relations whose files end with it
};
/// REQUIRES: a commit's record.
CommitFacts parse_commit(const WalRecord& record);
/// Of the clock of the log, microseconds since 2000-01-01; 0: none that can be.
std::int64_t wal_time_ns(std::int64_t time_us);

/// What is remembered of pages.
enum class WalNotes : std::uint8_t { pages, no_pages };

struct WalPlan {
  Lsn from = 0;        // a record begins here, or the segment that begins here is entered anew
  Lsn checkpoint = 0;  // as in pg_control
  Lsn settled = 0;     // what was logged before was on disk when the checkpoint was done; UINT64_MAX: everything
  Lsn backup_start = 0;
  std::uint64_t system_id = 0;
  std::uint32_t page_bytes = 0;
  std::uint32_t segment_bytes = 0;
  WalNotes notes = WalNotes::pages;
  std::function<void(const WalRecord&)> on_record;  // empty: nobody asks
};

/// Opens the segment with this number (its first byte's LSN / segment size); null when there is none.
using OpenSegment = std::function<std::unique_ptr<base::ByteSource>(std::uint64_t segment)>;

/// REQUIRES: sizes as parse_control lets them through.
WalSurvey survey_wal(const WalPlan& plan, const OpenSegment& open_segment);

}  // namespace lastgood::engines::postgresql
