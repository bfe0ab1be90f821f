// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Brings a scratch server of MariaDB forward by its binary logs: mariadb-binlog reads them and mariadb replays them,
// both locked in as the server is. Private to engines/mariadb/.
#pragma once

#include "engines/mariadb/data_room.h"

namespace lastgood::engines::mariadb {

/// From the position where the copy stands, to the last event that can be read whole, or to `options.replay_until_ns`
/// (in seconds: binary logs know no finer time). Where the copy does not say its position, nothing is replayed, and
/// that is said in `start.left_out`. ErrorCode::damaged_source: the logs do not go on from this copy, or a statement of
/// them was refused; what the server has then is of no use. REQUIRES: options.logs.
[[nodiscard]] base::Status replay_binlogs(DataRoom& data, const UnitView& view, const std::string& folder,
                                          const ScratchServerOptions& options, ScratchStart& start);

}  // namespace lastgood::engines::mariadb
