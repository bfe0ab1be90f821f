// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the copies of a unit are found in all sources, newest data first, and that what is opened is that copy.
#include "recovery/unit_copies.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "casefile/testing/memory_case_store.h"
#include "os/testing/scratch_folder.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

class NoPassword final : public PasswordPrompt {
 public:
  std::optional<std::string> ask(const std::string& /*question*/) override { return std::nullopt; }
};

class UnitCopies : public ::testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path full = std::filesystem::path(folder_.path()) / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << text;
  }

  /// A source that is a folder of folders, one per snapshot.
  void add_source(const std::string& name, const std::string& stored_prefix = "", const std::string& live_prefix = "") {
    model::BackupSource source{.name = name, .address = "folder:" + folder_.path() + "/" + name, .format = "folder"};
    source.stored_prefix = stored_prefix;
    source.live_prefix = live_prefix;
    ASSERT_TRUE(store_.backups().put_source(source).ok());
  }

  std::vector<model::Snapshot> snapshots_of(const std::string& name) {
    const auto record = find_source(store_, name);
    const auto source = open_case_source(store_, record.value(), {}, prompt_);
    EXPECT_TRUE(source.ok());
    return source.value()->snapshots().value();
  }

  os::testing::ScratchFolder folder_;
  casefile::testing::MemoryCaseStore store_;
  NoPassword prompt_;
};

