// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/check_decision.h"

#include <fmt/format.h>

#include "backentry/persons_of_numbers.h"

namespace lastgood::backentry {

namespace {

/// "another name, another sex".
std::string listed_others(const std::vector<std::string>& contradictions) {
  std::string out;
  for (const std::string& what : contradictions) out += (out.empty() ? "another " : ", another ") + what;
  return out;
}

}  // namespace

std::string told_apart(const Book& book, const std::vector<std::uint64_t>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry* one = book.standing_for(entries[i]);
    for (std::size_t k = i + 1; one != nullptr && k < entries.size(); ++k) {
      const Entry* other = book.standing_for(entries[k]);
      const std::vector<std::string> found =
          other == nullptr ? std::vector<std::string>() : contradictions(*one, *other);
      if (!found.empty())
        return fmt::format("{}: {}; {}", listed_others(found), person_line(*one), person_line(*other));
    }
  }
  return {};
}

std::string not_the_one(const Entry& entry, const Suggestion& person) {
  const std::vector<std::string> found = contradictions(entry, person);
  if (!found.empty()) return fmt::format("{} than {}", listed_others(found), person_line(entry));
  if (weighed(entry, person).is_alike) return {};
  return fmt::format("neither the name nor the telephone nor the number of {}", person_line(entry));
}

}  // namespace lastgood::backentry
