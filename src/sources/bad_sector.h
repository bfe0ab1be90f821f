// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A sector that cannot be read costs the bytes in it; everything else of the source may be fine.
#pragma once

#include <cerrno>
#include <utility>

#include "base/error.h"

namespace lastgood::sources {

/// The error of a read from a store: EIO is ErrorCode::damaged_source, all others are what they were.
[[nodiscard]] inline base::Error as_damage(base::Error error) {
  if (error.system_errno == EIO) error.code = base::ErrorCode::damaged_source;
  return error;
}

}  // namespace lastgood::sources
