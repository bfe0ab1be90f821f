// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file outside of a database's folder is known as its own by the links of the live one, else of a copy,
// and is planned with the database or not at all.
#include "recovery/parts_elsewhere.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "os/testing/scratch_folder.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

std::string owner(const PartsElsewhere& parts, std::string_view path) {
  const PartElsewhere* const part = parts.find(path);
  if (part == nullptr) return "nobody";
  return part->unit + " " + part->inside + (part->use == PartElsewhere::Use::left ? " left" : "");
}

model::JudgedUnit judged(std::vector<std::string> outside, const std::string& engine = "PostgreSQL 15") {
  model::JudgedUnit unit{.snapshot = "s1", .kind = "postgresql", .path = "/srv/pg", .state = "consistent"};
  unit.findings.push_back({.rule = "unit.engine", .sentence = engine});
  for (std::string& sentence : outside) unit.findings.push_back({.rule = "unit.outside", .sentence = sentence});
  return unit;
}

const model::Snapshot k_snapshot = [] {
  model::Snapshot out;
  out.id = out.root = "s1";
  return out;
}();

TEST(PartsElsewhere, of_a_copy_are_what_its_links_lead_to_and_only_by_names_that_the_server_gives) {
  PartsElsewhere parts;
  parts.add_copy("/srv/pg", {.name = "nas", .address = "restic:/r"}, k_snapshot,
                 judged({"/srv/ts: tablespace 16384", "/log/wal: pg_wal", "/var/log/pg: log", "/: pg_wal",
                         "/srv/pg/own: tablespace 16385", "../x: tablespace 16386"}));
  EXPECT_EQ(owner(parts, "/srv/ts/PG_15_202209061/5/16400"), "/srv/pg pg_tblspc/16384");
  EXPECT_EQ(owner(parts, "/srv/ts/PG_15_202209061"), "/srv/pg pg_tblspc/16384");
  EXPECT_EQ(owner(parts, "/log/wal/000000010000000000000001"), "/srv/pg pg_wal");
  EXPECT_EQ(owner(parts, "/log/wal/00000002.history"), "/srv/pg pg_wal");
  EXPECT_EQ(owner(parts, "/log/wal/archive_status/000000010000000000000001.done"), "/srv/pg pg_wal");
  for (const char* path : {"/srv/ts", "/srv/ts/letter.docx", "/srv/ts/PG_14_202107181/5/1", "/srv/ts2/PG_15_1/5/1",
                           "/log/wal/letter.docx", "/srv/letter.docx", "/var/log/pg/000000010000000000000001",
                           "/srv/pg/own/PG_15_202209061/5/1", "/log/wal/00000001000000000000000"})
    EXPECT_EQ(owner(parts, path), "nobody") << path;
}

TEST(PartsElsewhere, of_a_copy_are_also_where_its_source_shows_what_the_job_wrote) {
  PartsElsewhere parts;
  model::BackupSource source{.name = "bk", .address = "folder:/bk"};
  source.stored_prefix = "";
  source.live_prefix = "/srv";
  parts.add_copy("/srv/pg", source, k_snapshot, judged({"/bk/current/ts: tablespace 16384"}));
  EXPECT_EQ(owner(parts, "/srv/ts/PG_15_202209061/5/16400"), "/srv/pg pg_tblspc/16384");
}

