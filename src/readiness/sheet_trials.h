// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether the sheets of a service can be made from a copy. `sheets/` knows how; whoever checks services is given it.
#pragma once

#include <vector>

#include "base/result.h"
#include "engines/scratch_server.h"
#include "recovery/unit_copies.h"
#include "services/check_record.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// Sheets of one data unit on one copy, and the start of the engine that answered them.
struct TriedSheets {
  base::Result<engines::ScratchStart> start;
  std::vector<services::SheetTrial> sheets;
};

/// Any thread, several at once.
class SheetTrials {
 public:
  virtual ~SheetTrials() = default;
  /// Starts the copy's engine once and makes every sheet of `service` that asks `data` from it, as a test: nothing is
  /// printed. One result for each, also where it does not start. Of a copy that is not usable only whole tables answer.
  [[nodiscard]] virtual TriedSheets try_sheets(const services::Service& service, const services::DataUnit& data,
                                               const recovery::UnitCopy& copy, const recovery::OpenedCopy& opened,
                                               engines::StartWatcher& watcher) = 0;
};

}  // namespace lastgood::readiness
