// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tablespaces whose files are not in the copy: whether anything of a database is in them. Private to
// engines/postgresql/.
#pragma once

#include "engines/postgresql/cluster_files.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/unit_check.h"

namespace lastgood::engines::postgresql {

/// The one that `path`, as in the cluster, lies in; null: in none of them.
[[nodiscard]] const MissingTablespace* find_missing_tablespace(const ClusterFiles& files, std::string_view path);
[[nodiscard]] bool is_missing_tablespace(const ClusterFiles& files, std::uint32_t number);

/// Says of each that it is missing. Where the lists of relations of all databases prove that nothing is in it, that is
/// a remark; else the set is not whole, and what can be read of it may still answer. `replayed`: the log that a start
/// replays; null: none, the files are as they will be.
void check_missing_tablespaces(UnitCheck& check, const ClusterFiles& files, const WalSurvey* replayed,
                               std::uint32_t page_bytes);

}  // namespace lastgood::engines::postgresql
