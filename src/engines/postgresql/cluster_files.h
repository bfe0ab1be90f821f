// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The files of a cluster, sorted by what they are, wherever links put them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engines/postgresql/relation_files.h"
#include "engines/unit_check.h"

namespace lastgood::engines::postgresql {

/// A file outside the relations: `path` as in the cluster ("pg_xact/0000").
struct ClusterFile {
  const Place* place = nullptr;
  std::string place_path;
  std::uint64_t size_bytes = 0;
};

/// A link of pg_tblspc, or a line of tablespace_map, to a folder that cannot be seen from here.
struct MissingTablespace {
  std::uint32_t number = 0;
  std::string path;  // "pg_tblspc/16384"
  std::string target;
};

struct ClusterFiles {
  std::deque<Place> places;  // addresses stay
  std::vector<RelationFile> relations;
  std::map<std::string, ClusterFile> others;                               // by path as in the cluster
  std::map<std::uint64_t, std::map<std::uint32_t, ClusterFile>> segments;  // of the log: by number, then timeline
  std::vector<MissingTablespace> missing_tablespaces;
  bool is_log_out_of_sight = false;  // pg_wal leads to where nobody can look from here

  /// The segment as recovery would choose it: of `timeline` if there is one, else of the next one.
  [[nodiscard]] std::unique_ptr<base::ByteSource> open_segment(UnitCheck& check, std::uint64_t number,
                                                               std::uint32_t timeline) const;
};

/// Lists the cluster, its tablespaces and its log, links and tablespace_map followed through UnitView::open_outside.
/// `wal_segment_bytes` tells which number a segment's name is. Foreign names among the relations are looked at and
/// named.
ClusterFiles list_cluster(UnitCheck& check, std::uint32_t wal_segment_bytes);

}  // namespace lastgood::engines::postgresql
