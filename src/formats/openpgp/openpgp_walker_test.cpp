// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that packets tile messages and keyrings and that armor must fit its checksum.
#include "formats/openpgp/openpgp_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Openpgp, k_openpgp_format, "openpgp", {.notices_footer = "yes"});

}  // namespace lastgood::formats
