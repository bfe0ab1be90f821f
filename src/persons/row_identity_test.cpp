// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves whose row a row is: which identifier counts it, which join it, and that spelling does not matter.
#include "persons/row_identity.h"

#include <gtest/gtest.h>

#include "persons/verhoeff.h"

namespace lastgood::persons {
namespace {

using Basis = RowIdentity::Basis;

RowReader reader_of(const std::vector<ColumnKind>& kinds) {
  std::vector<IdentityColumn> columns;
  for (const ColumnKind kind : kinds) columns.push_back({.kind = kind});
  return RowReader(std::move(columns), PersonSecret{3});
}

RowIdentity read(RowReader& reader, const std::vector<std::string_view>& values) { return reader.read(values); }

const std::string k_aadhaar = [] {
  const std::string body = "23456789012";
  return body + verhoeff_digit(body);
}();

TEST(RowIdentity, the_same_number_in_other_spellings_is_the_same_key) {
  RowReader reader = reader_of({ColumnKind::aadhaar});
  const std::string spaced = k_aadhaar.substr(0, 4) + " " + k_aadhaar.substr(4, 4) + " " + k_aadhaar.substr(8);
  EXPECT_EQ(read(reader, {k_aadhaar}).primary, read(reader, {spaced}).primary);
  RowReader hospital = reader_of({ColumnKind::hospital_number});
  EXPECT_EQ(read(hospital, {"UH-0012"}).primary, read(hospital, {" uh 0012 "}).primary);
  RowReader phone = reader_of({ColumnKind::phone});
  EXPECT_EQ(read(phone, {"+91 98765 43210"}).primary, read(phone, {"09876543210"}).primary);
  EXPECT_EQ(read(phone, {"9876543210"}).basis, Basis::contact);
}

TEST(RowIdentity, a_number_that_fails_its_checksum_identifies_nobody) {
  RowReader reader = reader_of({ColumnKind::aadhaar, ColumnKind::person_name});
  std::string wrong = k_aadhaar;
  wrong[5] = wrong[5] == '9' ? '0' : '9';
  EXPECT_EQ(read(reader, {wrong, "Asha Devi"}).basis, Basis::unnamed);
  EXPECT_EQ(read(reader, {wrong, ""}).basis, Basis::unnamed) << "mistyped: somebody's row, and one more at most";
  EXPECT_EQ(read(reader, {"not given", ""}).basis, Basis::none);
}

TEST(RowIdentity, digits_of_indian_scripts_are_digits) {
  RowReader number = reader_of({ColumnKind::aadhaar});
  RowReader birth = reader_of({ColumnKind::hospital_number, ColumnKind::phone, ColumnKind::date_of_birth});
  for (const auto& zero : {"\u0966", "\u09E6", "\u0A66", "\u0AE6", "\u0B66", "\u0BE6", "\u0C66", "\u0CE6", "\u0D66",
                           "\u0660", "\u06F0", "\uFF10"}) {
    const auto written = [&](std::string_view ascii) {
      std::string out;
      for (const char c : ascii) {
        std::string digit = zero;
        digit.back() = static_cast<char>(digit.back() + (c - '0'));
        out += c >= '0' && c <= '9' ? digit : std::string(1, c);
      }
      return out;
    };
    EXPECT_EQ(read(number, {k_aadhaar}).primary, read(number, {written(k_aadhaar)}).primary) << written("0");
    const RowIdentity one = read(birth, {"UH-1", "9876543210", "31/12/1980"});
    const RowIdentity other = read(birth, {written("UH-1"), written("9876543210"), written("31/12/1980")});
    EXPECT_EQ(one.primary, other.primary);
    EXPECT_EQ(one.others, other.others);
  }
}

TEST(RowIdentity, a_birthday_with_a_year_of_two_digits_is_the_same_day) {
  const auto day = [](std::string_view text) { return normal_value(ColumnKind::date_of_birth, DayPlace::first, text); };
  EXPECT_EQ(day("31-DEC-80"), day("1980-12-31"));
  EXPECT_EQ(day("31/12/80"), day("1980-12-31"));
  EXPECT_EQ(day("01-Jan-12"), day("2012-01-01"));
  EXPECT_EQ(day("1.2.80"), "") << "a version";
  EXPECT_EQ(day("10:11:45"), "") << "a time";
  EXPECT_EQ(day("1/2/80"), "19800201");
  EXPECT_EQ(day("123"), "");
}

TEST(RowIdentity, the_preferred_identifier_does_not_depend_on_the_order_of_columns) {
  RowReader one = reader_of({ColumnKind::hospital_number, ColumnKind::aadhaar});
  RowReader other = reader_of({ColumnKind::aadhaar, ColumnKind::hospital_number});
  const RowIdentity first = read(one, {"UH-1", k_aadhaar});
  const RowIdentity second = read(other, {k_aadhaar, "UH-1"});
  EXPECT_EQ(first.primary, second.primary);
  ASSERT_EQ(first.others.size(), 1U);
  EXPECT_EQ(first.others, second.others);
}

TEST(RowIdentity, phone_and_birth_join_rows_and_a_company_is_no_person) {
  RowReader reader =
      reader_of({ColumnKind::hospital_number, ColumnKind::phone, ColumnKind::date_of_birth, ColumnKind::pan});
  const RowIdentity a = read(reader, {"UH-1", "9876543210", "31/12/1980", ""});
  const RowIdentity b = read(reader, {"UH-2", "+919876543210", "1980-12-31", "ABCCK1234Z"});
  ASSERT_EQ(a.others.size(), 1U);
  EXPECT_EQ(a.others, b.others);
  EXPECT_NE(a.primary, b.primary);
}

TEST(RowIdentity, without_numbers_a_name_with_birth_or_contact_counts_and_a_name_alone_does_not_tell_who) {
  RowReader reader = reader_of({ColumnKind::person_name, ColumnKind::date_of_birth, ColumnKind::phone});
  EXPECT_EQ(read(reader, {"Asha Devi", "1980-12-31", ""}).basis, Basis::identifier);
  EXPECT_EQ(read(reader, {"ASHA  DEVI", "31/12/1980", ""}).primary,
            read(reader, {"Asha Devi", "1980-12-31", ""}).primary);
  EXPECT_EQ(read(reader, {"Asha Devi", "", ""}).basis, Basis::unnamed);
  EXPECT_EQ(read(reader, {"", "1980-12-31", "9876543210"}).basis, Basis::identifier);
  EXPECT_EQ(read(reader, {"", "", ""}).basis, Basis::none);
}

TEST(RowIdentity, stand_ins_are_no_values) {
  RowReader reader = reader_of({ColumnKind::hospital_number, ColumnKind::phone});
  for (const std::string_view stand_in : {"", "NULL", "-", "0", "N/A", "0000000000"})
    EXPECT_EQ(read(reader, {stand_in, ""}).basis, Basis::none) << stand_in;
  EXPECT_EQ(read(reader, {"", "9999999999"}).basis, Basis::none);
}

TEST(RowIdentity, another_persons_columns_do_not_say_whose_row_it_is) {
  RowReader reader({{.kind = ColumnKind::person_name, .is_somebody_else = true}, {.kind = ColumnKind::phone}},
                   PersonSecret{3});
  EXPECT_EQ(read(reader, {"Dr Rao", "9876543210"}).basis, Basis::contact);
}

}  // namespace
}  // namespace lastgood::persons
