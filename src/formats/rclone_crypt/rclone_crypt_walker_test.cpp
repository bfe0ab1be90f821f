// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the arithmetic of rclone blocks holds for whole files and not for cut ones.
#include "formats/rclone_crypt/rclone_crypt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(RcloneCrypt, k_rclone_crypt_format, "rclone_crypt",
                      {.notices_footer = "a longer last block is valid"});

}  // namespace lastgood::formats
