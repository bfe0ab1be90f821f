// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a moment reads as the clock on the wall shows it, names its zone, and never changes with a zone that is
// none.
#include "base/local_time.h"

#include <gtest/gtest.h>

namespace lastgood::base {
namespace {

constexpr std::int64_t k_attack_ns = 1'669'167'420'000'000'000;  // 2022-11-23T01:37:00Z

TEST(TimeInZone, ReadsAsTheClockOnTheWallDoes) {
  EXPECT_EQ(time_in_zone(k_attack_ns, "+05:30"), "2022-11-23 07:07:00 +05:30");
  EXPECT_EQ(time_in_zone(k_attack_ns, "-03:30"), "2022-11-22 22:07:00 -03:30");
  EXPECT_EQ(zone_name("+05:30"), "UTC+05:30");
}

TEST(TimeInZone, SaysUtcWhereNoZoneIsKnown) {
  for (const char* zone : {"", "+00:00", "IST", "+5:30", "+05-30", "+0x:30"}) {
    EXPECT_EQ(time_in_zone(k_attack_ns, zone), "2022-11-23 01:37:00 UTC") << zone;
    EXPECT_EQ(zone_name(zone), "UTC") << zone;
    EXPECT_EQ(time_in_zone_and_utc(k_attack_ns, zone), "2022-11-23 01:37:00 UTC") << zone;
  }
}

TEST(TimeInZone, KeepsUnknownUnknownAndTheFirstMomentOf1970KnownInItsZone) {
  EXPECT_EQ(time_in_zone(0, "+05:30"), "unknown");
  EXPECT_EQ(time_in_zone_and_utc(0, "+05:30"), "unknown");
  EXPECT_EQ(time_in_zone(-19'800'000'000'000, "+05:30"), "1970-01-01 00:00:00 +05:30");
}

TEST(TimeInZone, GivesBothForLettersToOtherZones) {
  EXPECT_EQ(time_in_zone_and_utc(k_attack_ns, "+05:30"), "2022-11-23 07:07:00 +05:30 (2022-11-23T01:37:00Z)");
}

}  // namespace
}  // namespace lastgood::base
