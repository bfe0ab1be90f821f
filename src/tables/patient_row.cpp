// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/patient_row.h"

#include <algorithm>
#include <vector>

namespace lastgood::tables {

namespace {

constexpr std::size_t k_columns = static_cast<std::size_t>(PatientColumn::count);
constexpr std::size_t k_value_bytes_max = 512;

std::string folded(std::string_view text) {
  std::string out(text.substr(0, 256));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

}  // namespace

void PatientRow::clear() {
  for (std::string& value : values_) value.clear();
}

void PatientRow::set(PatientColumn column, std::string_view value) {
  std::string& into = values_.at(static_cast<std::size_t>(column));
  if (into.empty()) into = value.substr(0, k_value_bytes_max);
}

void PatientRow::set_identifier(std::string_view system, std::string_view value) {
  const std::string where = folded(system);
  const auto says = [&](std::string_view part) { return where.find(part) != std::string::npos; };
  if (says("aadhaar") || says("aadhar") || says("uidai")) return set(PatientColumn::aadhaar, value);
  const bool is_address = value.find('@') != std::string_view::npos;
  if (says("abha") || says("healthid") || says("ndhm") || says("abdm"))
    return set(is_address ? PatientColumn::abha_address : PatientColumn::abha_number, value);
  if (where == "pan" || says("incometax")) return set(PatientColumn::pan, value);
  std::string& first = values_[static_cast<std::size_t>(PatientColumn::uhid)];
  set(first.empty() || first == value ? PatientColumn::uhid : PatientColumn::uhid_2, value);
}

bool PatientRow::empty() const {
  return std::all_of(values_.begin(), values_.end(), [](const std::string& value) { return value.empty(); });
}

bool PatientRow::give(TableSink& sink) const {
  std::array<std::string_view, k_columns> row;
  std::copy(values_.begin(), values_.end(), row.begin());
  return sink.row(row);
}

void PatientRow::begin(std::string_view table, TableSink& sink) {
  const std::vector<std::string> names = {"uhid", "uhid_2",       "aadhaar",       "abha_number", "abha_address",
                                          "pan",  "patient_name", "date_of_birth", "phone",       "email"};
  sink.begin_table({.name = table, .database = {}, .columns = names});
}

}  // namespace lastgood::tables
