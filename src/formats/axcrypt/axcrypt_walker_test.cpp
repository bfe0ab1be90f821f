// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the header blocks of AxCrypt files lead to data of the length they say.
#include "formats/axcrypt/axcrypt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Axcrypt, k_axcrypt_format, "axcrypt", {});

}  // namespace lastgood::formats
