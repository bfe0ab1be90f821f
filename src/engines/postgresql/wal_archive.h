// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// An archive of the write-ahead log, put where a scratch cluster's recovery finds it. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engines/scratch_server.h"
#include "os/scratch_tree.h"

namespace lastgood::engines::postgresql {

/// Copies segments and timeline histories of `archive` to `data`/pg_wal, unpacked where an archive command compressed
/// them (by way of `spill_folder`). A segment whose first page is none of a log is left out and said: replay ends
/// before it. One that is broken further on is used until there. Those of another server than `system_id` (0: not
/// known) are left out; ErrorCode::damaged_source: all of them are.
[[nodiscard]] base::Status put_archive(const UnitView& archive, std::uint64_t system_id,
                                       const std::string& spill_folder, os::ScratchTree& data, ScratchStart& start);

[[nodiscard]] bool is_segment_name(std::string_view name);

// unused: zeros, or log of an earlier place: a server keeps old segments under the names of those that it will write.
enum class SegmentStart : std::uint8_t { segment, unused, other };
/// What the first page says to be at the place that `name` stands for. REQUIRES: `name` is one of a segment.
[[nodiscard]] SegmentStart look_at_segment(base::ByteSource& source, std::string_view name);
[[nodiscard]] bool is_segment(base::ByteSource& source, std::string_view name);

struct ArchivedFile {
  std::string path;
  std::string name;  // of what is in it
};
/// What is of the log, whole segments behind partial ones of the same name, which they replace. Barman and pgBackRest
/// keep segments in folders named by the first 16 digits. `others` counts what is none.
[[nodiscard]] base::Result<std::vector<ArchivedFile>> list_archive(const UnitView& archive, std::size_t& others);

}  // namespace lastgood::engines::postgresql
