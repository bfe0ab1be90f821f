// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that saved logs are read as all snapshots together have them, each file from the newest in which it is good,
// and that no more places are named than are read.
#include "recovery/saved_logs.h"

#include <array>

#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using sources::testing::FakeSource;

std::string segment(int number) { return "00000001000000000000000" + std::to_string(number); }

std::string text_of(const engines::UnitView& view, const std::string& name) {
  const auto file = view.open(name);
  if (!file.ok()) return "not there";
  std::array<std::uint8_t, 64> bytes{};
  const auto got = file.value()->read(0, bytes);
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got.ok() ? got.value() : 0));
}

std::vector<std::string> names_of(const engines::UnitView& view, const std::string& folder) {
  std::vector<std::string> out;
  const auto entries = view.list(folder);
  for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>{})
    out.push_back(entry.name);
  return out;
}

class SavedLogs : public Incident {
 protected:
  /// Takes the source over; `all_days` of it are seen.
  void open(std::unique_ptr<FakeSource> source, const std::string& name = "nas") {
    sources_.opened.push_back(opened_source(std::move(source), name));
  }
  JoinedLogs join(std::int64_t not_after_ns = 0) {
    const auto verdicts = VerdictTable::read(store_);
    EXPECT_TRUE(verdicts.ok());
    return join_logs(sources_, find_log_places(sources_, "/wal", not_after_ns), verdicts.value());
  }
  OpenedSources sources_;
};

TEST_F(SavedLogs, that_the_server_had_cleaned_away_come_from_older_snapshots) {
  auto source = std::make_unique<FakeSource>();
  for (int d = 1; d <= 3; ++d) {
    const std::string id = "s" + std::to_string(d);
    source->add_snapshot(id, day(d));
    for (int i = d; i < d + 4 - (d == 3 ? 2 : 0); ++i)
      source->put_file(id, "/wal/" + segment(i), "of day " + std::to_string(d));
    source->put_file(id, "/wal/readme.txt", "no log");
  }
  open(std::move(source));
  const JoinedLogs logs = join();
  EXPECT_EQ(names_of(*logs.view, ""),
            (std::vector<std::string>{segment(1), segment(2), segment(3), segment(4), segment(5)}));
  EXPECT_EQ(text_of(*logs.view, segment(3)), "of day 3") << "the newest, though an older snapshot has more files";
  EXPECT_EQ(text_of(*logs.view, segment(5)), "of day 2");
  EXPECT_EQ(text_of(*logs.view, segment(1)), "of day 1");
  EXPECT_EQ(text_of(*logs.view, segment(9)), "not there");
  ASSERT_EQ(logs.places.size(), 3U);
  EXPECT_EQ(logs.places.front().snapshot.id, "s3");
  EXPECT_EQ(join(day(2)).places.front().snapshot.id, "s2") << "what is later than asked for is not looked at";
}

TEST_F(SavedLogs, are_taken_from_the_newest_snapshot_in_which_they_are_good) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->add_snapshot("s2", day(2));
  for (int i = 0; i < 6; ++i) {
    source->put_file("s1", "/wal/" + segment(i), letter(i));
    source->put_file("s2", "/wal/" + segment(i) + (i < 2 ? ".bak9" : ""), i < 4 ? struck(i) : letter(i) + "more");
  }
  // Under its own name and without a head, as a stream cipher leaves it: nobody can tell.
  source->put_file("s1", "/wal/" + segment(7), letter(7));
  source->put_file("s2", "/wal/" + segment(7), random_bytes(9000, 77));
  for (int i = 0; i < 40; ++i) source->put_file("s2", "/doc/" + std::to_string(i) + ".txt.bak9", struck(i));
  judge(*source);
  open(std::move(source));
  const JoinedLogs logs = join();
  EXPECT_EQ(names_of(*logs.view, "").size(), 7U) << "and not those that the attack renamed";
  EXPECT_EQ(text_of(*logs.view, segment(7)).substr(0, 6), "Report");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(text_of(*logs.view, segment(i)).substr(0, 6), "Report") << i;
  const auto kept = logs.view->open(segment(5));
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept.value()->size_bytes(), letter(5).size() + 4) << "the newest is good";
}

