// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/data_lost.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "report/findings_text.h"

namespace lastgood::report {

namespace {

using base::human_seconds;

double span_s(std::int64_t from_ns, std::int64_t to_ns) { return static_cast<double>(to_ns - from_ns) / 1e9; }

bool lies_below(std::string_view path, std::string_view top) {
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/' || top == "/");
}

struct LastWrite {
  std::int64_t at_ns = 0;  // 0: nothing says it
  std::string basis;
};

/// As files and health checks show it.
LastWrite last_shown(const facts::CaseFacts& facts, const ServiceShare& service) {
  if (service.seen_at_work_ns > service.changed_ns)
    return {service.seen_at_work_ns, "it was still at work " + told_time(facts, service.seen_at_work_ns)};
  if (service.changed_ns == 0) return {};
  return {service.changed_ns, "the last change of any of its files is of " + told_time(facts, service.changed_ns)};
}

}  // namespace

std::string against(double achieved_s, const std::optional<double>& target_s) {
  if (!target_s) return human_seconds(achieved_s) + ", no target";
  return fmt::format("{} of {} allowed: {}", human_seconds(achieved_s), human_seconds(*target_s),
                     achieved_s <= *target_s ? "kept" : "MISSED");
}

void LastChanges::see(std::string_view path, std::int64_t mtime_ns) {
  for (ServiceShare& service : services_) {
    if (mtime_ns <= service.changed_ns) continue;
    const bool is_its = std::any_of(service.data_paths.begin(), service.data_paths.end(),
                                    [&](const std::string& top) { return lies_below(path, top); });
    if (is_its) service.changed_ns = mtime_ns;
  }
}

void settle_last_writes(std::vector<ServiceShare>& services) {
  for (ServiceShare& service : services) {
    if (service.needed_as_of_ns == 0) continue;
    const auto needed = std::find_if(services.begin(), services.end(),
                                     [&](const ServiceShare& other) { return other.id == service.needed_id; });
    if (needed == services.end()) continue;
    service.changed_ns = std::max(service.changed_ns, needed->changed_ns);
    service.seen_at_work_ns = std::max(service.seen_at_work_ns, needed->seen_at_work_ns);
    service.worked_until_at_most_ns = std::max(service.worked_until_at_most_ns, needed->worked_until_at_most_ns);
  }
}

/// Data of today are of no use over a register of yesterday: what it waits for counts, too, where that is older.
std::string data_lost_words(const facts::CaseFacts& facts, const ServiceShare& service) {
  const std::int64_t from_ns = service.needed_as_of_ns != 0 ? service.needed_as_of_ns : service.data_as_of_ns;
  if (from_ns == 0) return "unknown";
  const std::int64_t end_ns = service.worked_until_at_most_ns;
  const LastWrite shown = last_shown(facts, service);
  const double most_s = span_s(from_ns, end_ns);
  if (end_ns > from_ns && service.rpo_s && most_s <= *service.rpo_s)
    return fmt::format("at most {}; that is until {}, when it was seen down or its data came back{}",
                       against(most_s, service.rpo_s), told_time(facts, end_ns),
                       shown.at_ns == 0 ? "" : "; " + shown.basis);
  if (shown.at_ns > from_ns) {
    const double shown_s = span_s(from_ns, shown.at_ns);
    const bool is_sure = service.rpo_s && shown_s > *service.rpo_s;
    return fmt::format("{}; {}{}", against(shown_s, service.rpo_s), shown.basis,
                       is_sure ? "" : "; more, if it went on writing after that into files that were struck already");
  }
  if (shown.at_ns == 0 && service.down_ns > from_ns)
    return fmt::format("{}; that is until it was struck: when it wrote last nothing says",
                       against(span_s(from_ns, service.down_ns), service.rpo_s));
  const std::string most = end_ns > from_ns ? fmt::format(", at most {}", human_seconds(most_s)) : "";
  if (shown.at_ns == 0) return fmt::format("unknown{}: nothing says when it wrote last", most);
  return fmt::format("unknown{}: its data are newer than what its files show: {}", most, shown.basis);
}

}  // namespace lastgood::report
