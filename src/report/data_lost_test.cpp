// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the report says of lost data what is known and on what that stands, and never 0 for want of knowing.
#include "report/data_lost.h"

#include <gtest/gtest.h>

namespace lastgood::report {
namespace {

constexpr std::int64_t k_s = 1'000'000'000;
constexpr std::int64_t k_attack_ns = 1'669'166'820 * k_s;  // 2022-11-23 01:27:00 UTC

/// Struck while it worked: the last commit that came back is of two seconds after the first encryption.
ServiceShare opd() {
  ServiceShare out;
  out.id = "opd";
  out.title = "OPD";
  out.down_ns = k_attack_ns;
  out.data_as_of_ns = k_attack_ns + 2 * k_s;
  out.data_paths = {"/srv/pg"};
  out.rpo_s = 900;
  return out;
}

std::string words(const ServiceShare& service) { return data_lost_words({}, service); }

TEST(DataLost, IsAtMostWhatCanHaveBeenWrittenUntilItWasSeenDown) {
  ServiceShare service = opd();
  service.worked_until_at_most_ns = k_attack_ns + 30 * k_s;
  service.changed_ns = k_attack_ns + 3 * k_s;
  EXPECT_EQ(words(service),
            "at most 28.0 s of 15 min 00 s allowed: kept; that is until 2022-11-23 01:27:30 UTC, when it was seen down "
            "or its "
            "data came back; the last change of any of its files is of 2022-11-23 01:27:03 UTC")
      << "its files say 1.0 s, and it may have gone on";
}

TEST(DataLost, OfOneThatWasFoundDownLateIsAsItsFilesShowItAndSaysThatItMayBeMore) {
  std::vector<ServiceShare> services = {opd()};
  LastChanges changes(services);
  changes.see("/srv/pg/pg_wal/1", k_attack_ns + 8 * k_s);
  changes.see("/srv/pg/base/1", k_attack_ns + 7 * k_s);
  changes.see("/srv/pg2/base/1", k_attack_ns + 90 * k_s);
  services[0].worked_until_at_most_ns = k_attack_ns + 9000 * k_s;
  EXPECT_EQ(words(services[0]),
            "6.0 s of 15 min 00 s allowed: kept; the last change of any of its files is of 2022-11-23 01:27:08 UTC; "
            "more, if it went on writing after that into files that were struck already");
  services[0].rpo_s = 5;
  EXPECT_EQ(words(services[0]),
            "6.0 s of 5.0 s allowed: MISSED; the last change of any of its files is of 2022-11-23 01:27:08 UTC");
}

TEST(DataLost, IsUnknownWhereTheDataAreNewerThanAllThatSaysWhenItWroteLast) {
  ServiceShare service = opd();
  EXPECT_EQ(words(service), "unknown: nothing says when it wrote last") << "and not 0.0 s: kept";
  service.worked_until_at_most_ns = k_attack_ns + 9002 * k_s;
  EXPECT_EQ(words(service), "unknown, at most 2 h 30 min: nothing says when it wrote last");
  service.changed_ns = k_attack_ns + k_s;
  EXPECT_EQ(words(service),
            "unknown, at most 2 h 30 min: its data are newer than what its files show: the last change of any of its "
            "files is of 2022-11-23 01:27:01 UTC");
  EXPECT_EQ(words({}), "unknown");
}

TEST(DataLost, ReachesToWhenItWasSeenAtWorkLast) {
  ServiceShare service = opd();
  service.changed_ns = k_attack_ns + 7 * k_s;
  service.seen_at_work_ns = k_attack_ns + 3602 * k_s;
  service.worked_until_at_most_ns = k_attack_ns + 9000 * k_s;
  EXPECT_EQ(words(service), "1 h 00 min of 15 min 00 s allowed: MISSED; it was still at work 2022-11-23 02:27:02 UTC");
}

TEST(DataLost, ReachesToWhenItWasStruckWhereNothingElseIsKnown) {
  ServiceShare service = opd();
  service.data_as_of_ns = k_attack_ns - 60 * k_s;
  service.rpo_s = 30;
  EXPECT_EQ(words(service),
            "1 min 00 s of 30.0 s allowed: MISSED; that is until it was struck: when it wrote last nothing says");
}

TEST(DataLost, OfOneThatWaitsForOlderDataIsThatOfThose) {
  std::vector<ServiceShare> services = {opd(), opd()};
  services[1].id = "desk";
  services[1].data_paths = {"/srv/desk"};
  services[1].needed_as_of_ns = services[0].data_as_of_ns = k_attack_ns - 6000 * k_s;
  services[1].needed_id = "opd";
  LastChanges changes(services);
  changes.see("/srv/desk/a", k_attack_ns - 30 * k_s);
  changes.see("/srv/pg/base/1", k_attack_ns);
  settle_last_writes(services);
  EXPECT_EQ(words(services[1]).find("1 h 40 min of 15 min 00 s allowed: MISSED"), 0U) << words(services[1]);
}

}  // namespace
}  // namespace lastgood::report
