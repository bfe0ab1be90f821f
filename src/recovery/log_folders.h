// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where below a folder that was named the saved logs lie: pgBackRest keeps them one level below its stanza ("15-1"),
// Barman below its server ("wals").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sources/source.h"

namespace lastgood::recovery {

// Enough for pgBackRest's repository ("archive/STANZA/15-1"); a folder of anything else is not searched through.
inline constexpr int k_log_levels_below_max = 3;
inline constexpr std::size_t k_log_folders_read_max = 256;

struct LogFolder {
  std::string inner;  // below the folder that was named: "15-1"; empty: that one itself
  std::string subtree;
};

/// The folder itself where it has log files, or folders of segments; else all that have some on the nearest level below
/// it that has any, of few levels. A server's own pg_wal is none of saved logs.
[[nodiscard]] std::vector<LogFolder> find_log_folders(sources::Source& source, const std::string& subtree);

/// "0000000100000000", in which archives keep segments.
[[nodiscard]] bool is_segment_folder(const model::TreeEntry& entry);

/// "pg_wal": of the server, not of its archive.
[[nodiscard]] bool is_servers_own_log(std::string_view folder_name);

}  // namespace lastgood::recovery
