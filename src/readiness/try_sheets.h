// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets tried with the unit's own engine, started on the copy once for all sheets that ask it.
#pragma once

#include <string>

#include "readiness/sheet_trials.h"

namespace lastgood::readiness {

class EngineSheetTrials final : public SheetTrials {
 public:
  /// `zone`: "+05:30", for questions that speak of the day of the data; empty: UTC.
  EngineSheetTrials(std::string scratch_folder, int start_limit_s, std::string zone)
      : scratch_folder_(std::move(scratch_folder)), start_limit_s_(start_limit_s), zone_(std::move(zone)) {}

  [[nodiscard]] TriedSheets try_sheets(const services::Service& service, const services::DataUnit& data,
                                       const recovery::UnitCopy& copy, const recovery::OpenedCopy& opened,
                                       engines::StartWatcher& watcher) override;

 private:
  std::string scratch_folder_;
  int start_limit_s_ = 600;
  std::string zone_;
};

}  // namespace lastgood::readiness
