// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file without any structure that was changed while the attack ran is named in the plan, that one changed
// at another time is not, and that neither is touched.
#include <gtest/gtest.h>

#include "recovery/plan_file.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

constexpr std::int64_t k_minute_ns = 60'000'000'000;

class UnjudgedFiles : public Incident {
 protected:
  std::unique_ptr<FakeSource> backup() const {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (const char* path : {"/srv/changed.dat", "/srv/earlier.dat", "/srv/same.dat"})
      source->put_file("s1", path, random_bytes(8000, 1)).mtime_ns = day(1) - k_minute_ns;
    source->put_file("s1", "/srv/a.txt", letter(1));
    return source;
  }

  /// As a scan sees them.
  void scan() {
    const std::int64_t attack_ns = day(2);
    const auto undecided = [](const char* path, std::int64_t changed_ns) {
      return model::FileRecord{.path = path, .size_bytes = 8000, .mtime_ns = changed_ns, .verdict = Verdict::undecided};
    };
    const std::vector<model::FileRecord> files = {
        {.path = "/srv/a.txt.bak9", .size_bytes = 100, .verdict = Verdict::encrypted, .original_name = "a.txt"},
        undecided("/srv/changed.dat", attack_ns + k_minute_ns / 2),
        undecided("/srv/earlier.dat", day(1) + k_minute_ns),
        undecided("/srv/same.dat", day(1) - k_minute_ns),
        undecided("/srv/new.dat", attack_ns)};
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {"/srv"}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    model::Campaign campaign;
    campaign.first_change_ns = attack_ns;
    campaign.last_change_ns = attack_ns + 5 * k_minute_ns;
    ASSERT_TRUE(store_.record_campaigns(id, std::vector{campaign}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
};

TEST_F(UnjudgedFiles, changed_while_the_attack_ran_are_named_and_left) {
  judge(*backup());
  scan();
  const Plan made = plan(backup());
  ASSERT_EQ(made.unjudged.size(), 1U);
  EXPECT_EQ(made.unjudged[0].path, "/srv/changed.dat");
  EXPECT_EQ(find(made, "/srv/changed.dat"), nullptr) << "nobody knows whether the backup's is the better one";
  EXPECT_NE(find(made, "/srv/a.txt"), nullptr);
  ASSERT_TRUE(write_plan(made, scratch_ / "p.json").ok());
  const auto read = read_plan(scratch_ / "p.json");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read.value().plan.unjudged.size(), 1U);
  const std::string table = format_plan(read.value().plan, read.value().digest, {});
  EXPECT_NE(
      table.find("Changed while the attack ran, and nobody can tell whether by it: 1 file. It is left: look at it"),
      std::string::npos)
      << table;
  EXPECT_NE(table.find("  /srv/changed.dat\n"), std::string::npos);
  EXPECT_EQ(table.find("Nothing is known to be lost."), std::string::npos);
  EXPECT_NE(table.find("Nothing else is known to be lost."), std::string::npos);
}

}  // namespace

}  // namespace lastgood::recovery::testing
