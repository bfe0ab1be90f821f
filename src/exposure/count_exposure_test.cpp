// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the four bases are decided each by its own evidence: take one away and its sentence says unknown.
#include "exposure/count_exposure.h"

#include <gtest/gtest.h>

#include "casefile/testing/memory_case_store.h"
#include "exposure/encrypted_paths.h"
#include "exposure/learnt_tables.h"

namespace lastgood::exposure {
namespace {

ExposureResults counted() {
  ExposureResults results;
  results.table_files = 3;
  results.bases[0].count = {.rows = 100, .lower = 40, .upper = 50};
  results.bases[1].count = {.rows = 10, .lower = 4, .upper = 5};
  return results;
}

const PersonBounds& bounds_in(const ExposureResults& results, Basis basis) {
  return results.bases.at(static_cast<std::size_t>(basis));
}

TEST(DecideBounds, everything_read_is_final_and_anything_unread_keeps_the_bound_open) {
  ExposureResults results = counted();
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::held).standing, Standing::final);
  EXPECT_FALSE(bounds_in(results, Basis::held).is_at_least);
  results.unread_count = 2;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::held).standing, Standing::estimate);
  EXPECT_TRUE(bounds_in(results, Basis::held).is_at_least);
  EXPECT_NE(bounds_in(results, Basis::held).reason.find("2 files could not be read, which is not none"),
            std::string::npos);
}

TEST(DecideBounds, a_file_that_breaks_off_keeps_the_bound_open) {
  ExposureResults results = counted();
  results.finding_count = 1;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::held).standing, Standing::estimate);
  EXPECT_TRUE(bounds_in(results, Basis::held).is_at_least);
}

TEST(DecideBounds, letters_and_pictures_beside_the_tables_keep_a_count_from_being_final) {
  ExposureResults results = counted();
  results.other_files = 1;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::held).standing, Standing::estimate);
  EXPECT_FALSE(bounds_in(results, Basis::held).is_at_least);
}

TEST(LearntTables, a_column_that_promises_numbers_and_holds_others_is_told) {
  const FileRules rules{
      .secret = {}, .same_numbers = {}, .cancelled = [] { return false; }, .read_on = [](std::uint64_t) {}};
  const std::vector<std::string> columns = {"aadhaar", "x"};
  LearntTables learnt;
  LearntTable* const found = learnt.find_or_add({.name = "list", .database = {}, .columns = columns});
  ASSERT_NE(found, nullptr);
  for (int i = 0; i < 10; ++i) {
    found->statistics[0].see("2.34568E+11");
    found->statistics[1].see("y");
  }
  learnt.decide("label", rules);
  EXPECT_FALSE(learnt.speaks_of_persons());
  ASSERT_EQ(learnt.broken_promises().size(), 1U);
  EXPECT_NE(learnt.broken_promises()[0].find("'aadhaar' promises aadhaar"), std::string::npos);
}

TEST(DecideBounds, without_evidence_access_and_egress_are_unknown) {
  ExposureResults results = counted();
  decide_bounds({}, results);
  for (const Basis basis : {Basis::readable, Basis::leaving}) {
    EXPECT_EQ(bounds_in(results, basis).standing, Standing::unknown);
    EXPECT_FALSE(bounds_in(results, basis).upper);
  }
}

TEST(DecideBounds, evidence_of_access_shows_at_most_what_was_held_and_nothing_of_egress) {
  ExposureResults results = counted();
  ExposureRequest request;
  request.access_shown = "E-0002";
  decide_bounds(request, results);
  const PersonBounds& readable = bounds_in(results, Basis::readable);
  EXPECT_EQ(readable.standing, Standing::estimate);
  EXPECT_EQ(readable.lower, 0U);
  EXPECT_EQ(readable.upper, 50U);
  EXPECT_EQ(readable.evidence, "E-0002");
  EXPECT_EQ(bounds_in(results, Basis::leaving).standing, Standing::unknown);
}

TEST(DecideBounds, encrypted_files_without_a_readable_copy_are_unknown_and_not_none) {
  ExposureResults results = counted();
  results.encrypted_files = 7;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).standing, Standing::unknown);
  EXPECT_FALSE(bounds_in(results, Basis::encrypted).upper);
  results.encrypted_with_copy = 5;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).standing, Standing::estimate);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).upper, 5U);
  EXPECT_TRUE(bounds_in(results, Basis::encrypted).is_at_least);
  results.encrypted_with_copy = 7;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).standing, Standing::final);
}

TEST(DecideBounds, no_person_in_the_few_copies_that_were_read_is_unknown_and_not_none) {
  ExposureResults results = counted();
  results.bases[1].count = {};
  results.encrypted_files = 2229;
  results.encrypted_with_copy = 4;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).standing, Standing::unknown);
  EXPECT_FALSE(bounds_in(results, Basis::encrypted).upper);
  EXPECT_NE(bounds_in(results, Basis::encrypted).reason.find("no person was found in readable copies of 4 of 2 229"),
            std::string::npos);
  results.encrypted_with_copy = 2229;
  decide_bounds({}, results);
  EXPECT_EQ(bounds_in(results, Basis::encrypted).upper, 0U);
}

