// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How a count of persons is shown: a page that a tired manager understands, or JSON lines.
#pragma once

#include <string>

#include "exposure/exposure_results.h"

namespace lastgood::cli {

/// `columns`: also every table, and why each column is what it is.
enum class ExposureDetail : std::uint8_t { summary, columns };
[[nodiscard]] std::string text_of(const exposure::ExposureResults& results, ExposureDetail detail);
/// Lines of JSON, each ended.
[[nodiscard]] std::string json_lines_of(const exposure::ExposureResults& results);

}  // namespace lastgood::cli
