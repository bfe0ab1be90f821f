// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What of an archive the engine could use: it says where it stopped, and nothing of what lies behind that place.
// Private to engines/postgresql/.
#pragma once

#include <string>

#include "engines/postgresql/control_file.h"
#include "engines/postgresql/wal_removals.h"
#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

struct ReplayedLog {
  const UnitView& archive;  // its root is the archive's folder
  const UnitView& copy;     // as it was before
  const std::string& folder;
  const std::string& spill_folder;
  Lsn last_record = 0;  // the last one that the engine replayed begins there; 0: it replayed none
};

/// Fills `logs_used` and `logs_end_early`. That the archive ends, also within a segment, is no early end: the server
/// had not archived more. REQUIRES: the engine was let to replay all.
[[nodiscard]] base::Status note_log_use(const ReplayedLog& log, ScratchStart& start);

/// What of it drops, empties or deletes; all of it is read. `after`: as the engine lists its tables now.
[[nodiscard]] base::Result<LogRemovals> find_removals(const ReplayedLog& log, const KnownTables& after);

}  // namespace lastgood::engines::postgresql
