// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/case_zone.h"

#include "casefile/case_about.h"

namespace lastgood::cli {

std::string zone_of(casefile::CaseStore& store) {
  const auto about = casefile::read_about(store);
  return about.ok() ? about.value().zone : std::string();
}

}  // namespace lastgood::cli
