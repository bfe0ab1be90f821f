// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "notices/draft.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "base/rfc3339.h"

namespace lastgood::notices {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

std::string words_of(const Clock& clock) {
  if (clock.months) return fmt::format("{} month{}", *clock.months, *clock.months == 1 ? "" : "s");
  const std::int64_t hours = *clock.seconds / 3600;
  return hours % 24 == 0 && hours > 72 ? fmt::format("{} days", hours / 24) : fmt::format("{} hours", hours);
}

/// The same day and time of a later month; where that month has no such day, its last: a law's month never grows
/// longer.
std::int64_t months_later(std::int64_t at_ns, int months) {
  using std::chrono::days, std::chrono::sys_days;
  const std::int64_t day_ns = 86'400 * k_second_ns;
  const std::int64_t day = (at_ns - ((at_ns % day_ns) + day_ns) % day_ns) / day_ns;
  const std::chrono::year_month_day from{sys_days{days{day}}};
  std::chrono::year_month_day to = from + std::chrono::months{months};
  if (!to.ok()) to = to.year() / to.month() / std::chrono::last;
  return sys_days{to}.time_since_epoch().count() * day_ns + (at_ns - day * day_ns);
}

std::string with_note(std::string sentence, const Clock& clock) {
  if (!clock.note.empty()) sentence += "; " + clock.note;
  return sentence;
}

std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out.empty() ? "unknown" : out;
}

std::string value_of(const DraftField& field) {
  if (!field.person.empty()) return {};
  return join(field.statement.lines) + " [" + std::string(name_of(field.statement.standing)) + "]";
}

}  // namespace

bool Draft::is_final() const {
  return std::all_of(fields.begin(), fields.end(), [](const DraftField& field) {
    return !field.person.empty() || field.statement.standing == Standing::final;
  });
}

Deadline deadline_of(const Rule& rule, const Stage& stage, const facts::CaseFacts& facts) {
  const Clock& clock = stage.clock;
  if (!clock.seconds && !clock.months) {
    return {.due_ns = std::nullopt,
            .sentence = with_note(clock.without_delay ? "without delay" : "no time is set", clock)};
  }
  std::string from = "becoming aware";
  std::optional<std::int64_t> start_ns;
  if (!facts.aware.empty()) start_ns = facts.aware.back().at_ns;
  if (!clock.after.empty()) {
    const auto earlier = std::find_if(rule.stages.begin(), rule.stages.end(),
                                      [&](const Stage& other) { return other.id == clock.after; });
    start_ns = earlier == rule.stages.end() ? std::nullopt : deadline_of(rule, *earlier, facts).due_ns;
    from = earlier == rule.stages.end() ? clock.after : "the last day for the " + earlier->title;
  }
  const std::string limit = fmt::format("within {} of {}", words_of(clock), from);
  if (!start_ns) {
    return {.due_ns = std::nullopt,
            .sentence = with_note(
                limit + ": due at an unknown time, nobody has said when the organisation became aware", clock)};
  }
  const std::int64_t due_ns =
      clock.months ? months_later(*start_ns, *clock.months) : *start_ns + *clock.seconds * k_second_ns;
  return {.due_ns = due_ns,
          .sentence =
              with_note(fmt::format("{}: due {}", limit, base::time_in_zone_and_utc(due_ns, facts.about.zone)), clock)};
}

Draft make_draft(const Rule& rule, const Stage& stage, const facts::CaseFacts& facts, std::int64_t now_ns) {
  Draft draft{.rule = rule.id,
              .stage = stage.id,
              .title = rule.title + ": " + stage.title,
              .authority = stage.to.empty() ? rule.authority : stage.to,
              .law = fmt::format("{} (as of {}, from {})", rule.law, rule.as_of, rule.source),
              .checked = rule.checked,
              .channel = rule.channel,
              .applies = rule.applies,
              .case_name = facts.case_name,
              .made = base::format_rfc3339(now_ns),
              .zone = facts.about.zone,
              .deadline = deadline_of(rule, stage, facts),
              .fields = {}};
  for (const RuleField& field : stage.fields) {
    draft.fields.push_back({.label = field.label,
                            .person = field.person,
                            .statement = field.from.empty() ? Statement{} : state(field.from, facts)});
  }
  return draft;
}

std::vector<std::string> differences(const Draft& before, const Draft& after) {
  std::vector<std::string> out;
  if (before.deadline.sentence != after.deadline.sentence)
    out.push_back(fmt::format("due: was '{}', is '{}'", before.deadline.sentence, after.deadline.sentence));
  for (const DraftField& field : after.fields) {
    const auto old = std::find_if(before.fields.begin(), before.fields.end(),
                                  [&](const DraftField& other) { return other.label == field.label; });
    if (old == before.fields.end()) {
      out.push_back(fmt::format("{}: is new", field.label));
    } else if (value_of(*old) != value_of(field)) {
      out.push_back(fmt::format("{}: was {}, is {}", field.label, value_of(*old), value_of(field)));
    }
  }
  for (const DraftField& field : before.fields) {
    const bool there = std::any_of(after.fields.begin(), after.fields.end(),
                                   [&](const DraftField& other) { return other.label == field.label; });
    if (!there) out.push_back(fmt::format("{}: is gone", field.label));
  }
  return out;
}

}  // namespace lastgood::notices
