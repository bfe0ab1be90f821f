// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a plan promises no more than its logs bring when all of them are read, names the one that ends them, and
// takes one place's logs where those are whole and others are not.
#include "recovery/measured_logs.h"

#include "recovery/plan_databases.h"
#include "recovery/plan_services.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using sources::testing::FakeSource;

void put_number(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

/// A binary log of one commit at `time_s`.
std::string binary_log(std::uint32_t time_s) {
  std::string log = "\xfe" + std::string("bin") + std::string(31, '\0');
  put_number(log, 4, time_s, 4);
  put_number(log, 8, 16, 1);
  put_number(log, 13, 31, 4);
  return log;
}

/// The same, with a second commit that is cut.
std::string cut_log(std::uint32_t time_s) { return binary_log(time_s) + binary_log(time_s + 50).substr(4, 20); }

std::string log_name(int number) { return "/wal/bin.00000" + std::to_string(number); }

class MeasuredLogsTest : public Incident {
 protected:
  void open(std::unique_ptr<FakeSource> source, const std::string& name) {
    sources_.opened.push_back(opened_source(std::move(source), name));
  }
  /// A source with a copy that stands in the first log, and logs 1 to `last`, each with one commit at its hundred.
  static std::unique_ptr<FakeSource> source_of(const std::string& id, std::int64_t time_ns, int last) {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot(id, time_ns);
    source->put_file(id, "/db/xtrabackup_binlog_info", "bin.000001\t4\t\n");
    for (int i = 1; i <= last; ++i) source->put_file(id, log_name(i), binary_log(static_cast<std::uint32_t>(i * 100)));
    return source;
  }
  /// Of a database whose copy is in the first source.
  PlanLogs planned_logs(std::int64_t not_after_ns = 0) {
    const auto read = services::parse_services(
        "[service.w]\n[[service.w.data]]\nkind=\"mariadb\"\npath=\"/db\"\nlogs=\"/wal\"\n", "s");
    Plan made;
    made.sources = {{.name = sources_.opened[0].record.name}};
    made.snapshots = {{.source = 0, .id = sources_.opened[0].snapshots[0].id, .time_ns = day(1)}};
    PlanItem item;
    item.path = "/db";
    item.kind = model::EntryKind::folder;
    made.items = {item};
    made.units = {{.kind = "mariadb", .path = "/db", .snapshot = 0, .data_as_of_ns = 50'000'000'000}};
    PlanPolicy policy;
    policy.not_after_ns = not_after_ns;
    EXPECT_TRUE(look_at_data(made, read.file, policy, sources_, store_, progress_).ok());
    said_ = sentences_of(made.units[0], {}).front();
    add_services(made, read.file, {}, {});
    promised_ns_ = made.services.front().data_as_of_ns;
    return made.units[0].logs;
  }
  OpenedSources sources_;
  std::string said_;
  std::int64_t promised_ns_ = 0;
};

constexpr std::int64_t k_second = 1'000'000'000;

TEST_F(MeasuredLogsTest, ThatAreWholeReachToTheirLastCommitAndNothingIsSaid) {
  open(source_of("s1", day(1), 5), "nas");
  const PlanLogs logs = planned_logs();
  EXPECT_EQ(logs.reach_ns, 500 * k_second);
  EXPECT_EQ(promised_ns_, 500 * k_second);
  EXPECT_EQ(logs.files, 5U);
  EXPECT_EQ(logs.missing, "");
  EXPECT_FALSE(logs.lack_commits());
}

TEST_F(MeasuredLogsTest, OfWhichOneIsBrokenInsideReachToThatPlaceAndItIsNamed) {
  auto source = source_of("s1", 200 * k_second, 5);
  source->put_file("s1", log_name(3), cut_log(300));
  open(std::move(source), "nas");
  const PlanLogs logs = planned_logs();
  EXPECT_EQ(logs.reach_ns, 300 * k_second);
  EXPECT_EQ(promised_ns_, 300 * k_second) << "what people are told first";
  EXPECT_EQ(logs.files, 3U);
  EXPECT_TRUE(logs.lack_commits());
  EXPECT_NE(said_.find("they end there, because log bin.000003 is broken: its event at 35 is not whole; what was "
                       "committed behind that place and in 2 later log files is not there"),
            std::string::npos)
      << said_;
  // Behind the moment that was asked for nothing is missed.
  EXPECT_EQ(planned_logs(250 * k_second).reach_ns, 250 * k_second);
  EXPECT_FALSE(planned_logs(250 * k_second).lack_commits()) << said_;
}

TEST_F(MeasuredLogsTest, OfWhichOneIsMissingOrOfWhichNoneWasSavedLackCommits) {
  auto source = std::make_unique<FakeSource>();
  source->add_snapshot("s1", day(1));
  source->put_file("s1", "/db/xtrabackup_binlog_info", "bin.000001\t4\t\n");
  open(std::move(source), "nas");
  EXPECT_TRUE(planned_logs().lack_commits()) << "none at all";
  sources_.opened.clear();
  source = source_of("s1", day(1), 2);
  source->put_file("s1", log_name(4), binary_log(400));
  open(std::move(source), "nas");
  const PlanLogs logs = planned_logs();
  EXPECT_EQ(logs.reach_ns, 200 * k_second);
  EXPECT_TRUE(logs.lack_commits());
  EXPECT_NE(said_.find("log bin.000003 is not among them"), std::string::npos) << said_;
}

TEST_F(MeasuredLogsTest, ThatAreWholeInOneOfTwoSourcesAreTakenFromThatOne) {
  open(source_of("s1", day(1), 5), "nas");
  auto newer = source_of("t1", day(2), 5);
  newer->put_file("t1", log_name(3), cut_log(300));
  open(std::move(newer), "tape");
  PlanLogs logs = planned_logs();
  EXPECT_EQ(logs.reach_ns, 500 * k_second);
  EXPECT_FALSE(logs.lack_commits()) << said_;
  ASSERT_EQ(logs.places.size(), 1U);
  EXPECT_EQ(logs.places[0].source, "nas") << "a restore reads what the plan names";

  // The older one goes further than the break, and yet not as far as the newer one had gone on.
  sources_.opened.clear();
  open(source_of("s1", day(1), 4), "nas");
  newer = source_of("t1", day(2), 5);
  newer->put_file("t1", log_name(3), cut_log(300));
  open(std::move(newer), "tape");
  logs = planned_logs();
  EXPECT_EQ(logs.reach_ns, 400 * k_second);
  EXPECT_TRUE(logs.lack_commits());
  EXPECT_NE(said_.find("log bin.000003 is broken"), std::string::npos) << said_;
}

TEST_F(MeasuredLogsTest, AreNotReadToTheirEndWhereSomebodyAsksToStop) {
  open(source_of("s1", day(1), 5), "nas");
  const auto read =
      services::parse_services("[service.w]\n[[service.w.data]]\nkind=\"mariadb\"\npath=\"/db\"\nlogs=\"/wal\"\n", "s");
  const auto verdicts = VerdictTable::read(store_);
  const std::vector<LogPlace> places = find_log_places(sources_, "/wal", 0);
  const auto copy = open_source_view(record_, *sources_.opened[0].source, sources_.opened[0].snapshots[0], "");
  ASSERT_TRUE(copy.ok());
  const engines::FoundUnit unit{.kind = engines::UnitKind::mariadb, .path = "db"};
  const auto measured =
      measure_all(join_logs(sources_, places, verdicts.value()), sources_, places, verdicts.value(),
                  {*copy.value(), unit}, {.depth = engines::LogDepth::everything, .is_cancelled = [] { return true; }});
  ASSERT_FALSE(measured.ok());
  EXPECT_EQ(measured.error().code, base::ErrorCode::cancelled);
  EXPECT_EQ(describe_reading(*join_logs(sources_, places, verdicts.value()).view, "/wal", 0),
            "reading 175 B of saved logs of '/wal'");
}

}  // namespace

}  // namespace lastgood::recovery::testing
