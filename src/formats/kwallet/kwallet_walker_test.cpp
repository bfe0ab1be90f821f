// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the folder table of a KDE wallet leads to whole cipher blocks.
#include "formats/kwallet/kwallet_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Kwallet, k_kwallet_format, "kwallet", {});

}  // namespace lastgood::formats
