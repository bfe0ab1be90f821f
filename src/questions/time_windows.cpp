// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/time_windows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/rfc3339.h"

namespace lastgood::questions {

using facts::MomentFacts;

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000LL;
constexpr std::int64_t k_hour_ns = 3600 * k_second_ns;
constexpr std::int64_t k_day_ns = 24 * k_hour_ns;

/// "2022-11-23 01:30:00"
std::string plain_time(std::int64_t at_ns) {
  std::string text = base::format_rfc3339(at_ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

enum class Which : std::uint8_t { earliest, latest };

/// Times of evidence may lie at the ends of what 64 bits hold.
std::int64_t shifted(std::int64_t at_ns, std::int64_t by_ns) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(at_ns, by_ns, &sum)) return by_ns < 0 ? INT64_MIN : INT64_MAX;
  return sum;
}

/// Of several that contradict each other, the earliest (or the latest): the window shall hold the truth.
const MomentFacts* find_moment(const std::vector<MomentFacts>& moments, std::string_view name, Which which) {
  const MomentFacts* best = nullptr;
  for (const MomentFacts& moment : moments) {
    if (moment.name != name) continue;
    if (best == nullptr || (which == Which::latest ? moment.at_ns > best->at_ns : moment.at_ns < best->at_ns))
      best = &moment;
  }
  return best;
}

std::string basis_of(const MomentFacts& moment) {
  return fmt::format("{}: {} ({}, {})", moment.name, moment.sentence.empty() ? "no further word" : moment.sentence,
                     words_of(moment.basis), model::name_of(moment.certainty));
}

}  // namespace

std::string_view words_of(model::TimeBasis basis) {
  switch (basis) {
    case model::TimeBasis::recorded: return "recorded by the program that saw it";
    case model::TimeBasis::zone_assumed: return "recorded without a zone, which was assumed";
    case model::TimeBasis::year_assumed: return "recorded without a year and a zone, which were assumed";
    case model::TimeBasis::file_time: return "a file's own time, which whoever writes the file can set";
    case model::TimeBasis::claimed: break;
  }
  return "said by a stranger, not by a system of the organisation";
}

std::vector<Window> attack_windows(const std::vector<MomentFacts>& moments) {
  const MomentFacts* entry = find_moment(moments, "first entry", Which::earliest);
  const MomentFacts* first = find_moment(moments, "first encryption", Which::earliest);
  const MomentFacts* last = find_moment(moments, "last encryption", Which::latest);
  std::vector<Window> windows;
  if (first != nullptr && last != nullptr) {
    windows.push_back({.name = "the encryption",
                       .from_ns = first->at_ns,
                       .to_ns = last->at_ns,
                       .basis = basis_of(*first) + "; " + basis_of(*last)});
  }
  if (entry == nullptr && first == nullptr) return windows;
  Window attack;
  attack.name = "the attack";
  attack.from_ns = entry != nullptr ? entry->at_ns : shifted(first->at_ns, -k_assumed_days * k_day_ns);
  attack.to_ns = shifted(last != nullptr ? last->at_ns : first != nullptr ? first->at_ns : entry->at_ns, k_day_ns);
  attack.basis =
      entry != nullptr
          ? basis_of(*entry)
          : fmt::format("the first entry is unknown: {} days before the first encryption are assumed", k_assumed_days);
  attack.basis += "; until a day after the last of it";
  windows.push_back(std::move(attack));
  return windows;
}

std::optional<Window> observed_window(const facts::AddressFacts& address) {
  std::optional<Window> window;
  for (const facts::Observation& seen : address.observations) {
    if (!seen.at_ns) continue;
    if (!window) window = Window{.name = "seen here", .from_ns = *seen.at_ns, .to_ns = *seen.at_ns, .basis = {}};
    window->from_ns = std::min(window->from_ns, *seen.at_ns);
    window->to_ns = std::max(window->to_ns, *seen.at_ns);
  }
  if (!window) return window;
  window->from_ns = shifted(window->from_ns, -k_hour_ns);
  window->to_ns = shifted(window->to_ns, k_hour_ns);
  window->basis = "from an hour before the first observation to an hour after the last";
  return window;
}

std::optional<std::int64_t> parse_zone(std::string_view zone) {
  const auto digit = [&](std::size_t at) { return zone[at] >= '0' && zone[at] <= '9'; };
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  if (!digit(1) || !digit(2) || !digit(4) || !digit(5)) return std::nullopt;
  const auto number = [&](std::size_t at) { return std::int64_t{zone[at] - '0'} * 10 + (zone[at + 1] - '0'); };
  const std::int64_t seconds = number(1) * 3600 + number(4) * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

std::string time_in_utc(std::int64_t at_ns) { return plain_time(at_ns) + " UTC"; }

std::string time_in_zone(std::int64_t at_ns, const CaseFrame& frame) {
  return fmt::format("{} {}", plain_time(shifted(at_ns, frame.zone_offset_s * k_second_ns)), frame.zone);
}

std::string day_in_zone(std::int64_t at_ns, const CaseFrame& frame) {
  return plain_time(shifted(at_ns, frame.zone_offset_s * k_second_ns)).substr(0, 10);
}

}  // namespace lastgood::questions
