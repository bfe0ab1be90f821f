// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A UnitView of a folder on this machine: a live tree, a mounted snapshot, what was restored.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

/// `outside_root` is put before absolute paths that lead out of the unit: "" for a live tree, "/mnt/snapshot" where
/// the victim's root is mounted there. Nothing: paths outside are not looked at.
[[nodiscard]] base::Result<std::unique_ptr<UnitView>> open_evidence_view(
    const std::string& path, std::optional<std::string> outside_root = std::nullopt);

}  // namespace lastgood::engines
