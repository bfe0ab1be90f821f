// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/match_entries.h"

#include <algorithm>
#include <array>
#include <set>

#include "backentry/entry_age.h"
#include "backentry/persons_of_numbers.h"
#include "base/letters.h"
#include "documents/clean_text.h"

namespace lastgood::backentry {

namespace {

using base::lower;

constexpr std::size_t k_kept_max = 10;
constexpr std::size_t k_value_bytes_max = 300;
constexpr double k_same_age_years = 1;  // people say their age roughly, and are a year older on the next birthday
constexpr std::array<const char*, 5> k_columns = {"number", "name", "sex", "birth_date", "phone"};

/// Of the whole, and of each side of a slash.
std::set<std::string> keys_of(std::string_view text, std::string (*key)(std::string_view)) {
  std::set<std::string> out = {key(text)};
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t slash = std::min(text.find('/', from), text.size());
    out.insert(key(text.substr(from, slash - from)));
    from = slash + 1;
  }
  out.erase(std::string());
  return out;
}

/// Of what was typed: as a sheet writes a name in two scripts.
std::set<std::string> name_keys(const std::string& typed) { return keys_of(typed, &name_key); }

/// A packet is headed "ward W-5", the database says W-5.
std::string place_key(std::string_view place) {
  std::string out;
  for (const char c : lower(place)) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank || (!out.empty() && out.back() != ' ')) out += is_blank ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  for (const std::string_view kind : {"ward ", "clinic "}) {
    if (out.size() > kind.size() && out.starts_with(kind)) return out.substr(kind.size());
  }
  return out;
}

bool is_same_place(const std::string& typed, const std::string& row) {
  const std::set<std::string> places = keys_of(row, &place_key);
  const std::set<std::string> meant = keys_of(typed, &place_key);
  return std::any_of(meant.begin(), meant.end(), [&](const std::string& one) { return places.contains(one); });
}

}  // namespace

PatientMatcher::PatientMatcher(const Book& book) {
  for (const Entry* entry : book.standing()) {
    if (book.decision_of(entry->id) != nullptr) continue;
    entries_.emplace(entry->id, entry);
    if (!entry->patient_number.empty()) by_number_.emplace(patient_key(entry->patient_number), entry->id);
    if (const std::string key = phone_key(entry->phone); !key.empty()) by_phone_.emplace(key, entry->id);
    for (const std::string& key : name_keys(entry->name)) by_name_.emplace(key, entry->id);
  }
}

void PatientColumns::take(std::span<const std::string> names) {
  *this = {};
  for (std::size_t i = 0; i < names.size(); ++i) {
    columns_.emplace(lower(names[i]), i);
    if (lower(names[i]).starts_with("name_")) other_names_.push_back(i);
  }
  for (const char* name : k_columns) {
    if (!has(name)) missing_.push_back(std::string("no column '") + name + "'");
  }
}

std::string_view PatientColumns::value(Values values, std::string_view name) const {
  const auto found = columns_.find(name);
  if (found == columns_.end() || found->second >= values.size() || !values[found->second]) return {};
  return values[found->second]->substr(0, k_value_bytes_max);
}

std::vector<std::string_view> PatientColumns::other_names(Values values) const {
  std::vector<std::string_view> out;
  for (const std::size_t column : other_names_) {
    if (column < values.size() && values[column]) out.push_back(values[column]->substr(0, k_value_bytes_max));
  }
  return out;
}

Suggestion PatientColumns::row(Values values) const {
  Suggestion row;
  row.number = documents::clean_text(value(values, "number"));
  row.name = documents::clean_text(value(values, "name"));
  for (const std::string_view name : other_names(values)) row.other_names.push_back(documents::clean_text(name));
  row.sex = documents::clean_text(value(values, "sex"));
  row.birth_date = documents::clean_text(value(values, "birth_date"));
  row.phone = documents::clean_text(value(values, "phone"));
  row.place = documents::clean_text(value(values, "place"));
  return row;
}

std::vector<std::string> contradictions(const Entry& entry, const Suggestion& row) {
  std::vector<std::string> names = row.other_names;
  names.push_back(row.name);
  const std::set<std::string> typed = name_keys(entry.name);
  const bool is_other_person = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::all_of(typed.begin(), typed.end(), [&](const std::string& one) { return is_other_name(one, name); });
  });
  std::vector<std::string> out;
  if (!typed.empty() && is_other_person) out.emplace_back("name");
  if (entry.sex != "U" && !row.sex.empty() && lower(entry.sex) != lower(row.sex.substr(0, 1))) out.emplace_back("sex");
  if (years_apart(entry, row.birth_date).value_or(0) > k_other_age_years) out.emplace_back("age");
  const std::string phone = phone_key(entry.phone);
  const std::string row_phone = phone_key(row.phone);
  if (!phone.empty() && !row_phone.empty() && phone != row_phone) out.emplace_back("telephone");
  const bool both_have_number = !entry.patient_number.empty() && !row.number.empty();
  if (both_have_number && compare_patient_numbers(entry.patient_number, row.number) == SamePatientNumber::no)
    out.emplace_back("patient number");
  return out;
}

