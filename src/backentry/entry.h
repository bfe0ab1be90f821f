// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One thing that was written on paper during the downtime, as a person typed it in. Plain values and their checks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::backentry {

enum class What : std::uint8_t { registration, admission, transfer, discharge, order, result, payment };
std::string_view name_of(What what);
std::optional<What> find_what(std::string_view name);

struct Entry {
  std::uint64_t id = 0;        // its place in the book, from 1
  std::uint64_t corrects = 0;  // the entry that this one replaces; 0: none
  What what = What::registration;
  std::string number;          // downtime number on the paper: "W-0012"
  std::string patient_number;  // the hospital's own, where the patient had it
  std::string phone;           // who has no number is known by it
  std::string name;
  std::string sex;         // "F", "M", "O", "U"
  std::string age;         // "45", "3 months": as written
  std::string place;       // ward or clinic; of a transfer the one that the patient came to
  std::string from_place;  // of a transfer: the one before
  std::string text;        // what was done, ordered, found, paid
  std::string paper_time;  // "2022-11-23 09:10", local, as written
  std::string typed_by;
  std::string typed;  // RFC 3339, when it was typed in
  bool operator==(const Entry&) const = default;
};

/// A field as forms and terminals ask for it.
struct Field {
  std::string_view key;       // "patient_number"
  std::string_view name;      // "Patient number"
  std::string_view question;  // "Patient number (UHID), if known"
  bool required = false;
};
[[nodiscard]] const std::vector<Field>& fields();

using Answers = std::map<std::string, std::string, std::less<>>;

/// Whether `field` is a question, by what was answered so far: where a patient came from is one of a transfer alone.
[[nodiscard]] bool is_asked(const Field& field, const Answers& answers);
/// Its question by what was answered so far: of a transfer which of its two wards.
[[nodiscard]] std::string question_of(const Field& field, const Answers& answers);

/// What is wrong, to be shown to the person who typed, beside the field that is to be typed again.
struct Mistake {
  std::string field;  // its key; empty: of none
  std::string sentence;
};

struct ReadEntry {
  Entry entry;
  std::vector<Mistake> mistakes;  // empty: take it
};
/// Pure. `what` may be the beginning of one word alone; a telephone "none" says that nobody knows one. Texts come out
/// clean (no control characters, no turned direction), at most 200 bytes, `text` at most 4,000.
[[nodiscard]] ReadEntry read_answers(const Answers& answers);
/// "2022-11-23 09:10" in `zone` ("+05:30"; empty: UTC); nothing for what is no day and time.
[[nodiscard]] std::optional<std::int64_t> paper_time_ns(std::string_view paper_time, std::string_view zone);
/// What would be typed for an entry that is there, to be corrected.
[[nodiscard]] Answers answers_of(const Entry& entry);

/// Digits alone, the last ten of them: "+91 98765-43210" and "098765 43210" are one telephone. Empty: fewer than 7.
[[nodiscard]] std::string phone_key(std::string_view phone);

/// Letters only, in lower case, words sorted: "Sharma, RAMESH" and "ramesh  sharma" are one.
[[nodiscard]] std::string name_key(std::string_view name);

}  // namespace lastgood::backentry