TEST(PartsElsewhere, of_a_live_database_go_before_what_copies_say) {
  const os::testing::ScratchFolder folder;
  const std::string pg = folder / "pg";
  std::filesystem::create_directories(pg + "/pg_tblspc/16385");
  std::filesystem::create_directory_symlink(folder / "new", pg + "/pg_tblspc/16384");
  std::filesystem::create_directory_symlink("/log/wal", pg + "/pg_wal");
  std::filesystem::create_directories(folder / "log/wal");
  PartsElsewhere parts;
  parts.add_copy("/b", {.name = "nas", .address = "restic:/r"}, k_snapshot,
                 judged({folder / "new" + ": tablespace 16384"}));
  parts.look_at_live(pg, {folder / "", "/"});
  parts.add_copy(
      pg, {.name = "nas", .address = "restic:/r"}, k_snapshot,
      judged({folder / "old" + ": tablespace 16384", "/srv/in: tablespace 16385", "/srv/gone: tablespace 16386"}));
  const std::string file = "/PG_15_202209061/5/16400";
  EXPECT_EQ(owner(parts, folder / "new" + file), pg + " pg_tblspc/16384") << "whatever a copy of another one claims";
  EXPECT_EQ(owner(parts, folder / "old" + file), pg + " pg_tblspc/16384 left");
  EXPECT_EQ(owner(parts, "/srv/in" + file), pg + " pg_tblspc/16385 left") << "it lies in the folder by now";
  EXPECT_EQ(owner(parts, "/srv/gone" + file), pg + " pg_tblspc/16386") << "somebody took the link away";
  EXPECT_EQ(owner(parts, "/log/wal/000000010000000000000001"), pg + " pg_wal");
  EXPECT_EQ(owner(parts, folder / "log/wal/000000010000000000000001"), pg + " pg_wal")
      << "a disk that is mounted where it was scanned";
}

/// A live database whose tablespace lies beside its folder, and a backup of both.
class LinkedDatabase : public Incident {
 protected:
  enum class Link : std::uint8_t { live, of_the_copy };
  void SetUp() override {
    Incident::SetUp();
    root_ = live_.path();
    pg_ = root_ + "/pg";
    table_ = root_ + "/ts/PG_15_202209061/5/16400";
  }

  std::unique_ptr<FakeSource> backup() const {
    auto source = std::make_unique<FakeSource>();
    for (int d = 1; d <= 2; ++d) {
      const std::string id = "s" + std::to_string(d);
      source->add_snapshot(id, day(d));
      source->put_file(id, pg_ + "/base/1", letter(d));
      source->put(id, pg_ + "/pg_tblspc/16384", model::EntryKind::link).link_target = root_ + "/ts";
      source->put_file(id, table_, letter(d + 10));
      source->put_file(id, root_ + "/ts/letter.docx", letter(d + 20));
    }
    return source;
  }

