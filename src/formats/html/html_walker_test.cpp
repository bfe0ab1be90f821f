// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that pages are held to being text, and to nothing browsers do not hold them to.
#include "formats/html/html_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Html, k_html_format, "html", {});

}  // namespace lastgood::formats
