// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that raw bytes an operator announces belong to a page, and others do not.
#include "formats/postscript/postscript_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Postscript, k_postscript_format, "postscript", {});

}  // namespace lastgood::formats
