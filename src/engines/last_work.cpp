// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/last_work.h"

#include "engines/postgresql/last_commit.h"

namespace lastgood::engines {

LastWork find_last_work(const UnitView& view, const FoundUnit& unit) {
  return unit.kind == UnitKind::postgresql ? postgresql::find_last_commit(view, unit.path) : LastWork{};
}

}  // namespace lastgood::engines