TEST_F(SavedLogs, in_folders_of_segments_are_joined_too_and_places_that_give_nothing_are_not_named) {
  auto barman = std::make_unique<FakeSource>();
  for (int d = 1; d <= 3; ++d) {
    const std::string id = "s" + std::to_string(d);
    barman->add_snapshot(id, day(d));
    // The third snapshot holds what the second has, and the first a file that both lack.
    for (int i = d == 1 ? 0 : 1; i < 3; ++i)
      barman->put_file(id, "/wal/0000000100000000/" + segment(i), d == 1 ? "old" : "new");
  }
  open(std::move(barman));
  auto other = std::make_unique<FakeSource>();
  other->add_snapshot("t1", day(2) + 1);
  other->put_file("t1", "/wal/0000000100000000/" + segment(1), "other");
  other->put_file("t1", "/wal/" + segment(7) + ".partial", "unfinished");
  other->put_file("t1", "/wal/00000002.history", "timelines");
  open(std::move(other), "tape");
  const JoinedLogs logs = join();
  EXPECT_EQ(names_of(*logs.view, "0000000100000000"), (std::vector<std::string>{segment(0), segment(1), segment(2)}));
  EXPECT_EQ(names_of(*logs.view, ""),
            (std::vector<std::string>{segment(7) + ".partial", "00000002.history", "0000000100000000"}));
  EXPECT_EQ(text_of(*logs.view, "0000000100000000/" + segment(0)), "old");
  EXPECT_EQ(text_of(*logs.view, "0000000100000000/" + segment(1)), "new");
  std::vector<std::string> places;
  for (const LogPlace& place : logs.places) places.push_back(place.snapshot.id);
  EXPECT_EQ(places, (std::vector<std::string>{"s3", "t1", "s1"}));
  EXPECT_FALSE(logs.view->open("0000000100000000").ok());
  EXPECT_FALSE(logs.view->open("../secret").ok());
  EXPECT_FALSE(logs.view->list("nowhere").ok());
}

TEST_F(SavedLogs, may_lie_in_folders_of_segments_alone) {
  auto barman = std::make_unique<FakeSource>();
  barman->add_snapshot("s1", day(1));
  barman->put_file("s1", "/wal/0000000100000000/" + segment(1), "of Barman");
  open(std::move(barman));
  const JoinedLogs logs = join();
  EXPECT_EQ(names_of(*logs.view, ""), (std::vector<std::string>{"0000000100000000"}));
  EXPECT_EQ(text_of(*logs.view, "0000000100000000/" + segment(1)), "of Barman");
}

TEST_F(SavedLogs, are_none_where_no_snapshot_has_a_log_file) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/wal/readme.txt", "no log");
  open(std::move(source));
  EXPECT_TRUE(find_log_places(sources_, "/wal", 0).empty());
  EXPECT_TRUE(find_log_places(sources_, "/nowhere", 0).empty());
  EXPECT_TRUE(find_log_places(sources_, "/../wal", 0).empty());
}

TEST_F(SavedLogs, are_found_in_the_one_folder_below_that_has_them_as_pgbackrest_keeps_them) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/wal/archive/main/archive.info", "no log");
  source->put_file("s1", "/wal/archive/main/15-1/0000000100000000/" + segment(1) + "-sha1.gz", "packed");
  source->put_file("s1", "/wal/backup/main/20221122F/pg_data/pg_wal/" + segment(1), "the server's own");
  open(std::move(source));
  const JoinedLogs logs = join();
  ASSERT_EQ(logs.places.size(), 1U);
  EXPECT_EQ(logs.places[0].inner, "archive/main/15-1");
  EXPECT_EQ(names_of(*logs.view, ""), (std::vector<std::string>{"0000000100000000"}));
  EXPECT_EQ(text_of(*logs.view, "0000000100000000/" + segment(1) + "-sha1.gz"), "packed");
  EXPECT_TRUE(find_rival_log_folders(sources_, "/wal").empty());
  EXPECT_TRUE(find_log_places(sources_, "/", 0).empty()) << "too far below";
}

TEST_F(SavedLogs, of_several_folders_below_are_nobodys_until_one_is_named) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/wal/15-1/0000000100000000/" + segment(1), "of the old server");
  source->add_snapshot("s2", day(2));
  source->put_file("s2", "/wal/16-2/0000000100000000/" + segment(1), "of the new one");
  open(std::move(source));
  EXPECT_TRUE(find_log_places(sources_, "/wal", 0).empty());
  EXPECT_EQ(find_rival_log_folders(sources_, "/wal"), (std::vector<std::string>{"15-1", "16-2"}));
  EXPECT_EQ(find_log_places(sources_, "/wal", day(1)).size(), 1U) << "there was one then";
  EXPECT_EQ(find_log_places(sources_, "/wal/16-2", 0).size(), 1U);
}

TEST_F(SavedLogs, in_the_folder_itself_come_before_those_below_it) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/wal/" + segment(1), "direct");
  source->add_snapshot("s2", day(2));
  source->put_file("s2", "/wal/old/" + segment(1), "below");
  open(std::move(source));
  EXPECT_EQ(text_of(*join().view, segment(1)), "direct");
}

TEST(LogPlaces, are_named_for_people) {
  EXPECT_EQ(describe_places("nas", std::string(64, 'a'), 0), "nas aaaaaaaaaaaa");
  EXPECT_EQ(describe_places("nas", "2022-11-21", 1), "nas 2022-11-21 and 1 older snapshot");
}

}  // namespace

}  // namespace lastgood::recovery::testing
