// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files that an earlier run of this restore has put in place and that are not there any more. They are not put there
// again: somebody may have moved or deleted them on purpose.
#pragma once

#include <string>

#include "recovery/plan.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

/// A remark on each file, "restore.gone", but those of databases: their servers remove files themselves. A database of
/// which nothing stands there is refused, "restore.unit". Looks at names only.
void tell_gone(const Plan& plan, const JournalState& state, const std::string& target, TroubleList& troubles);

}  // namespace lastgood::recovery::restore
