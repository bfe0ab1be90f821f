// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a count is read as it was written, and that one which was cut or changed is refused or says nothing that
// contradicts itself.
#include "exposure/read_results.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "os/append_file.h"

namespace lastgood::exposure {
namespace {

ExposureResults some_results() {
  ExposureResults results;
  results.host = "his-db1";
  results.paths = {"/mnt/good"};
  for (std::size_t i = 0; i < k_bases; ++i) results.bases.at(i).basis = static_cast<Basis>(i);
  results.bases[0].standing = Standing::estimate;
  results.bases[0].lower = 10;
  results.bases[0].upper = 12;
  results.bases[0].is_at_least = true;
  results.bases[0].reason = "counted in 1 files";
  results.bases[0].count.rows = 20;
  results.files = 2;
  results.unread_count = 1;
  results.table_count = 1;
  results.tables.push_back({.path = "/mnt/good/a.csv",
                            .kind = "csv",
                            .database = {},
                            .name = "patients",
                            .rows = 20,
                            .person_rows = 20,
                            .columns = 3,
                            .recognised = {{.name = "uhid",
                                            .kind = persons::ColumnKind::hospital_number,
                                            .certainty = model::Certainty::strong,
                                            .reasons = {"its name says so too"},
                                            .values = 20,
                                            .present = 20,
                                            .distinct_about = 12,
                                            .examples = {"XX-01"}}}});
  results.units = {{.path = "/mnt/good/pg", .kind = "postgresql", .as_of_ns = 1'669'167'420'000'000'000},
                   {.path = "/mnt/good/my", .kind = "mariadb"}};
  results.unread.push_back({.path = "/mnt/good/b.gz", .why = "packed with gzip"});
  results.findings.push_back({.path = "/mnt/good/a.csv", .finding = "csv.quote: never closed"});
  return results;
}

std::string made_case(const std::string& name) {
  const std::string folder = testing::TempDir() + "exposure-" + name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  return folder;
}

TEST(ExposureResults, without_a_count_there_is_none) {
  const auto results = read_results(made_case("none"));
  ASSERT_TRUE(results.ok());
  EXPECT_FALSE(results.value().has_value());
}

TEST(ExposureResults, the_newest_count_is_read_as_it_was_written) {
  const std::string folder = made_case("newest");
  ExposureResults first = some_results();
  ASSERT_TRUE(write_results(folder, first).ok());
  ExposureResults written = some_results();
  written.bases[0].lower = 11;
  ASSERT_TRUE(write_results(folder, written).ok());
  EXPECT_EQ(written.number, 2U);
  const auto read = read_results(folder);
  ASSERT_TRUE(read.ok() && read.value());
  const ExposureResults& results = *read.value();
  EXPECT_EQ(results.sha256, written.sha256);
  EXPECT_EQ(results.bases[0].lower, 11U);
  EXPECT_EQ(results.bases[0].upper, 12U);
  EXPECT_TRUE(results.bases[0].is_at_least);
  EXPECT_FALSE(results.bases[3].upper);
  ASSERT_EQ(results.tables.size(), 1U);
  EXPECT_EQ(results.tables[0].recognised.at(0).kind, persons::ColumnKind::hospital_number);
  EXPECT_EQ(results.unread.at(0).why, "packed with gzip");
  ASSERT_EQ(results.units.size(), 2U);
  EXPECT_EQ(results.units[0].path, "/mnt/good/pg");
  EXPECT_EQ(results.units[0].as_of_ns, 1'669'167'420'000'000'000);
  EXPECT_EQ(results.units[1].as_of_ns, 0);
  EXPECT_EQ(results.findings.size(), 1U);
  EXPECT_EQ(results.rule, counting_rule());
}

TEST(ExposureResults, what_is_cut_is_refused_and_what_is_changed_never_contradicts_itself) {
  const std::string folder = made_case("changed");
  ExposureResults written = some_results();
  ASSERT_TRUE(write_results(folder, written).ok());
  const auto text = os::read_own_file(folder + "/exposure/0001.json", 1 << 20);
  ASSERT_TRUE(text.ok());
  ASSERT_TRUE(parse_results(text.value()).ok());
  for (std::size_t at = 0; at + 2 < text.value().size(); ++at) {
    EXPECT_FALSE(parse_results(std::string_view(text.value()).substr(0, at)).ok());
    std::string changed = text.value();
    changed[at] = static_cast<char>(changed[at] ^ 0x04);
    const auto parsed = parse_results(changed);
    if (!parsed.ok()) continue;
    for (const PersonBounds& bounds : parsed.value().bases)
      EXPECT_TRUE(!bounds.upper || bounds.lower.value_or(0) <= *bounds.upper);
  }
  EXPECT_FALSE(parse_results(std::string(100'000, '[')).ok());
  EXPECT_FALSE(parse_results("").ok());
}

TEST(ExposureWords, unknown_is_said_and_never_none) {
  PersonBounds bounds;
  EXPECT_EQ(words_of(bounds), "unknown");
  bounds.lower = 5;
  bounds.upper = 5;
  EXPECT_EQ(words_of(bounds), "5 persons");
  bounds.upper = 1200;
  bounds.is_at_least = true;
  EXPECT_EQ(words_of(bounds), "between 5 and 1 200 persons, and more may be in what could not be read");
}

}  // namespace
}  // namespace lastgood::exposure
