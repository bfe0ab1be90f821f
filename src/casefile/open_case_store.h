// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Makes and opens the store of a case. The case is a folder, for its owner only:
//   case.sqlite  the database (schema.md), with -wal and -shm beside it while it is open
//   lock         held by the process that writes
//   kept/        what was put aside: originals, quarantined files
//   ledger       the record of what was done (made by ledger/)
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::casefile {

enum class Access : std::uint8_t { read, write };

/// Makes the folder, if it is not there, and an empty store in it, open for writing. ErrorCode::misuse when it already
/// holds a store. A case whose making was interrupted can be made again.
[[nodiscard]] base::Result<std::unique_ptr<CaseStore>> create_case_store(const std::string& folder);

/// Access::write: one process at a time; the second gets ErrorCode::busy_retry, which names the case and the process
/// that has it. Access::read: any number, at any time, also from a read-only disk.
/// Errors besides: not_found, damaged_container (no case, or a broken one), unsupported (from a newer program).
[[nodiscard]] base::Result<std::unique_ptr<CaseStore>> open_case_store(const std::string& folder, Access access);

}  // namespace lastgood::casefile
