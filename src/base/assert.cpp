// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace lastgood::base {

void fail_assertion(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "lastgood: bug: '%s' does not hold at %s:%d\n", condition, file, line);
  std::fprintf(stderr, "hint: nothing was changed by this; please report the line above\n");
  std::_Exit(70);
}

}  // namespace lastgood::base
