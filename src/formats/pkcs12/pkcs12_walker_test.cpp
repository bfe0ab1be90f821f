// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a PKCS#12 store is told by its version and content type and must nest to its end.
#include "formats/pkcs12/pkcs12_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Pkcs12, k_pkcs12_format, "pkcs12", {});

}  // namespace lastgood::formats
