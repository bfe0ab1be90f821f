// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where in its log a copy of a cluster stands, by its pg_control and its backup_label. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/control_file.h"
#include "engines/unit.h"

namespace lastgood::engines::postgresql {

struct CopyStand {
  ControlFile control;
  std::optional<BackupLabel> label;
  /// Where recovery begins.
  [[nodiscard]] Lsn begin() const { return label ? label->start : control.redo; }
  [[nodiscard]] std::uint64_t first_segment() const { return begin() / control.wal_segment_bytes; }
};

/// Nothing: its pg_control does not say, or is not there.
[[nodiscard]] std::optional<ControlFile> read_control(const UnitView& copy, const std::string& folder);
[[nodiscard]] std::optional<CopyStand> read_stand(const UnitView& copy, const std::string& folder);

/// "00000001000000000000000C", on the cluster's timeline.
[[nodiscard]] std::string name_of_segment(const ControlFile& control, std::uint64_t number);

}  // namespace lastgood::engines::postgresql
