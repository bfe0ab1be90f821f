// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that papers are compared with what lies there, and with a backup, which is said, where that does not answer.
#include "sheets/ask_patients.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sheets/testing/nights_of_copies.h"

namespace lastgood::sheets::testing {
namespace {

/// Whom the last answer names.
class Names final : public engines::RowSink {
 public:
  void on_columns(std::span<const std::string> /*names*/) override { names.clear(); }
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    names.emplace_back(values[2].value_or(""));
    return true;
  }
  std::vector<std::string> names;
};

class AskPatients : public MakeSheets {
 protected:
  void SetUp() override {
    MakeSheets::SetUp();
    question_.unit = service_.data[0];
    question_.sql = "select patients";
    question_.live = "what lies there";
    question_.live_root = folder_ / "live";
  }
  base::Result<AskedPatients> ask() {
    CaseOfSheets of{folder_ / "case", store_, *ledger_, prompt_};
    MakeOptions options;
    options.scratch = folder_.path();
    options.open_server = &open_fake;
    return ask_patients(of, question_, options, names_);
  }

  PatientQuestion question_;
  Names names_;
};

const std::vector<std::string> k_live = {"liv", "liv"};
const std::vector<std::string> k_newest = {"new", "new"};

TEST_F(AskPatients, WhatLiesThereIsAskedFirst) {
  write("live/srv/pg/says", "liv");
  judge("consistent");
  const auto asked = ask();
  ASSERT_TRUE(asked.ok()) << asked.error().what;
  EXPECT_EQ(names_.names, k_live);
  EXPECT_EQ(asked.value().live_did_not, "");
}

TEST_F(AskPatients, WhereItsTableIsBrokenTheBackupStandsInAndThatIsSaid) {
  write("live/srv/pg/says", "liv broken select patients");
  judge("consistent");
  const auto asked = ask();
  ASSERT_TRUE(asked.ok()) << asked.error().what;
  EXPECT_EQ(names_.names, k_newest);
  EXPECT_EQ(asked.value().live_did_not, "what lies there: invalid page in block 0");
  EXPECT_TRUE(asked.value().source.starts_with("backup nas")) << asked.value().source;
}

TEST_F(AskPatients, WithoutAnyBackupWhatLiesThereSaysItselfWhyNot) {
  write("live/srv/pg/says", "liv broken select patients");
  const auto asked = ask();
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().what, "invalid page in block 0");
}

TEST_F(AskPatients, OnThisMachineItIsFoundByALinkToo) {
  write("real/says", "liv");
  std::filesystem::create_directory_symlink(folder_ / "real", folder_ / "link");
  question_.unit.path = folder_ / "link";
  question_.live_root = "/";
  const auto asked = ask();
  ASSERT_TRUE(asked.ok()) << asked.error().what;
  EXPECT_EQ(names_.names, k_live);
}

TEST_F(AskPatients, WithoutAQuestionItIsThatOfThePackWhoseTablesAreThere) {
  write("live/srv/pg/says", "liv broken select other");
  Fingerprint tables{.data = "pg", .kind = services::DataKind::postgresql, .needs = {{"bed", {"ward"}}}};
  question_.sql.clear();
  question_.packs = {{.id = "other", .fingerprints = {tables}, .patient_data = "pg", .patient_sql = "select other"}};
  auto asked = ask();
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().what, "no pack has its tables, and says how patients are asked for");
  tables.needs = {{"patient", {"uhid", "name"}}};
  question_.packs.push_back({.id = "his", .fingerprints = {tables}, .patient_data = "pg", .patient_sql = "select his"});
  asked = ask();
  ASSERT_TRUE(asked.ok()) << asked.error().what;
  EXPECT_EQ(names_.names, k_live);
}

TEST_F(AskPatients, OfADatabaseThatNoPackKnowsTheWayToAskItIsSaid) {
  judge("consistent");
  CaseOfSheets of{folder_ / "case", store_, *ledger_, prompt_};
  MakeOptions options;
  options.scratch = folder_.path();
  options.open_server = &open_fake;
  const auto question = find_patient_question(of, {}, options);
  ASSERT_FALSE(question.ok());
  EXPECT_EQ(question.error().hint.find("judge a backup"), std::string::npos) << question.error().hint;
  EXPECT_NE(question.error().hint.find("--patients PATH --kind KIND --sql"), std::string::npos)
      << question.error().hint;
}

}  // namespace
}  // namespace lastgood::sheets::testing
