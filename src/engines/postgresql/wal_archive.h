// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An archive of the write-ahead log, put where a scratch cluster's recovery finds it. Private to engines/postgresql/.
#pragma once

#include "engines/scratch_server.h"
#include "os/scratch_tree.h"

namespace lastgood::engines::postgresql {

/// Copies segments and timeline histories of `archive` to `data`/pg_wal, unpacked where an archive command compressed
/// them (by way of `spill_folder`). A segment whose first page is none of a log is left out and said: replay ends
/// before it. One that is broken further on is used until there.
[[nodiscard]] base::Status put_archive(const UnitView& archive, const std::string& spill_folder, os::ScratchTree& data,
                                       ScratchStart& start);

}  // namespace lastgood::engines::postgresql
