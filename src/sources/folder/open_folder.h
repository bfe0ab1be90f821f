// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Opens "folder:PATH": a live tree or plain copy as one snapshot ".", a folder of snapshots as those
// (find_snapshots.h).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "sources/open_source.h"
#include "sources/source.h"

namespace lastgood::sources::folder {

/// `location` is an absolute path; the source needs no secrets. As open_source.
[[nodiscard]] base::Result<std::unique_ptr<Source>> open_folder(const std::string& location,
                                                                const SourceSecrets& secrets,
                                                                const OpenOptions& options);

}  // namespace lastgood::sources::folder