Suggestion weighed(const Entry& entry, const Suggestion& row) {
  Suggestion one = row;
  const auto add = [&](bool same, unsigned weight, std::string reason) {
    if (!same) return;
    one.weight += weight;
    one.reasons.push_back(std::move(reason));
  };
  const bool have_numbers = !entry.patient_number.empty() && !row.number.empty();
  const auto same = have_numbers ? compare_patient_numbers(entry.patient_number, row.number) : SamePatientNumber::no;
  const bool is_as_written = lower(entry.patient_number) == lower(row.number);
  add(same == SamePatientNumber::yes, 8,
      is_as_written ? "same patient number" : "same patient number, written '" + entry.patient_number + "'");
  add(same == SamePatientNumber::may_be, 4,
      "a patient number with the same digits, of which '" + entry.patient_number + "' was written");
  const std::string phone = phone_key(entry.phone);
  add(!phone.empty() && phone == phone_key(row.phone), 4, "same telephone");
  const std::set<std::string> names = name_keys(entry.name);
  const bool is_called_so = std::any_of(row.other_names.begin(), row.other_names.end(),
                                        [&](const std::string& other) { return names.contains(name_key(other)); });
  add(is_called_so || names.contains(name_key(row.name)), 3, "same name");
  one.is_alike = !one.reasons.empty();
  one.years_apart = years_apart(entry, row.birth_date);
  add(one.years_apart && *one.years_apart <= k_same_age_years, 2, "same age");
  add(entry.sex != "U" && lower(entry.sex) == lower(row.sex.substr(0, 1)), 1, "same sex");
  // The database has a patient who was moved meanwhile where that patient was before.
  add(is_same_place(entry.from_place.empty() ? entry.place : entry.from_place, row.place), 1, "same place");
  for (const std::string& what : contradictions(entry, row)) one.reasons.push_back("BUT another " + what);
  return one;
}

void PatientMatcher::on_columns(std::span<const std::string> names) {
  columns_.take(names);
  rows_ = 0;
  kept_.clear();
  found_.clear();
}

void PatientLookUp::on_columns(std::span<const std::string> names) {
  columns_.take(names);
  found_.reset();
  is_ambiguous_ = false;
}

bool PatientMatcher::on_row(std::span<const std::optional<std::string_view>> values) {
  ++rows_;
  std::set<std::uint64_t> touched;
  const auto look = [&](const auto& index, const std::string& key) {
    if (key.empty()) return;
    const auto [begin, end] = index.equal_range(key);
    for (auto at = begin; at != end; ++at) touched.insert(at->second);
  };
  const std::string_view number = columns_.value(values, "number");
  const std::string key = patient_key(number);
  look(by_number_, key);
  if (const std::string digits = short_patient_key(number); digits != key) look(by_number_, digits);
  look(by_phone_, phone_key(columns_.value(values, "phone")));
  look(by_name_, name_key(columns_.value(values, "name")));
  for (const std::string_view name : columns_.other_names(values)) look(by_name_, name_key(name));
  if (touched.empty()) return true;
  const Suggestion row = columns_.row(values);
  for (const std::uint64_t id : touched) consider(*entries_.at(id), row);
  return true;
}

void PatientMatcher::consider(const Entry& entry, const Suggestion& row) {
  Suggestion one = weighed(entry, row);
  ++found_[entry.id];
  std::vector<Suggestion>& kept = kept_[entry.id];
  const auto place = std::find_if(kept.begin(), kept.end(), [&](const Suggestion& other) {
    if (other.weight != one.weight) return other.weight < one.weight;
    return one.years_apart && (!other.years_apart || *one.years_apart < *other.years_apart);
  });
  kept.insert(place, std::move(one));
  if (kept.size() > k_kept_max) kept.pop_back();
}

std::vector<std::string> PatientMatcher::ordered_by(const Entry& entry) const {
  std::vector<std::string> out;
  const auto add = [&](bool is_known, const char* column, const char* name) {
    if (is_known && columns_.has(column)) out.emplace_back(name);
  };
  add(!entry.patient_number.empty(), "number", "patient number");
  add(!phone_key(entry.phone).empty(), "phone", "telephone");
  add(!entry.name.empty(), "name", "name");
  add(read_age(entry.age).has_value(), "birth_date", "age");
  add(entry.sex != "U", "sex", "sex");
  add(!entry.place.empty(), "place", "place");
  return out;
}

bool PatientLookUp::on_row(std::span<const std::optional<std::string_view>> values) {
  const std::string number = documents::clean_text(columns_.value(values, "number"));
  if (written_key(number) != written_key(number_)) return true;
  if (number == number_) {
    found_ = columns_.row(values);
    is_ambiguous_ = false;
    return false;
  }
  is_ambiguous_ = is_ambiguous_ || (found_ && found_->number != number);
  found_ = columns_.row(values);
  if (is_ambiguous_) found_.reset();
  return true;
}

const std::vector<Suggestion>& PatientMatcher::suggestions(std::uint64_t entry) const {
  static const std::vector<Suggestion> none;
  const auto kept = kept_.find(entry);
  return kept == kept_.end() ? none : kept->second;
}

std::uint64_t PatientMatcher::found(std::uint64_t entry) const {
  const auto found = found_.find(entry);
  return found == found_.end() ? 0 : found->second;
}

std::vector<const Entry*> PatientMatcher::same_phone(const Entry& entry) const {
  std::vector<const Entry*> out;
  const std::string key = phone_key(entry.phone);
  if (key.empty()) return out;
  const auto [begin, end] = by_phone_.equal_range(key);
  for (auto at = begin; at != end; ++at) {
    const Entry* other = entries_.at(at->second);
    if (number_key(other->number) != number_key(entry.number)) out.push_back(other);
  }
  return out;
}

}  // namespace lastgood::backentry
