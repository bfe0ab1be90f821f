// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which patients of the database 'sheets match' has shown: CASE/backentry/shown.jsonl. A decision names one of them, so
// that a number with a wrong digit becomes nobody's.
#pragma once

#include <set>
#include <string>

#include "base/result.h"

namespace lastgood::backentry {

/// Those that are not there yet are added. Makes CASE/backentry.
[[nodiscard]] base::Status keep_shown(const std::string& case_folder, const std::set<std::string>& patient_numbers);
[[nodiscard]] base::Result<bool> was_shown(const std::string& case_folder, const std::string& patient_number);

}  // namespace lastgood::backentry
