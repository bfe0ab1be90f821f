// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that KeePass headers lead to whole cipher blocks, and that a KDBX 4 header must fit its digest.
#include "formats/keepass/keepass_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Keepass, k_keepass_format, "keepass", {.notices_interleaved = "yes"});

}  // namespace lastgood::formats
