// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Nothing is ever written into what is read from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// Where the sources of the case lie on this machine: folders, or files of archives.
[[nodiscard]] base::Result<std::vector<std::string>> find_source_folders(casefile::CaseStore& store);

/// ErrorCode::misuse: `path`, or the nearest folder above it that is there, lies in a source of the case.
[[nodiscard]] base::Status check_outside_sources(casefile::CaseStore& store, const std::string& path);

/// ErrorCode::misuse: ... lies in the data directory of a server, of this machine or copied.
[[nodiscard]] base::Status check_outside_databases(const std::string& path);

/// ErrorCode::misuse: ... lies on another server's disk, that is looked at where it is mounted: `disk`, a folder.
[[nodiscard]] base::Status check_outside_disk(const std::string& path, const std::string& disk);

/// Outside of sources and databases. Asked before anything is made there.
[[nodiscard]] base::Status check_output_place(casefile::CaseStore& store, const std::string& path);

}  // namespace lastgood::recovery
