// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a dossier says no more than its data: levels apart, old data lowered, what is missing unknown, no places
// but countries, and no banned words whatever the data holds.
#include "dossier/dossier.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"
#include "documents/write_document.h"
#include "dossier/write_dossier.h"
#include "network/testing/made_data.h"

namespace lastgood::dossier {

namespace {

class DossierOfMadeData : public ::testing::Test {
 protected:
  void SetUp() override {
    network::testing::make_data(scratch_.path());
    auto opened = network::open_address_data(scratch_.path());
    ASSERT_TRUE(opened.ok());
    data_ = std::move(opened).value();
  }
  Dossier made(const char* address, const char* seen) {
    return make_dossier(&data_, *model::parse_ip(address), *seen == 0 ? std::nullopt : base::parse_rfc3339(seen));
  }
  static const Statement& at(const Dossier& dossier, Level level) {
    for (const Statement& statement : dossier.statements) {
      if (statement.level == level) return statement;
    }
    ADD_FAILURE() << name_of(level);
    return dossier.statements.front();
  }
  static std::string text(const Dossier& dossier) {
    documents::Document document;
    document.title = "T";
    document.blocks = dossier_blocks(dossier, {});
    const auto written = documents::write_document(document, documents::Form::text);
    EXPECT_TRUE(written.ok()) << written.error().what;
    return written.ok() ? written.value() : "";
  }

  os::testing::ScratchFolder scratch_;
  network::AddressData data_;
};

TEST(Dossier, an_answer_of_a_provider_takes_the_place_of_the_sentence_that_there_is_none) {
  Dossier made = make_dossier(nullptr, *model::parse_ip("1.2.3.4"), std::nullopt);
  const std::size_t before = made.statements.size();
  add_answers(made, {});
  ASSERT_EQ(made.statements.size(), before);
  EXPECT_EQ(made.statements.back().strength, Strength::unknown);
  const std::vector<ProviderAnswer> answers = {
      {.provider = "Net One", .says = "customer 17", .evidence = "E-0007", .recorded = "2022-12-01T00:00:00Z"}};
  add_answers(made, answers);
  ASSERT_EQ(made.statements.size(), before);
  EXPECT_EQ(made.statements.back().level, Level::confirmed);
  EXPECT_EQ(made.statements.back().strength, Strength::as_said);
  EXPECT_EQ(made.statements.back().quoted, "Net One: customer 17");
  EXPECT_NE(made.statements.back().sources.at(0).find("E-0007"), std::string::npos);
}

}  // namespace

TEST_F(DossierOfMadeData, keeps_its_levels_apart) {
  const Dossier dossier = made("1.2.3.4", "2022-11-23T01:30:00Z");
  EXPECT_NE(at(dossier, Level::registered).says.find("HK (Hong Kong)"), std::string::npos);
  EXPECT_EQ(at(dossier, Level::registered).strength, Strength::as_said);
  EXPECT_EQ(at(dossier, Level::registered).gap_days, 3);
  EXPECT_EQ(at(dossier, Level::announced).quoted, "Example Cloud (HK), Limited");
  EXPECT_NE(at(dossier, Level::estimated).says.find("2 of 3 databases place it in HK"), std::string::npos);
  EXPECT_EQ(at(dossier, Level::confirmed).strength, Strength::unknown);
  EXPECT_EQ(dossier.registered_country, "HK");
  EXPECT_NE(text(dossier).find("not who used it or where that person was"), std::string::npos);
}

TEST_F(DossierOfMadeData, lowers_what_data_of_another_time_says) {
  EXPECT_EQ(at(made("1.2.3.4", "2022-11-23T01:30:00Z"), Level::estimated).strength, Strength::lowered)
      << "one of its sources is of June";
  const Dossier later = made("1.2.3.4", "2022-12-21T00:00:00Z");
  EXPECT_EQ(at(later, Level::registered).gap_days, 31);
  EXPECT_EQ(at(later, Level::registered).strength, Strength::lowered);
  EXPECT_EQ(at(made("1.2.3.4", "2022-12-20T00:00:00Z"), Level::registered).strength, Strength::as_said)
      << "thirty days";
  const Dossier no_time = made("1.2.3.4", "");
  EXPECT_FALSE(at(no_time, Level::registered).gap_days);
  EXPECT_EQ(at(no_time, Level::registered).strength, Strength::lowered);
  EXPECT_NE(text(no_time).find("The time of the observation is unknown"), std::string::npos);
}

TEST_F(DossierOfMadeData, uses_an_exit_list_for_its_own_day_only) {
  EXPECT_NE(text(made("5.6.7.8", "2022-11-23T01:30:00Z")).find("an exit of the Tor network on that day"),
            std::string::npos);
  EXPECT_NE(text(made("5.6.7.8", "2022-11-24T01:30:00Z")).find("no list of that day installed"), std::string::npos);
}

TEST_F(DossierOfMadeData, says_unknown_where_nothing_is_known) {
  const Dossier dossier = make_dossier(nullptr, *model::parse_ip("1.2.3.4"), std::nullopt);
  for (const Statement& statement : dossier.statements) EXPECT_EQ(statement.strength, Strength::unknown);
  EXPECT_NE(text(dossier).find("unknown: no data set installed"), std::string::npos);
  EXPECT_NE(text(made("99.1.1.1", "2022-11-23T01:30:00Z")).find("the data does not say who announces the address"),
            std::string::npos);
}

TEST_F(DossierOfMadeData, asks_nobody_about_addresses_inside_networks) {
  EXPECT_NE(text(made("10.0.0.1", "2022-11-23T01:30:00Z")).find("no provider can be asked"), std::string::npos);
}

TEST(Dossier, quotes_names_of_networks_whatever_they_say) {
  Dossier dossier;
  dossier.address = *model::parse_ip("1.2.3.4");
  Statement statement;
  statement.says = "announced to the internet by AS1";
  statement.quoted = "traced to the perpetrator Ltd";
  dossier.statements = {statement};
  documents::Document document;
  document.title = "T";
  document.blocks = dossier_blocks(dossier, {});
  EXPECT_TRUE(documents::write_document(document, documents::Form::text).ok());
}

}  // namespace lastgood::dossier
