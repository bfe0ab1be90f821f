// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/ask_health.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "os/run_command.h"
#include "os/side_by_side.h"
#include "os/tcp_connect.h"
#include "readiness/ask_http.h"
#include "readiness/ask_sql.h"
#include "services/host_and_port.h"

namespace lastgood::readiness {

namespace {

using SteadyClock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t k_at_once = 16;
constexpr double k_nap_s = 0.1;

HealthAnswer ask_command(const services::Service& service) {
  const services::HealthCheck& check = *service.healthcheck;
  const auto end = os::run_command(
      {.arguments = check.command, .user = service.user, .time_limit_s = check.timeout_s, .output_path = {}});
  const std::string program = base::printable(check.command.front());
  if (!end.ok()) return {Health::not_well, end.error().what, 1};
  if (end.value().how == os::CommandEnd::How::too_slow)
    return {Health::not_well, fmt::format("'{}' did not end within {} s", program, check.timeout_s), 1};
  if (end.value().is_well()) return {Health::well, fmt::format("'{}' ended with 0", program), 1};
  std::string sentence = fmt::format("'{}' ended with {}", program, end.value().exit_code);
  if (!end.value().last_words.empty())
    sentence += ": " + base::printable(end.value().last_words.substr(end.value().last_words.rfind('\n') + 1));
  return {Health::not_well, std::move(sentence), 1};
}

HealthAnswer ask_tcp(const services::HealthCheck& check) {
  const auto place = services::parse_host_and_port(check.tcp);
  if (!place) return {Health::unknown, fmt::format("'{}' is no HOST:PORT", base::printable(check.tcp)), 1};
  const base::Status answer = os::try_tcp(place->host, place->port, check.timeout_s);
  if (answer.ok()) return {Health::well, fmt::format("{} accepts connections", base::printable(check.tcp)), 1};
  return {Health::not_well, answer.error().what, 1};
}

void nap(double seconds, const std::function<bool()>& cancelled) {
  const auto until = SteadyClock::now() + Seconds(seconds);
  while (SteadyClock::now() < until && !cancelled())
    std::this_thread::sleep_for(std::min(Seconds(k_nap_s), Seconds(until - SteadyClock::now())));
}

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::well: return "well";
    case Health::not_well: return "not well";
    case Health::unknown: return "unknown";
  }
  return "unknown";
}

HealthAnswer ask_once(const services::Service& service) {
  if (!service.healthcheck) return {Health::unknown, "no health check is written down", 0};
  const services::HealthCheck& check = *service.healthcheck;
  if (!check.command.empty()) return ask_command(service);
  if (!check.tcp.empty()) return ask_tcp(check);
  if (!check.http.empty()) return ask_http(check.http, check.timeout_s);
  return ask_sql(service);
}

HealthAnswer ask_until_well(const services::Service& service, const std::function<bool()>& cancelled) {
  const services::HealthCheck check = service.healthcheck.value_or(services::HealthCheck{});
  const auto begun = SteadyClock::now();
  unsigned bad = 0;
  HealthAnswer answer;
  for (unsigned tries = 1;; ++tries) {
    answer = ask_once(service);
    answer.tries = tries;
    if (answer.health != Health::not_well) return answer;
    const bool is_starting = Seconds(SteadyClock::now() - begun).count() < check.start_period_s;
    if (!is_starting && ++bad >= check.retries) return answer;
    nap(check.interval_s, cancelled);
    if (cancelled()) return answer;
  }
}

HealthAnswer ask_until_down(const services::Service& service, const std::function<bool()>& cancelled) {
  const services::HealthCheck check = service.healthcheck.value_or(services::HealthCheck{});
  HealthAnswer answer;
  for (unsigned tries = 1;; ++tries) {
    answer = ask_once(service);
    answer.tries = tries;
    if (answer.health != Health::well || tries >= check.retries) return answer;
    nap(check.interval_s, cancelled);
    if (cancelled()) return answer;
  }
}

std::vector<HealthAnswer> ask_all(const std::vector<const services::Service*>& asked, bool (*cancelled)()) {
  std::vector<HealthAnswer> answers(asked.size());
  os::SideBySide(k_at_once).work(asked.size(), [&](std::size_t at) {
    services::Service service = *asked[at];
    if (service.healthcheck) service.healthcheck->start_period_s = 0;  // nothing was started just now
    answers[at] = ask_until_well(service, cancelled);
  });
  return answers;
}

}  // namespace lastgood::readiness
