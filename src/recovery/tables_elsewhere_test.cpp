// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a table of a MariaDB with a DATA DIRECTORY outside of its folder is the database's: struck there it
// brings the database back as one, with the table, and it never comes back alone.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "os/testing/scratch_folder.h"
#include "recovery/parts_elsewhere.h"
#include "recovery/testing/incident.h"
#include "recovery/unstartable.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

class TablesElsewhere : public Incident {
 protected:
  enum class Kept : std::uint8_t { beside_the_link, at_its_place };

  void SetUp() override {
    Incident::SetUp();
    unit_ = live_ / "mysql";
    table_ = live_ / "big/arch/a.ibd";
    std::filesystem::create_directories(unit_ + "/arch");
  }

  std::unique_ptr<FakeSource> backup(Kept kept) const {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    source->put_file("s1", unit_ + "/ibdata1", letter(1));
    source->put_file("s1", unit_ + "/arch/a.isl", table_);
    source->put_file("s1", kept == Kept::at_its_place ? table_ : unit_ + "/arch/a.ibd", letter(2));
    return source;
  }

  void record(Kept kept) {
    judge(*backup(kept));
    model::JudgedUnit unit{.snapshot = "s1", .kind = "mariadb", .path = unit_, .state = "consistent"};
    if (kept == Kept::at_its_place)
      unit.findings.push_back({.rule = "unit.outside", .sentence = (live_ / "big/arch") + ": table arch/a"});
    else
      unit.findings.push_back({.rule = "mariadb.outside",
                               .sentence = unit_.substr(1) + "/arch/a.isl: a table that lay at '" + table_ +
                                           "' on the server, and has its data in the folder here: if there is"});
    ASSERT_TRUE(
        store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), std::vector{unit}).ok());
    std::vector<model::FileRecord> files = {
        {.path = unit_ + "/ibdata1", .size_bytes = 4000, .verdict = Verdict::intact},
        {.path = table_ + ".bak9", .size_bytes = 4000, .verdict = Verdict::encrypted, .original_name = "a.ibd"}};
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {live_.path()}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  void expect_whole(const Plan& made, Kept kept) const {
    ASSERT_EQ(made.units.size(), 1U);
    const PlanItem* const table = find(made, unit_ + "/arch/a.ibd");
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->stored_path.empty() ? table->path : table->stored_path,
              kept == Kept::at_its_place ? table_ : unit_ + "/arch/a.ibd");
    EXPECT_EQ(table->unit, 0U);
    EXPECT_EQ(table->current_path, table_ + ".bak9");
    EXPECT_EQ(find(made, table_), nullptr) << "never by itself";
    std::string remarks;
    for (const std::string& remark : made.units[0].remarks) remarks += remark + "\n";
    EXPECT_NE(remarks.find("before the server starts, move away what is there, and '" + unit_ + "/arch/a.ibd' to it"),
              std::string::npos)
        << remarks;
    EXPECT_TRUE(made.losses.empty());
  }

  os::testing::ScratchFolder live_;
  std::string unit_;
  std::string table_;
};

TEST_F(TablesElsewhere, struck_bring_their_database_back_as_the_live_link_says) {
  std::ofstream(unit_ + "/arch/a.isl") << table_ << "\n";
  record(Kept::beside_the_link);
  expect_whole(plan(backup(Kept::beside_the_link)), Kept::beside_the_link);
  expect_whole(plan(backup(Kept::beside_the_link), {.only = {unit_}, .prefer = {}}), Kept::beside_the_link);
}

TEST_F(TablesElsewhere, struck_bring_their_database_back_as_a_copy_says_where_the_live_link_is_gone) {
  record(Kept::beside_the_link);
  expect_whole(plan(backup(Kept::beside_the_link)), Kept::beside_the_link);
}

TEST_F(TablesElsewhere, that_a_snapshot_has_at_their_own_place_come_with_their_database) {
  record(Kept::at_its_place);
  expect_whole(plan(backup(Kept::at_its_place)), Kept::at_its_place);
}

TEST(PartsElsewhere, of_a_mariadb_are_files_of_the_linked_table_and_no_others) {
  EXPECT_TRUE(is_name_of_part("arch/a.isl", {}, "a.ibd"));
  EXPECT_TRUE(is_name_of_part("arch/a.isl", {}, "a#P#p0.ibd"));
  EXPECT_TRUE(is_name_of_part("arch/a.isl", {}, "a.ibd.bak9")) << "what an attack makes of it";
  for (const char* name : {"ab.ibd", "a.frm", "a", "a.ibd2", "b.ibd", "a#P#p0.txt"})
    EXPECT_FALSE(is_name_of_part("arch/a.isl", {}, name)) << name;
}

TEST(PartsElsewhere, of_a_mariadb_are_files_behind_its_links_and_what_its_settings_move) {
  for (const char* name : {"p.ibd", "p.frm.bak9", "db.opt", "x#P#p0.MYI"})
    EXPECT_TRUE(is_name_of_part("lis", {}, name)) << name;
  for (const char* name : {"shadow", "letter.docx", "p.ibdata"}) EXPECT_FALSE(is_name_of_part("lis", {}, name)) << name;
  EXPECT_TRUE(is_name_of_part("lis/t.MYD", {}, "t.MYD.bak9"));
  EXPECT_FALSE(is_name_of_part("lis/t.MYD", {}, "t2.MYD"));
  model::JudgedUnit judged{.snapshot = "s1", .kind = "mariadb", .path = "/m", .state = "consistent"};
  for (const char* sentence : {"/srv/lis: database lis", "/srv/a: file lis/t.MYD", "/srv/b: table lis/o",
                               "/fast: file ib_logfile0 by innodb_log_group_home_dir", "/srv: nonsense", "/x"})
    judged.findings.push_back({.rule = "unit.outside", .sentence = sentence});
  const std::vector<PartLink> links = find_part_links(judged);
  ASSERT_EQ(links.size(), 4U);
  EXPECT_EQ(kind_of_part(links[0].inside), PartKind::database);
  EXPECT_EQ(links[1].inside + " " + links[1].target, "lis/t.MYD /srv/a");
  EXPECT_EQ(kind_of_part(links[2].inside), PartKind::table_link);
  EXPECT_EQ(links[3].inside + " " + links[3].setting, "ib_logfile0 innodb_log_group_home_dir");
}

