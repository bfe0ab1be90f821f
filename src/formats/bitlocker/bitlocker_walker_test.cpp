// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a BitLocker volume needs its metadata where the boot sector says.
#include "formats/bitlocker/bitlocker_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Bitlocker, k_bitlocker_format, "bitlocker",
                      {.notices_footer = "a volume of any length is valid: the file system inside knows its size"});

}  // namespace lastgood::formats
