// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that HL7 messages are read segment by segment, with and without batch and wire frames.
#include "formats/hl7/hl7_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Hl7, k_hl7_format, "hl7", {});

}  // namespace lastgood::formats
