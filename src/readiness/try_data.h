// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One data unit, tried.
#pragma once

#include "readiness/check_services.h"

namespace lastgood::readiness {

/// What a run of checking works with. All outlive it.
struct TrialRun {
  const CheckRequest& request;
  casefile::CaseStore& store;
  recovery::PasswordPrompt& prompt;
  CheckProgress& progress;
};

/// A database: its newest usable copies, newest first, until one works. Results of sheets go to `sheets`.
[[nodiscard]] services::DataTrial try_database(TrialRun& run, const services::Service& service,
                                               const services::DataUnit& data,
                                               std::vector<services::SheetTrial>& sheets);

/// Files: planned, and nothing read but folders.
[[nodiscard]] services::DataTrial try_files(TrialRun& run, const services::Service& service,
                                            const services::DataUnit& data);

}  // namespace lastgood::readiness
