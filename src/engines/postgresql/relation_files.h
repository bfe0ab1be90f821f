// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The files of a cluster's relations: which they are, whether segments are missing, and every page of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/postgresql/wal_reader.h"
#include "engines/unit_check.h"
#include "model/pages/postgresql_page.h"

namespace lastgood::engines::postgresql {

enum class Fork : std::uint8_t { main, free_space, visibility, initial };

struct RelationName {
  std::uint32_t relation = 0;
  Fork fork = Fork::main;
  std::uint32_t segment = 0;
};
/// "16384", "16384_fsm", "16384.1"; nothing for other names.
std::optional<RelationName> parse_relation_name(std::string_view name);

/// The file in whose place one with an attacker's ending stands: "16533.1" of "16533.1.bak9". A relation's own name,
/// and names that hold none, give nothing.
std::optional<std::string_view> find_name_before_ending(std::string_view name);

/// A folder of relations by its path in the cluster: "base/5", "global", "pg_tblspc/16400/PG_15_202209061/5".
struct RelationFolder {
  std::uint32_t tablespace = 0;
  std::uint32_t database = 0;
};
std::optional<RelationFolder> parse_relation_folder(std::string_view folder);

struct RelationFile {
  RelationFolder folder;
  RelationName name;
  const Place* place = nullptr;
  std::string path;  // below the place
  std::uint64_t size_bytes = 0;
};

/// What pages are compared with.
struct PageRules {
  std::uint32_t block_bytes = 0;
  std::uint32_t segment_blocks = 0;
  bool has_sums = false;
  enum class Stand : std::uint8_t { shut_down, to_be_replayed } stand = Stand::shut_down;
  const WalSurvey* wal = nullptr;
  bool is_wal_end_known = false;
};

struct PageCounts {
  std::uint64_t files = 0;
  std::uint64_t pages = 0;
  std::uint64_t to_be_replaced = 0;  // do not fit, and replay puts a whole image over them
  std::uint64_t proven = 0;          // by checksum
};

/// Checks all of them; `files` are in any order.
PageCounts check_relations(UnitCheck& check, std::vector<RelationFile>& files, const PageRules& rules);

}  // namespace lastgood::engines::postgresql
