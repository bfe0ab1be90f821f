// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a data directory holds and what its redo log says of it: what its tablespaces are then compared with. Private to
// engines/mariadb/.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engines/mariadb/data_files.h"
#include "engines/mariadb/redo_log.h"
#include "engines/unit_check.h"

namespace lastgood::engines::mariadb {

/// What mariadb-backup left beside a backup.
struct BackupMark {
  enum class State : std::uint8_t { none, unprepared, prepared, incremental } state = State::none;
  Lsn last = 0;
};

struct DataFolder {
  std::vector<Member> members;
  std::set<std::string> paths;
  BackupMark backup;
  RedoLog log;
  TablespaceRules rules;
  TablespaceCounts counts;
};

/// Its members, the mark of a backup, the log, and what the system tablespace holds for recovery.
void read_data_folder(UnitCheck& check, DataFolder& folder);

/// One tablespace of the folder.
void check_tablespace_file(UnitCheck& check, DataFolder& folder, const Member& member);

[[nodiscard]] std::string_view base_name(std::string_view path);
/// "lis/p.ibd", "ibdata1", "undo001"
[[nodiscard]] bool is_tablespace(std::string_view path);
/// "p#P#p0.ibd" is a part of table p; without its ending.
[[nodiscard]] std::string table_of(std::string_view path);

}  // namespace lastgood::engines::mariadb
