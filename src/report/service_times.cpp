// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/service_times.h"

#include <algorithm>
#include <utility>

namespace lastgood::report {

namespace {

using services::HistoryEntry;
using services::Moment;

struct Told {
  std::vector<Outage> outages;
  std::vector<std::int64_t> well_ns;
};

/// A start command runs only where a service is not well: one that nobody saw go down was so before.
Told read_lines(const std::vector<HistoryEntry>& entries, ServiceShare& service) {
  Told out;
  bool is_open = false;
  bool is_starting = false;
  for (const HistoryEntry& entry : entries) {
    if (entry.service != service.id) continue;
    service.last_words = entry.sentence;
    service.last_seen_ns = entry.time_ns;
    service.last_moment = entry.moment;
    const bool was_starting = std::exchange(is_starting, entry.moment == Moment::starting);
    if (entry.moment == Moment::healthy) {
      if (is_open) {
        out.outages.back().to_ns = entry.time_ns;
        out.outages.back().end = was_starting ? Outage::End::started : Outage::End::seen;
      }
      is_open = false;
      out.well_ns.push_back(entry.time_ns);
    } else if (!is_open) {
      out.outages.push_back({.from_ns = entry.time_ns, .how = entry.moment});
      is_open = true;
    }
  }
  return out;
}

/// The first time it was well since then; 0: it was not.
std::int64_t first_well(const Told& told, std::int64_t since_ns) {
  const auto at =
      std::find_if(told.well_ns.begin(), told.well_ns.end(), [&](std::int64_t time_ns) { return time_ns >= since_ns; });
  return at == told.well_ns.end() ? 0 : *at;
}

/// Since when it was well after its data came back. One that was well all the while, a share of files, is asked and not
/// told again: the history tells changes.
std::int64_t well_again(const Told& told, std::int64_t restored_ns) {
  const auto next = std::find_if(told.outages.begin(), told.outages.end(),
                                 [&](const Outage& outage) { return outage.from_ns >= restored_ns; });
  const bool is_open = std::any_of(told.outages.begin(), told.outages.end(), [&](const Outage& outage) {
    return outage.from_ns < restored_ns && (outage.to_ns == 0 || outage.to_ns >= restored_ns);
  });
  const bool was_well = !is_open && !told.well_ns.empty() && told.well_ns.front() < restored_ns;
  const std::int64_t seen_ns = first_well(told, restored_ns);
  if (!was_well || (next != told.outages.end() && next->how == Moment::starting)) return seen_ns;
  const bool is_seen_first = seen_ns != 0 && (next == told.outages.end() || seen_ns < next->from_ns);
  return is_seen_first ? seen_ns : restored_ns;
}

/// When it was last known not to be up before it was seen up at `healthy_ns`; 0: it was started then, or was up all the
/// while. Nobody looks all the time: somebody may have started it by hand hours before.
std::int64_t find_up_after(const std::vector<HistoryEntry>& entries, const ServiceShare& service) {
  const HistoryEntry* before = nullptr;
  bool is_seen = false;
  for (const HistoryEntry& entry : entries) {
    if (entry.service != service.id || entry.time_ns > service.healthy_ns) continue;
    is_seen = is_seen || (entry.time_ns == service.healthy_ns && entry.moment == Moment::healthy);
    if (entry.time_ns < service.healthy_ns) before = &entry;
  }
  if (!is_seen || (before != nullptr && before->moment == Moment::starting)) return 0;
  const std::int64_t looked_ns = before != nullptr && before->moment != Moment::healthy ? before->time_ns : 0;
  const std::int64_t data_ns = service.restored_ns < service.healthy_ns ? service.restored_ns : 0;
  return std::max({looked_ns, data_ns, service.down_ns < service.healthy_ns ? service.down_ns : 0});
}

/// Whether its being seen up at `healthy_ns` is the first that anybody saw of it.
ServiceShare::CameUp how_it_came_up(const std::vector<HistoryEntry>& entries, const ServiceShare& service) {
  for (const HistoryEntry& entry : entries) {
    if (entry.service != service.id) continue;
    const bool is_first_look = entry.time_ns == service.healthy_ns && entry.moment == Moment::healthy;
    return is_first_look ? ServiceShare::CameUp::first_look : ServiceShare::CameUp::known;
  }
  return ServiceShare::CameUp::known;
}

/// Since when it was down, by the history alone; 0: nobody saw it go down.
std::int64_t seen_down(const Outage& outage) { return outage.how == Moment::starting ? 0 : outage.from_ns; }

/// A service may go on while it is struck, and write into files that are gone by then: what it wrote leaves no trace.
void take_last_work(const Told& told, std::int64_t since_ns, std::int64_t restored_ns, ServiceShare& service) {
  for (const std::int64_t time_ns : told.well_ns) {
    if (time_ns >= since_ns && time_ns < restored_ns) service.seen_at_work_ns = time_ns;
  }
  service.worked_until_at_most_ns = restored_ns;
  for (const Outage& outage : told.outages) {
    const bool is_last = outage.from_ns >= service.seen_at_work_ns && outage.from_ns < restored_ns;
    if (!is_last || seen_down(outage) == 0) continue;
    service.worked_until_at_most_ns = outage.from_ns;
    return;
  }
}

}  // namespace

void take_history(const std::vector<HistoryEntry>& entries, std::int64_t attack_ns, ServiceShare& service) {
  Told told = read_lines(entries, service);
  // A time of the attack that lies behind the way back from it is none.
  const bool is_restored = service.restored_ns != 0;
  const std::int64_t began_ns = is_restored && attack_ns > service.restored_ns ? 0 : attack_ns;
  const auto is_over = [&](const Outage& outage) { return outage.to_ns != 0 && outage.to_ns < began_ns; };
  told.outages.erase(std::remove_if(told.outages.begin(), told.outages.end(), is_over), told.outages.end());
  if (is_restored) {
    service.healthy_ns = well_again(told, service.restored_ns);
    take_last_work(told, began_ns, service.restored_again_ns != 0 ? service.restored_again_ns : service.restored_ns,
                   service);
  } else if (!told.outages.empty()) {
    service.healthy_ns = told.outages.front().to_ns;
  } else {
    service.healthy_ns = first_well(told, began_ns);
  }
  if (!told.outages.empty() && (service.healthy_ns == 0 || told.outages.front().from_ns < service.healthy_ns))
    service.down_ns = seen_down(told.outages.front());
  const std::int64_t well_ns = first_well(told, began_ns);
  const bool was_well_first = !is_restored && service.down_ns != 0 && well_ns != 0 && well_ns < service.down_ns;
  const bool is_hit = is_restored || service.down_ns != 0;
  if (is_hit && began_ns != 0 && !was_well_first && (service.down_ns == 0 || began_ns < service.down_ns))
    service.down_ns = began_ns;
  if (service.healthy_ns == 0) return;
  service.up_after_ns = find_up_after(entries, service);
  service.came_up = how_it_came_up(entries, service);
  for (const Outage& outage : told.outages) {
    if (outage.from_ns >= service.healthy_ns) service.later.push_back(outage);
  }
}

}  // namespace lastgood::report
