// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/random.h"

#include <sys/random.h>

#include <algorithm>

#include "base/assert.h"

namespace lastgood::os {

void fill_random(std::span<std::uint8_t> into) {
  // getrandom(2): requests of at most 256 bytes are never interrupted and never short.
  constexpr std::size_t k_request_bytes = 256;
  while (!into.empty()) {
    const std::size_t count = std::min(into.size(), k_request_bytes);
    LG_ASSERT(::getrandom(into.data(), count, 0) == static_cast<ssize_t>(count));
    into = into.subspan(count);
  }
}

}  // namespace lastgood::os
