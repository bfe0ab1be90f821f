// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that rows come out of dumps of PostgreSQL, MariaDB, SQL Server and SQLite with the names of their columns, and
// that a statement that breaks costs what it holds only.
#include "tables/sql_reader.h"

#include <gtest/gtest.h>

#include "tables/testing/kept_tables.h"

namespace lastgood::tables {
namespace {

using Row = std::vector<std::string>;

constexpr std::string_view k_pg_dump = R"(--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO nothing VALUES ('not; a row');
END;
$body$;
CREATE TABLE public.patients (
    id integer DEFAULT nextval('x'::regclass) NOT NULL,
    "Full Name" character varying(80),
    dob date,
    CONSTRAINT c CHECK (((id > 0) AND (id < 100)))
);
ALTER TABLE public.patients OWNER TO his;
COPY public.patients (id, "Full Name", dob) FROM stdin;
1	Asha\tDevi	1980-12-31
2	\N	1990-01-01
3	Back\\slash	\N
\.

INSERT INTO public.visits (patient_id, note) VALUES (1, 'it''s; fine'), (2, NULL);
INSERT INTO public.patients VALUES (4, E'tab\there', '2000-01-01'::date);
--
-- PostgreSQL database dump complete
--
)";

TEST(Sql, pg_dump_gives_copy_blocks_and_inserts) {
  const KeptTables kept = tables_of(k_pg_dump, "dump");
  ASSERT_EQ(kept.tables.size(), 3U);
  EXPECT_EQ(kept.tables[0].name, "public.patients");
  EXPECT_EQ(kept.tables[0].columns, (Row{"id", "Full Name", "dob"}));
  ASSERT_EQ(kept.tables[0].rows.size(), 3U);
  EXPECT_EQ(kept.tables[0].rows[0], (Row{"1", "Asha\tDevi", "1980-12-31"}));
  EXPECT_EQ(kept.tables[0].rows[1], (Row{"2", "", "1990-01-01"}));
  EXPECT_EQ(kept.tables[0].rows[2], (Row{"3", "Back\\slash", ""}));
  EXPECT_EQ(kept.tables[1].rows[0], (Row{"1", "it's; fine"}));
  EXPECT_EQ(kept.tables[1].rows[1], (Row{"2", ""}));
  EXPECT_EQ(kept.tables[2].columns, (Row{"id", "Full Name", "dob"}));
  EXPECT_EQ(kept.tables[2].rows[0], (Row{"4", "tab\there", "2000-01-01"}));
  EXPECT_TRUE(kept.findings.empty());
}

constexpr std::string_view k_mysqldump = R"(-- MySQL dump 10.13  Distrib 8.0.31
-- Host: localhost    Database: his
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `patients`;
CREATE TABLE `patients` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(80) DEFAULT 'a,b)',
  `photo` blob,
  PRIMARY KEY (`id`),
  KEY `k` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `patients` WRITE;
/*!40000 ALTER TABLE `patients` DISABLE KEYS */;
INSERT INTO `patients` VALUES (1,'O\'Neil; (x), \"y\"',_binary 'a\0b'),(2,'two',0x4142),(3,NULL,NULL);
UNLOCK TABLES;
-- Dump completed on 2022-11-22 23:00:01
)";

TEST(Sql, mysqldump_gives_extended_inserts_with_escapes_and_the_names_of_create_table) {
  const KeptTables kept = tables_of(k_mysqldump, "his.sql");
  ASSERT_EQ(kept.tables.size(), 1U);
  EXPECT_EQ(kept.tables[0].database, "his");
  EXPECT_EQ(kept.tables[0].columns, (Row{"id", "name", "photo"}));
  ASSERT_EQ(kept.tables[0].rows.size(), 3U);
  EXPECT_EQ(kept.tables[0].rows[0][1], "O'Neil; (x), \"y\"");
  EXPECT_EQ(kept.tables[0].rows[1], (Row{"2", "two", "0x4142"}));
  EXPECT_EQ(kept.tables[0].rows[2], (Row{"3", "", ""}));
  EXPECT_TRUE(kept.findings.empty());
}

