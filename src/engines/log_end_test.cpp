// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves how far binary logs are said to bring a copy, by their names and with everything read, and why not further.
#include "engines/log_end.h"

#include <gtest/gtest.h>

#include "engines/mariadb/binlog_events.h"
#include "engines/testing/memory_view.h"

namespace lastgood::engines {

namespace {

void put_bytes(std::string& text, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) text[at + i] = static_cast<char>(value >> (8 * i));
}

/// One event of a binary log without checksums.
std::string binlog_event(std::uint8_t type, std::uint32_t time, const std::string& body) {
  std::string event(19, '\0');
  put_bytes(event, 0, time, 4);
  put_bytes(event, 4, type, 1);
  put_bytes(event, 9, 19 + body.size(), 4);
  return event + body;
}

/// A log whose one transaction has a statement at `time` and ends a second later.
std::string binlog_of(std::uint32_t time) {
  const std::string begin(13, '\0');  // of its own, and no statement alone
  return "\xfe" + std::string("bin") + binlog_event(mariadb::k_gtid_event, time, begin) +
         binlog_event(mariadb::k_query_event, time, std::string(14, '\0') + "insert into p values (1)") +
         binlog_event(mariadb::k_query_event, time + 1, std::string(14, '\0') + "COMMIT");
}

}  // namespace

TEST(BinlogEnd, is_by_names_where_logs_that_follow_each_other_end) {
  const auto log_at = [](std::uint32_t time) {
    std::string log(
        "\xfe"
        "bin",
        4);
    log.resize(35);
    put_bytes(log, 4, time, 4);
    put_bytes(log, 8, 16, 1);
    put_bytes(log, 13, 31, 4);
    return log;
  };
  testing::MemoryView copy;
  testing::MemoryView logs;
  const FoundUnit unit{.kind = UnitKind::mariadb, .path = "db"};
  copy.files = {{"db/xtrabackup_binlog_info", "bin.000004\t35\t0-1-5\n"}};
  for (int i = 2; i <= 6; ++i)
    logs.files["bin.00000" + std::to_string(i)] = log_at(static_cast<std::uint32_t>(i * 100));
  logs.files["bin.000009"] = log_at(900);
  logs.files["other.000007"] = log_at(700);
  auto end = find_log_end(logs, copy, unit, "/tmp");
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end.value().files, 3U);
  EXPECT_EQ(end.value().bytes, 105U);
  EXPECT_EQ(end.value().last_commit_ns, 600'000'000'000);
  EXPECT_EQ(end.value().missing, "bin.000007 is not among them");
  logs.files["bin.000006"] =
      "\xfe"
      "bin";  // begun, and nothing in it yet
  EXPECT_EQ(find_log_end(logs, copy, unit, "/tmp").value().last_commit_ns, 500'000'000'000);
  logs.files["bin.000005"] = std::string(35, 'x');
  end = find_log_end(logs, copy, unit, "/tmp");
  EXPECT_EQ(end.value().files, 1U);
  EXPECT_EQ(end.value().last_commit_ns, 400'000'000'000);
  EXPECT_EQ(end.value().missing, "bin.000005 is no readable binary log");
  logs.files.erase("bin.000004");
  end = find_log_end(logs, copy, unit, "/tmp");
  EXPECT_EQ(end.value().files, 0U);
  EXPECT_EQ(end.value().missing, "bin.000004 is not among them");
  copy.files.clear();
  EXPECT_NE(find_log_end(logs, copy, unit, "/tmp").value().missing, "");
}

TEST(BinlogEnd, is_with_everything_read_where_a_replay_ends) {
  testing::MemoryView copy;
  testing::MemoryView logs;
  const FoundUnit unit{.kind = UnitKind::mariadb, .path = "db"};
  copy.files = {{"db/xtrabackup_binlog_info", "bin.000002\t4\t\n"}};
  for (int i = 1; i <= 5; ++i)
    logs.files["bin.00000" + std::to_string(i)] = binlog_of(static_cast<std::uint32_t>(i * 100));
  const auto end_of = [&](LogReading reading) { return find_log_end(logs, copy, unit, "/tmp", reading).value(); };
  const LogReading all{.depth = LogDepth::everything};
  const std::size_t log_bytes = logs.files["bin.000001"].size();
  EXPECT_EQ(end_of(all).files, 4U);
  EXPECT_EQ(end_of(all).bytes, 4 * log_bytes);
  EXPECT_EQ(end_of(all).last_commit_ns, 501'000'000'000);
  EXPECT_EQ(end_of(all).missing, "") << "an archive that simply ends";
  EXPECT_FALSE(end_of(all).ends_early);

  // Cut inside of a transaction: its statement stands there, and was not committed.
  logs.files["bin.000003"].resize(log_bytes - 10);
  EXPECT_EQ(end_of({}).last_commit_ns, 501'000'000'000) << "the names alone do not tell";
  EXPECT_EQ(end_of(all).files, 2U);
  EXPECT_EQ(end_of(all).last_commit_ns, 201'000'000'000);
  EXPECT_TRUE(end_of(all).ends_early);
  EXPECT_TRUE(end_of(all).missing.starts_with("log bin.000003 is broken: its event at ")) << end_of(all).missing;
  EXPECT_TRUE(
      end_of(all).missing.ends_with("; what was committed behind that place and in 2 later log files is not there"))
      << end_of(all).missing;
  EXPECT_EQ(end_of({.depth = LogDepth::everything, .is_cancelled = [] { return false; }}).files, 2U);
  EXPECT_EQ(find_log_end(logs, copy, unit, "/tmp", {.depth = LogDepth::everything, .is_cancelled = [] { return true; }})
                .error()
                .code,
            base::ErrorCode::cancelled);
  // One that is missing, and one that is none any more.
  logs.files.erase("bin.000003");
  EXPECT_EQ(end_of(all).missing,
            "log bin.000003 is not among them; what was committed in it and in 2 later log files is not there");
  EXPECT_TRUE(end_of(all).ends_early);
  logs.files["bin.000003"] = std::string(log_bytes, 'x');
  EXPECT_EQ(end_of(all).files, 1U);
  EXPECT_TRUE(end_of(all).ends_early);
  EXPECT_EQ(end_of(all).missing,
            "log bin.000003 is not readable as a binary log; what was committed in it and in 2 later log files is not "
            "there");
  // Logs that are all older than the copy end before it, and nothing is lost.
  copy.files = {{"db/xtrabackup_binlog_info", "bin.000009\t4\t\n"}};
  EXPECT_EQ(end_of(all).missing, "bin.000009 is not among them");
  EXPECT_FALSE(end_of(all).ends_early);
}

TEST(BinlogEnd, is_found_behind_any_number_of_logs_without_a_commit) {
  testing::MemoryView copy;
  testing::MemoryView logs;
  copy.files = {{"db/xtrabackup_binlog_info", "bin.000010\t4\t\n"}};
  logs.files["bin.000010"] = binlog_of(100);
  for (int i = 11; i < 40; ++i) logs.files["bin.0000" + std::to_string(i)] = "\xfe" + std::string("bin");
  for (const LogDepth depth : {LogDepth::names, LogDepth::everything}) {
    const auto end =
        find_log_end(logs, copy, {.kind = UnitKind::mariadb, .path = "db"}, "/tmp", {.depth = depth}).value();
    EXPECT_EQ(end.files, 30U);
    EXPECT_EQ(end.last_commit_ns, 101'000'000'000);
  }
}

}  // namespace lastgood::engines
