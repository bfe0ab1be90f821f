// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The data blocks of a pg_dump archive in custom format. Private to pgdump/.
//
//   block   = 01 id chunk* 0                          a table's rows
//           | 03 id (large-object chunk* 0)* 0        large objects, each with its number before it
//   chunk   = length bytes                            numbers are integers as in pgdump_toc.h
//
// With compression the chunks of one table, or of one large object, are one stream. Blocks follow each other without a
// gap, and the last one's closing zero is the last byte of the content.
#pragma once

#include <vector>

#include "formats/pgdump/pgdump_toc.h"
#include "formats/walk_report.h"

namespace lastgood::formats::pgdump {

/// Follows the blocks behind the table of contents and writes regions, findings, reach and end into `report`, whose
/// shape is `whole` when it comes in. Marks the entries it saw in `toc`.
void walk_data(WalkInput& input, Toc& toc, WalkReport& report);

}  // namespace lastgood::formats::pgdump
