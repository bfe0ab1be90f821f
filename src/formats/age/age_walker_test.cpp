// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that age files are read from the version line to the last chunk, binary and armored.
#include "formats/age/age_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Age, k_age_format, "age",
                      {.notices_footer = "a longer last chunk is valid; the armored form knows its end"});

}  // namespace lastgood::formats
