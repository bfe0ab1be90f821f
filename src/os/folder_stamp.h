// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether anybody writes in a folder that is read where it lies.
#pragma once

#include <string>

#include "base/checksum.h"
#include "base/result.h"

namespace lastgood::os {

/// Over names, numbers, sizes and times of all that is below `path`, on its file system and without following links:
/// two are the same while nothing there was written, made or removed. Who takes another name for a file, as rotations
/// of hard links do, or sets its old time again after writing, is not seen. No access time changes. Any thread.
[[nodiscard]] base::Result<base::Sha256Digest> stamp_folder(const std::string& path);

}  // namespace lastgood::os
