// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/log_folders.h"

#include <algorithm>
#include <utility>

#include "recovery/log_names.h"

namespace lastgood::recovery {

namespace {

bool has_logs(const sources::Folder& folder) {
  return std::any_of(folder.entries.begin(), folder.entries.end(), [](const model::TreeEntry& entry) {
    const bool is_log = is_log_name(entry.name) || is_unfinished_log_name(entry.name);
    return is_segment_folder(entry) || (entry.kind == model::EntryKind::regular && is_log);
  });
}

}  // namespace

bool is_segment_folder(const model::TreeEntry& entry) {
  return entry.kind == model::EntryKind::folder && is_segment_folder_name(entry.name);
}

bool is_servers_own_log(std::string_view folder_name) { return folder_name == "pg_wal" || folder_name == "pg_xlog"; }

std::vector<LogFolder> find_log_folders(sources::Source& source, const std::string& subtree) {
  std::vector<LogFolder> level = {{.inner = {}, .subtree = subtree}};
  std::size_t read_count = 0;
  for (int depth = 0; depth <= k_log_levels_below_max && !level.empty(); ++depth) {
    std::vector<LogFolder> found;
    std::vector<LogFolder> below;
    for (LogFolder& one : level) {
      if (read_count++ == k_log_folders_read_max) return found;
      const auto folder = source.read_folder(one.subtree);
      if (!folder.ok()) continue;
      for (const model::TreeEntry& entry : folder.value().entries) {
        if (entry.kind == model::EntryKind::folder && !is_servers_own_log(entry.name))
          below.push_back(
              {.inner = one.inner.empty() ? entry.name : one.inner + "/" + entry.name, .subtree = entry.subtree});
      }
      if (has_logs(folder.value())) found.push_back(std::move(one));
    }
    if (!found.empty()) return found;
    level = std::move(below);
  }
  return {};
}

}  // namespace lastgood::recovery
