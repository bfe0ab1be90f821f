// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/row_identity.h"

#include <algorithm>

#include <fmt/format.h>

#include "persons/value_shape.h"
#include "persons/verhoeff.h"

namespace lastgood::persons {

namespace {

/// Smaller is preferred. One order for all tables: who is counted by what must not depend on where a row stands, or two
/// identifiers could each be taken for the other's and nobody be counted.
int preference(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::hospital_number: return 0;
    case ColumnKind::aadhaar: return 1;
    case ColumnKind::abha_number: return 2;
    case ColumnKind::abha_address: return 3;
    case ColumnKind::aadhaar_vid: return 4;
    case ColumnKind::pan: return 5;
    case ColumnKind::phone:
    case ColumnKind::email:
    case ColumnKind::date_of_birth:
    case ColumnKind::person_name: return 6;
    case ColumnKind::pincode:
    case ColumnKind::other: break;
  }
  return 99;
}

char letter_of(ColumnKind kind) { return static_cast<char>('A' + static_cast<int>(kind)); }

enum class Separators : std::uint8_t { drop, join };

std::string folded_text(std::string_view text, Separators separators) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 32);
    } else if (c == ' ' || c == '.' || c == '-' || c == '/') {
      if (separators == Separators::join && !out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c;
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string folded_mail(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// One that a wrong digit spoils: the row is still somebody's.
bool is_checked_number(ColumnKind kind) {
  return kind == ColumnKind::aadhaar || kind == ColumnKind::aadhaar_vid || kind == ColumnKind::abha_number;
}

std::string normal_phone(const ValueShape& shape) {
  const std::string_view mobile = mobile_digits(shape);
  if (!mobile.empty())
    return mobile.find_first_not_of(mobile[0]) == std::string_view::npos ? std::string() : std::string(mobile);
  return is_other_phone(shape) ? std::string(shape.digit_text()) : std::string();
}

}  // namespace

std::string normal_value(ColumnKind kind, DayPlace day_place, std::string_view value) {
  std::string scratch;
  const ValueShape shape = shape_of(value, scratch);
  if (is_missing(shape)) return {};
  switch (kind) {
    case ColumnKind::aadhaar:
      if (!is_aadhaar_shape(shape) || !passes_verhoeff(shape.digit_text())) return {};
      return std::string(shape.digit_text());
    case ColumnKind::aadhaar_vid:
      if (shape.digit_count != 16 || !shape.is_number() || !passes_verhoeff(shape.digit_text())) return {};
      return std::string(shape.digit_text());
    case ColumnKind::abha_number:
      return shape.digit_count == 14 && shape.is_number() ? std::string(shape.digit_text()) : std::string();
    case ColumnKind::abha_address: return is_abha_address(shape) ? folded_mail(shape.text) : std::string();
    case ColumnKind::pan:
      // The fourth letter: P is an individual; companies and trusts are no persons.
      if (!is_pan(shape) || (shape.text[3] != 'P' && shape.text[3] != 'p')) return {};
      return folded_text(shape.text, Separators::drop);
    case ColumnKind::hospital_number:
      return shape.text.size() <= 64 ? folded_text(shape.text, Separators::drop) : std::string();
    case ColumnKind::phone: return normal_phone(shape);
    case ColumnKind::email: return is_email(shape) ? folded_mail(shape.text) : std::string();
    case ColumnKind::date_of_birth: {
      const auto date = find_date(shape, day_place);
      return date ? fmt::format("{:04}{:02}{:02}", date->year, date->month, date->day) : std::string();
    }
    case ColumnKind::person_name:
      return is_name_shape(shape) ? folded_text(shape.text, Separators::join) : std::string();
    case ColumnKind::pincode:
    case ColumnKind::other: break;
  }
  return {};
}

RowReader::RowReader(std::vector<IdentityColumn> columns, const PersonSecret& secret)
    : keys_(secret), columns_(std::move(columns)) {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (preference(columns_[i].kind) < 99 && !columns_[i].is_somebody_else) used_.push_back(i);
  std::stable_sort(used_.begin(), used_.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(preference(columns_[a].kind), std::string_view(columns_[a].space)) <
           std::pair(preference(columns_[b].kind), std::string_view(columns_[b].space));
  });
}

void RowReader::take_number(char kind, std::string_view space, std::string_view normal) {
  const PersonKey key = keys_.make(kind, space, normal);
  if (!has_primary_) {
    has_primary_ = true;
    row_.primary = key;
  } else if (key != row_.primary) {
    row_.others.push_back(key);
  }
}

void RowReader::take(const IdentityColumn& column, std::string_view value) {
  const std::string normal = normal_value(column.kind, column.day_place, value);
  if (normal.empty()) {
    is_mistyped_ = is_mistyped_ || (is_checked_number(column.kind) && !is_missing(shape_of(value)));
    return;
  }
  switch (column.kind) {
    case ColumnKind::phone:
      if (phone_.empty()) phone_ = normal;
      return;
    case ColumnKind::email:
      if (email_.empty()) email_ = normal;
      return;
    case ColumnKind::date_of_birth:
      if (birth_.empty()) birth_ = normal;
      return;
    case ColumnKind::person_name:
      // First, middle and last name stand in columns of their own.
      name_ += name_.empty() ? normal : " " + normal;
      return;
    case ColumnKind::hospital_number:
    case ColumnKind::aadhaar:
    case ColumnKind::aadhaar_vid:
    case ColumnKind::abha_number:
    case ColumnKind::abha_address:
    case ColumnKind::pan: take_number(letter_of(column.kind), column.space, normal); return;
    case ColumnKind::pincode:
    case ColumnKind::other: return;
  }
}

/// What rows have that hold no good number of their person.
void RowReader::describe() {
  const bool has_contact = !phone_.empty() || !email_.empty();
  if (!name_.empty() && (has_contact || !birth_.empty())) {
    take_number('n', name_, fmt::format("{}|{}|{}", birth_, phone_, email_));
  } else if (!birth_.empty() && has_contact) {
    // Counted by the keys that are made of these below.
  } else if (!name_.empty() || !birth_.empty()) {
    row_.basis = RowIdentity::Basis::unnamed;
  } else if (has_contact) {
    row_.basis = RowIdentity::Basis::contact;
    row_.primary = phone_.empty() ? keys_.make('m', "", email_) : keys_.make('t', "", phone_);
  } else if (is_mistyped_) {
    row_.basis = RowIdentity::Basis::unnamed;
  }
}

const RowIdentity& RowReader::read(std::span<const std::string_view> values) {
  row_.basis = RowIdentity::Basis::none;
  row_.others.clear();
  has_primary_ = false;
  is_mistyped_ = false;
  for (std::string* text : {&name_, &phone_, &email_, &birth_}) text->clear();
  for (const std::size_t i : used_)
    if (i < values.size()) take(columns_[i], values[i]);
  if (!has_primary_) describe();
  if (row_.basis != RowIdentity::Basis::none) return row_;
  if (!birth_.empty() && !phone_.empty()) take_number('p', birth_, phone_);
  if (!birth_.empty() && !email_.empty()) take_number('q', birth_, email_);
  if (has_primary_) row_.basis = RowIdentity::Basis::identifier;
  return row_;
}

}  // namespace lastgood::persons
