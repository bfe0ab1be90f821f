// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Opens one file of an open folder, inspects it and says what is to be recorded. Never fails: trouble is recorded.
#pragma once

#include <string>
#include <vector>

#include "inspect/file_search.h"
#include "inspect/judged_file.h"
#include "os/evidence.h"

namespace lastgood::scan {

/// `search`, if any, sees all bytes in the same read.
inspect::JudgedFile judge_file(const os::Descriptor& folder, const std::string& folder_path, const std::string& name,
                               const inspect::InspectOptions& options, inspect::FileSearch* search = nullptr);

}  // namespace lastgood::scan
