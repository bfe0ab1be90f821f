// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "casefile/case_store.h"
#include "cli/open_session.h"

namespace lastgood::cli {

/// In which times are printed: what was said with 'case describe --zone'. Empty, which reads as UTC, also where the
/// case cannot say it: what is printed must not fail over how.
[[nodiscard]] std::string zone_of(casefile::CaseStore& store);

/// "+05:30".
[[nodiscard]] bool is_zone(std::string_view text);

/// That times were taken from names of snapshots without a zone, of which sources, and how to say theirs; empty where
/// that is so of none.
[[nodiscard]] std::string describe_assumed_zones(const Session& session);

/// That, once, as a note beside what a command prints.
void print_assumed_zones(const Session& session, Context& context);

}  // namespace lastgood::cli
