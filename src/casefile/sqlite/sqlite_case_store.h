// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The embedded case database: one SQLite file (schema.md). Reached through casefile/open_case_store.h.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "os/file_lock.h"

namespace lastgood::casefile {

/// Makes the database. `path` is absolute and without links; the store keeps `lock` until it is closed.
[[nodiscard]] base::Result<std::unique_ptr<CaseStore>> create_sqlite_case_store(const std::string& path,
                                                                                os::FileLock lock);

/// With a lock for writing, without one for reading.
[[nodiscard]] base::Result<std::unique_ptr<CaseStore>> open_sqlite_case_store(const std::string& path,
                                                                              std::optional<os::FileLock> lock);

}  // namespace lastgood::casefile
