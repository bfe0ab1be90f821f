// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that journals of a running transaction are whole and that a record whose checksum fails is named.
#include "formats/sqlite_journal/sqlite_journal_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(SqliteJournal, k_sqlite_journal_format, "sqlite_journal", {});

TEST(SqliteJournalWalker, ends_the_journal_before_a_record_that_was_never_finished) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/sqlite_journal/testdata/whole_spilled.in");
  bytes.resize(bytes.size() - 100);
  const WalkReport report = testing::walk_bytes(k_sqlite_journal_format, bytes, model::Depth::standard);
  ASSERT_TRUE(report.end_bytes.has_value() || report.shape == Shape::broken);
  EXPECT_LT(report.end_bytes.value_or(0), bytes.size());
}

}  // namespace lastgood::formats
