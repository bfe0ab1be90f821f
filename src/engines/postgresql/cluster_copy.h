// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What of a cluster is copied for its engine to be started on it, and what is put in the place of the rest. Private to
// engines/postgresql/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "os/scratch_tree.h"

namespace lastgood::engines::postgresql {

/// Data and the log. Configuration, signal files, replication slots, and what the server makes anew are not.
[[nodiscard]] bool is_cluster_data(std::string_view path);
[[nodiscard]] std::vector<std::string> empty_cluster_folders();
/// Nothing in it runs anything.
[[nodiscard]] std::string_view own_configuration();

/// The folder of the programs of the cluster's own version. ErrorCode::unsupported when it is not installed.
[[nodiscard]] base::Result<std::string> find_programs(const UnitView& view, const std::string& folder);
/// A tablespace of the cluster: a folder that a restore put into pg_tblspc, or a link to `target`. What only the
/// tablespace_map of a backup names is as good as a link.
struct ListedTablespace {
  std::string number;
  enum class Lies : std::uint8_t { inside, outside } lies = Lies::inside;
  std::string target;
};
[[nodiscard]] std::vector<ListedTablespace> list_tablespaces(const UnitView& view, const std::string& folder);

/// Tablespaces: what a link leads to, or a folder that a restore put in its place; to `tablespaces` in the tree. Says
/// which, with those that cannot be seen, which are empty there: replay makes no folders where a link belongs.
[[nodiscard]] base::Result<std::vector<std::string>> copy_tablespaces(const UnitView& view, const std::string& folder,
                                                                      os::ScratchTree& tree);
/// A log that lies elsewhere, to `into` in the tree.
[[nodiscard]] base::Status copy_linked_log(const UnitView& view, const std::string& folder, os::ScratchTree& tree,
                                           const std::string& into);
[[nodiscard]] std::string join(const std::string& folder, std::string_view name);

}  // namespace lastgood::engines::postgresql
