// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A scratch "server" of SQLite, which is a library: a copy of the database with its logs, asked in this process through
// an authorizer that lets reading through and nothing else. Private to engines/.
#pragma once

#include "engines/scratch_server.h"

namespace lastgood::engines::sqlite {

/// `file`: the database in the view.
[[nodiscard]] base::Result<std::unique_ptr<ScratchServer>> open_server(const UnitView& view, const std::string& file,
                                                                       const ScratchServerOptions& options);

}  // namespace lastgood::engines::sqlite
