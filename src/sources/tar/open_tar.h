// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Opens "tar:PATH": an archive, plain or packed with gzip, zstd, xz or bzip2 (told by content), is one snapshot; a
// folder of archives has one snapshot for each, those of one "pg_basebackup -Ft" together one. Where a folder has no
// archive, those in the folders of it are read so, one folder for each day or night.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "sources/open_source.h"
#include "sources/source.h"

namespace lastgood::sources::tar {

/// `location` is an absolute path; the source needs no secrets. As open_source. A single archive is read through here,
/// those of a folder when first looked into.
[[nodiscard]] base::Result<std::unique_ptr<Source>> open_tar(const std::string& location, const SourceSecrets& secrets,
                                                             const OpenOptions& options);

}  // namespace lastgood::sources::tar
