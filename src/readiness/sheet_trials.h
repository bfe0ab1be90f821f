// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whether the sheets of a service can be made from a copy. `sheets/` knows how; whoever checks services is given it.
#pragma once

#include <vector>

#include "recovery/unit_copies.h"
#include "services/check_record.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// One thread.
class SheetTrials {
 public:
  virtual ~SheetTrials() = default;
  /// Makes every sheet of `service` that asks `data` from this copy, as a test: nothing is printed. One result for
  /// each.
  [[nodiscard]] virtual std::vector<services::SheetTrial> try_sheets(const services::Service& service,
                                                                     const services::DataUnit& data,
                                                                     const recovery::UnitCopy& copy,
                                                                     const recovery::OpenedCopy& opened) = 0;
};

}  // namespace lastgood::readiness
