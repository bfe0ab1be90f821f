// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that each service is said to be as of what came back: replayed where logs brought it forward, as of its own
// snapshot where it has files only, and as of what it waits for where it has nothing.
#include "report/restored_times.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "report/services_part.h"

namespace lastgood::report {
namespace {

constexpr std::string_view k_night = "2022-11-22T20:30:00Z";
constexpr std::string_view k_morning = "2022-11-23T01:15:00Z";
constexpr std::string_view k_last = "2022-11-23T01:36:58Z";

std::int64_t at(std::string_view time) { return base::parse_rfc3339(time).value_or(0); }

/// As the drill's: a link that waits for a laboratory, a standby that is made again from what it waits for.
services::ServicesFile hospital() {
  auto read = services::parse_services(
      "[service.lab]\ntitle=\"Laboratory\"\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"/lis\"\n"
      "[[service.lab.data]]\nkind=\"files\"\npath=\"/etc/lis\"\n"
      "[service.link]\ndepends_on=[\"lab\"]\n[[service.link.data]]\nkind=\"files\"\npath=\"/oru\"\n"
      "[service.copy]\ndepends_on=[\"lab\"]\n[[service.copy.data]]\nkind=\"mariadb\"\npath=\"/copy\"\n"
      "regenerable=true\n"
      "[service.desk]\ndepends_on=[\"copy\"]\n",
      "s");
  EXPECT_TRUE(read.mistakes.empty());
  return std::move(read.file);
}

ledger::Entry restored(const std::string& service, const std::vector<std::string>& from,
                       const std::vector<std::string>& databases, std::string_view files) {
  ledger::Entry out;
  out.kind = "service-data-restored";
  out.time = "2022-11-23T03:00:00Z";
  out.fields = {{"service", service},
                {"from", from},
                {"data_as_of", std::string(k_night)},  // with what it waits for, without logs
                {"databases", databases},
                {"sets_as_of", std::string()},
                {"files_as_of", std::string(files)}};
  return out;
}

ledger::Entry replay(const std::string& folder, std::string_view as_of, std::string_view time) {
  ledger::Entry out;
  out.kind = "replay-done";
  out.time = time;
  out.fields = {{"folder", folder}, {"as_of_after", std::string(as_of)}};
  return out;
}

RestoredTimes night() {
  RestoredTimes out;
  out.see(restored("lab", {"nas 1"}, {std::string(k_night) + " /lis"}, k_morning));
  out.see(restored("link", {"nas 2"}, {}, k_morning));
  out.see(restored("copy", {}, {}, {}));
  out.see(restored("desk", {}, {}, {}));
  return out;
}

CaseReport settled(RestoredTimes times) {
  CaseReport out;
  const services::ServicesFile file = hospital();
  for (const services::Service* service : services::order_of(file, {}))
    out.services.services.push_back({.id = service->id, .title = service->title, .rpo_s = 3600});
  times.settle(file, out.services);
  return out;
}

const ServiceShare& of(const CaseReport& report, std::string_view id) {
  const auto& all = report.services.services;
  return *std::find_if(all.begin(), all.end(), [&](const ServiceShare& share) { return share.id == id; });
}

TEST(RestoredTimes, OfAServiceWithoutDataAreThoseOfWhatItWaitsForAsItWasReplayed) {
  RestoredTimes times = night();
  times.see(replay("/lis", k_last, "2022-11-23T03:01:00Z"));
  const CaseReport report = settled(times);
  EXPECT_EQ(of(report, "lab").data_as_of_ns, at(k_last));
  EXPECT_EQ(of(report, "lab").files_as_of_ns, at(k_morning));
  for (const char* const id : {"copy", "desk"}) {
    EXPECT_EQ(of(report, id).data_as_of_ns, 0) << id;
    EXPECT_EQ(of(report, id).needed_as_of_ns, at(k_last)) << id;
  }
  const std::string text = five_answers_text(report);
  EXPECT_NE(text.find("Laboratory: from nas 1, its logs, data as of 2022-11-23 01:36:58 UTC; files beside as of "
                      "2022-11-23 01:15:00 UTC\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("copy: nothing of its own came back, data as of 2022-11-23 01:36:58 UTC, that of Laboratory"),
            std::string::npos)
      << text;
  EXPECT_EQ(services_text(report).find("from \n"), std::string::npos) << services_text(report);
}

TEST(RestoredTimes, SayWhatTheReplayOfADatabaseLacked) {
  RestoredTimes times = night();
  ledger::Entry broken = replay("/lis", k_last, "2022-11-23T03:01:00Z");
  broken.fields["logs_end_early"] = std::string("log h-bin.000004 is broken at 413");
  broken.fields["logs_lacking"] = std::string("source 'nas' has 2 later logs only under other names");
  times.see(broken);
  const CaseReport report = settled(times);
  for (const std::string& text : {five_answers_text(report), services_text(report)}) {
    EXPECT_NE(text.find("its logs; '/lis': NOT COMPLETE: log h-bin.000004 is broken at 413; NOT SURE to be all: "),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("2 later logs only under other names"), std::string::npos) << text;
  }
  times.see(replay("/lis", k_last, "2022-11-23T03:05:00Z"));
  EXPECT_EQ(of(settled(times), "lab").lacks, "") << "a later one brought all";
}

TEST(RestoredTimes, OfFilesAreThoseOfTheirOwnSnapshot) {
  RestoredTimes times = night();
  times.see(replay("/lis", k_last, "2022-11-23T03:01:00Z"));
  EXPECT_EQ(of(settled(times), "link").data_as_of_ns, at(k_morning)) << "what it waits for is newer";
  EXPECT_EQ(of(settled(times), "link").needed_as_of_ns, 0);
}

TEST(RestoredTimes, SayWhereWhatAServiceWaitsForIsOlderAndCountThat) {
  CaseReport report = settled(night());
  ServiceShare& link = report.services.services[1];
  ASSERT_EQ(link.id, "link");
  EXPECT_EQ(link.data_as_of_ns, at(k_morning));
  EXPECT_EQ(link.needed_as_of_ns, at(k_night));
  link.down_ns = at("2022-11-23T01:30:00Z");
  const std::string text = services_text(report);
  EXPECT_NE(text.find("data lost 5 h 00 min of 1 h 00 min allowed: MISSED"), std::string::npos) << text;
  EXPECT_NE(text.find("Laboratory, which it waits for, as of 2022-11-22 20:30:00 UTC"), std::string::npos) << text;
}

TEST(RestoredTimes, OfADatabaseThatALaterRestoreLeftAloneAreWhatTheyWere) {
  RestoredTimes times = night();
  times.see(replay("/lis", k_last, "2022-11-23T03:01:00Z"));
  ledger::Entry later = restored("lab", {"nas 9"}, {}, k_morning);
  later.time = "2022-11-23T05:00:00Z";
  times.see(later);
  const CaseReport report = settled(times);
  EXPECT_EQ(of(report, "lab").data_as_of_ns, at(k_last)) << "its files alone came back once more";
  EXPECT_EQ(of(report, "lab").from, (std::vector<std::string>{"nas 9", "nas 1", "its logs"}));
}

TEST(RestoredTimes, AreThoseOfTheLastReplaySinceTheRestore) {
  RestoredTimes times;
  times.see(replay("/lis", k_last, "2022-11-23T02:00:00Z"));
  times.see(restored("lab", {"nas 1"}, {std::string(k_night) + " /lis"}, {}));
  EXPECT_EQ(of(settled(times), "lab").data_as_of_ns, at(k_night)) << "the restore put the copy without logs back";
  times.see(replay("/lis", k_morning, "2022-11-23T03:01:00Z"));
  times.see(replay("/restored/lis", k_last, "2022-11-23T03:02:00Z"));
  EXPECT_EQ(of(settled(times), "lab").data_as_of_ns, at(k_morning)) << "a copy somewhere else was replayed";
  times.see(replay("/lis", k_last, "2022-11-23T03:03:00Z"));
  EXPECT_EQ(of(settled(times), "lab").data_as_of_ns, at(k_last));
}

ledger::Entry begun(const std::string& target, const std::string& mode, const std::string& plan) {
  ledger::Entry out;
  out.kind = "restore-begun";
  out.fields = {{"target", target}, {"mode", mode}, {"plan_sha256", plan}};
  return out;
}

ledger::Entry restored_to(const std::string& target, const std::string& plan, std::string_view time,
                          std::string_view as_of) {
  ledger::Entry out = restored("lab", {"nas 1"}, {std::string(as_of) + " /lis"}, {});
  out.time = time;
  out.fields["target"] = target;
  out.fields["plan_sha256"] = plan;
  return out;
}

TEST(RestoredTimes, ARestoreBesideChangesNothingOfWhatIsSaidOfTheService) {
  RestoredTimes times;
  times.see(begun("/", "in-place", "a"));
  times.see(restored_to("/", "a", "2022-11-23T03:00:00Z", k_night));
  times.see(replay("/lis", k_last, "2022-11-23T03:01:00Z"));
  times.see(begun("/test", "beside", "b"));
  times.see(restored_to("/test", "b", "2022-11-23T04:00:00Z", k_night));
  CaseReport report = settled(times);
  const ServiceShare& lab = of(report, "lab");
  EXPECT_EQ(lab.data_as_of_ns, at(k_last));
  EXPECT_EQ(lab.restored_ns, at("2022-11-23T03:00:00Z"));
  EXPECT_EQ(lab.restored_again_ns, 0);
  EXPECT_EQ(lab.beside.folder, "/test");
  EXPECT_EQ(lab.beside.as_of_ns, at(k_night));
  EXPECT_NE(five_answers_text(report).find("Laboratory: also restored beside, to '/test' (2022-11-23 04:00:00 UTC), as "
                                           "of 2022-11-22 20:30:00 UTC: the service does not work from there"),
            std::string::npos)
      << five_answers_text(report);
  EXPECT_EQ(of(report, "desk").needed_as_of_ns, at(k_last)) << "nor of what waits for it";
}

TEST(RestoredTimes, OneBesideIsSaidAsSuchWhereNothingElseCameBack) {
  RestoredTimes times;
  times.see(begun("/test", "beside", "b"));
  times.see(restored_to("/test", "b", "2022-11-23T04:00:00Z", k_night));
  CaseReport report = settled(times);
  EXPECT_EQ(of(report, "lab").restored_ns, 0);
  EXPECT_EQ(of(report, "lab").data_as_of_ns, 0);
  const std::string text = services_text(report) + five_answers_text(report);
  EXPECT_EQ(text.find("data back"), std::string::npos) << text;
  EXPECT_NE(text.find("Laboratory: restored beside, to '/test'"), std::string::npos) << text;
}

TEST(RestoredTimes, OneBesideCountsWhereTheServiceWorksFromByNow) {
  RestoredTimes times;
  times.see(begun("/new", "beside", "b"));
  times.see(restored_to("/new", "b", "2022-11-23T04:00:00Z", k_night));
  times.see(replay("/new/lis", k_last, "2022-11-23T04:01:00Z"));
  auto read =
      services::parse_services("[service.lab]\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"/new/lis\"\n", "s");
  ServicesShare out;
  out.services.push_back({.id = "lab", .title = "Laboratory"});
  times.settle(read.file, out);
  EXPECT_EQ(out.services[0].data_as_of_ns, at(k_last));
  EXPECT_EQ(out.services[0].beside.at_ns, 0);
}

TEST(RestoredTimes, OfADatabaseOfTwoServicesAreThoseOfTheLastRestoreForBoth) {
  const auto two = services::parse_services(
      "[service.lab]\n[[service.lab.data]]\nkind=\"mariadb\"\npath=\"/db\"\ndatabase=\"lis\"\n"
      "[service.bills]\n[[service.bills.data]]\nkind=\"mariadb\"\npath=\"/db\"\ndatabase=\"bills\"\n",
      "s");
  const auto restored_by = [](const std::string& service, const std::string& plan, std::string_view time,
                              std::string_view as_of, const std::string& from) {
    ledger::Entry out = restored(service, {from}, {std::string(as_of) + " /db"}, {});
    out.time = time;
    out.fields["plan_sha256"] = plan;
    return out;
  };
  RestoredTimes times;
  times.see(restored_by("lab", "a", "2022-11-23T03:00:00Z", k_night, "nas 1"));
  times.see(restored("bills", {}, {}, {}));
  times.see(restored_by("bills", "b", "2022-11-23T05:00:00Z", k_morning, "nas 2"));
  ServicesShare out;
  out.services = {{.id = "lab", .title = "Laboratory"}, {.id = "bills", .title = "Bills"}};
  times.settle(two.file, out);
  for (const ServiceShare& share : out.services) {
    EXPECT_EQ(share.restored_ns, at("2022-11-23T03:00:00Z")) << share.id;
    EXPECT_EQ(share.restored_again_ns, at("2022-11-23T05:00:00Z")) << share.id;
    EXPECT_EQ(share.data_as_of_ns, at(k_morning)) << share.id;
    EXPECT_EQ(share.from, std::vector<std::string>{"nas 2"}) << share.id;
  }
}

TEST(RestoredTimes, TellASecondRestoreFromOneThatWentOnAfterAStop) {
  RestoredTimes times;
  times.see(begun("/", "in-place", "a"));
  times.see(restored_to("/", "a", "2022-11-23T03:00:00Z", k_night));
  times.see(restored_to("/", "a", "2022-11-23T03:10:00Z", k_night));
  EXPECT_EQ(of(settled(times), "lab").restored_ns, at("2022-11-23T03:00:00Z"));
  EXPECT_EQ(of(settled(times), "lab").restored_again_ns, 0);
  times.see(begun("/", "in-place", "c"));
  times.see(restored_to("/", "c", "2022-11-23T05:00:00Z", k_night));
  EXPECT_EQ(of(settled(times), "lab").restored_ns, at("2022-11-23T03:00:00Z"));
  EXPECT_EQ(of(settled(times), "lab").restored_again_ns, at("2022-11-23T05:00:00Z"));
}

}  // namespace
}  // namespace lastgood::report
