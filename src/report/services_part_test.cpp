// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the report says of each service what was recorded and nothing else, holds it against its targets, and
// answers the five questions with numbers or with "unknown".
#include "report/services_part.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "ledger/ledger.h"
#include "os/atomic_file.h"
#include "os/folder.h"
#include "os/testing/scratch_folder.h"
#include "services/history.h"

namespace lastgood::report {
namespace {

constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
constexpr std::int64_t k_report_attack_ns = 1'669'166'820'000'000'000;

constexpr std::int64_t k_later_ns = 4'000'000'000'000'000'000;  // than any restore of a test

ServiceShare opd_share() {
  ServiceShare out;
  out.id = "opd";
  out.title = "OPD <registration>";
  out.down_ns = k_report_attack_ns;
  out.restored_ns = k_report_attack_ns + k_hour_ns;
  out.healthy_ns = k_report_attack_ns + 2 * k_hour_ns;
  out.data_as_of_ns = k_report_attack_ns - 60'000'000'000;
  out.from = {"nas 3fa1"};
  out.worked_until_at_most_ns = k_report_attack_ns + 60'000'000'000;
  out.rto_s = 3600;
  out.rpo_s = 900;
  return out;
}

std::string answers_of(const CaseReport& report) { return five_answers_text(report); }

TEST(ServicesPart, HoldsWhatWasAchievedAgainstTheTargets) {
  CaseReport report;
  report.made_ns = k_report_attack_ns + 10 * k_hour_ns;
  report.services.services = {opd_share()};
  const std::string text = services_text(report);
  EXPECT_NE(text.find("2 h 00 min of 1 h 00 min allowed: MISSED"), std::string::npos) << text;
  EXPECT_NE(text.find("data lost at most 2 min 00 s of 15 min 00 s allowed: kept"), std::string::npos) << text;
  const std::string html = services_html(report);
  EXPECT_NE(html.find("<svg class=\"services\""), std::string::npos);
  EXPECT_EQ(html.find("<registration>"), std::string::npos);
  EXPECT_NE(html.find("up since <span class=\"day\">2022-11-23</span> "), std::string::npos) << html;
}

TEST(ServicesPart, TheAnswersSayWhatCouldNotBeJudged) {
  CaseReport report;
  EXPECT_EQ(answers_of(report).find("could not be judged"), std::string::npos);
  report.scans.emplace_back();
  report.files[static_cast<std::size_t>(model::Verdict::undecided)] = 2;
  report.bytes[static_cast<std::size_t>(model::Verdict::undecided)] = 16'384;
  const std::string text = answers_of(report);
  const std::string sentence = "besides, 2 files, 16.4 kB, could not be judged and may be encrypted, too";
  const std::size_t first = text.find(sentence);
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_NE(text.find(sentence, first + 1), std::string::npos) << "of the servers, and of the bytes";
}

TEST(ServicesPart, AServiceThatIsNotBackKeepsCounting) {
  CaseReport report;
  report.made_ns = k_report_attack_ns + 10 * k_hour_ns;
  ServiceShare service = opd_share();
  service.healthy_ns = 0;
  report.services.services = {service};
  EXPECT_NE(services_text(report).find("10 h 00 min of 1 h 00 min allowed: MISSED, and it is not back yet"),
            std::string::npos)
      << services_text(report);
  EXPECT_NE(answers_of(report).find("not back yet; its data are back"), std::string::npos);
}

TEST(ServicesPart, SaysTimesAsTheClocksOfTheHouseShowThemAndInUtcWhereNobodySaidItsZone) {
  CaseReport report;
  report.made_ns = k_report_attack_ns + 10 * k_hour_ns;
  report.services.services = {opd_share()};
  for (const std::string& text : {services_html(report), services_text(report), write_text(report)})
    EXPECT_NE(text.find("down since 2022-11-23 01:27:00 UTC"), std::string::npos) << text;
  EXPECT_NE(write_text(report).find("This report was made "), std::string::npos) << "not the case";
  EXPECT_NE(write_text(report).find("times are UTC, as the case does not say its zone"), std::string::npos);
  report.facts.about.zone = "+05:30";
  for (const std::string& text :
       {services_html(report), services_text(report), write_text(report), write_html(report)}) {
    EXPECT_NE(text.find("down since 2022-11-23 06:57:00 +05:30"), std::string::npos) << text;
    EXPECT_EQ(text.find("01:27:00"), std::string::npos) << "one zone in all of it";
  }
  EXPECT_NE(answers_of(report).find("up since 2022-11-23 08:57:00 +05:30; time down 2 h 00 min"), std::string::npos);
  EXPECT_NE(write_html(report).find("times are those of UTC+05:30"), std::string::npos);
}

TEST(WriteHtml, RepeatsTheHeadOfATableOnEachPage) {
  CaseReport report;
  report.services.services = {opd_share()};
  const std::string html = write_html(report);
  EXPECT_NE(html.find("<table id=\"services\"><thead><tr><th>service</th>"), std::string::npos);
  EXPECT_EQ(html.find("<table id=\"services\"><tr>"), std::string::npos);
}

TEST(ServicesPart, CallsASourceThatIsOneCopyByItsNameAlone) {
  CaseReport report;
  report.services.services = {opd_share()};
  report.services.services[0].from = {"engines .", "its logs"};
  EXPECT_NE(answers_of(report).find("from engines, its logs, data as of"), std::string::npos) << answers_of(report);
}

TEST(WriteHtml, SaysOnceThatNothingIsKnownOfAnyAddress) {
  CaseReport report;
  facts::AddressFacts address;
  address.address = "192.0.2.7";
  address.links.push_back({});
  report.facts.addresses = {address};
  add_dossiers(report, nullptr);
  ASSERT_EQ(report.dossiers.size(), 1U);
  const std::string html = write_html(report);
  EXPECT_EQ(html.find("<table id=\"dossiers\""), std::string::npos) << "six rows that say unknown, for each address";
  EXPECT_NE(html.find("no data set is installed that knows them"), std::string::npos);
}

TEST(WriteText, SaysWhereScansOverlapAndWhichCounts) {
  CaseReport report;
  ScanReport scan;
  scan.scan.id = 1;
  scan.scan.host = "db1";
  scan.told_elsewhere = 1200;
  scan.told_by = {2, 3};
  report.scans.push_back(scan);
  const std::string said = "Scan 1 of db1 overlaps with scan 2, 3: 1 200 of its files are counted there";
  EXPECT_NE(write_text(report).find(said), std::string::npos) << write_text(report);
  EXPECT_NE(write_html(report).find(said), std::string::npos);
}

TEST(FiveAnswers, SayUnknownWhereNothingIsKnown) {
  const std::string text = answers_of(CaseReport{});
  EXPECT_NE(text.find("1. Which servers were hit?\n     unknown: no server was scanned"), std::string::npos) << text;
  EXPECT_NE(text.find("nothing was restored with this case"), std::string::npos);
  EXPECT_NE(text.find("which does not mean that none left"), std::string::npos);
}

TEST(NextSteps, SpeakOfServersToBeCutOffOnlyWhileNothingIsBack) {
  CaseReport report;
  report.scans.emplace_back();
  report.files.at(static_cast<std::size_t>(model::Verdict::encrypted)) = 5;
  report.services.services = {opd_share()};
  EXPECT_EQ(write_text(report, ReportForm::hour_1).find("Cut the affected servers off"), std::string::npos);
  EXPECT_NE(write_text(report, ReportForm::hour_1).find("close the way in"), std::string::npos);
  // All were stopped after the restore, for the night: the attack does not begin anew.
  report.services.services[0].later = {{.from_ns = k_report_attack_ns + 3 * k_hour_ns}};
  for (const ReportForm form : {ReportForm::hour_1, ReportForm::hour_6}) {
    const std::string text = write_text(report, form);
    EXPECT_EQ(text.find("Cut the affected servers off"), std::string::npos);
    EXPECT_EQ(text.find("Write nothing to these disks"), std::string::npos);
    EXPECT_EQ(text.find("long before anything is restored"), std::string::npos);
    EXPECT_NE(text.find("No service is up, and data were restored already."), std::string::npos) << text;
    EXPECT_NE(text.find("has to be started or restored"), std::string::npos);
  }
  report.services.services[0].later.clear();
  report.services.services[0].restored_ns = 0;
  EXPECT_NE(write_text(report, ReportForm::hour_1).find("Write nothing to these disks"), std::string::npos);
  report.services.services.push_back(opd_share());
  report.services.services[1].healthy_ns = report.services.services[1].restored_ns = 0;
  EXPECT_NE(write_text(report, ReportForm::hour_1).find("Cut the affected servers off"), std::string::npos)
      << "a health check that came and went in the middle of the attack is no recovery";
  report.services.services = {opd_share()};
  // One of two is down again: nobody takes the other one down for it.
  ServiceShare billing = opd_share();
  billing.title = "Billing";
  billing.later = {{.from_ns = k_report_attack_ns + 3 * k_hour_ns}};
  billing.last_seen_ns = k_report_attack_ns + 3 * k_hour_ns;
  report.services.services.push_back(billing);
  for (const std::string& text : {write_text(report, ReportForm::hour_1), write_html(report)}) {
    EXPECT_EQ(text.find("Cut the affected servers off"), std::string::npos);
    EXPECT_EQ(text.find("Write nothing to these disks"), std::string::npos);
    EXPECT_EQ(text.find("All services are up again"), std::string::npos);
    EXPECT_NE(text.find("1 of 2 services are up"), std::string::npos);
    EXPECT_NE(text.find("Not up: Billing (as of 2022-11-23 04:27:00 UTC). "), std::string::npos) << text;
  }
}

TEST(WriteText, SaysWhichEncryptedFilesNoCampaignHolds) {
  CaseReport report;
  report.scans.emplace_back();
  report.scans[0].campaigns.push_back({.id = 2, .file_count = 3});
  report.files.at(static_cast<std::size_t>(model::Verdict::encrypted)) = 5;
  for (const std::string& text : {write_text(report), write_html(report)})
    EXPECT_NE(text.find("2 of the 5 encrypted files are in none of these campaigns"), std::string::npos) << text;
}

TEST(WriteText, SaysOfABackupThatHeldEncryptedFilesEarlierThanTheServersThatPlansReckonFromIt) {
  CaseReport report;
  report.encrypted_per_minute[k_report_attack_ns / 60'000'000'000] = 5;
  BackupShare backup;
  backup.source.name = "reachable";
  model::JudgedSnapshot judged;
  judged.snapshot.time_ns = k_report_attack_ns - k_hour_ns;
  judged.counts.files_by_verdict.at(static_cast<std::size_t>(model::Verdict::encrypted)) = 1;
  backup.snapshots = {judged};
  report.backups = {backup};
  const std::string said = "the backup of 2022-11-23 00:27:00 UTC in ";
  for (const std::string& text : {write_text(report), write_html(report)})
    EXPECT_NE(text.find(said), std::string::npos) << text;
  report.backups[0].snapshots[0].snapshot.time_ns = k_report_attack_ns + k_hour_ns;
  EXPECT_EQ(write_text(report).find("holds encrypted files already"), std::string::npos);
}

TEST(WriteText, CallsTheOneCopyOfAFolderByItsFolderAndTime) {
  CaseReport report;
  BackupShare backup;
  backup.source.name = "engines";
  model::JudgedSnapshot judged;
  judged.snapshot.id = ".";
  judged.snapshot.time_ns = k_report_attack_ns - k_hour_ns;
  backup.snapshots = {judged};
  backup.newest_usable_units = {{.snapshot = ".", .kind = "postgresql", .path = "/pg", .state = "consistent"}};
  report.backups = {backup};
  EXPECT_NE(write_text(report).find("newest usable set the folder itself, of 2022-11-23 00:27:00 UTC, data"),
            std::string::npos)
      << write_text(report);
  EXPECT_NE(write_html(report).find("<td class=\"path\">the folder itself, of 2022-11-23 00:27:00 UTC</td>"),
            std::string::npos);
}

TEST(WriteHtml, PrintsWithoutColoursAndCountsPages) {
  const std::string html = write_html({});
  EXPECT_NE(html.find("filter:grayscale(1)"), std::string::npos);
  EXPECT_NE(html.find("counter(pages)"), std::string::npos);
}

TEST(FiveAnswers, SayWhatCannotBeBroughtBack) {
  CaseReport report;
  report.services.restores = {
      {.target = "/",
       .mode = "in-place",
       .outcome = "finished",
       .refused = 3,
       .lost = 2,
       .lost_paths = {"/srv/a", "/srv/b"}},
      {.target = "/test", .mode = "beside", .outcome = "finished", .lost = 90, .lost_in = {"88 /srv/x y", "2 /srv/z"}}};
  const std::string text = answers_of(report);
  EXPECT_NE(text.find("no source has a good version: 2 files: '/srv/a', '/srv/b'"), std::string::npos) << text;
  EXPECT_NE(text.find("90 files: 88 in '/srv/x y', 2 in '/srv/z'"), std::string::npos) << text;
  EXPECT_NE(text.find("finished; 3 not restored"), std::string::npos) << text;
  EXPECT_NE(services_html(report).find("&#39;/srv/b&#39;"), std::string::npos) << services_html(report);
}

TEST(ServicesPart, IsGatheredFromLedgerAndHistory) {
  const os::testing::ScratchFolder scratch;
  auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  ASSERT_TRUE(os::make_private_folder(scratch.path() + "/services", os::WhenThere::accept).ok());
  const std::string file = "[service.opd]\nrto=\"4h\"\n[service.lab]\n";
  ASSERT_TRUE(
      os::write_atomic_file(scratch.path() + "/services/services.toml", base::ByteView(file), os::Overwrite::no).ok());
  ASSERT_TRUE(
      services::append_history(
          scratch.path(), {{.time_ns = 100, .service = "opd", .moment = services::Moment::down, .sentence = "refused"}})
          .ok());
  ASSERT_TRUE(ledger.value()
                  ->append("restore-begun", {{"journal", std::string("j")},
                                             {"target", std::string("/")},
                                             {"lost", std::int64_t{1}},
                                             {"lost_paths", std::vector<std::string>{"/srv/a"}}})
                  .ok());
  ASSERT_TRUE(ledger.value()
                  ->append("service-data-restored", {{"service", std::string("opd")},
                                                     {"bytes", std::int64_t{7}},
                                                     {"from", std::vector<std::string>{"nas 3fa1"}},
                                                     {"data_as_of", std::string("2022-11-23T01:26:58Z")}})
                  .ok());
  ASSERT_TRUE(
      ledger.value()
          ->append("restore-finished",
                   {{"journal", std::string("j")}, {"outcome", std::string("finished")}, {"files", std::int64_t{3}}})
          .ok());
  ASSERT_TRUE(services::append_history(
                  scratch.path(),
                  {{.time_ns = k_later_ns, .service = "opd", .moment = services::Moment::healthy, .sentence = "ok"}})
                  .ok());
  const auto gathered = gather_services(scratch.path(), {});
  ASSERT_TRUE(gathered.ok()) << gathered.error().what;
  ASSERT_EQ(gathered.value().services.size(), 2U);
  const ServiceShare& service = gathered.value().services[0];
  EXPECT_EQ(service.down_ns, 100);
  EXPECT_EQ(service.healthy_ns, k_later_ns);
  EXPECT_NE(service.restored_ns, 0);
  EXPECT_EQ(service.from, std::vector<std::string>{"nas 3fa1"});
  EXPECT_EQ(gathered.value().services[1].down_ns, 0);
  ASSERT_EQ(gathered.value().restores.size(), 1U);
  EXPECT_EQ(gathered.value().restores[0].files, 3);
  EXPECT_EQ(gathered.value().restores[0].outcome, "finished");
  EXPECT_EQ(gathered.value().restores[0].lost_paths, std::vector<std::string>{"/srv/a"});
}

TEST(ServicesPart, SaysTheTimeThatLogsBroughtADatabaseTo) {
  const os::testing::ScratchFolder scratch;
  auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  ASSERT_TRUE(os::make_private_folder(scratch.path() + "/services", os::WhenThere::accept).ok());
  const std::string file =
      "[service.opd]\n[[service.opd.data]]\nkind=\"postgresql\"\npath=\"/srv/pg\"\n"
      "[service.lab]\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"/srv/lis\"\n"
      "[[service.lab.data]]\nname=\"other\"\nkind=\"mariadb\"\npath=\"/srv/other\"\n";
  ASSERT_TRUE(
      os::write_atomic_file(scratch.path() + "/services/services.toml", base::ByteView(file), os::Overwrite::no).ok());
  for (const char* const id : {"opd", "lab"})
    ASSERT_TRUE(ledger.value()
                    ->append("service-data-restored",
                             {{"service", std::string(id)}, {"data_as_of", std::string("2022-11-23T01:00:00Z")}})
                    .ok());
  const std::int64_t later_ns = base::parse_rfc3339("2022-11-23T01:06:58Z").value_or(0);
  for (const char* const folder : {"/srv/pg", "/srv/lis"})
    ASSERT_TRUE(ledger.value()
                    ->append("replay-done",
                             {{"folder", std::string(folder)}, {"as_of_after", std::string("2022-11-23T01:06:58Z")}})
                    .ok());
  const auto gathered = gather_services(scratch.path(), {});
  ASSERT_TRUE(gathered.ok()) << gathered.error().what;
  ASSERT_EQ(gathered.value().services.size(), 2U);
  for (const ServiceShare& service : gathered.value().services) {
    const bool is_whole = service.id == "opd";
    EXPECT_EQ(service.data_as_of_ns == later_ns, is_whole) << "one database of the lab's two was not replayed";
  }
}

TEST(ServicesPart, SaysOfAServiceWhoseDataAreAnothersFromWhereTheyCame) {
  const os::testing::ScratchFolder scratch;
  auto ledger = ledger::create_ledger(scratch.path());
  ASSERT_TRUE(ledger.ok());
  ASSERT_TRUE(os::make_private_folder(scratch.path() + "/services", os::WhenThere::accept).ok());
  const std::string file =
      "[service.opd]\n[[service.opd.data]]\nkind=\"postgresql\"\npath=\"/srv/pg\"\n"
      "[service.wards]\n[[service.wards.data]]\nkind=\"postgresql\"\npath=\"/srv/pg\"\n"
      "[service.lab]\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"/srv/lis\"\n";
  ASSERT_TRUE(
      os::write_atomic_file(scratch.path() + "/services/services.toml", base::ByteView(file), os::Overwrite::no).ok());
  // A restore brings each path back once, with the first service that has it.
  ASSERT_TRUE(ledger.value()
                  ->append("service-data-restored", {{"service", std::string("opd")},
                                                     {"bytes", std::int64_t{7}},
                                                     {"from", std::vector<std::string>{"nas 3fa1"}},
                                                     {"data_as_of", std::string("2022-11-23T01:26:58Z")}})
                  .ok());
  ASSERT_TRUE(ledger.value()
                  ->append("service-data-restored", {{"service", std::string("wards")},
                                                     {"bytes", std::int64_t{0}},
                                                     {"from", std::vector<std::string>{}},
                                                     {"data_as_of", std::string("2022-11-23T01:26:58Z")}})
                  .ok());
  const auto gathered = gather_services(scratch.path(), {});
  ASSERT_TRUE(gathered.ok()) << gathered.error().what;
  ASSERT_EQ(gathered.value().services.size(), 3U);
  for (const ServiceShare& service : gathered.value().services) {
    const bool is_back = service.id != "lab";
    EXPECT_EQ(service.restored_ns != 0, is_back) << service.id;
    EXPECT_EQ(service.data_as_of_ns != 0, is_back) << service.id;
    EXPECT_EQ(service.from, is_back ? std::vector<std::string>{"nas 3fa1"} : std::vector<std::string>{}) << service.id;
  }
}

TEST(Forms, OfTheFirstHourLeaveTheInquiryOut) {
  CaseReport report;
  EXPECT_EQ(write_html(report, ReportForm::hour_1).find("as logs, mails and files tell it"), std::string::npos);
  EXPECT_NE(write_html(report, ReportForm::hour_6).find("as logs, mails and files tell it"), std::string::npos);
  EXPECT_EQ(write_html(report, ReportForm::hour_6).find("How many persons"), std::string::npos);
  EXPECT_NE(write_html(report, ReportForm::final_form).find("id=\"five-answers\""), std::string::npos);
  report.examples[model::Verdict::encrypted].push_back({.path = "/srv/a.pdf.bak9"});
  for (const std::string_view part : {"How many persons", "/srv/a.pdf.bak9"}) {
    EXPECT_EQ(write_text(report, ReportForm::hour_6).find(part), std::string::npos) << part;
    EXPECT_NE(write_text(report, ReportForm::day_1).find(part), std::string::npos) << part;
  }
  EXPECT_EQ(write_html(report).find("id=\"five-answers\""), std::string::npos);
}

}  // namespace
}  // namespace lastgood::report
