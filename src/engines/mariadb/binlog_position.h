// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where in the binary log a copy of a data directory stands. Private to engines/mariadb/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engines/mariadb/binlog_history.h"
#include "engines/unit.h"

namespace lastgood::engines::mariadb {

/// "bin.000004\t1234\t0-1-5" of mariadb-backup; nothing when it is none.
[[nodiscard]] std::optional<BinlogPosition> parse_binlog_note(std::string_view text);
/// "end_time = 2022-11-23 03:42:13" of mariadb-backup as if it were UTC: it is in the zone of its machine, which it
/// does not say. 0: there is none.
[[nodiscard]] std::int64_t noted_end_s(const UnitView& view, const std::string& folder);
/// Whether `logs` hold more than is committed in a copy whose recovery `said` so: then they have what it left between
/// two states, too, and a replay brings that.
[[nodiscard]] bool go_on_behind_recovery(const std::string& said, const UnitView& logs);
/// Of a copy that does not say before its start where it stands: its recovery may, once the engine is started.
[[nodiscard]] bool is_said_by_recovery(const UnitView& view, const std::string& folder);
/// Of a copy whose server was shut down: it stands at the end of the log that was closed then. False: no log among
/// `logs` says so, and where the copy stands is not known.
[[nodiscard]] base::Result<bool> settle_position(BinlogPosition& position, const UnitView& logs,
                                                 const std::string& spill_folder);
/// As far as the copy's files say so before its engine was started; then settle_position.
[[nodiscard]] std::optional<BinlogPosition> find_written_position(const UnitView& view, const std::string& folder);
/// The same after it was started and `said` what its recovery found; then settle_position.
[[nodiscard]] std::optional<BinlogPosition> find_position(const std::string& said, const UnitView& view,
                                                          const std::string& folder);
/// Of a copy that does not say where it stands: ErrorCode::busy_retry where its notes of that were exchanged since they
/// were listed.
[[nodiscard]] base::Status check_notes_still_there(const UnitView& view, const std::string& folder);
/// What speaks against the saved `log`, whose bytes are `saved`, being the one in which the copy stands: what
/// find_first_mismatch and, where the copy has its own log of that name, find_changed_byte say; empty: nothing.
[[nodiscard]] base::Result<std::string> find_mismatch(const UnitView& view, const std::string& folder,
                                                      const BinlogPosition& position, const BinlogHistory& log,
                                                      base::ByteSource& saved, const std::string& name);
/// "bin.000004" is a log's name: what stands before the last dot, and its number.
[[nodiscard]] std::optional<std::pair<std::string, unsigned long>> parse_log_name(std::string_view name);

}  // namespace lastgood::engines::mariadb
