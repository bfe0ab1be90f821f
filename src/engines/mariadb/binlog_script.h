// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What mariadb-binlog writes of binary logs: statements, each below a comment that says where it comes from.
//
//   # at 364
//   #221123  7:42:12 server id 1  end_log_pos 449 CRC32 0x9dadfff6 	Query	...      Start: binlog v 4 in a log's
//   first
//
// Pure. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

/// The time in such a comment, whose clock was UTC; 0: it is none.
[[nodiscard]] std::int64_t parse_event_time(std::string_view line);

/// A statement, or changed rows in the form of the log, "BINLOG '...'".
struct ScriptPart {
  enum class Kind : std::uint8_t { statement, rows } kind = Kind::statement;
  std::uint64_t from = 0;  // in the text, without what ends it
  std::uint64_t to = 0;
  std::int64_t time_ns = 0;
  std::uint64_t transaction = 0;                            // counted from the first one of the text
  std::string text;                                         // of a statement: its first k_letters_max letters
  std::string database;                                     // of a statement: in which a name without one is looked up
  std::vector<std::pair<std::string, std::string>> tables;  // of rows: databases and tables; the first k_tables_max
  bool is_deletion = false;                                 // of rows: all of them were deleted
  std::uint64_t rows = 0;                                   // as mariadb-binlog counted them; 0: it did not say
  static constexpr std::size_t k_letters_max = 4096;
  static constexpr std::size_t k_tables_max = 256;
};

/// Each part of `script` in its order. A text that is cut or none has those that can be told.
[[nodiscard]] base::Status walk_script(base::ByteSource& script, const std::function<void(const ScriptPart&)>& on_part);

/// "the event at 364 of 'bin.000002', of 2022-11-23T07:42:12Z" by "ERROR 1050 (42S01) at line 33: ..." that mariadb
/// said; `names` are the logs in their order. Empty: it did not say a line.
[[nodiscard]] base::Result<std::string> find_refused_event(base::ByteSource& script, std::string_view words,
                                                           const std::vector<std::string>& names);

}  // namespace lastgood::engines::mariadb
