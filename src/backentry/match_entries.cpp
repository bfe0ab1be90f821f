// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/match_entries.h"

#include <algorithm>
#include <array>
#include <set>

#include "backentry/persons_of_numbers.h"
#include "base/letters.h"
#include "documents/clean_text.h"

namespace lastgood::backentry {

namespace {

using base::lower;

constexpr std::size_t k_kept_max = 10;
constexpr std::size_t k_value_bytes_max = 300;
constexpr std::array<const char*, 5> k_columns = {"number", "name", "sex", "birth_date", "phone"};

/// Of what was typed: the whole, and each side of a slash, as a sheet writes a name in two scripts.
std::set<std::string> name_keys(const std::string& typed) {
  std::set<std::string> out = {name_key(typed)};
  for (std::size_t from = 0; from <= typed.size();) {
    const std::size_t slash = std::min(typed.find('/', from), typed.size());
    out.insert(name_key(std::string_view(typed).substr(from, slash - from)));
    from = slash + 1;
  }
  out.erase(std::string());
  return out;
}

}  // namespace

PatientMatcher::PatientMatcher(const Book& book) {
  for (const Entry* entry : book.standing()) {
    if (book.decision_of(entry->id) != nullptr) continue;
    entries_.emplace(entry->id, entry);
    if (!entry->patient_number.empty()) by_number_.emplace(lower(entry->patient_number), entry->id);
    if (const std::string key = phone_key(entry->phone); !key.empty()) by_phone_.emplace(key, entry->id);
    for (const std::string& key : name_keys(entry->name)) by_name_.emplace(key, entry->id);
  }
}

void PatientMatcher::on_columns(std::span<const std::string> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    columns_.emplace(lower(names[i]), i);
    if (lower(names[i]).starts_with("name_")) other_names_.push_back(i);
  }
  for (const char* name : k_columns) {
    if (columns_.find(name) == columns_.end()) missing_.push_back(std::string("no column '") + name + "'");
  }
}

bool PatientMatcher::on_row(std::span<const std::optional<std::string_view>> values) {
  ++rows_;
  const auto value = [&](const char* name) {
    const auto found = columns_.find(name);
    if (found == columns_.end() || found->second >= values.size() || !values[found->second]) return std::string_view();
    return values[found->second]->substr(0, k_value_bytes_max);
  };
  std::set<std::uint64_t> touched;
  const auto look = [&](const auto& index, const std::string& key) {
    if (key.empty()) return;
    const auto [begin, end] = index.equal_range(key);
    for (auto at = begin; at != end; ++at) touched.insert(at->second);
  };
  look(by_number_, lower(std::string(value("number"))));
  look(by_phone_, phone_key(value("phone")));
  look(by_name_, name_key(value("name")));
  std::vector<std::string_view> others;
  for (const std::size_t column : other_names_) {
    if (column < values.size() && values[column]) others.push_back(values[column]->substr(0, k_value_bytes_max));
  }
  for (const std::string_view name : others) look(by_name_, name_key(name));
  if (touched.empty()) return true;
  Suggestion row;
  row.number = documents::clean_text(value("number"));
  row.name = documents::clean_text(value("name"));
  for (const std::string_view name : others) row.other_names.push_back(documents::clean_text(name));
  row.sex = documents::clean_text(value("sex"));
  row.birth_date = documents::clean_text(value("birth_date"));
  row.phone = documents::clean_text(value("phone"));
  for (const std::uint64_t id : touched) consider(*entries_.at(id), row);
  return true;
}

void PatientMatcher::consider(const Entry& entry, const Suggestion& row) {
  Suggestion one = row;
  const auto add = [&](bool same, unsigned weight, const char* reason) {
    if (!same) return;
    one.weight += weight;
    one.reasons.emplace_back(reason);
  };
  add(!entry.patient_number.empty() && lower(entry.patient_number) == lower(row.number), 8, "same patient number");
  const std::string phone = phone_key(entry.phone);
  add(!phone.empty() && phone == phone_key(row.phone), 4, "same telephone");
  const std::set<std::string> names = name_keys(entry.name);
  const bool is_called_so = std::any_of(row.other_names.begin(), row.other_names.end(),
                                        [&](const std::string& other) { return names.contains(name_key(other)); });
  add(is_called_so || names.contains(name_key(row.name)), 3, "same name");
  add(entry.sex != "U" && lower(entry.sex) == lower(row.sex.substr(0, 1)), 1, "same sex");
  if (entry.sex != "U" && !row.sex.empty() && lower(entry.sex) != lower(row.sex.substr(0, 1)))
    one.reasons.emplace_back("BUT another sex");
  ++found_[entry.id];
  std::vector<Suggestion>& kept = kept_[entry.id];
  const auto place =
      std::find_if(kept.begin(), kept.end(), [&](const Suggestion& other) { return other.weight < one.weight; });
  kept.insert(place, std::move(one));
  if (kept.size() > k_kept_max) kept.pop_back();
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
