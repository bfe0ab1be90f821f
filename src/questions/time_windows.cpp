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

/// "2022-11-23 01:30:00"
std::string plain_time(std::int64_t at_ns) {
  std::string text = base::format_rfc3339(at_ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

/// Times of evidence may lie at the ends of what 64 bits hold.
std::int64_t shifted(std::int64_t at_ns, std::int64_t by_ns) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(at_ns, by_ns, &sum)) return by_ns < 0 ? INT64_MIN : INT64_MAX;
  return sum;
}

std::string basis_of(const MomentFacts& moment) {
  return fmt::format("{}: {} ({}, {})", moment.name, moment.sentence.empty() ? "no further word" : moment.sentence,
                     words_of(moment.basis), model::name_of(moment.certainty));
}

/// What one source says of the encryption, or several that agree.
struct Span {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
  model::Certainty certainty = model::Certainty::weak;
  std::string basis;
};

Span span_of(const MomentFacts& first, const std::vector<MomentFacts>& moments) {
  Span span{.from_ns = first.at_ns, .to_ns = first.at_ns, .certainty = first.certainty, .basis = basis_of(first)};
  for (const MomentFacts& last : moments) {
    if (last.name != "last encryption" || last.sentence != first.sentence || last.at_ns < first.at_ns) continue;
    // Letters show whole seconds: the last one belongs to the span.
    span.to_ns = last.at_ns % k_second_ns == 0 ? last.at_ns : shifted(last.at_ns, k_second_ns);
    span.basis += "; " + basis_of(last);
    break;
  }
  return span;
}

/// By time. Sources that agree, or nearly, are one span, the longest; those that contradict each other stay apart, for
/// a request about years because of one wrong clock would be refused, and rightly.
std::vector<Span> encryption_spans(const std::vector<MomentFacts>& moments) {
  std::vector<Span> spans;
  for (const MomentFacts& moment : moments)
    if (moment.name == "first encryption") spans.push_back(span_of(moment, moments));
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from_ns < b.from_ns; });
  std::vector<Span> apart;
  for (Span& span : spans) {
    if (apart.empty() || span.from_ns > shifted(apart.back().to_ns, k_hour_ns)) {
      apart.push_back(std::move(span));
      continue;
    }
    Span& before = apart.back();
    before.to_ns = std::max(before.to_ns, span.to_ns);
    before.certainty = std::max(before.certainty, span.certainty);
    before.basis += "; " + span.basis;
  }
  return apart;
}

/// The surest; of equal ones the earliest.
const MomentFacts* first_entry(const std::vector<MomentFacts>& moments) {
  const MomentFacts* best = nullptr;
  for (const MomentFacts& moment : moments) {
    if (moment.name != "first entry") continue;
    const bool is_better = best == nullptr || moment.certainty > best->certainty ||
                           (moment.certainty == best->certainty && moment.at_ns < best->at_ns);
    if (is_better) best = &moment;
  }
  return best;
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

std::string words_of_gap(std::int64_t gap_ns) {
  const std::int64_t minutes = gap_ns / (60 * k_second_ns) + (gap_ns % (60 * k_second_ns) == 0 ? 0 : 1);
  if (minutes >= 2 * 1440) return fmt::format("{} days", (minutes + 1439) / 1440);
  if (minutes < 60) return fmt::format("{} min", minutes);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::vector<Window> attack_windows(const std::vector<MomentFacts>& moments) {
  const std::vector<Span> spans = encryption_spans(moments);
  const MomentFacts* entry = first_entry(moments);
  if (spans.empty() && entry == nullptr) return {};
  std::vector<Window> windows;
  for (const Span& span : spans) {
    const bool is_one = spans.size() == 1;
    windows.push_back({.name = is_one ? "the encryption" : "the encryption, as one source says",
                       .from_ns = span.from_ns,
                       .to_ns = span.to_ns,
                       .basis = span.basis});
  }
  const auto surest = std::max_element(spans.begin(), spans.end(),
                                       [](const Span& a, const Span& b) { return a.certainty < b.certainty; });
  Window attack{.name = "the attack", .from_ns = 0, .to_ns = 0, .basis = {}};
  attack.from_ns = entry != nullptr ? entry->at_ns : shifted(surest->from_ns, -k_assumed_days * k_day_ns);
  attack.to_ns = shifted(surest != spans.end() ? surest->to_ns : entry->at_ns, k_day_ns);
  attack.basis =
      entry != nullptr
          ? basis_of(*entry)
          : fmt::format("the first entry is unknown: {} days before the first encryption are assumed", k_assumed_days);
  attack.basis += "; until a day after the last of it";
  if (spans.size() > 1)
    attack.basis += "; the sources contradict each other: this goes by the surest of them, or the earliest";
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
