// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a database that the server reaches by a link is planned where it lies, also from a backup that keeps it
// under the link's own path, and that nothing is ever planned in place of the link.
#include <gtest/gtest.h>

#include <filesystem>

#include "os/testing/scratch_folder.h"
#include "recovery/testing/incident.h"
#include "recovery/unit_copies.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

/// A server with the link `link_` to the folder `home_`, whose table is struck, and the link `link_file_` to the
/// SQLite file `home_file_`, which is gone under its name.
class BehindLinks : public Incident {
 protected:
  void SetUp() override {
    Incident::SetUp();
    link_ = live_ / "var/mysql";
    home_ = live_ / "data/mysql";
    link_file_ = live_ / "var/q.db";
    home_file_ = live_ / "data/queue.db";
    std::filesystem::create_directories(home_);
    std::filesystem::create_directories(live_ / "var");
    std::filesystem::create_directory_symlink("../data/mysql", link_);
    std::filesystem::create_symlink(home_file_, link_file_);
  }

  void scan() {
    std::vector<model::FileRecord> files;
    for (const std::string& path : {home_ + "/t.ibd", home_file_})
      files.push_back({.path = path + ".bak9",
                       .size_bytes = 4000,
                       .verdict = Verdict::encrypted,
                       .original_name = path.substr(path.rfind('/') + 1)});
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {live_.path()}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  /// Backups of two days. `database` and `file`: where the snapshots have them.
  std::unique_ptr<FakeSource> backup(const std::string& database, const std::string& file) const {
    auto source = std::make_unique<FakeSource>();
    for (int d = 1; d <= 2; ++d) {
      const std::string id = "s" + std::to_string(d);
      source->add_snapshot(id, day(d));
      source->put_file(id, database + "/ibdata1", letter(d));
      source->put_file(id, database + "/t.ibd", letter(d + 10));
      source->put_file(id, file, letter(d + 20));
      if (database != link_) source->put_link(id, link_, "../data/mysql");
    }
    return source;
  }

  void record(const std::string& database, const std::string& file) {
    judge(*backup(database, file));
    std::vector<model::JudgedUnit> units;
    for (const char* id : {"s1", "s2"}) {
      units.push_back({.snapshot = id, .kind = "mariadb", .path = database, .state = "consistent"});
      units.push_back({.snapshot = id, .kind = "sqlite", .path = file, .state = "consistent"});
    }
    ASSERT_TRUE(store_.backups().record_snapshots("nas", store_.backups().snapshots("nas").value(), units).ok());
  }

  void expect_both_where_they_lie(const Plan& made, const std::string& database, const std::string& file) const {
    ASSERT_EQ(made.units.size(), 2U);
    const PlanItem* const table = find(made, home_ + "/t.ibd");
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->stored_path.empty() ? table->path : table->stored_path, database + "/t.ibd");
    EXPECT_EQ(table->current_path, home_ + "/t.ibd.bak9");
    EXPECT_EQ(made.snapshots[table->snapshot].id, "s2");
    const PlanItem* const queue = find(made, home_file_);
    ASSERT_NE(queue, nullptr);
    EXPECT_EQ(queue->stored_path.empty() ? queue->path : queue->stored_path, file);
    EXPECT_EQ(queue->current_path, home_file_ + ".bak9");
    for (const PlanItem& item : made.items) {
      EXPECT_FALSE(item.path.starts_with(link_)) << "in place of the link: " << item.path;
      EXPECT_NE(item.path, link_file_);
    }
    EXPECT_TRUE(made.losses.empty());
  }

  os::testing::ScratchFolder live_;
  std::string link_;
  std::string home_;
  std::string link_file_;
  std::string home_file_;
};

TEST_F(BehindLinks, databases_come_back_where_they_lie_from_a_backup_that_has_them_there) {
  scan();
  record(home_, home_file_);
  expect_both_where_they_lie(plan(backup(home_, home_file_)), home_, home_file_);
}

TEST_F(BehindLinks, databases_come_back_where_they_lie_from_a_backup_that_has_them_at_the_links) {
  scan();
  record(link_, link_file_);
  expect_both_where_they_lie(plan(backup(link_, link_file_)), link_, link_file_);
  expect_both_where_they_lie(plan(backup(link_, link_file_), {.only = {home_, home_file_}, .prefer = {}}), link_,
                             link_file_);
  const auto copies = find_unit_copies(store_, home_);
  ASSERT_TRUE(copies.ok());
  ASSERT_EQ(copies.value().size(), 2U);
  EXPECT_EQ(copies.value()[0].unit.path, link_) << "where it is read";
}

TEST_F(BehindLinks, links_of_a_machine_that_nothing_was_scanned_on_say_nothing_of_another_one) {
  record(link_, link_file_);
  const Plan made = plan(backup(link_, link_file_));
  EXPECT_NE(find(made, link_ + "/t.ibd"), nullptr);
  EXPECT_EQ(find(made, home_ + "/t.ibd"), nullptr);
}

}  // namespace

}  // namespace lastgood::recovery::testing