TEST(Sql, a_dump_without_its_last_line_breaks_off_wherever_it_was_cut) {
  for (const std::string_view dump : {k_pg_dump, k_mysqldump}) {
    // Also behind a whole statement, where no row tells.
    for (std::size_t at = dump.find("\nC") + 1; at < dump.rfind("-- "); ++at) {
      const KeptTables kept = tables_of(dump.substr(0, at), "his.sql");
      EXPECT_TRUE(std::any_of(kept.findings.begin(), kept.findings.end(), [](const model::Finding& finding) {
        return finding.rule == "sql.end";
      })) << at;
    }
    EXPECT_TRUE(tables_of(std::string(dump) + std::string(dump), "two.sql").findings.empty());
  }
}

TEST(Sql, scripts_of_sql_server_give_rows_without_semicolons) {
  const KeptTables kept = tables_of(
      "USE [his]\r\nGO\r\nSET IDENTITY_INSERT [dbo].[Patients] ON \r\nGO\r\n"
      "INSERT [dbo].[Patients] ([ID], [Full Name], [DOB]) VALUES (1, N'Asha', CAST(N'1980-12-31' AS Date))\r\nGO\r\n"
      "INSERT [dbo].[Patients] ([ID], [Full Name], [DOB]) VALUES (2, N'O''Neil', NULL)\r\n"
      "INSERT [dbo].[Patients] ([ID], [Full Name], [DOB]) VALUES (3, N'x', NULL)\r\nGO\r\n",
      "s.sql");
  ASSERT_EQ(kept.row_count, 3U);
  EXPECT_EQ(kept.tables[0].name, "dbo.Patients");
  EXPECT_EQ(kept.tables[0].database, "his");
  EXPECT_EQ(kept.tables[0].rows[0], (Row{"1", "Asha", "1980-12-31"}));
  EXPECT_EQ(kept.tables[1].rows[0], (Row{"2", "O'Neil", ""}));
}

TEST(Sql, a_row_that_breaks_off_costs_its_statement_and_is_told) {
  const KeptTables kept = tables_of(
      "CREATE TABLE t (a_id int, b text);\nINSERT INTO t VALUES (1,'x'),(2,'broken\nINSERT INTO u (a, b) VALUES "
      "(3,'y');\n"
      "INSERT INTO t VALUES (4,;\nINSERT INTO t VALUES (5,'z');\n",
      "t.sql");
  EXPECT_TRUE(kept.has("sql.row"));
  ASSERT_GE(kept.tables.size(), 2U);
  EXPECT_EQ(kept.tables[0].rows[0], (Row{"1", "x"}));
  EXPECT_EQ(kept.tables.back().rows.back(), (Row{"5", "z"}));
}

TEST(Sql, a_dump_that_is_cut_anywhere_gives_the_rows_before_and_never_fails) {
  for (const std::string_view whole : {k_pg_dump, k_mysqldump}) {
    std::size_t before = 0;
    for (std::size_t length = 0; length <= whole.size(); length += 3) {
      const KeptTables kept = tables_of(whole.substr(0, length), "cut.sql");
      EXPECT_GE(kept.row_count + 1, before);
      before = std::max(before, kept.row_count);
    }
    EXPECT_GE(before, 3U);
  }
}

TEST(Sql, every_flipped_byte_is_survived) {
  for (const std::string_view whole : {k_pg_dump, k_mysqldump}) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed(whole);
      changed[at] = static_cast<char>(changed[at] ^ 0x15);
      EXPECT_LE(tables_of(changed, "flipped.sql").row_count, 20U);
    }
  }
}

TEST(Sql, a_large_insert_is_streamed_row_by_row) {
  std::string text = "CREATE TABLE t (uhid text, n int);\nINSERT INTO t VALUES ";
  for (int i = 0; i < 200'000; ++i)
    text += (i > 0 ? ",('UH-" : "('UH-") + std::to_string(i) + "'," + std::to_string(i) + ")";
  text += ";\n";
  const KeptTables kept = tables_of(text, "t.sql");
  EXPECT_EQ(kept.row_count, 200'000U);
  EXPECT_EQ(kept.tables.size(), 1U);
}

TEST(Sql, brackets_without_end_and_names_without_end_are_bounded) {
  for (const char c : {'(', '[', '"', '\'', '$', '/', '-'})
    EXPECT_EQ(tables_of("INSERT INTO t VALUES " + std::string(100'000, c), "x.sql").row_count, 0U);
}

}  // namespace
}  // namespace lastgood::tables