TEST_F(UnitCopies, come_from_all_sources_with_the_newest_data_first) {
  for (const char* const name : {"nas", "tape"}) {
    add_source(name);
    std::vector<model::JudgedSnapshot> snapshots(2);
    snapshots[0].snapshot = {.id = "s1", .time_ns = day(1)};
    snapshots[1].snapshot = {.id = "s2", .time_ns = day(2)};
    const std::int64_t later_ns = std::string_view(name) == "tape" ? 50 : 0;
    const std::vector<model::JudgedUnit> units{
        {.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg", .state = "consistent"},
        {.snapshot = "s2",
         .kind = "postgresql",
         .path = "/srv/pg",
         .state = "torn",
         .data_as_of_ns = day(2) - 100 + later_ns},
        {.snapshot = "s2", .kind = "sqlite", .path = "/srv/other.db", .state = "consistent"}};
    ASSERT_TRUE(store_.backups().record_snapshots(name, snapshots, units).ok());
  }
  const auto copies = find_unit_copies(store_, "/srv/pg");
  ASSERT_TRUE(copies.ok());
  std::vector<std::string> order;
  for (const UnitCopy& copy : copies.value()) order.push_back(copy.source.name + ":" + copy.snapshot.id);
  EXPECT_EQ(order, (std::vector<std::string>{"tape:s2", "nas:s2", "nas:s1", "tape:s1"}));
  EXPECT_FALSE(copies.value()[0].is_usable()) << "a torn set is listed and never usable";
  EXPECT_TRUE(copies.value()[2].is_usable());
  EXPECT_EQ(copies.value()[2].data_as_of_ns, day(1)) << "without a commit that can be read: the snapshot's time";
}

TEST(UnitCopy, that_is_damaged_may_answer_in_part_where_its_engine_can_leave_tables_out) {
  UnitCopy copy;
  copy.unit.kind = "mariadb";
  for (const auto& [state, may] : {std::pair{"damaged", true}, std::pair{"torn", false}, std::pair{"encrypted", true},
                                   std::pair{"undecided", false}, std::pair{"consistent", false}}) {
    copy.unit.state = state;
    EXPECT_EQ(copy.may_answer_in_part(), may) << state;
  }
  copy.unit.state = "damaged";
  copy.unit.kind = "postgresql";
  EXPECT_FALSE(copy.may_answer_in_part());
}

TEST(UnitCopy, that_lacks_a_tablespace_may_answer_in_part_where_all_else_was_read) {
  UnitCopy copy;
  copy.unit.kind = "postgresql";
  copy.unit.state = "undecided";
  EXPECT_FALSE(copy.may_answer_in_part());
  copy.unit.findings = {{.rule = "unit.engine", .sentence = "PostgreSQL 15"},
                        {.rule = "postgresql.tablespace", .sentence = "pg/pg_tblspc/16384: is not in this copy"},
                        {.rule = "unit.startup_setting", .sentence = "pg/postgresql.conf: line 9: archive_command"},
                        {.rule = "unit.outside-missing", .sentence = "/ts: tablespace 16384"}};
  EXPECT_TRUE(copy.may_answer_in_part());
  copy.unit.findings.push_back({.rule = "unit.read", .sentence = "pg/base/5/1259: byte 0: it cannot be read"});
  EXPECT_FALSE(copy.may_answer_in_part());
  copy.unit.findings.pop_back();
  copy.unit.state = "torn";
  EXPECT_FALSE(copy.may_answer_in_part());
}

TEST(UnitCopy, that_is_not_usable_says_what_was_found_first) {
  model::JudgedUnit unit{.state = "damaged"};
  EXPECT_EQ(describe_state(unit), "damaged");
  unit.findings = {{.rule = "unit.engine", .sentence = "PostgreSQL 14"},
                   {.rule = "postgresql.version", .sentence = "pg/PG_VERSION: says '14'"}};
  EXPECT_EQ(describe_state(unit), "damaged: pg/PG_VERSION: says '14'");
  unit.state = "consistent";
  EXPECT_EQ(describe_state(unit), "consistent");
}

TEST_F(UnitCopies, may_be_all_that_a_source_holds) {
  write("dump/PG_VERSION", "15\n");
  add_source("dump", "", "/srv/pg");
  const auto snapshots = snapshots_of("dump");
  ASSERT_EQ(snapshots.size(), 1U);
  std::vector<model::JudgedSnapshot> judged(1);
  judged[0].snapshot = snapshots[0];
  const std::vector<model::JudgedUnit> units{
      {.snapshot = snapshots[0].id, .kind = "postgresql", .path = "/", .state = "consistent"}};
  ASSERT_TRUE(store_.backups().record_snapshots("dump", judged, units).ok());
  const auto copies = find_unit_copies(store_, "/srv/pg");
  ASSERT_TRUE(copies.ok());
  ASSERT_EQ(copies.value().size(), 1U);
  const auto opened = open_unit_copy(store_, copies.value()[0], prompt_);
  ASSERT_TRUE(opened.ok()) << opened.error().what;
  EXPECT_TRUE(opened.value().view->open("PG_VERSION").ok());
}

TEST_F(UnitCopies, are_opened_at_the_snapshot_they_were_judged_in) {
  write("nas/2022-11-21/pg/PG_VERSION", "14\n");
  write("nas/2022-11-22/pg/PG_VERSION", "15\n");
  add_source("nas", "/pg", "/srv/pg");
  const auto snapshots = snapshots_of("nas");
  ASSERT_EQ(snapshots.size(), 2U);
  std::vector<model::JudgedSnapshot> judged(2);
  judged[0].snapshot = snapshots[0];
  judged[1].snapshot = snapshots[1];
  std::vector<model::JudgedUnit> units;
  for (const model::Snapshot& snapshot : snapshots)
    units.push_back({.snapshot = snapshot.id, .kind = "postgresql", .path = "/pg", .state = "consistent"});
  ASSERT_TRUE(store_.backups().record_snapshots("nas", judged, units).ok());
  const auto copies = find_unit_copies(store_, "/srv/pg");
  ASSERT_TRUE(copies.ok());
  ASSERT_EQ(copies.value().size(), 2U);
  for (const UnitCopy& copy : copies.value()) {
    const auto opened = open_unit_copy(store_, copy, prompt_);
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    const auto file = opened.value().view->open(opened.value().unit.path + "/PG_VERSION");
    ASSERT_TRUE(file.ok());
    std::vector<std::uint8_t> bytes(3);
    ASSERT_TRUE(file.value()->read(0, bytes).ok());
    EXPECT_EQ(bytes[1], copy.snapshot.id.find("11-21") != std::string::npos ? '4' : '5');
  }
}

TEST_F(UnitCopies, whose_snapshot_is_gone_are_an_error_with_what_to_do) {
  write("nas/2022-11-22/pg/PG_VERSION", "15\n");
  add_source("nas");
  UnitCopy copy;
  copy.source.name = "nas";
  copy.snapshot.id = "2020-01-01";
  copy.unit.kind = "postgresql";
  copy.unit.path = "/pg";
  const auto opened = open_unit_copy(store_, copy, prompt_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::ErrorCode::not_found);
  EXPECT_NE(opened.error().hint.find("backups judge nas"), std::string::npos);
}

TEST_F(UnitCopies, of_a_source_that_holds_nothing_now_ask_whether_it_is_mounted) {
  write("dump/PG_VERSION", "15\n");
  add_source("dump", "", "/srv/pg");
  std::vector<model::JudgedSnapshot> judged(1);
  judged[0].snapshot = snapshots_of("dump").at(0);
  const std::vector<model::JudgedUnit> units{
      {.snapshot = judged[0].snapshot.id, .kind = "postgresql", .path = "/", .state = "consistent"}};
  ASSERT_TRUE(store_.backups().record_snapshots("dump", judged, units).ok());
  const auto copies = find_unit_copies(store_, "/srv/pg");
  ASSERT_TRUE(copies.ok());
  ASSERT_EQ(copies.value().size(), 1U);
  std::filesystem::remove(folder_ / "dump/PG_VERSION");
  for (const char* fresh : {"", "lost+found"}) {
    std::filesystem::create_directories(folder_ / (std::string("dump/") + fresh));
    const auto opened = open_unit_copy(store_, copies.value()[0], prompt_);
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().what.find("'dump'"), std::string::npos) << opened.error().what;
    EXPECT_TRUE(opened.error().hint.starts_with("is it mounted?")) << opened.error().hint;
  }
}

