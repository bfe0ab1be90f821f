// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How far an archive of the write-ahead log reaches. Private to engines/postgresql/ and its door, engines/log_end.h.
#pragma once

#include "engines/log_end.h"

namespace lastgood::engines::postgresql {

[[nodiscard]] base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy,
                                                    const std::string& folder, const std::string& spill_folder,
                                                    const LogReading& reading);

[[nodiscard]] base::Result<std::string> find_archive_shortfall(const UnitView& archive, const UnitView& copy,
                                                               const std::string& folder,
                                                               const std::string& spill_folder);

}  // namespace lastgood::engines::postgresql
