// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engines/start_scratch.h"

namespace lastgood::engines::mariadb {

/// See start_scratch.
[[nodiscard]] base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder,
                                                     const ScratchOptions& options);

}  // namespace lastgood::engines::mariadb
