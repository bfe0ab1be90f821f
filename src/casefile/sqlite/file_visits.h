// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files and sightings out of the tables, in pieces of a bounded size: between pieces no statement is open, so a visitor
// may change the case, and the write-ahead log can be copied back.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "casefile/case_store.h"
#include "casefile/sqlite/connection.h"

namespace lastgood::casefile {

enum class Visit : std::uint8_t { to_the_end, stopped };

/// Files of one scan; `filter.scan_id` is not looked at.
[[nodiscard]] base::Result<Visit> visit_file_rows(Connection& connection, std::int64_t scan_id,
                                                  const FileFilter& filter, const FileVisitor& visitor);

[[nodiscard]] base::Status visit_sighting_rows(Connection& connection, std::int64_t scan_id,
                                               const SightingVisitor& visitor);

[[nodiscard]] base::Result<std::vector<KnownFile>> read_known_files(Connection& connection, std::int64_t scan_id,
                                                                    std::string_view directory);

[[nodiscard]] base::Result<model::ScanCounts> count_file_rows(Connection& connection, std::int64_t scan_id);

}  // namespace lastgood::casefile