  /// What judging and a scan say. `newest`: of the newer copy.
  void record(const std::string& newest, const std::vector<std::string>& struck_files, Link link) {
    judge(*backup());
    std::vector<model::JudgedUnit> units(2, judged({root_ + "/ts: tablespace 16384"}));
    units[1].snapshot = "s2";
    units[1].state = newest;
    for (model::JudgedUnit& unit : units) unit.path = pg_;
    ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
    std::filesystem::create_directories(pg_ + "/pg_tblspc");
    if (link == Link::live) std::filesystem::create_directory_symlink(root_ + "/ts", pg_ + "/pg_tblspc/16384");
    std::vector<model::FileRecord> files;
    for (const std::string& path : {pg_ + "/base/1", table_, root_ + "/ts/letter.docx"}) {
      const bool is_struck = std::find(struck_files.begin(), struck_files.end(), path) != struck_files.end();
      files.push_back({.path = path + (is_struck ? ".bak9" : ""), .size_bytes = 4000, .verdict = Verdict::intact});
      if (!is_struck) continue;
      files.back().verdict = Verdict::encrypted;
      files.back().original_name = path.substr(path.rfind('/') + 1);
    }
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {root_}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  static std::set<std::string> losses(const Plan& plan) {
    std::set<std::string> out;
    for (const PlanLoss& loss : plan.losses) out.insert(loss.path);
    return out;
  }

  os::testing::ScratchFolder live_;
  std::string root_;
  std::string pg_;
  std::string table_;
};

TEST_F(LinkedDatabase, comes_back_as_one_where_only_its_tablespace_is_struck) {
  for (const Link link : {Link::live, Link::of_the_copy}) {
    std::filesystem::remove_all(pg_);
    record("needs_recovery", {table_}, link);
    for (const std::vector<std::string>& only : {std::vector<std::string>{}, std::vector<std::string>{pg_}}) {
      const Plan made = plan(backup(), {.only = only, .prefer = {}});
      ASSERT_EQ(made.units.size(), 1U);
      EXPECT_EQ(made.snapshots[made.units[0].snapshot].id, "s2");
      EXPECT_FALSE(made.units[0].was_missing);
      EXPECT_NE(find(made, pg_ + "/base/1"), nullptr) << "sound, and of another moment than what comes back";
      EXPECT_EQ(find(made, table_), nullptr) << "no file of it by itself";
      const PlanItem* const table = find(made, pg_ + "/pg_tblspc/16384/PG_15_202209061/5/16400");
      ASSERT_NE(table, nullptr);
      EXPECT_EQ(table->unit, 0U);
      EXPECT_EQ(table->stored_path, table_);
      EXPECT_EQ(table->current_path, table_ + ".bak9") << "a restore looks whether it still stands as it was seen";
      EXPECT_EQ(find(made, pg_ + "/pg_tblspc/16384")->kind, model::EntryKind::folder) << "no link to what is struck";
      EXPECT_EQ(find(made, pg_ + "/pg_tblspc/16384/letter.docx"), nullptr);
      EXPECT_EQ(find(made, root_ + "/ts/letter.docx"), nullptr) << "not struck, and nothing of the database";
      std::string remarks;
      for (const std::string& remark : made.units[0].remarks) remarks += remark + "\n";
      EXPECT_NE(remarks.find("'" + root_ + "/ts', where its pg_tblspc/16384 is now, stays as it is"), std::string::npos)
          << remarks;
      EXPECT_TRUE(made.losses.empty());
    }
  }
}

TEST_F(LinkedDatabase, is_left_as_it_is_where_nothing_of_it_is_struck) {
  record("needs_recovery", {root_ + "/ts/letter.docx"}, Link::live);
  const Plan made = plan(backup());
  EXPECT_TRUE(made.units.empty());
  ASSERT_NE(find(made, root_ + "/ts/letter.docx"), nullptr) << "a letter beside a tablespace is a letter";
  EXPECT_EQ(find(made, table_), nullptr);
  EXPECT_TRUE(made.losses.empty());
}

TEST_F(LinkedDatabase, takes_its_tablespace_from_the_snapshot_that_it_comes_from) {
  record("torn", {pg_ + "/base/1"}, Link::live);
  const Plan made = plan(backup());
  ASSERT_EQ(made.units.size(), 1U);
  const PlanItem* const table = find(made, pg_ + "/pg_tblspc/16384/PG_15_202209061/5/16400");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(made.snapshots[table->snapshot].id, "s1");
  EXPECT_EQ(find(made, table_), nullptr);
}

TEST_F(LinkedDatabase, is_named_as_lost_with_its_tablespace_and_neither_comes_back_alone) {
  record("torn", {table_}, Link::live);
  std::vector<model::JudgedUnit> units = store_.backups().units("nas").value();
  for (model::JudgedUnit& unit : units) unit.state = "torn";
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  const Plan whole = plan(backup());
  EXPECT_EQ(losses(whole), (std::set<std::string>{pg_, root_ + "/ts"}));
  EXPECT_TRUE(whole.units.empty());
  EXPECT_EQ(find(whole, table_), nullptr);
  const Plan part = plan(backup(), {.only = {root_ + "/ts"}, .prefer = {}});
  EXPECT_EQ(losses(part), (std::set<std::string>{root_ + "/ts/PG_15_202209061"}));
  EXPECT_EQ(find(part, table_), nullptr);
}

TEST_F(LinkedDatabase, has_lost_nothing_where_an_earlier_restore_left_its_struck_tablespace_beside) {
  record("needs_recovery", {table_}, Link::of_the_copy);
  std::filesystem::create_directories(pg_ + "/pg_tblspc/16384");
  const Plan made = plan(backup());
  EXPECT_TRUE(made.units.empty()) << "what it brought would be undone";
  EXPECT_TRUE(made.losses.empty());
  EXPECT_EQ(find(made, table_), nullptr);
}

TEST_F(Incident, brings_a_tablespace_to_its_own_place_as_a_part_of_the_database_where_nothing_was_scanned) {
  const auto backup = [] {
    auto source = std::make_unique<FakeSource>();
    for (int d = 1; d <= 2; ++d) {
      const std::string id = "s" + std::to_string(d);
      source->add_snapshot(id, day(d));
      source->put_file(id, "/srv/pg/base/1", letter(1));
      source->put(id, "/srv/pg/pg_tblspc/16384", model::EntryKind::link).link_target = "/a/ts";
      source->put(id, "/srv/pg/pg_wal", model::EntryKind::link).link_target = "/log/wal/";
      source->put_file(id, "/a/ts/PG_15_202209061/5/16400", letter(d + 10));
      source->put_file(id, "/log/wal/000000010000000000000001", letter(d + 20));
    }
    return source;
  };
  judge(*backup());
  std::vector<model::JudgedUnit> units(2, judged({"/a/ts: tablespace 16384", "/log/wal/: pg_wal"}));
  units[1].snapshot = "s2";
  units[1].state = "torn";
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  const Plan whole = plan(backup());
  for (const char* path : {"/a/ts/PG_15_202209061/5/16400", "/log/wal/000000010000000000000001"}) {
    const PlanItem* const file = find(whole, path);
    ASSERT_NE(file, nullptr) << path;
    EXPECT_EQ(file->unit, 0U) << path;
    EXPECT_EQ(whole.snapshots[file->snapshot].id, "s1") << path;
  }
  EXPECT_EQ(find(whole, "/srv/pg/pg_tblspc/16384")->kind, model::EntryKind::link);
  const Plan part = plan(backup(), {.only = {"/srv/pg"}, .prefer = {}});
  EXPECT_NE(find(part, "/srv/pg/pg_tblspc/16384/PG_15_202209061/5/16400"), nullptr);
  EXPECT_NE(find(part, "/srv/pg/pg_wal/000000010000000000000001"), nullptr);
  EXPECT_EQ(find(part, "/srv/pg/pg_wal")->kind, model::EntryKind::folder);
}

TEST_F(Incident, brings_what_only_a_tablespace_map_names_into_the_folder_itself) {
  const auto backup = [] {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    source->put_file("s1", "/srv/pg/base/1", letter(1));
    source->put_file("s1", "/srv/pg/tablespace_map", "16384 /srv/ts\n");
    source->put("s1", "/srv/pg/pg_tblspc", model::EntryKind::folder);
    source->put_file("s1", "/srv/ts/PG_15_202209061/5/16400", letter(2));
    return source;
  };
  judge(*backup());
  const std::vector<model::JudgedUnit> units{judged({"/srv/ts: tablespace 16384", "/srv/no: tablespace 16385"})};
  ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  const Plan whole = plan(backup());
  const PlanItem* const file = find(whole, "/srv/pg/pg_tblspc/16384/PG_15_202209061/5/16400");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->unit, 0U);
  EXPECT_EQ(file->stored_path, "/srv/ts/PG_15_202209061/5/16400");
  const PlanItem* const top = find(whole, "/srv/pg/pg_tblspc/16384");
  ASSERT_NE(top, nullptr);
  EXPECT_EQ(top->kind, model::EntryKind::folder);
  EXPECT_EQ(top->stored_path, "/srv/ts");
  EXPECT_EQ(find(whole, "/srv/pg/pg_tblspc/16385"), nullptr);
  EXPECT_EQ(find(whole, "/srv/ts/PG_15_202209061/5/16400"), nullptr)
      << "a server would make a link to what stands there";
}

}  // namespace

}  // namespace lastgood::recovery::testing
