// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// When the case was made and when something new was last said of it, as its ledger has it.
#pragma once

#include <string>

#include "base/result.h"
#include "exports/export_input.h"

namespace lastgood::exports {

/// Entries that only write out, sign or check what is known (exports, reports, letters, heads, plans) do not count:
/// exporting twice gives the same bytes. Errors: the ledger cannot be read.
[[nodiscard]] base::Result<CaseTimes> read_case_times(const std::string& case_folder);

/// Whether an entry of that kind says something new of the case.
[[nodiscard]] bool tells_news(std::string_view kind);

}  // namespace lastgood::exports
