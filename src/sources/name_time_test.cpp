// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that times in names are read as the tools wrote them, and that other numbers are none.
#include "sources/name_time.h"

#include <gtest/gtest.h>

#include <string>

#include "base/human.h"

namespace lastgood::sources {
namespace {

/// "2022-11-22T03:00:00Z" and "?" when the zone is assumed; "none".
std::string time_in(std::string_view name) {
  const auto time = find_time_in_name(name);
  if (!time) return "none";
  EXPECT_LT(time->from, time->to);
  EXPECT_LE(time->to, name.size());
  return base::utc_time(time->time_ns) + (time->zone == NameZone::assumed ? "?" : "");
}

TEST(NameTime, reads_the_shapes_that_backup_tools_write) {
  EXPECT_EQ(time_in("2022-11-22"), "2022-11-22T00:00:00Z?");
  EXPECT_EQ(time_in("2022-11-22T03:04:05"), "2022-11-22T03:04:05Z?");
  EXPECT_EQ(time_in("2022-11-22 03:04"), "2022-11-22T03:04:00Z?");
  EXPECT_EQ(time_in("2022-11-22_03-04-05"), "2022-11-22T03:04:05Z?");
  EXPECT_EQ(time_in("2022-11-22-030405"), "2022-11-22T03:04:05Z?");
  EXPECT_EQ(time_in("20221122"), "2022-11-22T00:00:00Z?");
  EXPECT_EQ(time_in("20221122-0304"), "2022-11-22T03:04:00Z?");
  EXPECT_EQ(time_in("hims_20221122030405.tar.gz"), "2022-11-22T03:04:05Z?");
  EXPECT_EQ(time_in("hims.2022_11_22.tar"), "2022-11-22T00:00:00Z?");
  EXPECT_EQ(time_in("zfs-auto-snap_daily-2022-11-22-0325"), "2022-11-22T03:25:00Z?");
  EXPECT_EQ(time_in("autosnap_2022-11-22_03:00:01_daily"), "2022-11-22T03:00:01Z?");
}

TEST(NameTime, knows_the_zone_where_the_name_says_it) {
  EXPECT_EQ(time_in("@GMT-2022.11.22-03.04.05"), "2022-11-22T03:04:05Z");
  EXPECT_EQ(time_in("2022-11-22T03:04:05Z"), "2022-11-22T03:04:05Z");
  EXPECT_EQ(time_in("2022-11-22T03:04:05+05:30.tar"), "2022-11-21T21:34:05Z");
  EXPECT_EQ(time_in("2022-11-22T03:04:05-08:00"), "2022-11-22T11:04:05Z");
  EXPECT_EQ(time_in("2022-11-22T03:04:05-0800"), "2022-11-22T03:04:05Z?");
}

TEST(NameTime, reads_a_name_without_a_zone_in_the_one_that_is_given) {
  const auto said = find_time_in_name("2022-11-22_193000", "+05:30");
  ASSERT_TRUE(said);
  EXPECT_EQ(base::utc_time(said->time_ns), "2022-11-22T14:00:00Z");
  EXPECT_EQ(said->zone, NameZone::given);
  EXPECT_EQ(base::utc_time(find_time_in_name("2022-11-22", "-03:00")->time_ns), "2022-11-22T03:00:00Z");
  EXPECT_EQ(find_time_in_name("2022-11-22T03:04:05Z", "+05:30")->zone, NameZone::said);
  EXPECT_EQ(base::utc_time(find_time_in_name("@GMT-2022.11.22-03.04.05", "+05:30")->time_ns), "2022-11-22T03:04:05Z");
  EXPECT_EQ(find_time_in_name("2022-11-22", "")->zone, NameZone::assumed);
}

TEST(NameTime, of_a_snapshot_is_read_anew_in_another_zone_only_where_the_name_dated_it) {
  model::Snapshot snapshot;
  snapshot.id = "2022-11-22_193000";
  ASSERT_TRUE(date_by_name(snapshot, snapshot.id, {}, "folder.time.name"));
  EXPECT_TRUE(is_zone_assumed(snapshot, {}));
  EXPECT_FALSE(is_zone_assumed(snapshot, "+05:30"));
  EXPECT_TRUE(read_name_anew(snapshot, "+05:30"));
  EXPECT_EQ(base::utc_time(snapshot.time_ns), "2022-11-22T14:00:00Z");
  EXPECT_NE(snapshot.findings.at(0).sentence.find("read in UTC+05:30"), std::string::npos);
  EXPECT_FALSE(read_name_anew(snapshot, "+05:30")) << "it is the same time already";

  model::Snapshot noted = snapshot;  // its tool has written the time down
  noted.findings = {{.rule = "folder.time.note", .sentence = {}}};
  EXPECT_FALSE(read_name_anew(noted, "+01:00"));
  EXPECT_FALSE(is_zone_assumed(noted, {}));
}

TEST(NameTime, leaves_open_what_the_name_does_not_say_and_nothing_else) {
  constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
  const auto doubt = [](std::string name, std::string_view names_in) {
    model::Snapshot snapshot;
    snapshot.id = std::move(name);
    EXPECT_TRUE(date_by_name(snapshot, snapshot.id, names_in, "folder.time.name"));
    return name_doubt_ns(snapshot, names_in) / k_hour_ns;
  };
  EXPECT_EQ(doubt("2022-11-22T19:30:00Z", {}), 0);
  EXPECT_EQ(doubt("2022-11-22_193000", "+05:30"), 0);
  EXPECT_EQ(doubt("2022-11-22_193000", {}), 14);
  EXPECT_EQ(doubt("2022-11-22", "+05:30"), 24);
  EXPECT_EQ(doubt("2022-11-22", {}), 38);
  model::Snapshot noted;  // its tool has written the time down
  noted.id = "2022-11-22";
  EXPECT_EQ(name_doubt_ns(noted, {}), 0);
}

TEST(NameTime, of_a_day_alone_is_that_of_the_newest_file_of_the_day_and_stays_so_in_another_zone) {
  model::Snapshot snapshot;
  snapshot.id = "2022-11-22/all.tar.gz";
  ASSERT_TRUE(date_by_name(snapshot, snapshot.id, "+05:30", "tar.time.name"));
  constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
  const std::int64_t begin_ns = snapshot.time_ns;
  EXPECT_FALSE(narrow_day(snapshot, begin_ns - k_hour_ns, "+05:30")) << "a file of an earlier day says nothing";
  EXPECT_FALSE(narrow_day(snapshot, begin_ns + 24 * k_hour_ns, "+05:30")) << "nor one of a later day";
  EXPECT_TRUE(narrow_day(snapshot, begin_ns + 20 * k_hour_ns, "+05:30"));
  EXPECT_FALSE(narrow_day(snapshot, begin_ns + 10 * k_hour_ns, "+05:30"));
  EXPECT_EQ(snapshot.time_ns, begin_ns + 20 * k_hour_ns);
  EXPECT_NE(snapshot.findings[0].sentence.find("the newest file of that day"), std::string::npos);
  EXPECT_EQ(name_doubt_ns(snapshot, "+05:30"), 4 * k_hour_ns) << "the rest of the day";
  EXPECT_EQ(latest_ns(snapshot, "+05:30"), begin_ns + 24 * k_hour_ns);
  snapshot.stored_ns = begin_ns + 22 * k_hour_ns;
  EXPECT_EQ(latest_ns(snapshot, "+05:30"), snapshot.stored_ns) << "by then its archive was written";
  EXPECT_FALSE(read_name_anew(snapshot, "+05:30"));
  EXPECT_TRUE(read_name_anew(snapshot, "+04:00")) << "said of another zone";
  EXPECT_EQ(snapshot.time_ns, begin_ns + 20 * k_hour_ns);
  EXPECT_TRUE(read_name_anew(snapshot, "-05:00"));
  EXPECT_EQ(snapshot.time_ns, begin_ns + 20 * k_hour_ns) << "still that day";

  model::Snapshot exact;
  exact.id = "2022-11-22_120000";
  ASSERT_TRUE(date_by_name(exact, exact.id, "+05:30", "folder.time.name"));
  EXPECT_FALSE(narrow_day(exact, exact.time_ns + k_hour_ns, "+05:30")) << "its name leaves nothing open";
}

TEST(NameTime, takes_no_other_number_for_a_day) {
  for (const char* name : {"", "daily.0", "2022", "2022-11", "2022-13-01", "2022-02-30", "0000-00-00", "1669086245",
                           "12022-11-22", "20221122x", "20229999", "2022-11.22", "1979-12-31", "202211229", "backup"}) {
    const auto time = find_time_in_name(name);
    if (std::string(name) == "20221122x") {
      EXPECT_TRUE(time) << "letters may follow";
    } else {
      EXPECT_FALSE(time) << name;
    }
  }
  EXPECT_EQ(time_in("2022-11-22-99"), "2022-11-22T00:00:00Z?");
  EXPECT_EQ(time_in("2024-02-29"), "2024-02-29T00:00:00Z?");
  EXPECT_EQ(time_in("9999-99-99 2023-01-02"), "2023-01-02T00:00:00Z?");
}

}  // namespace
}  // namespace lastgood::sources
