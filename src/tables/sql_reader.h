// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Rows out of dumps as text: pg_dump (COPY and INSERT), mysqldump and mariadb-dump, scripts of SQL Server, `sqlite3
// .dump`. No SQL is understood beyond CREATE TABLE, INSERT, COPY and the names around them; all else is skipped. Where
// a statement breaks, reading goes on at the next line that begins one.
#pragma once

#include <string_view>

#include "tables/table_sink.h"
#include "tables/text_input.h"

namespace lastgood::tables {

/// Does the beginning of a content look like a dump? Pure.
[[nodiscard]] bool looks_like_sql(std::string_view head);

void read_sql(TextInput& input, TableSink& sink);

}  // namespace lastgood::tables
