// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Cases made up from a seed: every kind of value, sure and unsure, with and without times, with texts that no honest
// evidence would hold. The same seed gives the same case.
#pragma once

#include <cstdint>

#include "exports/export_input.h"

namespace lastgood::exports::testing {

[[nodiscard]] ExportInput make_case(std::uint64_t seed);

/// The case of the files: two mail accounts in headers and a note, one mail whose border is a fact, a claim below it.
[[nodiscard]] ExportInput make_bak9_case();

}  // namespace lastgood::exports::testing
