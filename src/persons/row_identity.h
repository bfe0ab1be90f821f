// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whose row this is: the values of decided columns to keyed identifiers. Nothing clear leaves.
//
// A row is counted by the first it has of: hospital number, Aadhaar, ABHA number, ABHA address, virtual ID, PAN of an
// individual; all others of these join rows to one person, and so do telephone + date of birth and mail + date of
// birth. Without any of them it is counted by name with date of birth, telephone or mail address (or by telephone +
// date of birth); a name or date of birth alone, or a number that fails its own checksum, is a row without
// identifier, a telephone number or mail address alone a contact.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persons/column_recognition.h"
#include "persons/person_key.h"

namespace lastgood::persons {

struct IdentityColumn {
  ColumnKind kind = ColumnKind::other;
  DayPlace day_place = DayPlace::first;
  std::string space;              // of hospital numbers: whose numbering it is; empty: the hospital's
  bool is_somebody_else = false;  // father, doctor, ...: does not say whose row it is
};

struct RowIdentity {
  enum class Basis : std::uint8_t {
    none,        // speaks of no person
    identifier,  // `primary` and `others`
    contact,     // `primary` is a telephone number or mail address
    unnamed,     // of a person, but nothing tells which
  } basis = Basis::none;
  PersonKey primary;
  std::vector<PersonKey> others;
};

/// Any thread may have its own.
class RowReader {
 public:
  RowReader(std::vector<IdentityColumn> columns, const PersonSecret& secret);
  /// Does any column say anything of a person?
  [[nodiscard]] bool speaks_of_persons() const { return !used_.empty(); }
  /// The answer is valid until the next call.
  [[nodiscard]] const RowIdentity& read(std::span<const std::string_view> values);

 private:
  void take(const IdentityColumn& column, std::string_view value);
  void take_number(char kind, std::string_view space, std::string_view normal);
  void describe();

  KeyMaker keys_;
  std::vector<IdentityColumn> columns_;
  std::vector<std::size_t> used_;  // indexes into columns_, in the order identifiers are preferred
  RowIdentity row_;
  bool has_primary_ = false;
  bool is_mistyped_ = false;
  std::string name_;
  std::string phone_;
  std::string email_;
  std::string birth_;
};

/// The value as it is compared, or empty where it is no good one: digits of a number that passes its checksum, ...
[[nodiscard]] std::string normal_value(ColumnKind kind, DayPlace day_place, std::string_view value);

}  // namespace lastgood::persons
