// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the marker, the extents and the plain size of an eCryptfs file must agree.
#include "formats/ecryptfs/ecryptfs_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ecryptfs, k_ecryptfs_format, "ecryptfs", {});

}  // namespace lastgood::formats
