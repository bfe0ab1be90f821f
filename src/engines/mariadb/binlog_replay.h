// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Brings a scratch server of MariaDB forward by its binary logs: mariadb-binlog reads them and mariadb replays them,
// both locked in as the server is. Private to engines/mariadb/.
#pragma once

#include "engines/mariadb/data_room.h"

namespace lastgood::engines::mariadb {

/// From the position where the copy stands, to the last event that can be read whole, or to `options.replay_until_ns`
/// (in seconds: binary logs know no finer time). Where the copy does not say its position, nothing is replayed, and
/// that is said in `start.left_out`. REQUIRES: options.logs.
[[nodiscard]] base::Status replay_binlogs(DataRoom& data, const UnitView& view, const std::string& folder,
                                          const ScratchServerOptions& options, ScratchStart& start);

/// Where a copy stands in the binary log.
struct BinlogPosition {
  std::string file;
  std::uint64_t offset = 0;
  std::string basis;
};
/// "bin.000004\t1234\t0-1-5" of mariadb-backup; nothing when it is none.
[[nodiscard]] std::optional<BinlogPosition> parse_binlog_note(std::string_view text);
/// As far as the copy's files say so before its engine was started.
[[nodiscard]] std::optional<BinlogPosition> find_written_position(const UnitView& view, const std::string& folder);
/// "bin.000004" is a log's name: what stands before the last dot, and its number.
[[nodiscard]] std::optional<std::pair<std::string, unsigned long>> parse_log_name(std::string_view name);

}  // namespace lastgood::engines::mariadb
