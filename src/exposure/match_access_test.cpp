// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a counted file is held to be one of a log only where whole names agree and no other file fits as well.
#include "exposure/match_access.h"

#include <gtest/gtest.h>

#include "os/testing/scratch_folder.h"

namespace lastgood::exposure {
namespace {

std::vector<AccessedFile> accessed(std::initializer_list<const char*> paths) {
  std::vector<AccessedFile> files;
  for (const char* path : paths) files.push_back({.path = path, .statement = 0, .log = 0, .offset_bytes = 0});
  return files;
}

TEST(AccessMatcher, whole_names_from_the_end_decide_and_at_least_two_of_them) {
  const auto log = accessed({"/srv/records/ward/patients.csv", "top.csv", "register/staff.csv"});
  AccessMatcher matcher(log);
  for (const char* path : {"/mnt/good/records/ward/patients.csv", "/mnt/good/other/patients.csv", "/mnt/good/top.csv",
                           "/mnt/good/register/staff.csv", "/mnt/good/myward/patients.csv"})
    matcher.see(path);
  matcher.decide();
  EXPECT_NE(matcher.find("/mnt/good/records/ward/patients.csv"), nullptr);
  EXPECT_NE(matcher.find("/mnt/good/register/staff.csv"), nullptr);
  EXPECT_EQ(matcher.find("/mnt/good/other/patients.csv"), nullptr);
  EXPECT_EQ(matcher.find("/mnt/good/myward/patients.csv"), nullptr);
  EXPECT_EQ(matcher.find("/mnt/good/top.csv"), nullptr);
  EXPECT_EQ(matcher.matched(), 2U);
  EXPECT_EQ(matcher.doubtful(), 0U);
}

TEST(AccessMatcher, of_two_files_that_fit_equally_neither_is_it_and_that_is_said) {
  const auto log = accessed({"/srv/records/ward/patients.csv"});
  AccessMatcher matcher(log);
  for (const char* path : {"/a/ward/patients.csv", "/b/ward/patients.csv"}) matcher.see(path);
  matcher.decide();
  EXPECT_EQ(matcher.matched(), 0U);
  EXPECT_EQ(matcher.doubtful(), 2U);
}

TEST(AccessMatcher, of_two_files_the_one_with_more_names_in_common_is_it) {
  const auto log = accessed({"/srv/records/ward/patients.csv"});
  AccessMatcher matcher(log);
  for (const char* path : {"/a/records/ward/patients.csv", "/a/old/ward/patients.csv"}) matcher.see(path);
  matcher.decide();
  EXPECT_NE(matcher.find("/a/records/ward/patients.csv"), nullptr);
  EXPECT_EQ(matcher.find("/a/old/ward/patients.csv"), nullptr);
  EXPECT_EQ(matcher.doubtful(), 1U);
}

TEST(AccessMatcher, names_that_are_empty_or_none_match_nothing) {
  const auto log = accessed({"", "/", "//", "a", "/a", "a/", "x//y"});
  AccessMatcher matcher(log);
  for (const char* path : {"", "/", "/a", "/b/a", "/x//y"}) matcher.see(path);
  matcher.decide();
  EXPECT_EQ(matcher.find("/b/a"), nullptr);
  EXPECT_EQ(matcher.find("/a"), nullptr);
}

TEST(FindLine, counts_lines_up_to_a_place_that_begins_one_and_says_nothing_of_others) {
  const os::testing::ScratchFolder folder;
  os::testing::write_file(folder / "log", "one\ntwo\nthree\n");
  EXPECT_EQ(find_line(folder / "log", 0), 1U);
  EXPECT_EQ(find_line(folder / "log", 8), 3U);
  EXPECT_EQ(find_line(folder / "log", 9), std::nullopt);
  EXPECT_EQ(find_line(folder / "log", 1000), std::nullopt);
  EXPECT_EQ(find_line(folder / "gone", 0), std::nullopt);
  os::testing::write_file(folder / "packed.gz", std::string("\x1f\x8b\x08\n", 4) + "more");
  EXPECT_EQ(find_line(folder / "packed.gz", 4), std::nullopt);
}

}  // namespace
}  // namespace lastgood::exposure
