// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a database that no source has, and of which the scan could not judge files, is named.
#include "recovery/doubtful_data.h"

#include <gtest/gtest.h>

#include "recovery/plan_services.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

class DoubtfulData : public Incident {
 protected:
  void scan(const std::vector<std::pair<std::string, Verdict>>& seen, const std::string& root = "/srv") {
    std::vector<model::FileRecord> files;
    for (const auto& [path, verdict] : seen) files.push_back({.path = path, .size_bytes = 8192, .verdict = verdict});
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {root}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
  void set(const std::string& text) {
    auto read = services::parse_services(text, "s");
    ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
    file_ = std::move(read.file);
    services_ = &file_;
  }
  std::unique_ptr<FakeSource> backup(const std::vector<std::string>& paths) const {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (std::size_t i = 0; i < paths.size(); ++i) source->put_file("s1", paths[i], letter(static_cast<int>(i)));
    return source;
  }
  services::ServicesFile file_;
};

TEST_F(DoubtfulData, thatNoSourceHasIsNamedAndOfWhatIsRegenerableNothingIsLost) {
  set("[service.standby]\n[[service.standby.data]]\nkind=\"postgresql\"\npath=\"/srv/standby\"\nregenerable=true\n"
      "[service.lis]\n[[service.lis.data]]\nkind=\"mariadb\"\npath=\"/srv/mysql\"\n");
  scan({{"/srv/standby/base/5/2659.bak9", Verdict::undecided},
        {"/srv/standby/base/5/1259.bak9", Verdict::undecided},
        {"/srv/standby/PG_VERSION", Verdict::intact},
        {"/srv/mysql/lis/orders.ibd", Verdict::undecided},
        {"/srv/notes.dat", Verdict::undecided}});
  judge(*backup({"/srv/a.txt"}));
  Plan made = plan(backup({"/srv/a.txt"}));
  ASSERT_EQ(made.unjudged.size(), 2U) << "a file that is of no database is not";
  EXPECT_EQ(made.unjudged[0].path, "/srv/mysql");
  EXPECT_TRUE(made.unjudged[0].why.starts_with(
      "service.undecided: the scan could not judge 1 file of it ('/srv/mysql/lis/orders.ibd')"))
      << made.unjudged[0].why;
  EXPECT_EQ(made.unjudged[1].path, "/srv/standby");
  EXPECT_TRUE(made.unjudged[1].why.starts_with(
      "service.regenerable: the scan could not judge 2 files of it ('/srv/standby/base/5/1259.bak9')"))
      << made.unjudged[1].why;
  EXPECT_NE(made.unjudged[1].why.find("'standby' makes it again from other data, last of all"), std::string::npos);
  EXPECT_TRUE(made.losses.empty());
  add_services(made, file_, {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_NE(format_services(made, {}).find("/srv/standby can be made again from other data: it comes last of all; what "
                                           "stands there is struck or in doubt, see below\n"),
            std::string::npos)
      << format_services(made, {});
}

}  // namespace

}  // namespace lastgood::recovery::testing
