// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives written by pg_dump are whole at every depth, that a cut one never is, and that the bytes which
// break one are named.
#include "formats/pgdump/pgdump_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Pgdump, k_pgdump_format, "pgdump", {});

}  // namespace lastgood::formats
