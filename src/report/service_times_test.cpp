// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the time a service was down ends when it was back for the first time after the attack, whatever was
// stopped and started later.
#include "report/service_times.h"

#include <gtest/gtest.h>

#include "report/services_part.h"

namespace lastgood::report {
namespace {

using services::HistoryEntry;
using services::Moment;

constexpr std::int64_t k_strike_ns = 1'669'166'820'000'000'000;

std::int64_t after(std::int64_t seconds) { return k_strike_ns + seconds * 1'000'000'000; }

HistoryEntry line(std::int64_t seconds, Moment moment) {
  return {.time_ns = after(seconds), .service = "opd", .moment = moment, .sentence = "said"};
}

ServiceShare told(const std::vector<HistoryEntry>& entries, std::int64_t restored_ns = 0,
                  std::int64_t attack_ns = k_strike_ns) {
  ServiceShare out;
  out.id = "opd";
  out.title = "OPD";
  out.restored_ns = restored_ns;
  take_history(entries, attack_ns, out);
  return out;
}

TEST(ServiceTimes, EndWhenItWasBackForTheFirstTimeAndTellLaterStopsApart) {
  const ServiceShare service = told({line(60, Moment::starting), line(61, Moment::healthy), line(1600, Moment::stopped),
                                     line(1650, Moment::starting), line(1660, Moment::healthy)},
                                    after(40));
  EXPECT_EQ(service.down_ns, k_strike_ns);
  EXPECT_EQ(service.healthy_ns, after(61));
  ASSERT_EQ(service.later.size(), 1U);
  EXPECT_EQ(service.later[0].from_ns, after(1600));
  EXPECT_EQ(service.later[0].to_ns, after(1660));
  CaseReport report;
  report.made_ns = after(2000);
  report.services.services = {service};
  EXPECT_NE(five_answers_text(report).find(
                "OPD: up since 2022-11-23 01:28:01 UTC; time down 1 min 01 s, no target; stopped again at 2022-11-23 "
                "01:53:40 UTC, up again at 2022-11-23 01:54:40 UTC"),
            std::string::npos)
      << five_answers_text(report);
  EXPECT_NE(services_html(report).find("OPD: stopped again at"), std::string::npos);
}

TEST(ServiceTimes, OfOneThatWasUpWhenItWasFirstLookedAtSayOnlyThat) {
  CaseReport report;
  report.made_ns = after(9000);
  report.services.services = {told({line(7200, Moment::healthy)})};
  EXPECT_NE(services_html(report).find("seen up at"), std::string::npos) << services_html(report);
  EXPECT_EQ(services_html(report).find("up since"), std::string::npos);
  EXPECT_EQ(told({line(60, Moment::starting), line(61, Moment::healthy)}).came_up, ServiceShare::CameUp::known);
}

TEST(ServiceTimes, OfOneThatNobodySawComeUpAreASpan) {
  ServiceShare service = told({line(30, Moment::down), line(7200, Moment::healthy)}, after(60));
  EXPECT_EQ(service.healthy_ns, after(7200));
  EXPECT_EQ(service.up_after_ns, after(60)) << "its data were not back before";
  service.rto_s = 3600;
  CaseReport report;
  report.made_ns = after(9000);
  report.services.services = {service};
  std::string text = five_answers_text(report);
  EXPECT_NE(text.find("OPD: seen up at 2022-11-23 03:27:00 UTC"), std::string::npos) << text;
  EXPECT_NE(text.find("time down 1 min 00 s to 2 h 00 min of 1 h 00 min allowed: nobody looked in between"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("MISSED"), std::string::npos);
  report.services.services[0].rto_s = 30;
  text = five_answers_text(report);
  EXPECT_NE(text.find("at least 1 min 00 s of 30.0 s allowed: MISSED"), std::string::npos) << text;
  report.services.services[0].rto_s = 8'000;
  text = five_answers_text(report);
  EXPECT_NE(text.find("at most 2 h 00 min of 2 h 13 min allowed: kept"), std::string::npos) << text;
  EXPECT_NE(services_html(report).find("seen up at"), std::string::npos);
  EXPECT_EQ(told({line(30, Moment::down), line(60, Moment::starting), line(61, Moment::healthy)}).up_after_ns, 0)
      << "it was started then";
}

TEST(ServiceTimes, SayOfOneThatIsDownAgainThatItIs) {
  const ServiceShare service = told({line(61, Moment::healthy), line(1600, Moment::down)}, after(40));
  EXPECT_EQ(service.healthy_ns, after(61));
  CaseReport report;
  report.made_ns = after(2000);
  report.services.services = {service};
  const std::string text = services_text(report);
  EXPECT_NE(text.find("OPD: was up, and is down again"), std::string::npos) << text;
  EXPECT_NE(text.find("seen down again at 2022-11-23 01:53:40 UTC, and not seen up since"), std::string::npos) << text;
}

TEST(ServiceTimes, OfLaterLooksAreNoMomentsAtWhichItWentDownOrCameUp) {
  CaseReport report;
  report.made_ns = after(2000);
  report.services.services = {
      told({line(61, Moment::healthy), line(1600, Moment::down), line(1700, Moment::healthy)}, after(40))};
  const std::string text = five_answers_text(report);
  EXPECT_NE(text.find("seen down again at 2022-11-23 01:53:40 UTC, seen up again at 2022-11-23 01:55:20 UTC"),
            std::string::npos)
      << text;
}

TEST(ServiceTimes, OfOneThatWasUpAtEachLookSayThatAndNotThatNothingIsKnown) {
  CaseReport report;
  report.made_ns = after(2000);
  report.services.services = {told({line(-600, Moment::healthy)})};
  const std::string text = five_answers_text(report);
  EXPECT_NE(text.find("OPD: never seen down; seen up at 2022-11-23 01:17:00 UTC"), std::string::npos) << text;
  EXPECT_EQ(text.find("nothing was recorded"), std::string::npos) << text;
}

TEST(ServiceTimes, CallOneDegradedWhileWhatItWaitsForIsNotUp) {
  CaseReport report;
  report.made_ns = after(2000);
  report.services.services = {told({line(30, Moment::down), line(90, Moment::healthy)})};
  report.services.services[0].waits_for = "Network";
  for (const std::string& text : {services_text(report), services_html(report)}) {
    EXPECT_NE(text.find("degraded"), std::string::npos) << text;
    EXPECT_NE(text.find("it waits for Network, which is not up"), std::string::npos) << text;
  }
  EXPECT_NE(five_answers_text(report).find("it waits for Network, which is not up"), std::string::npos);
}

TEST(ServiceTimes, KeepNoTargetOfOneThatIsUpOnEncryptedFiles) {
  ServiceShare service = told({line(30, Moment::down), line(90, Moment::healthy)});
  service.rto_s = 3600;
  service.struck = 2;
  CaseReport report;
  report.made_ns = after(120);
  report.services.services = {service};
  for (const std::string& text : {five_answers_text(report), services_text(report), services_html(report)}) {
    EXPECT_NE(text.find("degraded"), std::string::npos) << text;
    EXPECT_NE(text.find("2 min 00 s so far of 1 h 00 min allowed, and it is up, but not whole"), std::string::npos)
        << text;
    EXPECT_EQ(text.find("kept"), std::string::npos) << text;
  }
  EXPECT_NE(five_answers_text(report).find("OPD: not back yet: degraded; 2 encrypted files of its data stand there"),
            std::string::npos);
}

TEST(ServiceTimes, KnowARestartThatNobodySawBeginByTheStartCommand) {
  const ServiceShare service =
      told({line(61, Moment::healthy), line(1600, Moment::starting), line(1601, Moment::healthy)}, after(40));
  EXPECT_EQ(service.healthy_ns, after(61));
  ASSERT_EQ(service.later.size(), 1U);
  EXPECT_EQ(service.later[0].how, Moment::starting);
}

TEST(ServiceTimes, AreThoseOfTheAttackWhereAServiceWasStoppedAndStartedBefore) {
  const ServiceShare service = told(
      {line(-9000, Moment::stopped), line(-8000, Moment::healthy), line(30, Moment::down), line(90, Moment::healthy)});
  EXPECT_EQ(service.down_ns, k_strike_ns);
  EXPECT_EQ(service.healthy_ns, after(90));
  EXPECT_TRUE(service.later.empty());
  EXPECT_EQ(told({line(60, Moment::starting), line(61, Moment::healthy)}, after(40)).worked_until_at_most_ns, after(40))
      << "nobody saw it go down before its data came back";
}

TEST(ServiceTimes, OfOneThatWentOnWhileItWasStruckEndAfterItsDataWereBack) {
  const ServiceShare service =
      told({line(10, Moment::healthy), line(30, Moment::stopped), line(60, Moment::healthy)}, after(40));
  EXPECT_EQ(service.down_ns, k_strike_ns);
  EXPECT_EQ(service.healthy_ns, after(60));
  EXPECT_EQ(service.seen_at_work_ns, after(10));
  EXPECT_EQ(service.worked_until_at_most_ns, after(30)) << "what it wrote until then is in no backup";
}

TEST(ServiceTimes, OfOneThatWasWellAllTheWhileEndWhenItsDataWereBack) {
  const ServiceShare service = told({line(10, Moment::healthy), line(900, Moment::stopped)}, after(40));
  EXPECT_EQ(service.healthy_ns, after(40)) << "the history tells changes, and there was none";
  ASSERT_EQ(service.later.size(), 1U);
  const ServiceShare started =
      told({line(10, Moment::healthy), line(50, Moment::starting), line(60, Moment::healthy)}, after(40));
  EXPECT_EQ(started.healthy_ns, after(60)) << "it had to be started";
}

TEST(ServiceTimes, OfOneThatTheAttackDidNotStopAreNotCountedFromIt) {
  const ServiceShare service =
      told({line(10, Moment::healthy), line(5000, Moment::stopped), line(5060, Moment::healthy)});
  EXPECT_EQ(service.down_ns, after(5000));
  EXPECT_EQ(service.healthy_ns, after(5060));
}

TEST(ServiceTimes, TakeNoTimeOfTheAttackThatLiesBehindTheWayBack) {
  const ServiceShare service = told({line(30, Moment::down), line(60, Moment::healthy)}, after(40), after(86'400));
  EXPECT_EQ(service.down_ns, after(30));
  EXPECT_EQ(service.healthy_ns, after(60));
}

}  // namespace
}  // namespace lastgood::report
