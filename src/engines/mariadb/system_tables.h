// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's own list of its tables, SYS_TABLES in the system tablespace: which have no file of their own
// (innodb_file_per_table=0, as old servers made them), and which must have one. Pages of row format REDUNDANT:
// storage/innobase/include/dict0boot.h, page0page.h and rem0rec.h. Private to engines/mariadb/.
//
//   page   = header(94) ... records, each with the offset of the next in its last two bytes before it, from the one at
//            101 to the one at 116
//   record = ends of fields(1 or 2 each, the first last) info(1) counts(3) next(2) | name  transaction(6) undo(7) id(8)
//            columns(4) type(4) mixed id(8) flags(4) tablespace(4)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engines/mariadb/data_folder.h"

namespace lastgood::engines::mariadb {

struct ListedTable {
  std::uint32_t space = 0;  // 0: the system tablespace
  /// fileless: temporary, or its file was taken away in good order (DISCARD TABLESPACE).
  enum class File : std::uint8_t { expected, fileless } file = File::expected;
};

/// By name, "lis/orders", "lis/orders#P#p0"; those that are dropped are left out. As the pages on disk have it: a log
/// that is to be replayed may know of later changes. Pages that cannot be read list nothing.
[[nodiscard]] std::map<std::string, ListedTable> read_system_tables(UnitCheck& check, const DataFolder& folder);

/// Tables that the list has and the folder has nothing of: a schema or table that was deleted with its definition.
void check_listed_tables(UnitCheck& check, const DataFolder& folder, const std::map<std::string, ListedTable>& listed);

}  // namespace lastgood::engines::mariadb
