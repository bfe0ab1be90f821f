// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's rollback segments, whose headers say which place of the binary log its last transaction had. After a crash
// recovery tells it by itself; of a server that was shut down in good order nothing but they do. Of MariaDB 10.3 and
// later: storage/innobase/include/trx0sys.h, trx0rseg.h. Private to engines/mariadb/.
//
//   page 5 of the system tablespace = header(56) [tablespace(4) page(4)] * 128, all ones: none
//   rollback segment = header(38, its LSN at 16) format(4: 0) ... place(8, at 4176) log's name(512)
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engines/unit.h"

namespace lastgood::engines::mariadb {

struct BinlogPlace {
  std::string file;  // without its folder
  std::uint64_t offset = 0;
};

/// Nothing: no segment names a log, or a page cannot be read.
[[nodiscard]] std::optional<BinlogPlace> read_binlog_place(const UnitView& view, const std::string& folder);

}  // namespace lastgood::engines::mariadb
