// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases that lie as data files of PostgreSQL and MariaDB: their own engine is started on a throw-away copy, locked
// in, and asked for all rows of all tables (engines/scratch_server.h). Nothing of them runs.
#pragma once

#include <string>
#include <vector>

#include "exposure/encrypted_paths.h"
#include "exposure/match_access.h"
#include "exposure/read_file.h"

namespace lastgood::exposure {

/// Reads the databases below `roots` that can be asked. Gives their folders, absolute: their files are read with that.
/// One that cannot be asked, and a table that does not answer, is told in `count`; never an error of the count.
/// `is_left_out` says which folders nobody wants counted.
[[nodiscard]] std::vector<std::string> read_units(const std::vector<std::string>& roots, const std::string& scratch,
                                                  const std::function<bool(const std::string& path)>& is_left_out,
                                                  const EncryptedPaths& encrypted, const AccessMatcher& access,
                                                  const FileRules& rules, SharedCount& count);

}  // namespace lastgood::exposure
