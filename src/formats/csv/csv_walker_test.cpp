// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that records are counted as RFC 4180 quotes them, and that ragged tables stay whole.
#include "formats/csv/csv_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Csv, k_csv_format, "csv", {});

}  // namespace lastgood::formats
