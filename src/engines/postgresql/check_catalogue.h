// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A cluster's files against what its databases say they have. Not for base backups: their lists may be newer or older
// than the files beside them until the log is replayed. Private to engines/postgresql/.
#pragma once

#include "engines/postgresql/cluster_files.h"
#include "engines/postgresql/relation_files.h"
#include "engines/unit_check.h"

namespace lastgood::engines::postgresql {

/// Names each database of pg_database that has no files, each relation of pg_class that has no file, and, at quick
/// depth, each that is shorter than VACUUM or ANALYZE counted it and than its visibility map says, where no log can
/// make it longer or has made it shorter. All of pg_class is read at every depth.
void check_catalogue(UnitCheck& check, const ClusterFiles& files, const PageRules& rules);

}  // namespace lastgood::engines::postgresql
