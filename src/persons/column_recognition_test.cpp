// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that columns are told apart by all their values: a thousand columns of telephone numbers, time stamps and
// serial numbers of twelve digits are never Aadhaar, and of a thousand dirty Aadhaar columns at most one is missed.
#include "persons/column_recognition.h"

#include <random>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "persons/name_hints.h"
#include "persons/verhoeff.h"

namespace lastgood::persons {
namespace {

using Random = std::mt19937_64;

std::string digits(Random& random, std::size_t count) {
  std::string out;
  while (out.size() < count) out += static_cast<char>('0' + random() % 10);
  return out;
}

std::string aadhaar(Random& random) {
  const std::string body = static_cast<char>('2' + random() % 8) + digits(random, 10);
  return body + verhoeff_digit(body);
}

ColumnJudgement judged(const std::vector<std::string>& values, std::string_view name = "c1",
                       std::string_view table = "t") {
  ColumnStatistics statistics;
  for (const std::string& value : values) statistics.see(value);
  return decide_column(statistics, name, table);
}

TEST(Verhoeff, accepts_known_numbers_and_notices_every_changed_digit_and_every_exchange_of_neighbours) {
  EXPECT_TRUE(passes_verhoeff("2363"));  // the example of the literature: 236 has check digit 3
  EXPECT_TRUE(passes_verhoeff("123451"));
  EXPECT_FALSE(passes_verhoeff(""));
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const std::string good = aadhaar(random);
    ASSERT_TRUE(passes_verhoeff(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (char c = '0'; c <= '9'; ++c) {
        std::string changed = good;
        changed[at] = c;
        EXPECT_EQ(passes_verhoeff(changed), c == good[at]);
      }
      if (at == 0 || good[at] == good[at - 1]) continue;
      std::string exchanged = good;
      std::swap(exchanged[at], exchanged[at - 1]);
      EXPECT_FALSE(passes_verhoeff(exchanged));
    }
  }
}

/// A column of one of the kinds of twelve digits that are no Aadhaar numbers.
std::vector<std::string> innocent_column(int kind, Random& random) {
  const std::size_t count = 200 + random() % 800;
  std::vector<std::string> values;
  std::uint64_t serial = 200'000'000'000 + random() % 700'000'000'000;
  const std::uint64_t step = 1 + random() % 50;
  for (std::size_t i = 0; i < count; ++i) {
    if (kind == 0) values.push_back("91" + std::string(1, static_cast<char>('6' + random() % 4)) + digits(random, 9));
    if (kind == 1)
      values.push_back(fmt::format("20{:02}{:02}{:02}{:02}{:02}", random() % 30, 1 + random() % 12, 1 + random() % 28,
                                   random() % 24, random() % 60));
    if (kind == 2) values.push_back(std::to_string(serial += step));
    if (kind == 3) values.push_back("9876543210" + fmt::format("{:02}", i % 3));  // few values, often repeated
  }
  return values;
}

TEST(ColumnRecognition, a_thousand_columns_of_phones_stamps_and_serials_are_never_aadhaar) {
  Random random(2);
  int wrong = 0;
  for (int column = 0; column < 1000; ++column)
    if (judged(innocent_column(column % 4, random), "number").kind == ColumnKind::aadhaar) ++wrong;
  EXPECT_EQ(wrong, 0);
}

TEST(ColumnRecognition, phones_with_country_code_are_called_phones) {
  Random random(3);
  EXPECT_EQ(judged(innocent_column(0, random), "contact_no").kind, ColumnKind::phone);
  EXPECT_EQ(judged(innocent_column(0, random), "x").kind, ColumnKind::phone);
  EXPECT_EQ(judged(innocent_column(2, random), "x").kind, ColumnKind::other);
}

TEST(ColumnRecognition, of_a_thousand_aadhaar_columns_with_five_percent_dirt_at_most_one_is_missed) {
  Random random(4);
  int found = 0;
  for (int column = 0; column < 1000; ++column) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < 200 + random() % 300; ++i) {
      std::string value = aadhaar(random);
      if (random() % 20 == 0) {
        const std::uint64_t dirt = random() % 4;
        if (dirt == 0) value[random() % 12] = static_cast<char>('0' + random() % 10);
        if (dirt == 1) value.pop_back();
        if (dirt == 2) value = "NOT GIVEN";
        if (dirt == 3) value = digits(random, 10);
      } else if (column % 2 == 0) {
        value = value.substr(0, 4) + " " + value.substr(4, 4) + " " + value.substr(8);
      }
      values.push_back(value);
    }
    if (judged(values).kind == ColumnKind::aadhaar) ++found;
  }
  EXPECT_GE(found, 999);
}

TEST(ColumnRecognition, a_column_whose_name_promises_aadhaar_and_whose_values_do_not_pass_is_none_and_says_why) {
  Random random(5);
  const ColumnJudgement judgement = judged(innocent_column(0, random), "aadhaar_no");
  EXPECT_NE(judgement.kind, ColumnKind::aadhaar);
  ASSERT_FALSE(judgement.reasons.empty());
  EXPECT_NE(judgement.reasons[0].find("Verhoeff"), std::string::npos);
}

