// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What an attack appended to names, taken off again: "x.docx.bak9" is "x.docx".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// Extensions that campaigns of the case appended, with their dots.
[[nodiscard]] base::Result<std::vector<std::string>> appended_extensions(casefile::CaseStore& store);

/// `name` without such an extension.
[[nodiscard]] std::string original_name(std::string_view name, const std::vector<std::string>& extensions);

}  // namespace lastgood::recovery
