// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/service_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "report/data_lost.h"
#include "report/findings_text.h"

namespace lastgood::report {

using base::human_seconds;

std::string_view up_words(const ServiceShare& service) {
  if (service.up_after_ns != 0 || service.came_up == ServiceShare::CameUp::first_look)
    return service.is_up() ? "seen up at" : "was seen up again at";
  return service.is_up() ? "up since" : "was up again from";
}

double seconds_between(std::int64_t from_ns, std::int64_t to_ns) { return static_cast<double>(to_ns - from_ns) / 1e9; }

bool was_last_well(const ServiceShare& service) {
  return service.last_seen_ns != 0 && service.last_moment == services::Moment::healthy;
}

std::string struck_words(const ServiceShare& service) {
  if (service.struck == 0) return {};
  return fmt::format("{} of its data {} there, as the newest scan saw", base::counted(service.struck, "encrypted file"),
                     service.struck == 1 ? "stands" : "stand");
}

std::string waiting_words(const ServiceShare& service) {
  return fmt::format("it waits for {}, which is not up", base::printable(service.waits_for));
}

std::string_view state_of(const ServiceShare& service) {
  if (service.healthy_ns != 0 && service.is_up() && (service.struck != 0 || !service.waits_for.empty()))
    return "degraded";
  if (service.healthy_ns != 0) return service.is_up() ? "up" : "was up, and is down again";
  if (service.restored_ns != 0) return "its data are back, it is not up yet";
  if (service.beside.at_ns != 0 && service.down_ns != 0) return "down; its data were restored beside only";
  if (service.down_ns != 0) return "down";
  if (!was_last_well(service)) return "nothing was recorded";
  return service.struck != 0 || !service.waits_for.empty() ? "degraded" : "up when it was last recorded";
}

namespace {

/// Of one that is not back yet.
std::string so_far_words(const ServiceShare& service, std::int64_t now_ns) {
  const std::string_view why =
      service.struck != 0 && service.is_up() ? "it is up, but not whole" : "it is not back yet";
  const double so_far_s = seconds_between(service.down_ns, now_ns);
  if (service.rto_s && so_far_s <= *service.rto_s)
    return fmt::format("{} so far of {} allowed, and {}", human_seconds(so_far_s), human_seconds(*service.rto_s), why);
  return fmt::format("{}, and {}", against(so_far_s, service.rto_s), why);
}

}  // namespace

std::string achieved_time(const ServiceShare& service, std::int64_t now_ns) {
  if (service.down_ns == 0)
    return service.struck != 0 ? "not known to have been down, and not whole" : "not known to have been down";
  if (service.struck != 0) return so_far_words(service, now_ns);
  if (service.healthy_ns > service.down_ns && service.up_after_ns != 0) {
    const double least_s = seconds_between(service.down_ns, std::max(service.down_ns, service.up_after_ns));
    const double most_s = seconds_between(service.down_ns, service.healthy_ns);
    if (!service.rto_s || most_s <= *service.rto_s) return "at most " + against(most_s, service.rto_s);
    if (least_s > *service.rto_s) return "at least " + against(least_s, service.rto_s);
    return fmt::format("{} to {} of {} allowed: nobody looked in between, so that it is kept or missed is not known",
                       human_seconds(least_s), human_seconds(most_s), human_seconds(*service.rto_s));
  }
  if (service.healthy_ns > service.down_ns)
    return against(seconds_between(service.down_ns, service.healthy_ns), service.rto_s);
  return so_far_words(service, now_ns);
}

std::string words_of(const facts::CaseFacts& facts, const Outage& outage) {
  if (outage.how == services::Moment::starting)
    return outage.to_ns == 0 ? "down again, started " + told_time(facts, outage.from_ns) + " and not seen up since"
                             : "down again, nobody saw since when, until " + told_time(facts, outage.to_ns);
  const std::string_view what = outage.how == services::Moment::stopped ? "stopped" : "seen down";
  const std::string from = fmt::format("{} again at {}", what, told_time(facts, outage.from_ns));
  if (outage.to_ns == 0) return from + ", and not seen up since";
  return fmt::format("{}, {} again at {}", from, outage.end == Outage::End::started ? "up" : "seen up",
                     told_time(facts, outage.to_ns));
}

std::vector<std::string> later_words(const facts::CaseFacts& facts, const ServiceShare& service) {
  constexpr std::size_t k_said_max = 5;
  std::vector<std::string> out;
  const std::size_t left_out = service.later.size() > k_said_max ? service.later.size() - k_said_max : 0;
  if (left_out != 0) out.push_back(fmt::format("down again {} times before that", left_out));
  for (std::size_t i = left_out; i < service.later.size(); ++i) out.push_back(words_of(facts, service.later[i]));
  return out;
}

}  // namespace lastgood::report
