// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An archive of the write-ahead log, put where a scratch cluster's recovery finds it. Private to engines/postgresql/.
#pragma once

#include "engines/scratch_server.h"
#include "os/scratch_tree.h"

namespace lastgood::engines::postgresql {

/// Copies segments and timeline histories of `archive` to `data`/pg_wal. A segment whose first page is none of a log is
/// left out and said: replay ends before it.
[[nodiscard]] base::Status put_archive(const UnitView& archive, os::ScratchTree& data, ScratchStart& start);

/// Its first page says that it is a segment of the log, and names the place that `name` stands for.
[[nodiscard]] bool is_segment(base::ByteSource& source, std::string_view name);
/// The segment or history that a name in an archive stands for, without ".partial"; empty for others.
[[nodiscard]] std::string archived_name(std::string_view name);

}  // namespace lastgood::engines::postgresql
