// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The database folders that a restore in place put aside: each file of them with its digest, so that it can be said
// later whether anybody changed what is kept. That reads as much as was struck, so it comes when everything is back,
// and holds nobody up: the case is open only while the ledger is told.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/ledger.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

struct KeptDigests {
  std::uint64_t folders = 0;  // whose digests this run took
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<ItemTrouble> remarks;  // what could not be read: the same restore again tries it again
  bool finished = false;             // false: cancelled, the same restore again goes on
};

/// Appends to the case's ledger. Called once for each folder; an Error ends the work.
using TellCase = std::function<base::Status(std::string_view kind, const ledger::Fields& fields)>;

/// Reads the folders that restore_plan put aside for `plan` and `request`, now or in an earlier run, those left out
/// whose digests are known, and writes their files into the journal and their sum into the ledger. REQUIRES: that
/// restore is not under way. An Error is the target's, the journal's (busy_retry: somebody carries the plan out) or
/// `tell`'s; what was done until then is known.
[[nodiscard]] base::Result<KeptDigests> take_kept_digests(const Plan& plan, const RestoreRequest& request,
                                                          RestoreProgress& progress, const TellCase& tell);

}  // namespace lastgood::recovery
