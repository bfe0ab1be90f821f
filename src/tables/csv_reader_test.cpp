// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that rows of values come out as they were written, whatever the delimiter, quoting and line ends, and that
// what is broken costs its own rows only.
#include "tables/csv_reader.h"

#include <gtest/gtest.h>

#include "tables/testing/kept_tables.h"

namespace lastgood::tables {
namespace {

using Row = std::vector<std::string>;

TEST(Csv, a_header_and_quoted_values_with_delimiters_quotes_and_line_ends) {
  const KeptTables kept =
      tables_of("uhid,name,note\r\nUH-1,\"Devi, Asha\",\"said \"\"no\"\"\r\ntwice\"\r\nUH-2,Ravi,\r\n", "a.csv");
  ASSERT_EQ(kept.tables.size(), 1U);
  EXPECT_EQ(kept.tables[0].columns, (Row{"uhid", "name", "note"}));
  ASSERT_EQ(kept.tables[0].rows.size(), 2U);
  EXPECT_EQ(kept.tables[0].rows[0], (Row{"UH-1", "Devi, Asha", "said \"no\"\r\ntwice"}));
  EXPECT_EQ(kept.tables[0].rows[1], (Row{"UH-2", "Ravi", ""}));
  EXPECT_TRUE(kept.findings.empty());
}

TEST(Csv, every_delimiter_is_guessed) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "uhid#phone\nUH-1#9876543210\nUH-2#9876543211\n";
    for (char& c : text)
      if (c == '#') c = delimiter;
    const KeptTables kept = tables_of(text, "a.csv");
    ASSERT_EQ(kept.tables.size(), 1U);
    EXPECT_EQ(kept.tables[0].columns, (Row{"uhid", "phone"})) << delimiter;
    EXPECT_EQ(kept.tables[0].rows.size(), 2U);
  }
}

TEST(Csv, without_a_header_columns_have_numbers_and_no_row_is_lost) {
  const KeptTables kept = tables_of("234567890124,9876543210\n345678901234,9876543211\n", "a.csv");
  ASSERT_EQ(kept.tables.size(), 1U);
  EXPECT_EQ(kept.tables[0].columns, (Row{"column 1", "column 2"}));
  EXPECT_EQ(kept.tables[0].rows.size(), 2U);
}

TEST(Csv, a_row_of_values_is_never_taken_for_names_of_columns) {
  for (const std::string_view rows : {"UH20220000,Asha,F\nUH20220001,Ravi,M\nUH20220002,Mary,F\n",
                                      "Asha Devi,\nRavi Kumar,9876543210\nMary Das,9876543211\n",
                                      "Asha Devi,NULL\nRavi Kumar,9876543210\nMary Das,9876543211\n"}) {
    const KeptTables kept = tables_of(rows, "list.csv");
    ASSERT_EQ(kept.tables.size(), 1U);
    EXPECT_EQ(kept.tables[0].columns[0], "column 1") << rows;
    EXPECT_EQ(kept.row_count, 3U);
  }
}

TEST(Csv, the_line_that_spreadsheets_write_first_is_no_row) {
  for (const std::string_view end : {"\n", "\r\n"}) {
    const KeptTables kept = tables_of(
        "\xEF\xBB\xBFsep=;" + std::string(end) + "UHID;Name;DOB\nUH-1;Asha;1980-12-31\nUH-2;Ravi;1990-01-01\n",
        "a.csv");
    ASSERT_EQ(kept.tables.size(), 1U);
    EXPECT_EQ(kept.tables[0].columns[0], "UHID");
    EXPECT_EQ(kept.row_count, 2U);
  }
}

TEST(Csv, a_list_with_one_column_is_a_table_where_its_name_says_so) {
  EXPECT_EQ(tables_of("aadhaar\n234567890124\n345678901234\n", "list.csv").row_count, 2U);
  EXPECT_EQ(content_of("aadhaar\n234567890124\n", "list.txt").kind, ContentKind::none);
}

TEST(Csv, a_quote_that_is_never_closed_costs_no_rows) {
  std::string text = "uhid,height\n";
  for (int i = 0; i < 100; ++i) text += i == 50 ? "UH-50,\"5 feet\n" : "UH-" + std::to_string(i) + ",170\n";
  const KeptTables kept = tables_of(text, "a.csv");
  EXPECT_EQ(kept.row_count, 100U);
  EXPECT_TRUE(kept.has("csv.quote"));
}

TEST(Csv, rows_of_another_width_are_told_and_fitted) {
  const KeptTables kept = tables_of("a_b,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3\n4,5,6\n", "a.csv");
  ASSERT_EQ(kept.row_count, 5U);
  EXPECT_EQ(kept.tables[0].rows[1], (Row{"1", "2", ""}));
  EXPECT_EQ(kept.tables[0].rows[2], (Row{"1", "2", "3"}));
  EXPECT_TRUE(kept.has("csv.width"));
}

TEST(Csv, a_row_longer_than_the_limit_is_left_out_and_the_next_one_counts) {
  std::string text = "uhid,note\nUH-1,x\nUH-2,";
  text.append(k_row_bytes_max + (8 << 20), 'y');
  text += "\nUH-3,z\n";
  const KeptTables kept = tables_of(text, "a.csv");
  EXPECT_EQ(kept.row_count, 2U);
  EXPECT_TRUE(kept.has("csv.long-row"));
}

TEST(Csv, utf16_and_marks_are_read) {
  const std::string text = "uhid,name\nUH-1,R\xC3\xA9mi\n";
  std::string wide = "\xFF\xFE";
  for (const char* part : {"u", "h", "i", "d", ",", "n", "a", "m", "e", "\n", "U", "H", "-", "1", ",", "R"}) {
    wide += part;
    wide += '\0';
  }
  wide += std::string("\xE9\x00m\x00i\x00\n\x00", 8);
  EXPECT_EQ(tables_of(wide, "a.csv").tables.at(0).rows.at(0), (Row{"UH-1", "R\xC3\xA9mi"}));
  EXPECT_EQ(tables_of("\xEF\xBB\xBF" + text, "a.csv").tables.at(0).columns, (Row{"uhid", "name"}));
}

TEST(Csv, prose_logs_and_nothing_are_no_tables) {
  EXPECT_EQ(content_of("", "a.csv").kind, ContentKind::none);
  EXPECT_EQ(
      content_of("Dear Sir, this is a letter.\nIt has, now and then, a comma.\nYours, A\nB\nC\nD\n", "a.txt").kind,
      ContentKind::none);
  EXPECT_EQ(content_of(std::string(5000, '\0'), "a.csv").kind, ContentKind::unread);
}

TEST(Csv, a_sink_that_says_stop_is_heard) {
  KeptTables kept;
  kept.rows_max = 2;
  const std::string text = "a_b,b\n1,2\n3,4\n5,6\n";
  base::MemorySource source{base::ByteView(std::string_view(text))};
  ASSERT_TRUE(read_tables(source, content_of(text, "a.csv"), kept).ok());
  EXPECT_EQ(kept.row_count, 2U);
}

}  // namespace
}  // namespace lastgood::tables
