// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// plan_recovery: from verdicts, trees and policy to a Plan. Reads folders of sources, never contents, and the links of
// live databases; changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/live_state.h"
#include "recovery/opened_source.h"
#include "recovery/plan.h"
#include "recovery/verdict_table.h"
#include "services/services_file.h"

namespace lastgood::recovery {

struct PlanPolicy {
  std::vector<std::string> only;     // live paths; empty: everything
  std::int64_t not_after_ns = 0;     // snapshots later than this are not used; 0: all are
  std::string prefer;                // name of a source that is taken where versions are the same
  std::int64_t attack_began_ns = 0;  // 0: as the scans say
  enum class Deleted : std::uint8_t { leave_out, bring_back } deleted = Deleted::leave_out;
  /// `plan`: what scans found good is planned, too, as if the machine were gone: the question of a restore test,
  /// and of who wants to compare. Such a plan is carried out beside only.
  enum class GoodFiles : std::uint8_t { leave_out, plan } good_files = GoodFiles::leave_out;
  /// Databases that nothing struck, and that are damaged by their own check: named as lost, because a server that keeps
  /// a part of its files elsewhere looks so, too; or exchanged as a whole.
  enum class DamagedInPlace : std::uint8_t { name, exchange } damaged_in_place = DamagedInPlace::name;
};

class PlanProgress {
 public:
  virtual ~PlanProgress() = default;
  virtual void planning(std::uint64_t folders, std::uint64_t items) = 0;
  /// Something that may take long: "reading 12 GB of saved logs of '/srv/wal'".
  virtual void step(const std::string& /*what*/) {}
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct PlanRequest {
  std::string case_name;
  PlanPolicy policy;
  std::int64_t now_ns = 0;
  sources::OpenOptions opening;  // how the sources were opened
  /// Says where the logs of databases are; null: nobody does, and what needs its log is not planned. Whoever gives it
  /// calls look_at_data (plan_databases.h) on the plan.
  const services::ServicesFile* services = nullptr;
  /// Whether databases that no scan has anything against are asked for what they lack, where they stand on this machine
  /// (fault_in_place.h).
  enum class InPlace : std::uint8_t { not_asked, asked } in_place = InPlace::not_asked;
  /// Of the case, whose ledger knows what was restored since a scan (exchanged_since.h); empty: nobody asks it. Only
  /// where databases are asked in place.
  std::string case_folder = {};
};

/// With a scanned live tree: what is hit or missing in it. Without: every path of the sources.
[[nodiscard]] base::Result<Plan> plan_recovery(const PlanRequest& request, casefile::CaseStore& store,
                                               OpenedSources& sources, PlanProgress& progress);

}  // namespace lastgood::recovery
