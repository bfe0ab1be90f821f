// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's tablespaces: every page's checksum, number, tablespace and age.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "engines/mariadb/redo_log.h"
#include "engines/unit_check.h"

namespace lastgood::engines::mariadb {

/// What pages are compared with.
struct TablespaceRules {
  const RedoLog* log = nullptr;
  Lsn newest = 0;  // no page can be newer; 0: not known
  bool is_to_be_replayed = false;
  bool is_system_one_file = false;          // the length in the header of ibdata1 is that file's own
  std::unordered_set<PageId> spare_copies;  // in the doublewrite buffer, whole: recovery takes them for torn pages
};

struct TablespaceCounts {
  std::uint64_t files = 0;
  std::uint64_t pages = 0;
  std::uint64_t to_be_replaced = 0;
  std::uint64_t sealed = 0;  // encrypted by the server with its owner's key
};

/// Notes which pages the doublewrite buffer of the system tablespace holds whole.
void read_spare_copies(UnitCheck& check, base::ByteSource& system_tablespace, std::string_view shown,
                       TablespaceRules& rules);

/// One file; `shown` is its name in findings.
void check_tablespace(UnitCheck& check, base::ByteSource& source, const std::string& shown,
                      const TablespaceRules& rules, TablespaceCounts& counts);

}  // namespace lastgood::engines::mariadb
