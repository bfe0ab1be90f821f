// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that messages of a mailbox are counted and ciphertext inside one is named.
#include "formats/mbox/mbox_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Mbox, k_mbox_format, "mbox", {});

}  // namespace lastgood::formats
