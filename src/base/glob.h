// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Shell patterns for includes and excludes. Names come from an attacker: matching takes at most pattern x text steps.
#pragma once

#include <string_view>

namespace lastgood::base {

/// `*` any bytes ('/' too), `?` one byte, everything else itself. The whole text must match.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace lastgood::base
