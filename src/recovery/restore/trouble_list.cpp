// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

void TroubleList::refuse(const std::string& path, std::string rule, std::string sentence) {
  const std::lock_guard lock(mutex_);
  ++outcome_.tally.refused;
  outcome_.refused.push_back(
      {path,
       {.rule = std::move(rule), .sentence = std::move(sentence), .weight = model::Weight::contradicts, .range = {}}});
}

void TroubleList::remark(const std::string& path, std::string rule, std::string sentence) {
  const std::lock_guard lock(mutex_);
  ++outcome_.remarks_total;
  if (outcome_.remarks.size() >= k_remarks_max) return;
  outcome_.remarks.push_back(
      {path,
       {.rule = std::move(rule), .sentence = std::move(sentence), .weight = model::Weight::remarks, .range = {}}});
}

void TroubleList::incomplete(IncompleteFile file) {
  const std::lock_guard lock(mutex_);
  ++outcome_.tally.incomplete;
  outcome_.incomplete.push_back(std::move(file));
}

RestoreTally TroubleList::tally() {
  const std::lock_guard lock(mutex_);
  return outcome_.tally;
}

}  // namespace lastgood::recovery::restore
