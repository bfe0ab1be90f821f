// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is switched off in a scratch cluster before anybody else may ask it, and the account that asks. The room it runs
// in is the wall (no shell, no program, no library of the copy, no network); this is the fence before it, and says what
// was found. Private to engines/postgresql/.
#pragma once

#include <string>
#include <vector>

#include "engines/postgresql/pg_session.h"

namespace lastgood::engines::postgresql {

/// Options of every connection with full rights: nothing is loaded, no trigger fires, only the catalogue is looked in.
inline constexpr std::string_view k_quiet_options =
    "-c session_preload_libraries= -c local_preload_libraries= -c search_path=pg_catalog "
    "-c session_replication_role=replica -c default_transaction_read_only=off -c statement_timeout=120000 -c jit=off "
    "-c row_security=off -c lock_timeout=10000";

/// First of all in every database, before any question of ours: operators, functions and casts that people put into
/// pg_catalog are found by name no more (views that use them still do), so that none takes the place of a built-in one
/// in what we ask with full rights; languages that can do anything are off. Written with constants of exact types:
/// these find the built-in operators whatever else is there.
[[nodiscard]] base::Status quiet_catalogue(PgSession& session);
/// Once per cluster: settings of databases and roles that could load something, and a new role `reader` that may read
/// everything and write nothing.
[[nodiscard]] base::Status quiet_cluster(PgSession& session, const std::string& reader, ScratchStart& start);
/// Once per database.
[[nodiscard]] base::Status quiet_database(PgSession& session, const std::string& database, ScratchStart& start);

/// Which of `refused`, as quiet_database notes them, PostgreSQL's `complaint` about a question is about, and why that
/// does not answer; empty: about none.
[[nodiscard]] std::string find_out_of_force(const std::vector<std::string>& refused, std::string_view database,
                                            std::string_view complaint);

/// Names that the cluster's first superuser has or had, by the file of accounts.
[[nodiscard]] std::vector<std::string> first_superusers(const UnitView& view, const std::string& folder);

}  // namespace lastgood::engines::postgresql
