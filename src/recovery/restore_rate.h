// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How fast bytes come back: as this case has measured, or as is assumed and said.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace lastgood::recovery {

struct RestoreRate {
  double bytes_per_s = 100e6;
  std::string basis = "100 MB/s, assumed: nothing large was restored in this case yet";
};

/// From the restores that the case's ledger has from their beginning to their end, those under 64 MB left out: opening
/// sources and making folders would be all that is measured.
[[nodiscard]] base::Result<RestoreRate> measure_restore_rate(const std::string& case_folder);

}  // namespace lastgood::recovery
