// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that ASN.1 values must nest to the last byte, and that what the owner encrypted is told from what was signed.
#include "formats/der/der_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Der, k_der_format, "der", {});

}  // namespace lastgood::formats
