// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How far saved binary logs reach. Private to engines/mariadb/ and its door, engines/log_end.h.
#pragma once

#include "engines/log_end.h"

namespace lastgood::engines::mariadb {

[[nodiscard]] base::Result<LogEnd> find_binlog_end(const UnitView& logs, const UnitView& copy,
                                                   const std::string& folder, const std::string& spill_folder,
                                                   const LogReading& reading);

}  // namespace lastgood::engines::mariadb
