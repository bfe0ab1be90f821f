// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Looks at a TOML text before a parser does: nesting that would use up a stack is refused here, and so is what can
// stand nowhere but in a text or a comment.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::services {

struct ShapeMistake {
  std::size_t line = 0;
  std::string sentence;
};

/// Pure, one pass. Nothing: all is of TOML's alphabet, brackets nest at most 16 deep and no key has more than 8 parts.
[[nodiscard]] std::optional<ShapeMistake> check_toml_shape(std::string_view text);

}  // namespace lastgood::services
