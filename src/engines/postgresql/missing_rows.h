// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tables that a scratch server would answer for with rows missing, fenced before anybody asks. Private to
// engines/postgresql/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engines/postgresql/copied_relations.h"
#include "engines/postgresql/pg_session.h"
#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

inline constexpr std::size_t k_unusable_max = 1000;

/// Numbers from here on, up to k_unusable_max, are no relation's file: who asks for a fenced table is told that one of
/// them cannot be opened, which says which table it was. A cluster gets as far only after four thousand million
/// objects. Those of emptied tables follow them.
inline constexpr std::uint32_t k_first_no_file = 4'294'000'000;
[[nodiscard]] bool is_no_file(std::string_view path);

/// What an error that names such a file is about: "public.lab (database his): its file 16533 is not there". Empty: it
/// names none.
[[nodiscard]] std::string find_fenced(const ScratchStart& start, std::string_view error);

/// The unlogged tables of the session's database, as ScratchStart::emptied has them.
[[nodiscard]] base::Result<std::vector<std::string>> list_unlogged(PgSession& session, const std::string& database);

/// Fences tables of `database`, and the long values of tables, whose files were not all there and good before the log
/// was replayed, or that are shorter than the database counted: each is said in `start.unusable`; and those that the
/// server emptied because they are unlogged: `start.emptied`. Indexes without their file are not used
/// (`start.left_out`). Gives the paths of the files that are not to be kept. ErrorCode::damaged_source: the database's
/// own lists are such. `session` is a superuser's, of that database, and nobody else is connected.
[[nodiscard]] base::Result<std::vector<std::string>> fence_missing_rows(PgSession& session, const std::string& database,
                                                                        CopiedRelations& copied, ScratchStart& start);

}  // namespace lastgood::engines::postgresql
