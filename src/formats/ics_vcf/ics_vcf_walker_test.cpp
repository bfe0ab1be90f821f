// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that calendars and cards must close what they open.
#include "formats/ics_vcf/ics_vcf_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(IcsVcf, k_ics_vcf_format, "ics_vcf", {});

}  // namespace lastgood::formats
