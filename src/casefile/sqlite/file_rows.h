// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files and sightings into the tables. REQUIRES of both: in a transaction.
#pragma once

#include <cstdint>
#include <span>

#include "casefile/sqlite/connection.h"
#include "model/file_record.h"

namespace lastgood::casefile {

[[nodiscard]] base::Status insert_files(Connection& connection, std::int64_t scan_id,
                                        std::span<const model::FileRecord> files,
                                        std::span<const model::Sighting> sightings);

[[nodiscard]] base::Status update_files(Connection& connection, std::int64_t scan_id,
                                        std::span<const model::FileRecord> files);

}  // namespace lastgood::casefile
