// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sheets tried on a scratch server of the copy, as `sheets` makes them; nothing is written.
#pragma once

#include <string>

#include "readiness/sheet_trials.h"
#include "sheets/make_sheets.h"

namespace lastgood::readiness {

/// One thread.
class ScratchSheetTrials final : public SheetTrials {
 public:
  /// `zone` of the case: "+05:30". `open_server` is engines::open_scratch_server, or a test's own.
  ScratchSheetTrials(std::string scratch_folder, std::string zone, int start_limit_s, sheets::OpenServer open_server);
  std::vector<services::SheetTrial> try_sheets(const services::Service& service, const services::DataUnit& data,
                                               const recovery::UnitCopy& copy,
                                               const recovery::OpenedCopy& opened) override;

 private:
  std::string scratch_folder_;
  std::string zone_;
  int start_limit_s_;
  sheets::OpenServer open_server_;
};

}  // namespace lastgood::readiness
