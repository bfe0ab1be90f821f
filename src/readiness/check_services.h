// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The restore test: every data unit of every service is taken from its newest usable backup and started, opened or
// planned, as a restore would; every sheet is made once. What fails is a sentence, the rest goes on. Several are tried
// at a time, so that an engine that hangs keeps nobody waiting.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "engines/scratch_server.h"
#include "ledger/ledger.h"
#include "readiness/sheet_trials.h"
#include "recovery/case_sources.h"
#include "services/check_record.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// Told by one thread at a time; `cancelled` is asked by any.
class CheckProgress {
 public:
  virtual ~CheckProgress() = default;
  virtual void step(const std::string& what) = 0;
  /// About once a second while the engine of `what` starts.
  virtual void waiting(const std::string& what, const engines::StartWait& wait) = 0;
  /// A result, as soon as it is there.
  virtual void tried(const services::DataTrial& trial) = 0;
  [[nodiscard]] virtual bool cancelled() const = 0;
};

struct CheckRequest {
  std::string case_folder;
  std::string only_service;             // and what it waits for; empty: all
  std::string scratch_folder;           // copies of databases are made below it; needs room for the largest (those that
                                        // find none beside others are tried again alone)
  int time_limit_s = 1800;              // for one database
  std::string zone = {};                // of the case, in which sentences say times; empty: UTC
  SheetTrials* sheet_trials = nullptr;  // not owned; null: sheets are not tried
};

/// Kept in the case, with its digest in the ledger; also what was tried until somebody cancelled.
struct CheckOutcome {
  services::CheckRecord record;
  services::KeptCheck kept;
  bool cancelled = false;
};
[[nodiscard]] base::Result<CheckOutcome> check_services(const services::ServicesFile& file, const CheckRequest& request,
                                                        casefile::CaseStore& store, ledger::Ledger& ledger,
                                                        recovery::PasswordPrompt& prompt, CheckProgress& progress);

}  // namespace lastgood::readiness
