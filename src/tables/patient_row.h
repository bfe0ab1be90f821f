// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One row for one patient, whatever the form it is told in: HL7, FHIR and DICOM give the same columns, whose names say
// what they hold.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tables/table_sink.h"

namespace lastgood::tables {

enum class PatientColumn : std::uint8_t {
  uhid,
  uhid_2,
  aadhaar,
  abha_number,
  abha_address,
  pan,
  name,
  birth,
  phone,
  email,
  count
};

/// Values of one patient. The first of a column stays.
class PatientRow {
 public:
  void clear();
  void set(PatientColumn column, std::string_view value);
  /// `system`: whose numbers these are: a type code ("MR", "AADHAAR") or an address (".../abha"). What is not known to
  /// be another kind is a number of the hospital.
  void set_identifier(std::string_view system, std::string_view value);
  [[nodiscard]] bool empty() const;
  /// False: the sink says stop.
  [[nodiscard]] bool give(TableSink& sink) const;
  /// Begins the table that rows go to.
  static void begin(std::string_view table, TableSink& sink);

 private:
  std::array<std::string, static_cast<std::size_t>(PatientColumn::count)> values_;
};

}  // namespace lastgood::tables
