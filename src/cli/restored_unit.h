// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "readiness/since_restored.h"
#include "sheets/make_sheets.h"

namespace lastgood::cli {

/// What `restore` has put back at `path`, with what its replay brought in, where there was one: the ledger knows.
[[nodiscard]] sheets::RestoredUnit restored_unit_of(const readiness::EndedRestore& restore, const std::string& path,
                                                    const std::string& case_folder);

}  // namespace lastgood::cli
