// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a full disk lacked, in numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace lastgood::os {

/// What we may still write on the file system that `path` lies on, or would lie on. Nothing: the system does not say.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::string& path);

/// An ErrorCode::no_space with both numbers behind what it says: "...: 1.2 GB are needed, 300 MB are free". Call it
/// when what was half written is removed. Any other error is given back as it is.
[[nodiscard]] base::Error with_space(base::Error error, std::uint64_t needed_bytes, const std::string& path);

}  // namespace lastgood::os
