// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/log_end.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "engines/mariadb/binlog_end.h"
#include "engines/postgresql/archive_end.h"

namespace lastgood::engines {

base::Result<LogEnd> find_log_end(const UnitView& logs, const UnitView& copy, const FoundUnit& unit,
                                  const std::string& spill_folder, const LogReading& reading) {
  if (unit.kind == UnitKind::postgresql)
    return postgresql::find_archive_end(logs, copy, unit.path, spill_folder, reading);
  if (unit.kind == UnitKind::mariadb) return mariadb::find_binlog_end(logs, copy, unit.path, spill_folder, reading);
  return LogEnd{.missing = "it has no logs that could be replayed"};
}

std::string with_lost_commits(const std::string& what, std::string_view where, std::size_t later_files) {
  const std::string later =
      later_files == 0 ? std::string() : fmt::format(" and in {}", base::counted(later_files, "later log file"));
  return fmt::format("{}; what was committed {}{} is not there", what, where, later);
}

base::Result<std::string> find_shortfall(const UnitView& logs, const UnitView& copy, const FoundUnit& unit,
                                         const std::string& spill_folder) {
  if (unit.kind == UnitKind::postgresql) return postgresql::find_archive_shortfall(logs, copy, unit.path, spill_folder);
  return std::string("it has no logs that could complete it");
}

}  // namespace lastgood::engines