class PartsBehindLinks : public Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    unit_ = live_ / "mysql";
    std::filesystem::create_directories(unit_ + "/bb");
    std::filesystem::create_directories(live_ / "lisdata");
    std::filesystem::create_directory_symlink(live_ / "lisdata", unit_ + "/lis");
    std::filesystem::create_symlink(live_ / "my/t.MYD", unit_ + "/bb/t.MYD");
  }

  std::unique_ptr<FakeSource> backup() const {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    source->put_file("s1", unit_ + "/ibdata1", letter(1));
    source->put("s1", unit_ + "/lis", model::EntryKind::link).link_target = live_ / "lisdata";
    source->put("s1", unit_ + "/bb/t.MYD", model::EntryKind::link).link_target = live_ / "my/t.MYD";
    source->put_file("s1", live_ / "lisdata/p.ibd", letter(2));
    source->put_file("s1", live_ / "lisdata/letter.docx", letter(5));
    source->put_file("s1", live_ / "my/t.MYD", letter(3));
    source->put_file("s1", live_ / "fast/ib_logfile0", letter(4));
    return source;
  }

  void record() {
    judge(*backup());
    model::JudgedUnit unit{.snapshot = "s1", .kind = "mariadb", .path = unit_, .state = "consistent"};
    for (const std::string& sentence : {live_ / "lisdata" + ": database lis", live_ / "my" + ": file bb/t.MYD",
                                        live_ / "fast" + ": file ib_logfile0 by innodb_log_group_home_dir"})
      unit.findings.push_back({.rule = "unit.outside", .sentence = sentence});
    ASSERT_TRUE(
        store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), std::vector{unit}).ok());
    std::vector<model::FileRecord> files = {
        {.path = unit_ + "/ibdata1", .size_bytes = 4000, .verdict = Verdict::intact},
        {.path = live_ / "lisdata/p.ibd.bak9",
         .size_bytes = 4000,
         .verdict = Verdict::encrypted,
         .original_name = "p.ibd"}};
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {live_.path()}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  os::testing::ScratchFolder live_;
  std::string unit_;
};

TEST_F(PartsBehindLinks, that_a_setting_leads_to_are_moved_before_the_server_starts) {
  record();
  const Plan made = plan(backup());
  RestoreOutcome outcome;
  outcome.target_path = "/";
  const std::vector<Unstartable> in_place = find_unstartable(made, {}, outcome, RestoreMode::in_place);
  ASSERT_EQ(in_place.size(), 1U);
  EXPECT_EQ(in_place[0].folder, unit_);
  EXPECT_EQ(in_place[0].why, Unstartable::Why::parts);
  ASSERT_EQ(in_place[0].moves.size(), 1U) << "a link that was replaced leads its server nowhere else";
  EXPECT_TRUE(in_place[0].moves[0].ends_with("'" + unit_ + "/ib_logfile0' to it")) << in_place[0].moves[0];
  EXPECT_TRUE(find_unstartable(made, {}, outcome, RestoreMode::beside).empty());
}

TEST_F(PartsBehindLinks, of_a_mariadb_come_back_in_its_folder_as_one_with_it) {
  record();
  const Plan made = plan(backup());
  ASSERT_EQ(made.units.size(), 1U);
  struct Expected {
    std::string path;
    std::string stored;
  };
  for (const Expected& one :
       {Expected{unit_ + "/lis/p.ibd", live_ / "lisdata/p.ibd"}, Expected{unit_ + "/bb/t.MYD", live_ / "my/t.MYD"},
        Expected{unit_ + "/ib_logfile0", live_ / "fast/ib_logfile0"}}) {
    const PlanItem* const item = find(made, one.path);
    ASSERT_NE(item, nullptr) << one.path;
    EXPECT_EQ(item->stored_path, one.stored);
    EXPECT_EQ(item->unit, 0U);
    EXPECT_EQ(item->kind, model::EntryKind::regular);
    EXPECT_EQ(find(made, one.stored), nullptr) << "never by itself";
  }
  const PlanItem* const database = find(made, unit_ + "/lis");
  ASSERT_NE(database, nullptr);
  EXPECT_EQ(database->kind, model::EntryKind::folder);
  EXPECT_EQ(find(made, unit_ + "/lis/p.ibd")->current_path, live_ / "lisdata/p.ibd.bak9");
  EXPECT_EQ(find(made, unit_ + "/lis/letter.docx"), nullptr) << "not the server's";
  std::string remarks;
  for (const std::string& remark : made.units[0].remarks) remarks += remark + "\n";
  EXPECT_NE(remarks.find("unit.database: lis comes to lie in the folder itself"), std::string::npos) << remarks;
  EXPECT_NE(remarks.find("innodb_log_group_home_dir of its server's settings"), std::string::npos) << remarks;
}

}  // namespace

}  // namespace lastgood::recovery::testing
