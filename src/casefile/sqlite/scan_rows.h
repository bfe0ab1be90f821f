// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Scans, their campaigns and the settings of the case, into the tables and out of them. REQUIRES of what changes
// something: in a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/sqlite/connection.h"
#include "model/file_record.h"

namespace lastgood::casefile {

[[nodiscard]] base::Result<std::int64_t> insert_scan(Connection& connection, const model::Scan& scan);
[[nodiscard]] base::Status update_finished(Connection& connection, std::int64_t scan_id, std::int64_t finished_ns,
                                           const model::ScanCounts& counts);
[[nodiscard]] base::Result<std::vector<model::Scan>> read_scans(Connection& connection);
/// ErrorCode::not_found when there is no such scan.
[[nodiscard]] base::Status check_scan(Connection& connection, std::int64_t scan_id);

[[nodiscard]] base::Result<std::vector<std::int64_t>> replace_campaigns(Connection& connection, std::int64_t scan_id,
                                                                        std::span<const model::Campaign> campaigns);
[[nodiscard]] base::Result<std::vector<model::Campaign>> read_campaigns(Connection& connection, std::int64_t scan_id);

[[nodiscard]] base::Result<std::optional<std::string>> read_setting(Connection& connection, std::string_view name);
[[nodiscard]] base::Status write_setting(Connection& connection, std::string_view name, std::string_view value);

}  // namespace lastgood::casefile
