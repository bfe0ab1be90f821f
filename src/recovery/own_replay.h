// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What an engine writes while it replays is no data: asked again, a folder that a replay made tells the time of that
// run. The ledger knows the last commit that it had then.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::recovery {

/// Digest of where an engine itself says that its files stand: another one as soon as a server ran on them. Empty where
/// it cannot be read.
[[nodiscard]] std::string stand_of(const engines::UnitView& view, engines::UnitKind kind);

/// The last commit of a folder that a replay made and that nothing has run on since, by the ledger; 0: not such a one.
[[nodiscard]] base::Result<std::int64_t> find_own_replay(const std::string& case_folder, const std::string& folder,
                                                         const std::string& stand);

}  // namespace lastgood::recovery
