// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What must hold for every report of every walker, whatever the input. Shared by the tests and the fuzz targets.
#pragma once

#include <string>

#include "formats/walk_report.h"

namespace lastgood::formats::testing {

/// The first rule the report breaks, as a sentence; empty when it keeps them all.
std::string find_broken_report_rule(const WalkReport& report, std::uint64_t size_bytes);

}  // namespace lastgood::formats::testing
