// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that logs are known by their names, also behind what an attack adds to these, and that their company is not.
#include "recovery/log_names.h"

#include <gtest/gtest.h>

namespace lastgood::recovery {

namespace {

std::string read(std::string_view name) {
  const auto parsed = parse_saved_log_name(name);
  if (!parsed) return "none";
  using Form = SavedLogName::Form;
  const char* const form = parsed->form == Form::whole    ? "whole"
                           : parsed->form == Form::struck ? "struck"
                                                          : "unfinished";
  return parsed->log.series + "/" + parsed->log.number + " " + form;
}

TEST(LogNames, are_those_that_databases_replay) {
  for (const char* const name : {"0000000100000000000000A0", "00000002.history", "binlog.000001", "mysql-bin.index",
                                 "0000000100000000000000A0.gz", "0000000100000000000000A0.zst", "binlog.000001.lz4",
                                 "0000000100000000000000A0-0123456789abcdef0123456789abcdef01234567.gz"})
    EXPECT_TRUE(is_log_name(name)) << name;
  for (const char* const name :
       {"0000000100000000000000A0.bak9", "0000000100000000000000a0", ".000001", "report.pdf", "notes.2022", "index", "",
        "report.gz", "0000000100000000000000A0.gz.gz", "000000010000000000000001.partial"})
    EXPECT_FALSE(is_log_name(name)) << name;
}

TEST(LogNames, say_which_log_it_is_also_where_it_is_packed_unfinished_or_struck) {
  const std::string segment = "0000000100000000000000A0";
  const std::string digest = "-0123456789abcdef0123456789abcdef01234567";  // as pgBackRest keeps it
  for (const std::string& behind : {std::string(), std::string(".gz"), std::string(".zst"), digest, digest + ".lz4"})
    EXPECT_EQ(read(segment + behind), "/" + segment + " whole") << behind;
  EXPECT_EQ(read(segment + digest + ".gz.bak9"), "/" + segment + " struck");
  for (const char* const behind : {".partial", ".partial.gz", ".gz.partial"})
    EXPECT_EQ(read(segment + behind), "/" + segment + " unfinished") << behind;
  for (const char* const behind : {".bak9", ".gz.bak9", ".partial.bak9", ".[mail@host].xyz", "_locked", ".xz", " (1)"})
    EXPECT_EQ(read(segment + behind), "/" + segment + " struck") << behind;
  EXPECT_EQ(read("locked_" + segment), "/" + segment + " struck");
  EXPECT_EQ(read("[x].0000000100000000000000A0.y"), "/" + segment + " struck");
  EXPECT_EQ(read("mysql-bin.000012"), "mysql-bin/000012 whole");
  EXPECT_EQ(read("mysql-bin.000012.lz4"), "mysql-bin/000012 whole");
  EXPECT_EQ(read("a.b-bin.000012.bak9"), "a.b-bin/000012 struck");
}

TEST(LogNames, may_be_anything_that_an_attacker_calls_a_file) {
  const std::string letters = std::string("A0f.-_[ \xff\0", 10) + "partialgzbinhistoryindex";
  std::uint64_t state = 1;
  for (int i = 0; i < 200'000; ++i) {
    std::string name;
    for (std::uint64_t length = (state >> 40) % 60; length > 0; --length) {
      state = state * 6364136223846793005 + 1442695040888963407;
      name += letters[(state >> 33) % letters.size()];
    }
    state = state * 6364136223846793005 + 1442695040888963407;
    const auto parsed = parse_saved_log_name(name);
    if (parsed) EXPECT_FALSE(parsed->log.number.empty()) << name;
  }
}

TEST(LogNames, are_not_those_of_what_lies_beside_logs) {
  for (const char* const name :
       {"00000002.history", "mysql-bin.index", "mysql-bin.index.bak9", "0000000100000000000000A0.00000028.backup",
        "0000000100000000000000A0.md5", "mysql-bin.000012.md5", ".mysql-bin.000012.aBcDeF",
        ".0000000100000000000000A0.aBcDeF", "mysqld.20221122.log", "mysqld.log", "report.pdf.bak9",
        "0000000100000000000000A0B", ""})
    EXPECT_EQ(read(name), "none") << name;
}

}  // namespace

}  // namespace lastgood::recovery
