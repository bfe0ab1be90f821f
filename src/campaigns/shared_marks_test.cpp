// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what names, sizes and bytes of samples have in common.
#include "campaigns/shared_marks.h"

#include "campaigns/testing/campaign_fixture.h"

namespace lastgood::campaigns::testing {

namespace {

TEST(CommonEnding, begins_with_a_dot_or_a_bracket_and_never_inside_one) {
  EXPECT_EQ(common_ending(".id[1-2].[a@b.example].k", ".id[1-3].[a@b.example].k"), ".[a@b.example].k");
  EXPECT_EQ(common_ending(".bak9", ".bak9"), ".bak9");
  EXPECT_EQ(common_ending(".abak9", ".bak9"), "");
  EXPECT_EQ(common_ending(".[x.example].k", ".[y.example].k"), ".k");
  EXPECT_EQ(common_ending("", ".k"), "");
  EXPECT_EQ(last_piece(".id[1].[a@b.example]"), ".[a@b.example]");
  EXPECT_EQ(last_piece("[a@b.example]"), "[a@b.example]");
  EXPECT_EQ(last_piece(".id[1].[a@b.example].k"), ".k");
}

TEST(CommonResidue, is_that_of_the_largest_page_that_fits) {
  EXPECT_EQ(common_residue({16384 + 32, 3 * 16384 + 32, 9 * 16384 + 32})->divisor, 16384U);
  EXPECT_EQ(common_residue({4096 + 38, 3 * 4096 + 38, 6 * 4096 + 38})->rest, 38U);
  EXPECT_EQ(common_residue({16 + 2, 48 + 2, 1600 + 2})->divisor, 16U);
  EXPECT_FALSE(common_residue({1, 2, 3, 4}).has_value());
  EXPECT_FALSE(common_residue({}).has_value());
}

TEST(AppendedExtension, is_what_follows_the_original_name_in_lower_case) {
  FileRecord record = file_of("/a/x.pdf.ID[12].BAK9", Verdict::encrypted);
  record.original_name = "x.pdf";
  EXPECT_EQ(appended_extension(record), ".id[12].bak9");
}

TEST(AppendedExtension, is_nothing_where_the_name_itself_promises_the_format) {
  FileRecord record = file_of("/a.b/x.pdf", Verdict::encrypted);
  record.format = "pdf";
  EXPECT_EQ(appended_extension(record), "");
  EXPECT_EQ(appended_extension(file_of("/a.b/x", Verdict::undecided)), "");
  EXPECT_EQ(appended_extension(file_of("/a/.profile", Verdict::undecided)), "");
  EXPECT_EQ(appended_extension(file_of("/a/x.Bak9", Verdict::undecided)), ".bak9");
  EXPECT_EQ(appended_extension(file_of("/a/x." + std::string(70, 'y'), Verdict::undecided)), "");
}

}  // namespace

}  // namespace lastgood::campaigns::testing
