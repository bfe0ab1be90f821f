// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Dumps of databases as text whose first comment promises a last one: pg_dump, pg_dumpall, mysqldump, mariadb-dump, and
// `sqlite3 .dump` whose transaction must end. Where the last one is missing the dump was cut, or its program died.
#pragma once

#include "formats/format.h"

namespace lastgood::formats {

/// Whether the content opens as a dump that promises its end. Reads the edges only, UTF-16 included.
bool opens_as_dump(const Edges& edges);

/// Call when the text was found whole. A dump without its end breaks `report` ("text.dump.cut"), one with it holds.
void check_dump_end(WalkInput& input, WalkReport& report);

}  // namespace lastgood::formats
