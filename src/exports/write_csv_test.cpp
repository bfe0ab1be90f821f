// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the table reads back as it was meant, and that a spreadsheet computes nothing of what evidence holds.
#include "exports/write_csv.h"

#include <gtest/gtest.h>

#include "exports/testing/made_case.h"

namespace lastgood::exports {

namespace {

TEST(CsvCell, is_quoted_where_rfc_4180_says_so) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_cell(""), "");
}

TEST(CsvCell, a_formula_is_only_text) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("@SUM(A1,B1)"), "\"'@SUM(A1,B1)\"");
  EXPECT_EQ(csv_cell("-5"), "'-5");
  EXPECT_EQ(csv_cell("+5"), "'+5");
  EXPECT_EQ(csv_cell("\t=1"), "'\\x09=1");
  EXPECT_EQ(csv_cell("a=1"), "a=1");
}

std::size_t cells_in(const std::string& line) {
  std::size_t cells = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++cells;
  }
  return cells;
}

TEST(Csv, every_line_of_every_made_case_has_the_cells_of_the_header) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Exported made = write_csv(testing::make_case(seed));
    std::size_t begin = 0;
    std::size_t lines = 0;
    for (std::size_t end = made.bytes.find("\r\n"); end != std::string::npos; end = made.bytes.find("\r\n", begin)) {
      ASSERT_EQ(cells_in(made.bytes.substr(begin, end - begin)), 19U) << "seed " << seed << " line " << lines;
      begin = end + 2;
      ++lines;
    }
    EXPECT_EQ(begin, made.bytes.size()) << "the last line ends, too";
    EXPECT_EQ(lines, made.objects + 1);
  }
}

TEST(Csv, tells_fact_from_claim_and_keeps_own_names_back) {
  const std::string text = write_csv(testing::make_bak9_case()).bytes;
  EXPECT_NE(text.find("value,address,193.0.6.139,yes,strong,fact"), std::string::npos);
  EXPECT_NE(text.find("value,address,192.88.99.1,yes,weak,claim"), std::string::npos);
  EXPECT_NE(text.find("observation,address,193.0.6.139"), std::string::npos);
  EXPECT_EQ(text.find("vendor@"), std::string::npos) << "nothing ties it to the attack";
  for (const std::string_view own : {"hims1", "Asha", "/srv", "mx.hospital", "Dr Rao"})
    EXPECT_EQ(text.find(own), std::string::npos) << own;
}

}  // namespace

}  // namespace lastgood::exports