TEST(EncryptedPaths, names_without_a_known_extension_lose_what_the_campaign_of_their_scan_appended) {
  casefile::testing::MemoryCaseStore store;
  const std::int64_t scan = store.begin_scan({.roots = {"/srv"}}).value();
  std::vector<model::FileRecord> files;
  for (const char* path :
       {"/srv/pg/global/pg_control.bak9", "/srv/mysql/ibdata1.bak9", "/srv/x.pdf.bak9", "/srv/.bak9"})
    files.push_back({.path = path, .verdict = model::Verdict::encrypted});
  files[2].original_name = "x.pdf";
  ASSERT_TRUE(store.record_files(scan, files, {}).ok());
  ASSERT_TRUE(store.record_campaigns(scan, std::vector<model::Campaign>{{.extension = ".bak9"}}).ok());
  ASSERT_TRUE(store.finish_scan(scan, 1, {}).ok());
  const auto paths = EncryptedPaths::read(store);
  ASSERT_TRUE(paths.ok());
  EXPECT_TRUE(paths.value().is_copy_of_one("/srv/pg/global/pg_control", "/srv/pg"));
  EXPECT_TRUE(paths.value().is_copy_of_one("/mnt/good/srv/mysql/ibdata1", "/mnt/good"));
  EXPECT_TRUE(paths.value().is_copy_of_one("/mnt/good/x.pdf", "/mnt/good"));
  EXPECT_FALSE(paths.value().is_copy_of_one("/srv/pg/global/pg_filenode.map", "/srv/pg"));
  EXPECT_TRUE(paths.value().is_copy_of_one("/srv/.bak9", "/srv"));
}

TEST(EncryptedPaths, stay_known_when_they_were_brought_back_and_scanned_again) {
  casefile::testing::MemoryCaseStore store;
  const auto scan = [&](std::vector<model::FileRecord> files, std::vector<model::Campaign> campaigns) {
    const std::int64_t id = store.begin_scan({.host = "db1", .roots = {"/srv"}}).value();
    ASSERT_TRUE(store.record_files(id, files, {}).ok());
    ASSERT_TRUE(store.record_campaigns(id, campaigns).ok());
    ASSERT_TRUE(store.finish_scan(id, 1, {}).ok());
  };
  scan({{.path = "/srv/pg/base/1.bak9", .verdict = model::Verdict::encrypted},
        {.path = "/srv/pg/base/2.bak9", .verdict = model::Verdict::encrypted}},
       {{.extension = ".bak9"}});
  // Brought back but for one, which alone makes no campaign any more.
  scan({{.path = "/srv/pg/base/1", .verdict = model::Verdict::intact},
        {.path = "/srv/pg/base/2.bak9", .verdict = model::Verdict::encrypted}},
       {});
  const auto paths = EncryptedPaths::read(store);
  ASSERT_TRUE(paths.ok());
  EXPECT_EQ(paths.value().count(), 2U);
  EXPECT_TRUE(paths.value().is_copy_of_one("/srv/pg/base/1", "/srv/pg"));
  EXPECT_FALSE(paths.value().is_encrypted("/srv/pg/base/1.bak9")) << "it is not there any more";
  EXPECT_TRUE(paths.value().is_encrypted("/srv/pg/base/2.bak9"));
}

TEST(Numbering, spellings_of_a_patients_own_id_are_one_and_other_numberings_are_not) {
  EXPECT_EQ(numbering_of("patient_id", "visits"), numbering_of("id", "patients"));
  EXPECT_EQ(numbering_of("PatientID", "x"), numbering_of("pat_no", "y"));
  EXPECT_EQ(numbering_of("MRN_No", "x"), numbering_of("mrn", "y"));
  EXPECT_NE(numbering_of("mrn", "x"), numbering_of("uhid", "x"));
}

TEST(LearntTables, a_table_of_drugs_with_names_is_about_no_persons_and_one_of_patients_is) {
  const FileRules rules{
      .secret = {}, .same_numbers = {}, .cancelled = [] { return false; }, .read_on = [](std::uint64_t) {}};
  const std::vector<std::string> columns = {"code", "name"};
  for (const auto& [table, is_about_persons] : {std::pair("drugs", false), std::pair("patients", true)}) {
    LearntTables learnt;
    LearntTable* const found = learnt.find_or_add({.name = table, .database = {}, .columns = columns});
    ASSERT_NE(found, nullptr);
    for (int i = 0; i < 10; ++i) {
      found->statistics[0].see("x");
      found->statistics[1].see("Some Name");
    }
    learnt.decide("label", rules);
    EXPECT_EQ(learnt.speaks_of_persons(), is_about_persons) << table;
  }
}

}  // namespace
}  // namespace lastgood::exposure
