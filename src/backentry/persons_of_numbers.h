// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A downtime number is one person. Where two stand under one number somebody misread a paper, or two papers carry it:
// said when it is typed, shown until a person decides, and never exported undecided. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backentry/entry_book.h"

namespace lastgood::backentry {

/// "w-0012 " and "W-0012" are one number.
[[nodiscard]] std::string number_key(std::string_view number);

/// A patient number without separators, in capitals: "UH-0000006" and "uh0000006" are one. A zero less may be any digit
/// that somebody left out: "UH000006" is another one.
[[nodiscard]] std::string written_key(std::string_view number);
/// To look for whom may be meant: without zeros that only fill a number up, too, "UH6".
[[nodiscard]] std::string patient_key(std::string_view number);
/// Its digits at the end, which some write alone: "6".
[[nodiscard]] std::string short_patient_key(std::string_view number);
/// may_be: they differ in zeros that fill up, or one of them is but the digits at the end of the other.
enum class SamePatientNumber : std::uint8_t { no, may_be, yes };
[[nodiscard]] SamePatientNumber compare_patient_numbers(std::string_view a, std::string_view b);

/// What tells two entries' persons apart: "name", "telephone", "patient number", "sex", each where both say one. A name
/// whose words are all in the other ("Sunita", "Sunita Devi") is no other name. Empty: they may be one person.
[[nodiscard]] std::vector<std::string> differences(const Entry& a, const Entry& b);

/// What speaks against it that two entries which a person decides on together are one person: "name", "patient number",
/// "sex" as above, and "age" from k_other_age_years. Another telephone does not: a family has several.
[[nodiscard]] std::vector<std::string> contradictions(const Entry& a, const Entry& b);

/// Whether neither name has all the words of the other. Both say one.
[[nodiscard]] bool is_other_name(std::string_view a, std::string_view b);

/// "entry 1: admission of Sunita Devi, F, 34, +91 98765 43210".
[[nodiscard]] std::string person_line(const Entry& entry);

/// Standing entries with the number of `entry` that cannot be about its person, but for the one that it corrects.
[[nodiscard]] std::vector<Entry> other_holders(const Book& book, const Entry& entry);

/// Standing entries that say the same as `entry`: kind, number, person, text (but for letter case, spaces and stops)
/// and time; but for itself and the one that it corrects.
[[nodiscard]] std::vector<const Entry*> same_papers(const Book& book, const Entry& entry);

/// A number under which two persons would come out: not all of its entries are decided on, or entries were decided on
/// together, as one person, and one of them, or its correction, otherwise since.
struct Clash {
  std::string number;
  std::vector<const Entry*> entries;  // standing ones, in their order
  std::vector<std::string> reasons;   // "another name"; "only some are decided"; "decided together, then apart"
};
[[nodiscard]] std::vector<Clash> open_clashes(const Book& book);

/// What people without a number of the hospital's own are called in what is exported. Those who were decided on
/// together have one, the downtime number of the first; two persons of one number have the entry's behind it.
class TemporaryNumbers {
 public:
  explicit TemporaryNumbers(const Book& book);
  [[nodiscard]] std::string of(const Entry& entry, const Decision* decision) const;

 private:
  [[nodiscard]] std::string spelled(const Entry& entry) const;

  const Book* book_;
  std::map<std::string, std::string> spelling_;     // by number_key, as it was typed first
  std::map<std::uint64_t, std::string> by_person_;  // by the entry that the person is called after
};

}  // namespace lastgood::backentry
