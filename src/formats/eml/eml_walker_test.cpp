// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that messages are read through their MIME parts, and that sloppy ones stay whole.
#include "formats/eml/eml_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Eml, k_eml_format, "eml", {});

}  // namespace lastgood::formats
