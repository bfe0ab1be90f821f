// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a unit inside a snapshot of a source is found and judged as it is on a disk, that what a link leads to is
// looked up in the same snapshot, and that damage of the source never passes for a good unit.
#include "recovery/units/snapshot_view.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>

namespace lastgood::recovery {

namespace {

/// A source with one snapshot, made of paths and bytes.
class FakeSource final : public sources::Source {
 public:
  std::map<std::string, std::string> files;  // by path below "/"
  std::map<std::string, std::string> links;
  std::string damaged;  // path of a file whose bytes are lost

  [[nodiscard]] const sources::SourceTraits& traits() const override { return traits_; }
  [[nodiscard]] base::Result<std::vector<model::Snapshot>> snapshots() override {
    return std::vector<model::Snapshot>{{.id = "one", .root = "/"}};
  }
  [[nodiscard]] base::Result<sources::Folder> read_folder(std::string_view subtree) override {
    const std::string start = subtree == "/" ? std::string{} : std::string(subtree) + "/";
    std::map<std::string, model::TreeEntry> entries;
    const auto take = [&](const std::string& path, model::TreeEntry entry) {
      if (!path.starts_with(start)) return;
      const std::string rest = path.substr(start.size());
      const std::size_t slash = rest.find('/');
      entry.name = rest.substr(0, slash);
      if (slash != std::string::npos)
        entry = {.name = entry.name, .kind = model::EntryKind::folder, .subtree = start + entry.name};
      entries[entry.name] = entry;
    };
    for (const auto& [path, bytes] : files)
      take(path, {.content = {.key = path, .size_bytes = bytes.size(), .handle = path}});
    for (const auto& [path, target] : links) take(path, {.kind = model::EntryKind::link, .link_target = target});
    sources::Folder folder;
    for (auto& [name, entry] : entries) folder.entries.push_back(entry);
    return folder;
  }
  [[nodiscard]] base::Result<std::unique_ptr<sources::Content>> open_content(
      const model::ContentRef& content) override {
    return std::unique_ptr<sources::Content>(
        std::make_unique<FakeContent>(files[content.handle], content.handle == damaged));
  }
  [[nodiscard]] std::uint64_t position_of(const model::ContentRef& /*content*/) const override { return 0; }
  [[nodiscard]] std::vector<model::Finding> findings() const override { return {}; }

 private:
  class FakeContent final : public sources::Content {
   public:
    FakeContent(std::string bytes, bool is_damaged) : bytes_(std::move(bytes)), is_damaged_(is_damaged) {}
    [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size(); }
    [[nodiscard]] std::size_t piece_count() const override { return bytes_.empty() ? 0 : 1; }
    [[nodiscard]] Piece piece(std::size_t /*index*/) const override {
      return {.length_bytes = static_cast<std::uint32_t>(bytes_.size())};
    }
    [[nodiscard]] base::Status read_piece(std::size_t /*index*/, std::vector<std::uint8_t>& into) override {
      if (is_damaged_) return base::Error{.code = base::ErrorCode::damaged_source, .what = "a blob is lost"};
      into.assign(bytes_.begin(), bytes_.end());
      return base::Done{};
    }

   private:
    std::string bytes_;
    bool is_damaged_;
  };
  sources::SourceTraits traits_;
};

class SnapshotViewTest : public ::testing::Test {
 protected:
  SnapshotViewTest() {
    source_.files = {{"home/u/mail/cur/1,S=5:2,S", "a: b\n"},
                     {"home/u/mail/new/2,S=6", "a: bc\n"},
                     {"home/u/mail/tmp/x", ""},
                     {"srv/other/file", "text"}};
  }
  std::unique_ptr<engines::UnitView> view(const std::string& path) {
    auto opened = open_snapshot_view(source_, source_.snapshots().value()[0], path);
    EXPECT_TRUE(opened.ok());
    return opened.ok() ? std::move(opened).value() : nullptr;
  }
  FakeSource source_;
};

}  // namespace

TEST_F(SnapshotViewTest, finds_and_judges_a_unit_where_it_lies) {
  const auto whole = view("");
  const std::vector<engines::FoundUnit> units = engines::find_units(*whole);
  ASSERT_EQ(units, (std::vector<engines::FoundUnit>{{engines::UnitKind::maildir, "home/u/mail"}}));
  const auto report = engines::check_unit(*whole, units[0], model::Depth::standard);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().verdict, engines::UnitVerdict::consistent);
  EXPECT_EQ(report.value().members.size(), 3U);
  EXPECT_EQ(engines::find_units(*view("/home/u")).size(), 1U);
}

TEST_F(SnapshotViewTest, never_takes_a_unit_whose_bytes_are_lost_for_good) {
  source_.damaged = "home/u/mail/new/2,S=6";
  const auto report = engines::check_unit(*view(""), {.kind = engines::UnitKind::maildir, .path = "home/u/mail"},
                                          model::Depth::standard);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().verdict, engines::UnitVerdict::undecided);
}

TEST_F(SnapshotViewTest, takes_no_link_in_place_of_a_log_for_a_log_that_is_not_there) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "CREATE TABLE t(a)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_int64 size_bytes = 0;
  unsigned char* const bytes = sqlite3_serialize(database, "main", &size_bytes, 0);
  source_.files["srv/a.db"] = std::string(bytes, bytes + size_bytes);
  sqlite3_free(bytes);
  sqlite3_close(database);
  const auto verdict = [&] {
    const engines::FoundUnit unit{.kind = engines::UnitKind::sqlite, .path = "srv/a.db"};
    const auto report = engines::check_unit(*view(""), unit, model::Depth::standard);
    return report.ok() ? report.value().verdict : engines::UnitVerdict::damaged;
  };
  EXPECT_EQ(verdict(), engines::UnitVerdict::consistent);
  source_.links["srv/a.db-wal"] = "/etc/shadow";
  EXPECT_EQ(verdict(), engines::UnitVerdict::undecided);
}

TEST_F(SnapshotViewTest, looks_outside_in_the_same_snapshot) {
  const auto below = view("home/u");
  const auto outside = below->open_outside("/srv/other");
  ASSERT_TRUE(outside);
  EXPECT_TRUE(outside->open("file").ok());
  EXPECT_FALSE(outside->open("gone").ok());
  EXPECT_FALSE(below->open_outside("/srv/gone"));
  EXPECT_FALSE(below->open_outside("srv/other")) << "a relative target leads nowhere known";
  EXPECT_FALSE(open_snapshot_view(source_, source_.snapshots().value()[0], "gone").ok());
}

TEST_F(SnapshotViewTest, looks_outside_where_it_is_told_and_nowhere_else) {
  const auto told = [](std::string_view target) {
    return std::vector<std::string>{"/gone", "/srv/" + std::string(target.substr(target.rfind('/') + 1)), "/../etc"};
  };
  const auto whole = open_snapshot_view(source_, source_.snapshots().value()[0], "", told);
  ASSERT_TRUE(whole.ok());
  const auto outside = whole.value()->open_outside("/backup/today/other");
  ASSERT_TRUE(outside);
  EXPECT_TRUE(outside->open("file").ok());
  EXPECT_TRUE(outside->open_outside("/again/other")) << "also from there";
  EXPECT_FALSE(whole.value()->open_outside("/home/u"));
}

}  // namespace lastgood::recovery
