// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A cluster brought forward by its logs and left for a restore: a copy of its own that nobody asked anything, so that
// nothing in it was switched off. Private to engines/postgresql/.
#pragma once

#include <string>
#include <vector>

#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

/// The folder it lies in, below `options.parent`. Files of relations in `fenced` (paths in the cluster) are taken out:
/// a server then says that they are not there, and does not answer with some of their rows.
[[nodiscard]] base::Result<std::string> keep_cluster(const UnitView& view, const std::string& folder,
                                                     const ScratchServerOptions& options,
                                                     const std::vector<std::string>& fenced);

}  // namespace lastgood::engines::postgresql
