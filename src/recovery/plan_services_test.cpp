// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a plan says for each service when it is back and as of when, that paths come in the order of the services
// with what can be made again last, that all of it survives the plan's file, and that rates are measured, not made up.
#include "recovery/plan_services.h"

#include <gtest/gtest.h>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"

namespace lastgood::recovery {
namespace {

constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
constexpr std::int64_t k_made_ns = 1'669'176'000'000'000'000;  // 2022-11-23T04:00:00Z

services::ServicesFile hospital() {
  auto read = services::parse_services(
      "[service.opd]\ntitle=\"OPD "
      "registration\"\ntier=1\ndepends_on=[\"db\"]\n[[service.opd.data]]\nkind=\"files\"\npath=\"/srv/"
      "opd\"\n[service.db]\ntier=3\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"/"
      "pg\"\n[service.search]\ntier=0\n[[service.search."
      "data]]\nkind=\"files\"\npath=\"/srv/opd/index\"\nregenerable=true\n",
      "s");
  EXPECT_TRUE(read.mistakes.empty());
  return std::move(read.file);
}

PlanItem file(const std::string& path, std::uint64_t bytes, std::uint32_t snapshot,
              std::uint32_t unit = PlanItem::k_no_unit) {
  PlanItem item;
  item.path = path;
  item.size_bytes = bytes;
  item.snapshot = snapshot;
  item.unit = unit;
  item.content_key = std::string(32, 'k');
  return item;
}

Plan plan() {
  Plan out;
  out.made_ns = k_made_ns;
  out.case_name = "c";
  out.sources = {{.name = "nas", .address = "folder:/nas", .format = "folder"}};
  out.snapshots = {{.source = 0, .id = "old", .time_ns = k_made_ns - 48 * k_hour_ns},
                   {.source = 0, .id = "new", .time_ns = k_made_ns - 24 * k_hour_ns}};
  out.units = {{.kind = "postgresql", .path = "/pg", .snapshot = 1, .data_as_of_ns = k_made_ns - 25 * k_hour_ns}};
  out.whys = {"newest.intact"};
  out.items = {file("/etc/x", 1'000'000, 0), file("/pg/base/1", 500'000'000, 1, 0), file("/srv/opd/a", 100'000'000, 1),
               file("/srv/opd/index/s", 1'000'000, 1), file("/srv/opdx", 1, 0)};
  return out;
}

TEST(PlanServices, SayWhenEachIsBackAndAsOfWhen) {
  Plan made = plan();
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s, as the test says"});
  ASSERT_EQ(made.services.size(), 3U);
  EXPECT_EQ(made.services[0].id, "search");
  EXPECT_EQ(made.services[0].bytes, 0U);
  EXPECT_EQ(made.services[1].id, "db");
  EXPECT_EQ(made.services[1].ready_s, 500);
  EXPECT_EQ(made.services[1].from, std::vector<std::string>{"nas new"});
  EXPECT_EQ(made.services[2].id, "opd");
  EXPECT_EQ(made.services[2].bytes, 100'000'000U);
  EXPECT_EQ(made.services[2].ready_s, 600);
  EXPECT_EQ(made.services[0].regenerable_files, 1U);
  EXPECT_EQ(made.services[2].data_as_of_ns, k_made_ns - 25 * k_hour_ns);  // no newer than its database
  const std::string text = format_services(made, {});
  EXPECT_NE(text.find("OPD registration back at about 04:10 UTC, data as of 2022-11-22 03:00:00 UTC"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(" UTC, only what can be made again comes back (1 file)\n"), std::string::npos)
      << "the search waits for nobody";
  EXPECT_NE(text.find("1 MB/s, as the test says"), std::string::npos);
  EXPECT_NE(format_services(made, "+05:30").find("back at about 09:40 +05:30, data as of 2022-11-22 08:30:00 +05:30"),
            std::string::npos)
      << format_services(made, "+05:30");
  EXPECT_NE(text.find("/srv/opd/index can be made again from other data: it comes last of all"), std::string::npos);
}

TEST(PlanServices, PathsComeInTheirOrderAndWhatCanBeMadeAgainLast) {
  Plan made = plan();
  EXPECT_EQ(PlanStages(made).count(), 1U);
  EXPECT_EQ(PlanStages(made).stage_of("/pg"), 0U);
  add_services(made, hospital(), {}, {});
  const PlanStages stages(made);
  EXPECT_EQ(stages.count(), 5U);
  EXPECT_EQ(stages.stage_of("/pg/base/1"), 1U);
  EXPECT_EQ(stages.stage_of("/srv/opd"), 2U);
  EXPECT_EQ(stages.stage_of("/srv/opd/a"), 2U);
  EXPECT_EQ(stages.stage_of("/srv/opdx"), 3U);
  EXPECT_EQ(stages.stage_of("/"), 3U);
  EXPECT_EQ(stages.stage_of("/srv/opd/index/s"), 4U);
  EXPECT_EQ(stages.service_of(1)->id, "db");
  EXPECT_EQ(stages.service_of(3), nullptr);
}

TEST(PlanServices, OfOneAreItsPathsAndThoseItWaitsFor) {
  EXPECT_EQ(paths_of_service(hospital(), "opd"), (std::vector<std::string>{"/pg", "/srv/opd"}));
  EXPECT_EQ(paths_of_service(hospital(), "db"), (std::vector<std::string>{"/pg"}));
}

TEST(PlanServices, SayWhatSavedLogsBringAndWhatIsWithoutThem) {
  Plan made = plan();
  made.units[0].logs = {
      .path = "/wal", .places = {{.source = "nas", .snapshot = "new"}}, .files = 412, .bytes = 100'000'000};
  made.units[0].logs.reach_ns = k_made_ns - k_hour_ns;
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_EQ(made.services[1].ready_s, 1100) << "a replay copies the database once more and reads the logs";
  EXPECT_EQ(made.services[1].log_files, 412U);
  EXPECT_EQ(made.services[1].data_as_of_ns, k_made_ns - k_hour_ns);
  EXPECT_EQ(made.services[1].without_logs_ns, k_made_ns - 25 * k_hour_ns);
  EXPECT_EQ(made.services[2].data_as_of_ns, k_made_ns - 24 * k_hour_ns) << "its own files are older now";
  const std::string text = format_services(made, {});
  EXPECT_NE(
      text.find("data as of 2022-11-23 03:00:00 UTC after replay of saved logs (2022-11-22 03:00:00 UTC without)"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("412 log files are replayed into its databases"), std::string::npos) << text;
  const std::vector<std::string> sentences = sentences_of(made.units[0], {});
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(sentences[0],
            "logs: 412 files (100 MB) of '/wal' in nas new are replayed after it: data as of 2022-11-23 03:00:00 UTC "
            "at best");
}

TEST(PlanServices, SayOfEachItsOwnTimesApartFromThoseItWaitsFor) {
  Plan made = plan();
  made.units[0].data_as_of_ns = 0;
  made.units.push_back({.kind = "sqlite", .path = "/srv/opd/q.db", .snapshot = 0});
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  const std::vector<OwnTimes> own = find_own_times(made, PlanStages(made));
  ASSERT_EQ(own.size(), 5U);
  ASSERT_EQ(own[1].databases.size(), 1U);
  EXPECT_EQ(own[1].databases[0].path, "/pg");
  EXPECT_EQ(own[1].databases[0].as_of_ns, k_made_ns - 24 * k_hour_ns)
      << "what it does not say itself its snapshot says";
  EXPECT_EQ(own[1].files_ns, 0);
  EXPECT_EQ(own[2].files_ns, k_made_ns - 24 * k_hour_ns);
  EXPECT_EQ(own[2].sets_ns, k_made_ns - 48 * k_hour_ns);
  EXPECT_TRUE(own[2].databases.empty());
}

TEST(PlanServices, CutOnlyDigestsAndNoNames) {
  Plan made = plan();
  made.snapshots[1].id = "etc_2026-11-27T06:45:00+05:30.tar.gz";
  add_services(made, hospital(), {}, {});
  EXPECT_EQ(made.services[1].from, std::vector<std::string>{"nas etc_2026-11-27T06:45:00+05:30.tar.gz"});
  made.snapshots[1].id = std::string(64, 'a');
  add_services(made, hospital(), {}, {});
  EXPECT_EQ(made.services[1].from, std::vector<std::string>{"nas " + std::string(12, 'a')});
}

TEST(PlanServices, AreAsOfTheirDatabasesAndFilesBesideAreNamedApart) {
  Plan made = plan();
  made.units[0].data_as_of_ns = k_made_ns - k_hour_ns / 2;
  made.units.push_back(
      {.kind = "sqlite", .path = "/srv/opd/q.db", .snapshot = 1, .data_as_of_ns = k_made_ns - k_hour_ns});
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_EQ(made.services[2].data_as_of_ns, k_made_ns - k_hour_ns);
  EXPECT_EQ(made.services[2].files_as_of_ns, k_made_ns - 24 * k_hour_ns);
  const std::string text = format_services(made, {});
  EXPECT_NE(text.find("data as of 2022-11-23 03:00:00 UTC; files beside as of 2022-11-22 04:00:00 UTC"),
            std::string::npos)
      << text;
}

TEST(PlanServices, OnOneFolderAreAsOfTheSameMoment) {
  services::ServicesFile file = hospital();
  Plan made = plan();
  for (services::Service& service : file.services) {
    if (service.id == "opd") service.data = {{.name = "his", .kind = services::DataKind::postgresql, .path = "/pg"}};
    if (service.id != "opd") continue;
    service.depends_on.clear();
    service.tier = 5;
  }
  made.units[0].logs.files = 3;
  made.units[0].logs.reach_ns = k_made_ns - 60'000'000'000;
  made.units[0].logs.places = {{}};
  add_services(made, file, {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  const auto of = [&](std::string_view id) {
    return *std::find_if(made.services.begin(), made.services.end(), [&](const auto& one) { return one.id == id; });
  };
  EXPECT_EQ(of("opd").data_as_of_ns, k_made_ns - 60'000'000'000);
  EXPECT_EQ(of("opd").data_as_of_ns, of("db").data_as_of_ns);
  EXPECT_EQ(of("opd").without_logs_ns, of("db").without_logs_ns);
  EXPECT_EQ(of("opd").from, of("db").from);
  EXPECT_EQ(of("opd").bytes, 0U) << "they are counted once";
  const std::string text = format_services(made, {});
  EXPECT_NE(text.find(", its data come back with those of db, data as of 2022-11-23 03:59:00 UTC"), std::string::npos)
      << text;
}

TEST(PlanServices, WithoutDataOfTheirOwnAreAsOfWhatTheyWaitFor) {
  services::ServicesFile file = hospital();
  Plan made = plan();
  for (services::Service& service : file.services) {
    if (service.id == "opd") service.data.clear();
  }
  add_services(made, file, {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  const std::string text = format_services(made, {});
  EXPECT_NE(text.find("nothing of its own data has to come back, what it waits for as of 2022-11-22 03:00:00 UTC"),
            std::string::npos)
      << text;
}

TEST(PlanServices, DoNotComeBackWhereWhatTheyNameIsLostNorDoesWhatWaitsForThem) {
  Plan made = plan();
  std::erase_if(made.items, [](const PlanItem& item) { return item.path.starts_with("/pg"); });
  made.units.clear();
  made.losses.push_back({.path = "/pg"});
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  const std::string text = format_services(made, {});
  EXPECT_NE(text.find("db NOT back: no usable copy has '/pg'"), std::string::npos) << text;
  EXPECT_NE(text.find("OPD registration NOT back: it waits for db, which does not come back"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("OPD registration back at"), std::string::npos) << text;
  made.losses[0].why = "copies of it were not judged: 'lastgood backups judge' looks at them";
  EXPECT_NE(
      format_services(made, {}).find("no usable copy has '/pg', of those that were judged: 'lastgood backups judge'"),
      std::string::npos);
  made.losses[0].path = "/pg/one/file";
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_EQ(format_services(made, {}).find("NOT back"), std::string::npos) << "one file of it is lost";
}

TEST(PlanServices, SayOfAFileThatIsTheWholeDatabaseThatNobodyCanTellWhetherItIsOne) {
  Plan made = plan();
  PlanItem queue;
  queue.path = "/srv/opd";
  queue.verdict = model::Verdict::undecided;
  made.items.push_back(queue);
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_NE(
      format_services(made, {}).find("nobody can tell from the bytes of '" + queue.path + "' whether they are whole"),
      std::string::npos)
      << format_services(made, {});
}

TEST(FormatPlan, SaysOfACleanSnapshotThatHoldsNothingOfThePlanThatNothingComesFromIt) {
  Plan made = plan();
  made.last_clean_snapshot = "nas new of 2022-11-22T04:00:00Z";
  EXPECT_NE(format_plan(made, "d", {}).find("Last clean snapshot: nas new of"), std::string::npos);
  EXPECT_EQ(format_plan(made, "d", {}).find("none of these files"), std::string::npos);
  made.last_clean_snapshot = "borg logs-2022-11-22 of 2022-11-22T04:00:00Z";
  EXPECT_NE(format_plan(made, "d", {}).find("(none of these files comes from it)"), std::string::npos)
      << format_plan(made, "d", {});
}

class QuietPlan final : public PlanProgress {
 public:
  void planning(std::uint64_t /*folders*/, std::uint64_t /*items*/) override {}
  [[nodiscard]] bool cancelled() const override { return false; }
};

TEST(PlanServices, BringNoPiecesWhereADatabaseBelongs) {
  casefile::testing::MemoryCaseStore store;
  OpenedSources sources;
  QuietPlan quiet;
  Plan made = plan();
  made.units.clear();
  for (PlanItem& item : made.items) item.unit = PlanItem::k_no_unit;
  made.space.restored_bytes = 702'000'001;
  ASSERT_TRUE(look_at_data(made, hospital(), {}, sources, store, quiet).ok());
  EXPECT_TRUE(std::none_of(made.items.begin(), made.items.end(),
                           [](const PlanItem& item) { return item.path.starts_with("/pg"); }));
  EXPECT_EQ(made.space.restored_bytes, 202'000'001U);
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_NE(format_services(made, {}).find("db NOT back: no usable copy has '/pg'"), std::string::npos);
  ASSERT_EQ(find_hindered(made).size(), 2U) << "and what waits for it";
  EXPECT_EQ(find_hindered(made)[1].title, "OPD registration");
}

TEST(PlanServices, LoseNothingWithWhatIsMadeAgainFromOtherData) {
  casefile::testing::MemoryCaseStore store;
  OpenedSources sources;
  QuietPlan quiet;
  Plan made = plan();
  made.losses = {{.path = "/srv/opd/index/a", .why = "none"}, {.path = "/srv/opd/index-notes", .why = "none"}};
  ASSERT_TRUE(look_at_data(made, hospital(), {}, sources, store, quiet).ok());
  ASSERT_EQ(made.losses.size(), 1U);
  EXPECT_EQ(made.losses[0].path, "/srv/opd/index-notes");
  ASSERT_EQ(made.unjudged.size(), 1U) << "and it is named all the same";
  EXPECT_EQ(made.unjudged[0].path, "/srv/opd/index");
}

TEST(PlanServices, DoNotComeBackWhereBackupsHaveOnlyALinkInPlaceOfTheirData) {
  casefile::testing::MemoryCaseStore store;
  OpenedSources sources;
  QuietPlan quiet;
  Plan made = plan();
  made.units.clear();
  std::erase_if(made.items, [](const PlanItem& item) { return item.path.starts_with("/pg"); });
  made.items.push_back(file("/pg", 0, 1));
  made.items.back().kind = model::EntryKind::link;
  ASSERT_TRUE(look_at_data(made, hospital(), {}, sources, store, quiet).ok());
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  EXPECT_NE(format_services(made, {}).find("db NOT back: no usable copy has '/pg'"), std::string::npos);
  const auto loss =
      std::find_if(made.losses.begin(), made.losses.end(), [](const PlanLoss& one) { return one.path == "/pg"; });
  ASSERT_NE(loss, made.losses.end());
  EXPECT_NE(loss->why.find("only a link there: write the path that it leads to into the services file"),
            std::string::npos);
}

TEST(PlanServices, SayWhetherSourcesAgreeOnTheLastCommit) {
  Plan made = plan();
  PlanUnit& unit = made.units[0];
  EXPECT_TRUE(sentences_of(unit, {}).empty());
  unit.other_copies = {{"usb", "1", unit.data_as_of_ns}, {"tape", "7", unit.data_as_of_ns - 24 * k_hour_ns}};
  EXPECT_EQ(sentences_of(unit, {}),
            (std::vector<std::string>{"sources agree on its last commit: the same in usb 1",
                                      "sources differ in its last commit: tape 7 has 2022-11-21 03:00:00 UTC"}));
}

TEST(PlanServices, SurviveThePlansFile) {
  const os::testing::ScratchFolder scratch;
  Plan made = plan();
  made.units[0].logs = {.path = "/wal", .places = {{.source = "nas", .snapshot = "new"}}, .files = 2, .bytes = 7};
  made.units[0].logs.reach_ns = k_made_ns - k_hour_ns;
  made.units[0].other_copies = {{"usb", "1", k_made_ns}};
  add_services(made, hospital(), {}, {.bytes_per_s = 1'000'000, .basis = "1 MB/s"});
  ASSERT_TRUE(write_plan(made, scratch / "p.json").ok());
  const auto read = read_plan(scratch / "p.json");
  ASSERT_TRUE(read.ok()) << read.error().what;
  ASSERT_EQ(read.value().plan.services.size(), 3U);
  EXPECT_EQ(format_services(read.value().plan, {}), format_services(made, {}));
  EXPECT_EQ(sentences_of(read.value().plan.units[0], {}), sentences_of(made.units[0], {}));
  EXPECT_EQ(read.value().plan.services[2].waits_for, std::vector<std::string>{"db"});
  EXPECT_EQ(read.value().plan.services[0].regenerable_paths, std::vector<std::string>{"/srv/opd/index"});
}

TEST(RestoreRate, IsMeasuredOrSaidToBeAssumed) {
  const os::testing::ScratchFolder scratch;
  auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  auto rate = measure_restore_rate(scratch.path());
  ASSERT_TRUE(rate.ok());
  EXPECT_NE(rate.value().basis.find("assumed"), std::string::npos);
  const auto say = [&](std::string_view kind, std::int64_t bytes) {
    ASSERT_TRUE(
        ledger.value()
            ->append(kind, {{"journal", std::string("j")}, {"outcome", std::string("finished")}, {"bytes", bytes}})
            .ok());
  };
  say("restore-begun", 0);
  say("restore-finished", 1000);  // too small to measure anything
  EXPECT_NE(measure_restore_rate(scratch.path()).value().basis.find("assumed"), std::string::npos);
  say("restore-begun", 0);
  say("restore-finished", 64'000'000);
  rate = measure_restore_rate(scratch.path());
  ASSERT_TRUE(rate.ok());
  EXPECT_NE(rate.value().basis.find("measured in this case over 1 restore of 64.0 MB"), std::string::npos)
      << rate.value().basis;
}

}  // namespace
}  // namespace lastgood::recovery
