// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which relations a database says it has (pg_class), to find files that are gone. Layout: catalog/pg_class.h, whose
// fields up to relkind are the same in PostgreSQL 13 to 17; utils/cache/relmapper.c for pg_filenode.map. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::engines::postgresql {

struct RelationMap {
  bool is_sound = false;       // magic and CRC-32C fit
  std::uint32_t pg_class = 0;  // number of its file; 0: not in this map
};
RelationMap parse_relation_map(base::ByteView bytes);

struct CatalogueRow {
  std::string name;
  std::uint32_t relation_file = 0;
};
/// Rows of one heap page of pg_class that are certainly live and have a file of their own.
std::vector<CatalogueRow> parse_catalogue_page(base::ByteView page);

}  // namespace lastgood::engines::postgresql
