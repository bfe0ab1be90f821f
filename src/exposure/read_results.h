// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The counts of a case, as they were written: for reports, facts and notices.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "exposure/exposure_results.h"

namespace lastgood::exposure {

/// Pure. ErrorCode::damaged_container with what is wrong: the text may come from anywhere.
[[nodiscard]] base::Result<ExposureResults> parse_results(std::string_view text);

/// The newest count of the case; nothing when there is none: exposure is unknown then, not zero.
[[nodiscard]] base::Result<std::optional<ExposureResults>> read_results(const std::string& case_folder);

}  // namespace lastgood::exposure
