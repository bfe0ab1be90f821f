// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that files of git repositories are whole by their own digests, and objects by their names.
#include "formats/git/git_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Git, k_git_format, "git", {});

namespace {
// The name git gave the object in testdata/object.bin, less its first two digits.
constexpr std::string_view k_object_name = "78fe6ba5e01f647e0c7343b8642bf68abbe51a";
std::vector<std::uint8_t> object() { return testing::read_sample(LASTGOOD_FORMATS_DIR "/git/testdata/object.bin"); }
}  // namespace

TEST(GitWalker, proves_a_loose_object_by_its_name) {
  const WalkReport report = testing::walk_bytes(k_git_format, object(), model::Depth::standard, k_object_name);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.reach, Reach::content);
  EXPECT_EQ(report.format, "git-object");
}

TEST(GitWalker, refuses_a_loose_object_under_the_name_of_another) {
  std::string name(k_object_name);
  name[5] = name[5] == '0' ? '1' : '0';
  EXPECT_EQ(testing::walk_bytes(k_git_format, object(), model::Depth::standard, name).shape, Shape::broken);
}

TEST(GitWalker, finds_the_end_of_a_pack_in_front_of_appended_bytes) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/git/testdata/whole_pack.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 534, 0x55);
  const WalkReport report = testing::walk_bytes(k_git_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, end);
}

TEST(GitWalker, leaves_zlib_streams_with_other_names_alone) {
  EXPECT_EQ(testing::walk_bytes(k_git_format, object(), model::Depth::standard, "page.zz").shape, Shape::foreign);
}

}  // namespace lastgood::formats
