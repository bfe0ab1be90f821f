// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lines of the standard input, from a person or a pipe. One object a program; nothing else reads it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace lastgood::os {

class TypedLines {
 public:
  /// A person sits there, who can be asked.
  [[nodiscard]] static bool at_terminal();
  /// Without its end, and without what is beyond `bytes_max`. Nothing at the end of the input, or when a stop was
  /// requested: Ctrl-C need not wait for Enter.
  [[nodiscard]] std::optional<std::string> next(std::size_t bytes_max);

 private:
  [[nodiscard]] bool read_more();
  std::string read_;
  bool ended_ = false;
};

}  // namespace lastgood::os
