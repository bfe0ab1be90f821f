// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/log_removals.h"

#include <utility>

namespace lastgood::engines {

void LogRemovals::add(LogRemoval removal) {
  if (last.size() >= k_kept_max) {
    last.erase(last.begin());
    ++earlier;
  }
  last.push_back(std::move(removal));
}

}  // namespace lastgood::engines
