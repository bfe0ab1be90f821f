// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which tables of a data directory may not be asked because their files are not what the server wrote: the server
// itself reads over a broken page of a long text, and repairs a table of MyISAM or Aria by leaving rows out, without a
// word. Private to engines/mariadb/.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines::mariadb {

/// Path of a file in the data directory, and why it is not to be opened.
using FencedFiles = std::map<std::string, std::string, std::less<>>;

/// Every page of every tablespace is looked at. ErrorCode::damaged_source: what all tables need (the system tablespace,
/// the undo logs, the redo log) is broken.
[[nodiscard]] base::Result<FencedFiles> find_struck_tablespaces(const UnitView& view, const std::string& folder);

/// Files of tables that the server named when it refused to start: "./lis/p.ibd", or a tablespace's number, which is
/// looked for in the copy's files.
[[nodiscard]] FencedFiles find_named_files(const UnitView& view, const std::string& folder, std::string_view words);
/// An error that the server printed and that speaks of none of `fenced`; empty: there is none.
[[nodiscard]] std::string find_other_error(const UnitView& view, const std::string& folder, std::string_view words,
                                           const FencedFiles& fenced);

/// Whether blocks of a table's file, one without checksums, are no rows: zeros or random bytes. Empty: none is.
[[nodiscard]] std::string find_foreign_block(const UnitView& view, const std::string& path);

/// "lis.p" of "lis/p#P#p0.ibd", printable.
[[nodiscard]] std::string shown_table(std::string_view path);

}  // namespace lastgood::engines::mariadb
