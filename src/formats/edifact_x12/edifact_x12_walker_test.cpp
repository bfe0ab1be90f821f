// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an interchange must end with the segment that closes its envelope.
#include "formats/edifact_x12/edifact_x12_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(EdifactX12, k_edifact_x12_format, "edifact_x12", {});

}  // namespace lastgood::formats
