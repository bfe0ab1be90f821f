// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the fields of AES Crypt files lead to whole cipher blocks and their ending.
#include "formats/aescrypt/aescrypt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Aescrypt, k_aescrypt_format, "aescrypt", {});

}  // namespace lastgood::formats
