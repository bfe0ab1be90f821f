// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/gone_since.h"

#include <filesystem>

namespace lastgood::recovery::restore {

void tell_gone(const Plan& plan, const JournalState& state, const std::string& target, TroubleList& troubles) {
  const std::string root = target == "/" ? std::string() : target;
  for (std::uint32_t i = 0; i < plan.items.size(); ++i) {
    const PlanItem& item = plan.items[i];
    const bool is_looked_for = state.is_done(i) && !state.incomplete.contains(i) && item.unit == PlanItem::k_no_unit &&
                               item.kind == model::EntryKind::regular;
    if (!is_looked_for) continue;
    std::error_code trouble;
    if (std::filesystem::symlink_status(root + item.path, trouble).type() != std::filesystem::file_type::not_found)
      continue;
    troubles.remark(item.path, "restore.gone",
                    "was restored before and is not there any more; where it is still needed, a new plan brings it");
  }
}

}  // namespace lastgood::recovery::restore
