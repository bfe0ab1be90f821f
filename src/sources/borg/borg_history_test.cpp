// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what was deleted, hidden or never finished comes back as long as it lies in the log, and that a
// repository can be seen as of an earlier moment.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "sources/borg/repository.h"
#include "sources/borg/testing/borg_tool.h"

namespace lastgood::sources::borg {
namespace {

namespace fs = std::filesystem;
using os::testing::read_file;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::BorgTool;
using testing::has_rule;
using testing::ids_of;
using testing::look_at;
using testing::open_or_fail;
using testing::snapshots_of;
using Names = std::vector<std::string>;

const OpenOptions k_with_erased{.as_of_ns = {}, .erased = OpenOptions::Erased::include};

class BorgHistory : public ::testing::Test {
 protected:
  [[nodiscard]] BorgTool borg() const { return BorgTool(scratch_.path()); }
  [[nodiscard]] std::string repo() const { return scratch_ / "repo"; }
  void write(const std::string& name, const std::string& bytes) const { write_file(scratch_ / name, bytes); }
  ScratchFolder scratch_;
};

TEST_F(BorgHistory, deleted_archives_of_an_append_only_repository_come_back) {
  write("file", "before the attack");
  borg().run({"init -e repokey --append-only repo", "create repo::monday file"});
  write("file", "encrypted");
  borg().run({"create repo::tuesday file", "delete repo::monday", "create repo::monday file", "delete repo::tuesday"});

  const auto now = open_or_fail(repo());
  EXPECT_EQ(ids_of(snapshots_of(*now)), Names{"monday"});

  const auto all = open_or_fail(repo(), testing::with_password(), k_with_erased);
  const auto snapshots = snapshots_of(*all);
  ASSERT_EQ(snapshots.size(), 3U);
  std::map<std::string, std::string> seen;
  for (const model::Snapshot& snapshot : snapshots) {
    const std::string presence = snapshot.presence == model::Presence::listed ? "listed " : "erased ";
    seen[presence + snapshot.id.substr(0, snapshot.id.find('@'))] = look_at(*all, snapshot).bytes.at("file");
  }
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"erased monday", "before the attack"},
                                                      {"erased tuesday", "encrypted"},
                                                      {"listed monday", "encrypted"}}));
}

TEST_F(BorgHistory, a_repository_is_seen_as_of_every_transaction) {
  for (const std::string name : {"one", "two", "three"}) {
    write("file", name);
    borg().run({name == "one" ? "init -e repokey --append-only repo" : "", "create repo::" + name + " file"});
  }
  borg().run({"delete repo::one", "delete repo::two"});
  const std::vector<TransactionTime> times = parse_transactions(read_file(repo() + "/transactions"));
  std::vector<Names> states;
  for (const TransactionTime& time : times) {
    const auto source = open_or_fail(repo(), testing::with_password(), {.as_of_ns = time.time_ns});
    ASSERT_NE(source, nullptr);
    const auto snapshots = snapshots_of(*source);
    for (const model::Snapshot& snapshot : snapshots) {
      EXPECT_EQ(snapshot.presence, model::Presence::listed);
      EXPECT_EQ(look_at(*source, snapshot).bytes.at("file"), snapshot.id);
    }
    if (states.empty() || states.back() != ids_of(snapshots)) states.push_back(ids_of(snapshots));
  }
  EXPECT_EQ(states,
            (std::vector<Names>{{}, {"one"}, {"one", "two"}, {"one", "two", "three"}, {"two", "three"}, {"three"}}));
  const auto too_early = open_borg(repo(), testing::with_password(), {.as_of_ns = times[0].time_ns - 1});
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().code, base::ErrorCode::not_found);
  EXPECT_NE(too_early.error().what.find("oldest manifest is of"), std::string::npos) << too_early.error().what;
}

TEST_F(BorgHistory, without_a_record_of_transactions_the_manifests_own_times_count) {
  write("file", "content");
  borg().run({"init -e none repo", "create repo::one file"});
  borg().run({"create repo::two file"});
  const std::int64_t second_began_ns = snapshots_of(*open_or_fail(repo())).back().time_ns;
  borg().run({"delete repo::one"});
  EXPECT_EQ(ids_of(snapshots_of(*open_or_fail(repo()))), Names{"two"});
  const auto source = open_or_fail(repo(), testing::with_password(), {.as_of_ns = second_began_ns});
  EXPECT_EQ(ids_of(snapshots_of(*source)), Names{"one"});
}

TEST_F(BorgHistory, what_compaction_took_away_is_not_promised) {
  write("file", std::string(200'000, 'x'));
  write("other", "other");
  borg().run({"init -e repokey repo", "create repo::one file", "create repo::two other", "delete repo::one",
              "compact --threshold 0 repo"});
  const auto source = open_or_fail(repo(), testing::with_password(), k_with_erased);
  for (const model::Snapshot& snapshot : snapshots_of(*source)) {
    if (snapshot.presence == model::Presence::listed) {
      EXPECT_EQ(look_at(*source, snapshot).bytes.at("other"), "other");
    }
  }
  EXPECT_EQ(ids_of(snapshots_of(*open_or_fail(repo()))), Names{"two"});
}

TEST_F(BorgHistory, a_backup_that_was_killed_gives_the_files_it_has_with_the_parts_joined) {
  fs::create_directory(scratch_ / "tree");
  write("tree/a", "first");
  std::mt19937_64 numbers(5);
  std::string large(6'000'000, '\0');
  for (char& c : large) c = static_cast<char>(numbers() & 0xFF);
  write("tree/b", large);
  borg().run({"init -e repokey repo", "create repo::whole tree/a",
              "@killed create --chunker-params buzhash,10,16,14,4095 repo::half tree/a tree/b"});
  EXPECT_EQ(ids_of(snapshots_of(*open_or_fail(repo()))), Names{"whole"});

  const auto source = open_or_fail(repo(), testing::with_password(), k_with_erased);
  const auto snapshots = snapshots_of(*source);
  ASSERT_EQ(ids_of(snapshots), (Names{"whole", "half.checkpoint"}));
  EXPECT_EQ(snapshots[1].presence, model::Presence::erased);
  EXPECT_TRUE(has_rule(snapshots[1].findings, "borg.archive.checkpoint"));
  const testing::Seen seen = look_at(*source, snapshots[1]);
  EXPECT_EQ(seen.bytes.at("tree/a"), "first");
  ASSERT_TRUE(seen.bytes.contains("tree/b"));
  EXPECT_TRUE(has_rule(seen.entries.at("tree/b").findings, "borg.item.part"));
  EXPECT_GT(seen.bytes.at("tree/b").size(), 1000U);
  EXPECT_TRUE(large.starts_with(seen.bytes.at("tree/b")));
}

TEST(BorgTransactions, are_read_line_by_line) {
  const auto times = parse_transactions(
      "transaction 1, UTC time 2026-01-02T03:04:05.000006\n"
      "noise\n"
      "transaction 5, UTC time never\n"
      "transaction 3, UTC time 2026-01-02T03:04:06.5\n"
      "transaction 3, UTC time 2026-01-02T03:04:07\n"
      "transaction 99999999999, UTC time 2026-01-02T03:04:07");
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].commit, 1U);
  EXPECT_EQ(times[0].time_ns, 1'767'323'045'000'006'000);
  EXPECT_EQ(times[1].commit, 3U);
  EXPECT_EQ(times[1].time_ns, 1'767'323'047'000'000'000);
}

}  // namespace
}  // namespace lastgood::sources::borg
