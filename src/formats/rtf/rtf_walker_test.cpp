// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that RTF ends where its braces say, binary objects included.
#include "formats/rtf/rtf_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Rtf, k_rtf_format, "rtf", {});

}  // namespace lastgood::formats
