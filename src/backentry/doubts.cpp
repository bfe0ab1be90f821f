// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/doubts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "backentry/persons_of_numbers.h"

namespace lastgood::backentry {

namespace {

constexpr std::string_view k_confirmed = "sure_";
constexpr std::string_view k_person = "person";
constexpr std::array<std::string_view, 6> k_abouts = {"number", k_person, "phone", "name", "age", "paper_time"};
constexpr std::size_t k_holders_shown = 3;

std::string_view field_of(std::string_view about) { return about == k_person ? "number" : about; }

std::string answer(const Answers& answers, std::string_view key) {
  const auto found = answers.find(key);
  return found == answers.end() ? std::string() : found->second;
}

std::string number_doubt(const Entry& entry, const Known& known) {
  if (known.number != NumberIs::not_given) return {};
  return fmt::format("no sheet of this case has the number '{}': look at the paper again", entry.number);
}

std::string person_doubt(const Entry& entry, const Known& known) {
  if (known.other_holders.empty()) return {};
  std::string others;
  for (std::size_t i = 0; i < std::min(known.other_holders.size(), k_holders_shown); ++i)
    others += (i == 0 ? "" : "; ") + person_line(known.other_holders[i]);
  if (known.other_holders.size() > k_holders_shown)
    others += fmt::format("; and {} more", known.other_holders.size() - k_holders_shown);
  std::string what;
  for (const std::string& one : differences(known.other_holders.front(), entry))
    what += (what.empty() ? "another " : ", another ") + one;
  return fmt::format("'{}' is another person's already ({}): {}; look at the number and the name on both papers",
                     entry.number, others, what);
}

}  // namespace

std::vector<Doubt> open_doubts(const Answers& answers, const Known& known) {
  const Entry entry = read_answers(answers).entry;
  std::vector<Doubt> out;
  const auto add = [&](std::string_view about, std::string sentence) {
    const std::string_view field = field_of(about);
    const auto confirmed = answers.find(confirmed_key(about));
    if (sentence.empty() || (confirmed != answers.end() && confirmed->second == answer(answers, field))) return;
    out.push_back({std::string(field), std::string(about), std::move(sentence)});
  };
  add("number", number_doubt(entry, known));
  add(k_person, person_doubt(entry, known));
  return out;
}

void confirm(Answers& answers, std::string_view about) {
  answers[confirmed_key(about)] = answer(answers, field_of(about));
}

std::string confirmed_key(std::string_view about) { return std::string(k_confirmed) + std::string(about); }

bool is_confirmed_key(std::string_view key) {
  return std::any_of(k_abouts.begin(), k_abouts.end(),
                     [&](std::string_view about) { return key == confirmed_key(about); });
}

bool can_be_doubted(std::string_view field) {
  return field != k_person && std::find(k_abouts.begin(), k_abouts.end(), field) != k_abouts.end();
}

}  // namespace lastgood::backentry
