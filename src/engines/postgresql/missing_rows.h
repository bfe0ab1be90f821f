// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tables that a scratch server would answer for with rows missing, fenced before anybody asks. Private to
// engines/postgresql/.
#pragma once

#include <string>
#include <vector>

#include "engines/postgresql/copied_relations.h"
#include "engines/postgresql/pg_session.h"
#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

inline constexpr std::size_t k_unusable_max = 1000;

/// A file number that no relation of a person has: who asks for a fenced table is told that it cannot be opened.
inline constexpr std::string_view k_no_file = "1";

/// Fences tables of `database`, and the long values of tables, whose files were not all there and good before the log
/// was replayed, that are shorter than the database counted, or that the server emptied because they are unlogged. Each
/// is said in `start.unusable`. Indexes without their file are not used (`start.left_out`). Gives the paths of the
/// files that are not to be kept. ErrorCode::damaged_source: the database's own lists are such. `session` is a
/// superuser's, of that database, and nobody else is connected.
[[nodiscard]] base::Result<std::vector<std::string>> fence_missing_rows(PgSession& session, const std::string& database,
                                                                        CopiedRelations& copied, ScratchStart& start);

}  // namespace lastgood::engines::postgresql
