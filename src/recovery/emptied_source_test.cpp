// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a source which opens empty is not taken for one that has nothing.
#include "recovery/emptied_source.h"

#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

class EmptiedSource : public Incident {};

TEST_F(EmptiedSource, IsSaidToBeEmptyOnlyWhereJudgingSawSomethingInIt) {
  EXPECT_TRUE(check_not_empty(store_, record_, {}).ok()) << "nobody has seen anything in it";
  sources::testing::FakeSource source;
  source.add_snapshot("s1", day(1));
  source.put_file("s1", "/srv/a.txt", letter(1));
  judge(source);
  const auto snapshots = source.snapshots().value();
  EXPECT_TRUE(check_not_empty(store_, record_, snapshots).ok());
  const auto empty = check_not_empty(store_, record_, {});
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().what, "source 'nas' (folder:/nas) is empty; it had 1 snapshot when it was judged");
  EXPECT_TRUE(empty.error().hint.starts_with("is it mounted?"));
}

TEST_F(EmptiedSource, IsAFreshDiskInItsPlace) {
  sources::testing::FakeSource source;
  source.add_snapshot("s1", day(1));
  source.put_file("s1", "/srv/a.txt", letter(1));
  judge(source);
  sources::testing::FakeSource fresh;
  fresh.add_snapshot("s2", day(2));
  fresh.put("s2", "/lost+found", model::EntryKind::folder);
  const auto judged = judge_backup({.source = record_}, fresh, store_, *ledger_, progress_);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(judged.error().what, "source 'nas' (folder:/nas) is empty; it had 1 file in a snapshot when it was judged");
  EXPECT_EQ(store_.backups().snapshots("nas").value()[0].snapshot.id, "s1") << "what is known of it stays";
}

TEST_F(EmptiedSource, HasLostItsNewestSnapshotAndNotOneThatARotationTakes) {
  sources::testing::FakeSource source;
  source.add_snapshot("s1", day(1));
  source.put_file("s1", "/srv/a.txt", letter(1));
  source.add_snapshot("s2", day(2));
  source.put_file("s2", "/srv/a.txt", letter(2));
  const auto both = source.snapshots().value();
  EXPECT_EQ(describe_newest_gone(store_, record_, {}).value(), "") << "nothing was judged";
  judge(source);
  EXPECT_EQ(describe_newest_gone(store_, record_, both).value(), "");
  EXPECT_EQ(describe_newest_gone(store_, record_, {&both[1], 1}).value(), "");
  EXPECT_EQ(
      describe_newest_gone(store_, record_, {both.data(), 1}).value(),
      "source 'nas' (folder:/nas) no longer has snapshot 's2' of 2022-11-11 13:20:00 UTC, the newest that judging saw "
      "in it: it was deleted, or another disk is mounted there");
  sources::testing::FakeSource other;
  other.add_snapshot("s1", day(1));
  other.put_file("s1", "/srv/a.txt", letter(1));
  const JudgeOutcome judged = judge(other);
  ASSERT_EQ(judged.findings.size(), 1U) << "what was seen before is not known behind this judging";
  EXPECT_EQ(judged.findings[0].rule, "source.newest-gone");
  EXPECT_TRUE(judge(other).findings.empty());
}

}  // namespace

}  // namespace lastgood::recovery::testing
