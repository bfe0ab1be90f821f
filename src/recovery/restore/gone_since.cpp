// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/gone_since.h"

#include <filesystem>

namespace lastgood::recovery::restore {

namespace {

bool is_gone(const std::string& path) {
  std::error_code trouble;
  return std::filesystem::symlink_status(path, trouble).type() == std::filesystem::file_type::not_found;
}

}  // namespace

void tell_gone(const Plan& plan, const JournalState& state, const std::string& target, TroubleList& troubles) {
  const std::string root = target == "/" ? std::string() : target;
  for (std::uint32_t i = 0; i < plan.items.size(); ++i) {
    const PlanItem& item = plan.items[i];
    const bool is_looked_for = state.is_done(i) && !state.incomplete.contains(i) && item.unit == PlanItem::k_no_unit &&
                               item.kind == model::EntryKind::regular;
    if (is_looked_for && is_gone(root + item.path))
      troubles.remark(item.path, "restore.gone",
                      "was restored before and is not there any more; where it is still needed, a new plan brings it");
  }
  // Nothing can be done with a database that is not there: neither a replay nor a start.
  for (std::uint32_t unit = 0; unit < plan.units.size(); ++unit) {
    if (state.units.contains(unit) && is_gone(root + plan.units[unit].path))
      troubles.refuse(plan.units[unit].path, "restore.unit",
                      "was restored before, and nothing stands there any more: a new plan brings it back, 'plan --out "
                      "NEW.json' and 'restore NEW.json'");
  }
}

}  // namespace lastgood::recovery::restore
