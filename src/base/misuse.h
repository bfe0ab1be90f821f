// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace lastgood::base {

/// The request makes no sense; `hint` is what the person can do, `path` the object it is about, if any.
[[nodiscard]] inline Error misuse(std::string what, std::string hint, std::string path = {}) {
  return Error{.code = ErrorCode::misuse,
               .what = std::move(what),
               .path = std::move(path),
               .offset_bytes = {},
               .system_errno = 0,
               .hint = std::move(hint)};
}

}  // namespace lastgood::base
