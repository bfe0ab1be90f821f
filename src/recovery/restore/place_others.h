// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What comes after the contents: further names of files, links, fifos and devices, and flags.
#pragma once

#include <vector>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// Further names (indexes in RestoreItems::files, from more_names_from on) of files that stand where we put them.
[[nodiscard]] base::Status link_more_names(RestoreRun& run, const std::vector<std::uint32_t>& files);

[[nodiscard]] os::TargetKind target_kind(model::EntryKind kind);

/// Indexes in RestoreItems::others.
[[nodiscard]] base::Status place_others(RestoreRun& run, const std::vector<std::uint32_t>& others);

/// Append only, immutable, no dump: after everything else that touches these files.
[[nodiscard]] base::Status flag_files(RestoreRun& run, const std::vector<std::uint32_t>& files);

}  // namespace lastgood::recovery::restore
