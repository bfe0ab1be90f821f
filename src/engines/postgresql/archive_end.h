// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How far an archive of the write-ahead log reaches. Private to engines/postgresql/ and its door, engines/log_end.h.
#pragma once

#include "engines/log_end.h"
#include "engines/postgresql/control_file.h"

namespace lastgood::engines::postgresql {

[[nodiscard]] base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy,
                                                    const std::string& folder, const std::string& spill_folder);

/// Where recovery of the copy begins.
[[nodiscard]] Lsn find_replay_begin(const UnitView& copy, const std::string& folder, const ControlFile& control);
/// "00000001000000000000000C", on the cluster's timeline.
[[nodiscard]] std::string name_of_segment(const ControlFile& control, std::uint64_t number);

}  // namespace lastgood::engines::postgresql