TEST_F(UnitCopies, say_whether_the_sources_agree_on_the_last_commit) {
  const auto copy = [](const std::string& source, std::int64_t as_of_ns, const std::string& state = "consistent") {
    UnitCopy out;
    out.source.name = source;
    out.unit.kind = "mariadb";
    out.unit.state = state;
    out.unit.data_as_of_ns = as_of_ns;
    out.data_as_of_ns = as_of_ns;
    return out;
  };
  UnitCopy no_commit = copy("tape", 0);
  no_commit.data_as_of_ns = day(3);  // when the backup was made
  EXPECT_EQ(compare_sources({no_commit, copy("nas", day(2))}, "mariadb", "+05:30"), "");
  EXPECT_EQ(compare_sources({copy("nas", day(2)), copy("nas", day(1))}, "mariadb", "+05:30"), "");
  EXPECT_EQ(compare_sources({copy("nas", day(2)), copy("usb", day(2) + 5)}, "mariadb", "+05:30"),
            "the last commit is the same in nas, usb");
  EXPECT_EQ(compare_sources({copy("nas", day(2)), copy("usb", day(1))}, "postgresql", "+05:30"), "");
  const std::string differ =
      compare_sources({copy("bad", day(3), "torn"), copy("nas", day(2)), copy("usb", day(1))}, "mariadb", "+05:30");
  EXPECT_TRUE(differ.starts_with("last commits differ: ")) << differ;
  EXPECT_EQ(differ.find("bad"), std::string::npos);
  EXPECT_NE(differ.find(" +05:30 in nas, "), std::string::npos) << differ;
}

}  // namespace

}  // namespace lastgood::recovery::testing