TEST(ColumnRecognition, few_aadhaar_numbers_need_the_name_of_their_column) {
  Random random(6);
  const std::vector<std::string> few = {aadhaar(random), aadhaar(random), aadhaar(random)};
  EXPECT_EQ(judged(few, "x").kind, ColumnKind::other);
  EXPECT_EQ(judged(few, "Aadhaar No").kind, ColumnKind::aadhaar);
}

TEST(ColumnRecognition, one_number_repeated_is_no_column_of_aadhaar_numbers) {
  Random random(7);
  EXPECT_NE(judged(std::vector<std::string>(1000, aadhaar(random))).kind, ColumnKind::aadhaar);
}

TEST(ColumnRecognition, every_other_kind_is_told_by_its_shape_or_its_name) {
  EXPECT_EQ(judged({"ABCPK1234Z", "XYZPL9876A", "AAAPL1111B"}).kind, ColumnKind::pan);
  EXPECT_EQ(judged({"91-1234-5678-9012", "91-1111-2222-3333"}).kind, ColumnKind::abha_number);
  EXPECT_EQ(judged({"asha@abdm", "ravi.k@abdm"}).kind, ColumnKind::abha_address);
  EXPECT_EQ(judged({"a@b.example.in", "c.d@e.example.in"}).kind, ColumnKind::email);
  EXPECT_EQ(judged({"UH-1", "UH-2"}, "UHID").kind, ColumnKind::hospital_number);
  EXPECT_EQ(judged({"1", "2"}, "id", "patients").kind, ColumnKind::hospital_number);
  EXPECT_EQ(judged({"1", "2"}, "id", "drugs").kind, ColumnKind::other);
  EXPECT_EQ(judged({"12/31/1980", "01/02/1990"}, "DateOfBirth").kind, ColumnKind::date_of_birth);
  EXPECT_EQ(judged({"12/31/1980", "01/02/1990"}, "DateOfBirth").day_place, DayPlace::second);
  EXPECT_EQ(judged({"Asha Devi", "Ravi K."}, "PatientName").kind, ColumnKind::person_name);
  EXPECT_EQ(judged({"Asha Devi", "Ravi K."}, "drug_name").kind, ColumnKind::other);
  EXPECT_EQ(judged({"110029", "560001"}, "pincode").kind, ColumnKind::pincode);
  EXPECT_EQ(judged({"", "NULL", "-"}, "uhid").kind, ColumnKind::other);
}

TEST(ColumnRecognition, time_stamps_of_fourteen_digits_are_no_abha_numbers) {
  std::vector<std::string> values;
  for (int i = 0; i < 300; ++i)
    values.push_back(fmt::format("202211{:02}{:02}{:02}{:02}", 1 + i % 28, i % 24, i % 60, i % 59));
  EXPECT_EQ(judged(values, "created").kind, ColumnKind::other);
}

TEST(Masking, leaves_the_last_four_of_a_number_and_nothing_of_names_dates_and_mail) {
  EXPECT_EQ(masked("2345 6789 0123"), "XXXX XXXX 0123");
  EXPECT_EQ(masked("UH-20220001"), "XX-XXXX0001");
  EXPECT_EQ(masked("Asha Devi"), "XXXX XXXX");
  EXPECT_EQ(masked("1980-12-31"), "XXXX-XX-XX");
  EXPECT_EQ(masked("asha@mail.example.in"), "XXXX@XXXX.XXXXXXX.XX");
  EXPECT_EQ(masked("42"), "XX");
}

TEST(NameHints, names_of_columns_are_read_in_every_spelling) {
  EXPECT_EQ(folded_name("PatientName"), "patient_name");
  EXPECT_EQ(folded_name("PATIENT NAME"), "patient_name");
  EXPECT_EQ(folded_name("UHIDNo"), "uhid_no");
  EXPECT_TRUE(names_somebody_else("FatherName"));
  EXPECT_FALSE(names_somebody_else("first_name"));
}

TEST(NameHints, names_of_columns_in_indian_languages_are_read) {
  EXPECT_EQ(hinted_kind("रोगी का नाम", "x"), ColumnKind::person_name);
  EXPECT_EQ(hinted_kind("जन्म तिथि", "x"), ColumnKind::date_of_birth);
  EXPECT_EQ(hinted_kind("மொபைல் எண்", "x"), ColumnKind::phone);
  EXPECT_TRUE(names_somebody_else("पिता का नाम"));
  EXPECT_EQ(hinted_kind("दवा", "x"), ColumnKind::other);
}

TEST(DistinctEstimate, is_within_a_tenth_from_few_to_many) {
  Random random(8);
  for (const std::size_t count : {10U, 1000U, 100'000U}) {
    DistinctEstimate distinct;
    for (std::size_t i = 0; i < count; ++i) distinct.see(random());
    EXPECT_NEAR(distinct.estimate(), static_cast<double>(count), 0.1 * static_cast<double>(count));
  }
}

}  // namespace
}  // namespace lastgood::persons
