// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What of a data directory is copied for its engine to be started on it. Private to engines/mariadb/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "os/scratch_tree.h"

namespace lastgood::engines::mariadb {

[[nodiscard]] bool is_data(std::string_view path);

/// How data files lie, as backup-my.cnf says: "--innodb_page_size=16384", ...
[[nodiscard]] std::vector<std::string> layout_settings(const UnitView& view, const std::string& folder);
/// A backup by mariadb-backup that was not prepared.
[[nodiscard]] bool is_unprepared(const UnitView& view, const std::string& folder);
/// The backup-my.cnf that mariadb-backup --prepare needs, of our own making.
[[nodiscard]] std::string prepare_settings(const UnitView& view, const std::string& folder);
[[nodiscard]] std::string join(const std::string& folder, std::string_view name);

/// "MariaDB 11.4.3" by what the server or the backup tool noted in the folder; empty: nothing says so.
[[nodiscard]] std::string made_by(const UnitView& view, const std::string& folder);
/// MySQL 8 and later keep their tables of tables in a file that MariaDB does not know.
[[nodiscard]] bool is_of_mysql(const UnitView& view, const std::string& folder);

/// Views whose text asks for their owner's rights, below `folder`: path and the text that asks for none.
struct PlainView {
  std::string path;
  std::string text;
};
[[nodiscard]] std::vector<PlainView> views_without_owner(const UnitView& view, const std::string& folder);

}  // namespace lastgood::engines::mariadb
