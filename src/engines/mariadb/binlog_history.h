// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether saved binary logs go on from a copy: a file's name and a place in it are the same on every server. What tells
// them apart are the numbers of transactions (GTIDs): each log begins with the last one of every domain before it.
// Facts: MariaDB documentation, "Global Transaction ID", "GTID_LIST_EVENT". Pure. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

/// Of a log that an archive command compressed: one that unpacks to more is no binary log.
inline constexpr std::uint64_t k_log_bytes_max = std::uint64_t{16} << 30U;

/// "0-1-5"
struct Gtid {
  std::uint32_t domain = 0;
  std::uint32_t server = 0;
  std::uint64_t sequence = 0;
  [[nodiscard]] std::string text() const;
};

/// The last transactions at one place of a log.
struct GtidState {
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> sequences;  // by domain and server
  std::map<std::uint32_t, Gtid> newest;                                       // by domain
  std::size_t origins = 0;  // servers of domains; those beyond k_origins_max are counted and not kept
  static constexpr std::size_t k_origins_max = 65'536;
  void add(const Gtid& gtid);
  [[nodiscard]] std::string text() const;
};

/// "0-1-5,2-7-33" of mariadb-backup; nothing when it is none.
[[nodiscard]] std::optional<std::vector<Gtid>> parse_gtids(std::string_view text);

/// Where a copy stands in the binary log.
struct BinlogPosition {
  std::string file;
  std::uint64_t offset = 0;
  std::string basis;
  std::optional<std::vector<Gtid>> gtids;  // the last of each domain there; nothing: the copy does not say
  std::int64_t made_before_s = 0;          // since 1970: nothing in the copy is later; 0: not known
  /// Since 1970: the copy's server was shut down in good order then, and `offset` is that of its last transaction in
  /// InnoDB alone. The place is known once the log says that it was closed then. 0: it is known.
  std::int64_t shut_down_s = 0;
  [[nodiscard]] std::string text() const;
};

/// Where the times of a log go back by more than a day: its server's clock stood wrong before. Times of statements that
/// take long, or say a time themselves, go back by less.
struct ClockFall {
  std::int64_t from_s = 0;  // since 1970; 0: nowhere
  std::int64_t to_s = 0;
  static constexpr std::int64_t k_fall_s_min = 86'400;
};

struct BinlogHistory {
  bool is_binlog = false;
  bool is_sealed = false;
  bool has_gtids = false;
  bool is_closed = false;      // its server ended it and went on in another
  std::int64_t stopped_s = 0;  // its server ended it by being shut down; 0: not so
  std::uint64_t whole_bytes = 0;
  std::string broken;
  std::string goes_on_in;  // empty: the log does not say
  std::int64_t begun_s = 0;
  std::int64_t last_commit_s = 0;
  std::int64_t latest_s = 0;  // of all its events
  ClockFall clock_fall;
  std::uint32_t server = 0;
  GtidState begins;
  GtidState ends;
  std::optional<Gtid> last;       // its commit may be missing where the log is not closed
  std::uint64_t before_last = 0;  // of the same domain and server; 0: none
  // At the position that was asked for.
  bool has_boundary = false;  // an event begins or the log ends there, and no transaction is open
  bool is_inside = false;     // it is inside of a transaction
  GtidState there;
  std::map<std::uint32_t, Gtid> next;
  std::int64_t last_before_s = 0;
};

/// `offset`: the position; nothing: of a log that is replayed from its beginning. ErrorCode::limit_reached: it names
/// more than k_origins_max servers, which no hospital has.
[[nodiscard]] base::Result<BinlogHistory> read_history(base::ByteSource& log, std::optional<std::uint64_t> offset);

/// What speaks against `log`, called `name`, being the one in which the copy stands; empty: nothing.
[[nodiscard]] std::string find_first_mismatch(const BinlogHistory& log, const std::string& name,
                                              const BinlogPosition& position);

/// How one log follows another.
struct BinlogJoint {
  enum class Kind : std::uint8_t {
    fits,
    gap,     // transactions between them are missing: the first was saved before it was complete
    strange  // the second goes on from somewhere else
  } kind = Kind::fits;
  std::string why;
};
[[nodiscard]] BinlogJoint join_logs(const BinlogHistory& log, const std::string& name, const BinlogHistory& next,
                                    const std::string& next_name);

/// What speaks against `saved`, where the copy has its own log of the same name: a byte before `end` that differs.
[[nodiscard]] base::Result<std::string> find_changed_byte(base::ByteSource& own, base::ByteSource& saved,
                                                          const std::string& name, std::uint64_t end);

}  // namespace lastgood::engines::mariadb
