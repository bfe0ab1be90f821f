// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether commits of a struck SQLite database are missing or half there, as far as the files beside it can tell. A
// machine that lost its power may leave such files too: of a copy that was made to be kept, only what sqlite_unit.h
// says counts. Private to engines/sqlite/.
#pragma once

#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines::sqlite {

/// What speaks against the write-ahead log or the rollback journal of the database `file`; empty: nothing does.
[[nodiscard]] base::Result<std::string> find_lost_commits(const UnitView& view, const std::string& file);

}  // namespace lastgood::engines::sqlite
