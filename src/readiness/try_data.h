// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One data unit, tried; any thread, several at once.
#pragma once

#include <mutex>

#include "os/side_by_side.h"
#include "readiness/check_services.h"

namespace lastgood::readiness {

/// What a run of checking works with. All outlive it.
struct TrialRun {
  const CheckRequest& request;
  casefile::CaseStore& store;
  recovery::PasswordPrompt& prompt;
  CheckProgress& progress;  // takes turns by itself
  os::SideBySide& side_by_side;
  std::mutex taking_turns = {};  // held by whoever asks the store or a person
};

[[nodiscard]] services::DataTrial begin_trial(const services::Service& service, const services::DataUnit& data);

/// A database: its newest usable copies, newest first, until one works. Results of sheets go to `sheets`.
[[nodiscard]] services::DataTrial try_database(TrialRun& run, const services::Service& service,
                                               const services::DataUnit& data,
                                               std::vector<services::SheetTrial>& sheets);

/// Files, or an SQLite database that no source knows as one because of its name: planned, and nothing read but folders.
/// What would come back in place of such a database and is none is no copy of it.
[[nodiscard]] services::DataTrial try_files(TrialRun& run, const services::Service& service,
                                            const services::DataUnit& data);

}  // namespace lastgood::readiness
