// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which transactions were committed (pg_xact), and who locked rows together (pg_multixact). These files have no sums:
// a server takes ciphertext in them for an answer, and recovery takes a file that is gone for zeros, "never committed".
// Rows would vanish or come back without a word. Private to engines/postgresql/.
#pragma once

#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines::postgresql {

/// ErrorCode::damaged_source: one of them is gone, cut, unreadable or looks encrypted.
[[nodiscard]] base::Status check_transaction_status(const UnitView& view, const std::string& folder);

}  // namespace lastgood::engines::postgresql
