// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The tables of a case database (schema.md) and the way from one version to the next.
#pragma once

#include "base/result.h"
#include "casefile/sqlite/database.h"

namespace lastgood::casefile {

/// Makes the tables in an empty database; ErrorCode::misuse when it is not empty.
[[nodiscard]] base::Status create_schema(Database& database);

/// Says whether this is a case database of the present version, table by table: one made by somebody else, with
/// triggers or columns of their own, is damaged_container; one of a newer program is unsupported.
[[nodiscard]] base::Status check_schema(Database& database);

/// Brings an older database to the present version, in one transaction, then checks it. REQUIRES: open for writing.
[[nodiscard]] base::Status migrate_schema(Database& database);

}  // namespace lastgood::casefile
