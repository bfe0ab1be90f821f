// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lastgood::recovery {

/// `path` is `top` or below it; slashes at the end of `top` do not count, and everything is below "/".
constexpr bool is_at_or_below(std::string_view path, std::string_view top) {
  while (top.ends_with('/')) top.remove_suffix(1);
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
}

}  // namespace lastgood::recovery
