// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A cluster brought forward by its logs and left for a restore: a copy of its own that nobody asked anything, so that
// nothing in it was switched off. Private to engines/postgresql/.
#pragma once

#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

/// The folder it lies in, below `options.parent`.
[[nodiscard]] base::Result<std::string> keep_cluster(const UnitView& view, const std::string& folder,
                                                     const ScratchServerOptions& options);

}  // namespace lastgood::engines::postgresql
