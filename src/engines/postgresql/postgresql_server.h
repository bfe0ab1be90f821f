// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A scratch server of PostgreSQL 14 and later. Private to engines/.
#pragma once

#include "engines/scratch_server.h"

namespace lastgood::engines::postgresql {

[[nodiscard]] base::Result<std::unique_ptr<ScratchServer>> open_server(const UnitView& view, const std::string& folder,
                                                                       const ScratchServerOptions& options);

}  // namespace lastgood::engines::postgresql
