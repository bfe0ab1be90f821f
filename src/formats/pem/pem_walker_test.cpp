// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that blocks begin and end, and that keys behind a password are told from open ones.
#include "formats/pem/pem_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Pem, k_pem_format, "pem", {});

}  // namespace lastgood::formats
