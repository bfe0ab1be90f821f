// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/entry.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/foreign_digits.h"
#include "base/letters.h"
#include "base/local_time.h"
#include "base/rfc3339.h"
#include "documents/clean_text.h"

namespace lastgood::backentry {

namespace {

using base::is_digit;
using base::lower;

constexpr std::array<std::string_view, 7> k_names = {"registration", "admission", "transfer", "discharge",
                                                     "order",        "result",    "payment"};
constexpr std::size_t k_field_bytes_max = 200;
constexpr std::size_t k_text_bytes_max = 4'000;
// Digits of other scripts take three or four bytes each.
constexpr std::size_t k_phone_bytes_max = 120;
constexpr std::size_t k_time_bytes_max = 60;
constexpr std::size_t k_phone_digits = 10;
constexpr std::size_t k_phone_digits_min = 7;

std::string trimmed(std::string text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "2022-11-23 09:10".
bool has_paper_time_shape(std::string_view text) {
  static constexpr std::string_view k_shape = "dddd-dd-dd dd:dd";
  if (text.size() != k_shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (k_shape[i] == 'd' ? !is_digit(text[i]) : text[i] != k_shape[i]) return false;
  }
  return true;
}

std::string sex_of(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (text.empty() || text == "U" || text == "UNKNOWN") return "U";
  if (text == "F" || text == "FEMALE") return "F";
  if (text == "M" || text == "MALE") return "M";
  return text == "O" || text == "OTHER" ? "O" : "";
}

/// An order of nothing and a result of nothing are none.
std::string_view must_be_said(What what) {
  if (what == What::order) return "ordered";
  if (what == What::result) return "found";
  return what == What::payment ? "paid" : "";
}

/// "", ".", "--".
bool says_nothing(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

/// As typed: in any case, and no more of it than says which one it is.
std::optional<What> find_meant(const std::string& typed) {
  const std::string beginning = lower(typed);
  if (const auto exact = find_what(beginning); exact || beginning.empty()) return exact;
  std::optional<What> meant;
  for (const std::string_view name : k_names) {
    if (!name.starts_with(beginning)) continue;
    if (meant) return std::nullopt;
    meant = find_what(name);
  }
  return meant;
}

bool is_transfer(const Answers& answers) {
  const auto what = answers.find("what");
  return what != answers.end() && find_meant(trimmed(what->second)) == What::transfer;
}

}  // namespace

std::string_view name_of(What what) { return k_names.at(static_cast<std::size_t>(what)); }

std::optional<What> find_what(std::string_view name) {
  const auto found = std::find(k_names.begin(), k_names.end(), name);
  if (found == k_names.end()) return std::nullopt;
  return static_cast<What>(found - k_names.begin());
}

const std::vector<Field>& fields() {
  static const std::vector<Field> all = {
      {"number", "Downtime number", "Downtime number on the paper", true},
      {"what", "What", "What: registration, admission, transfer, discharge, order, result or payment", true},
      {"patient_number", "Patient number", "Patient number, where there is one", false},
      {"phone", "Telephone", "Telephone, where there is no patient number (none: nobody knows one)", false},
      {"name", "Name", "Name", false},
      {"sex", "Sex", "Sex: F, M, O, U", false},
      {"age", "Age", "Age", false},
      {"place", "Ward or clinic", "Ward or clinic", false},
      {"from_place", "Ward or clinic before", "Of a transfer: ward or clinic that it is from", false},
      {"text", "Done, ordered, found, paid", "What was done, ordered, found or paid", false},
      {"paper_time", "Time on the paper", "Time on the paper: YYYY-MM-DD HH:MM", true},
      {"corrects", "Corrects entry", "Entry that this one corrects, its number in the book", false},
  };
  return all;
}

bool is_asked(const Field& field, const Answers& answers) { return field.key != "from_place" || is_transfer(answers); }

std::string question_of(const Field& field, const Answers& answers) {
  if (is_transfer(answers) && field.key == "place") return "Ward or clinic that the transfer is to";
  if (is_transfer(answers) && field.key == "from_place") return "Ward or clinic that it is from";
  return std::string(field.question);
}

ReadEntry read_answers(const Answers& answers) {
  ReadEntry out;
  const auto wrong = [&](std::string_view field, std::string sentence) {
    out.mistakes.push_back({std::string(field), std::move(sentence)});
  };
  const auto take = [&](std::string_view key, std::size_t bytes_max) {
    const auto found = answers.find(key);
    if (found == answers.end()) return std::string();
    std::string text = trimmed(documents::clean_text(found->second.substr(0, bytes_max + 1)));
    if (found->second.size() <= bytes_max) return text;
    wrong(key, fmt::format("'{}' is longer than {} bytes", key, bytes_max));
    return std::string();
  };
  // In whatever script they are typed: a telephone is looked for by its digits.
  const auto take_digits = [&](std::string_view key, std::size_t bytes_max) {
    std::string scratch;
    const std::string text = take(key, bytes_max);
    return std::string(base::with_ascii_digits(text, scratch));
  };
  Entry& entry = out.entry;
  entry.number = take_digits("number", 60);
  if (entry.number.empty()) wrong("number", "the downtime number is missing");
  if (entry.number.starts_with('#'))
    wrong("number",
          fmt::format("'{}' is no downtime number: which entry is corrected is said in its own field, and that "
                      "entry has to be in the book",
                      entry.number));
  const std::string what = take("what", 40);
  if (const auto found = find_meant(what))
    entry.what = *found;
  else
    wrong("what",
          fmt::format("'{}' is none of registration, admission, transfer, discharge, order, result, payment", what));
  entry.patient_number = take_digits("patient_number", k_field_bytes_max);
  entry.phone = take_digits("phone", k_phone_bytes_max);
  const bool is_unknown = lower(entry.phone) == "none";
  if (is_unknown) entry.phone.clear();
  if (!is_unknown && entry.patient_number.empty() && phone_key(entry.phone).empty())
    wrong("phone",
          "a patient number or a telephone of at least 7 digits is needed: by it the person is found again; none where "
          "nobody knows one");
  entry.name = take("name", k_field_bytes_max);
  entry.sex = sex_of(take("sex", 20));
  if (entry.sex.empty()) wrong("sex", "the sex must be F, M, O or U");
  entry.age = take_digits("age", 40);
  entry.place = take("place", k_field_bytes_max);
  if (entry.what == What::transfer) entry.from_place = take("from_place", k_field_bytes_max);
  entry.text = take("text", k_text_bytes_max);
  if (says_nothing(entry.text)) {
    if (const std::string_view missing = must_be_said(entry.what); !missing.empty())
      wrong("text", fmt::format("what was {} is missing: type what the paper says, or: not readable", missing));
  }
  entry.paper_time = take_digits("paper_time", k_time_bytes_max);
  if (!paper_time_ns(entry.paper_time, {})) wrong("paper_time", "the time on the paper must be like 2022-11-23 09:10");
  entry.typed_by = take("typed_by", k_field_bytes_max);
  if (entry.typed_by.empty()) wrong("typed_by", "who types is not said");
  std::string corrects = take_digits("corrects", 40);
  if (corrects.starts_with('#')) corrects.erase(0, 1);  // as it is printed elsewhere
  if (corrects.size() > 9 || !std::all_of(corrects.begin(), corrects.end(), &is_digit))
    wrong("corrects", "the entry that is corrected is named by its number in the book");
  else if (!corrects.empty())
    entry.corrects = std::stoul(corrects);
  return out;
}

std::optional<std::int64_t> paper_time_ns(std::string_view paper_time, std::string_view zone) {
  if (!has_paper_time_shape(paper_time)) return std::nullopt;
  const std::string offset = base::zone_name(zone).substr(std::string_view("UTC").size());
  return base::parse_rfc3339(
      fmt::format("{}T{}:00{}", paper_time.substr(0, 10), paper_time.substr(11), offset.empty() ? "Z" : offset));
}

Answers answers_of(const Entry& entry) {
  Answers out = {{"number", entry.number},
                 {"what", std::string(name_of(entry.what))},
                 {"patient_number", entry.patient_number},
                 {"phone", entry.phone},
                 {"name", entry.name},
                 {"sex", entry.sex},
                 {"age", entry.age},
                 {"place", entry.place},
                 {"text", entry.text},
                 {"paper_time", entry.paper_time},
                 {"typed_by", entry.typed_by}};
  if (!entry.from_place.empty()) out["from_place"] = entry.from_place;
  if (entry.corrects != 0) out["corrects"] = std::to_string(entry.corrects);
  if (entry.phone.empty() && entry.patient_number.empty()) out["phone"] = "none";
  return out;
}

std::string phone_key(std::string_view phone) {
  std::string digits;
  std::string scratch;
  for (const char c : base::with_ascii_digits(phone, scratch)) {
    if (is_digit(c)) digits += c;
  }
  if (digits.size() < k_phone_digits_min) return {};
  return digits.size() > k_phone_digits ? digits.substr(digits.size() - k_phone_digits) : digits;
}

std::string name_key(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z') {
      words.back() += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || byte >= 0x80) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) {
    if (!word.empty()) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

}  // namespace lastgood::backentry
