// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engines/elasticsearch/elasticsearch_unit.h"
#include "engines/git/git_unit.h"
#include "engines/lmdb/lmdb_unit.h"
#include "engines/maildir/maildir_unit.h"
#include "engines/mariadb/mariadb_unit.h"
#include "engines/orthanc/orthanc_unit.h"
#include "engines/postgresql/check_postgresql.h"
#include "engines/sqlite/sqlite_unit.h"
#include "engines/unit_row.h"
#include "engines/vm_disk/vm_disk_unit.h"

namespace lastgood::engines {

namespace {

constexpr std::array<const UnitRow*, 9> k_rows = {
    &k_postgresql_row, &k_mariadb_row, &k_orthanc_row, &k_elasticsearch_row, &k_git_row,
    &k_lmdb_row,       &k_maildir_row, &k_sqlite_row,  &k_vm_disk_row,
};

}  // namespace

std::span<const UnitRow* const> unit_table() { return k_rows; }

}  // namespace lastgood::engines
