// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door to sources/borg: repositories of borg 1.x in a local folder, all modes of encryption and compression.
#pragma once

#include <memory>
#include <string>

#include "sources/open_source.h"

namespace lastgood::sources::borg {

/// Errors as open_source.h says. Reads the index; archives are read when they are asked for.
[[nodiscard]] base::Result<std::unique_ptr<Source>> open_borg(const std::string& location, const SourceSecrets& secrets,
                                                              const OpenOptions& options);

}  // namespace lastgood::sources::borg
