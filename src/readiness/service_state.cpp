// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/service_state.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "recovery/awaited_replay.h"

namespace lastgood::readiness {

namespace {

using Known = DataState::Known;

std::int64_t older_of(std::int64_t a_ns, std::int64_t b_ns) {
  if (a_ns == 0 || b_ns == 0) return std::max(a_ns, b_ns);
  return std::min(a_ns, b_ns);
}

struct DataSum {
  bool is_hit = false;
  bool is_missing = false;    // something has no usable copy
  bool is_not_known = false;  // of something nothing is known
  bool is_in_place = true;    // all of it, since a restore
  std::int64_t sets_ns = 0;   // of databases and what else comes back as one, the oldest
  std::int64_t files_ns = 0;  // of folders of files, the oldest
  std::uint64_t bytes = 0;
  DataState::Logs logs = DataState::Logs::none_or_read;  // of any
};

DataSum sum_of(const std::vector<DataState>& data) {
  DataSum out;
  for (const DataState& one : data) {
    out.is_hit = out.is_hit || (one.hit > 0 && one.known != Known::regenerated);
    out.is_missing = out.is_missing || one.known == Known::none;
    out.is_not_known = out.is_not_known || one.known == Known::not_known;
    out.is_in_place = out.is_in_place && one.in_place_ns != 0;
    if (one.known != Known::tested && one.known != Known::judged) continue;
    if (one.logs == DataState::Logs::unread) out.logs = one.logs;
    std::int64_t& as_of_ns = one.kind == "files" ? out.files_ns : out.sets_ns;
    as_of_ns = older_of(as_of_ns, one.data_as_of_ns);
    out.bytes += one.bytes;
  }
  return out;
}

ServiceState state_of(const ServiceStanding& standing, const DataSum& data) {
  if (standing.health.health == Health::well)
    return standing.waits_for.empty() && !data.is_hit ? ServiceState::up : ServiceState::degraded;
  // Without data there is nothing to restore.
  if (standing.data.empty())
    return standing.health.health == Health::unknown ? ServiceState::unknown : ServiceState::stopped;
  // Also of one that cannot be asked: another restore would only bring older data.
  if (data.is_in_place) return ServiceState::stopped;
  if (data.is_missing) return ServiceState::down;
  if (data.is_not_known) return standing.health.health == Health::unknown ? ServiceState::unknown : ServiceState::down;
  return ServiceState::restorable;
}

/// A service that cannot be asked is not known to be up: others then wait for it only as far as its own data go.
bool is_up(const ServiceStanding& standing) {
  return standing.state == ServiceState::up || standing.state == ServiceState::degraded;
}

/// What it waits for may be worse off than it is itself: then to start it is not enough.
void worsen_by_needed(ServiceStanding& standing, const std::vector<ServiceStanding>& known,
                      const std::map<std::string_view, std::size_t>& by_name) {
  const auto waits_for_one = [&](ServiceState state) {
    return std::any_of(standing.waits_for.begin(), standing.waits_for.end(),
                       [&](const std::string& name) { return known[by_name.at(name)].state == state; });
  };
  const bool is_without_data = standing.data.empty();
  const bool has_only_to_start = is_without_data && standing.state == ServiceState::stopped;
  if (standing.state != ServiceState::restorable && !has_only_to_start) return;
  if (waits_for_one(ServiceState::down)) {
    standing.state = ServiceState::down;
    standing.sentences.emplace_back(is_without_data
                                        ? "it has no data of its own, but something it waits for cannot come back"
                                        : "its own data can come back, but something it waits for cannot");
  } else if (has_only_to_start && waits_for_one(ServiceState::restorable)) {
    standing.state = ServiceState::restorable;
  }
}

/// Of its tablespaces and its log.
std::string places_of(const std::set<std::string>& folders) {
  std::string out;
  for (const std::string& folder : folders) out += fmt::format(" and in {}", base::printable(folder));
  return out.empty() ? out : out + ", where links of it lead,";
}

/// Of what is regenerable, where something of it is struck or in doubt.
void say_to_be_made(const DataState& data, ServiceStanding& standing) {
  const std::uint64_t count = data.hit + data.doubtful;
  if (count == 0) return;
  std::string needed;
  for (const std::string& name : standing.waits_for) needed += (needed.empty() ? "" : ", ") + name;
  standing.sentences.push_back(fmt::format(
      "{}: {} of it {} struck or could not be judged, and {} there as the newest scan saw {}: no restore has to bring "
      "it, its start makes it again, or people do before that{}",
      data.name, base::counted(count, "file"), count == 1 ? "is" : "are", count == 1 ? "stands" : "stand",
      count == 1 ? "it" : "them", needed.empty() ? needed : fmt::format(", once {} is back", needed)));
}

void add_sentences(ServiceStanding& standing, const std::string& zone) {
  if (!standing.health.sentence.empty()) standing.sentences.push_back(standing.health.sentence);
  for (const DataState& data : standing.data) {
    standing.sentences.push_back(fmt::format("{} ({}): {}", data.name, base::printable(data.path), data.sentence));
    if (!data.agreement.empty()) standing.sentences.push_back(fmt::format("{}: {}", data.name, data.agreement));
    // Of what is regenerable nobody knows whether a restore brought it, or left what stood there.
    if (data.in_place_ns != 0 && data.known != Known::regenerated)
      standing.sentences.push_back(fmt::format("{}: in place since the restore that ended {}", data.name,
                                               base::time_in_zone(data.in_place_ns, zone)));
    if (data.replay == DataState::Replay::not_known && standing.health.health != Health::well)
      standing.sentences.push_back(describe_unreplayed(data));
    if (!data.lacks.empty() && standing.health.health != Health::well)
      standing.sentences.push_back(describe_lacking(data));
    if (data.replay == DataState::Replay::awaited)
      standing.sentences.push_back(fmt::format(
          "{}: {}", data.name, recovery::describe_awaited(standing.service->id, data.path, data.saved_logs)));
    if (data.server_logs_ns != 0 && standing.health.health != Health::well)
      standing.sentences.push_back(fmt::format(
          "{0}: logs on the server itself, in '{1}', go on to {2}, and may hold later commits, also the attacker's: "
          "before its first start 'lastgood replay {3} --logs {1}' brings them in",
          data.name, base::printable(data.server_logs), base::time_in_zone(data.server_logs_ns, zone),
          base::printable(data.path)));
    if (data.own_log_ns != 0 && standing.health.health != Health::well)
      standing.sentences.push_back(fmt::format(
          "{0}: the log of the struck database itself, in '{1}', goes on to {2}, and may hold commits that no backup "
          "has, also the attacker's: {5}'lastgood replay {3}{4} --logs {1}' brings them in{6}",
          data.name, base::printable(data.own_log), base::time_in_zone(data.own_log_ns, zone),
          base::printable(data.own_log_base.empty() ? data.path : data.own_log_base),
          data.own_log_behind.empty() ? std::string() : " --logs-in-backups " + base::printable(data.own_log_behind),
          data.own_log_base.empty() ? "before its first start " : "it has been started since; ",
          data.own_log_base.empty() ? "" : ", to the folder as it was restored, and leaves what works now alone"));
    const bool may_be_enough = data.scanned == DataState::Scanned::unstruck && data.in_place_ns == 0;
    if (may_be_enough && standing.health.health == Health::not_well)
      standing.sentences.push_back(fmt::format(
          "{}: it lies there, and the newest scan saw nothing of it encrypted: to start it may be enough (what was "
          "deleted no scan sees)",
          data.name));
    if (data.scanned == DataState::Scanned::unclear && data.in_place_ns == 0 &&
        standing.health.health == Health::not_well)
      standing.sentences.push_back(fmt::format(
          "{}: it lies there, and the newest scan could not say whether it is sound: whether a start is enough nobody "
          "knows ({})",
          data.name,
          data.kind == "sqlite"
              ? std::string("'lastgood explain' shows what was seen of the file")
              : fmt::format("'lastgood plan --service {}' asks what stands there itself", standing.service->id)));
    if (!data.root_owned_for.empty() && standing.health.health != Health::well)
      standing.sentences.push_back(
          fmt::format("{0}: its folder belongs to root, and its server starts after 'chown -R "
                      "{1}: {2}'",
                      data.name, data.root_owned_for, base::printable(data.path)));
    if (data.refused_mode != 0 && standing.health.health != Health::well)
      standing.sentences.push_back(fmt::format(
          "{0}: mode {1:04o} of its folder lets others in, and PostgreSQL does not start on it: chmod 700 {2}",
          data.name, data.refused_mode, base::printable(data.path)));
    if (!data.fault_in_place.empty())
      standing.sentences.push_back(
          fmt::format("{}: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: {}. "
                      "'lastgood plan --service {}' "
                      "says what can be done",
                      data.name, data.fault_in_place, standing.service->id));
    if (data.hit > 0)
      standing.sentences.push_back(fmt::format(
          "{} below {}{} in the newest scan{}", base::counted(data.hit, "encrypted file"), base::printable(data.path),
          places_of(data.struck_elsewhere), data.restored_ns == 0 ? "" : ", still as it saw them"));
    if (data.known == Known::regenerated && standing.health.health != Health::well) say_to_be_made(data, standing);
    if (data.replaced > 0)
      standing.sentences.push_back(fmt::format(
          "{}: {} of the newest scan {} no longer there since the restore that ended {}; a new scan says what "
          "is there now",
          data.name, base::counted(data.replaced, "encrypted file"), data.replaced == 1 ? "is" : "are",
          base::time_in_zone(data.restored_ns, zone)));
  }
}

}  // namespace

std::string describe_unreplayed(const DataState& data) {
  return fmt::format(
      "{0}: no replay of its saved logs is known since it was restored: what was committed after its backup may not be "
      "there; before its first start 'lastgood replay {1} --logs-in-backups {2}' tries to bring it in",
      data.name, base::printable(data.path), base::printable(data.saved_logs));
}

std::string describe_lacking(const DataState& data) {
  return fmt::format(
      "{0}: {1}. Before its first start, where a whole copy of those logs can be had: 'lastgood replay {2} "
      "--logs-in-backups {3} --logs DIR'; where they are lost for good, it can be started as it is",
      data.name, base::printable(data.lacks), base::printable(data.path), base::printable(data.saved_logs));
}

std::string_view name_of(ServiceState state) {
  switch (state) {
    case ServiceState::up: return "up";
    case ServiceState::degraded: return "degraded";
    case ServiceState::stopped: return "stopped";
    case ServiceState::restorable: return "restorable";
    case ServiceState::down: return "down";
    case ServiceState::unknown: return "unknown";
  }
  return "unknown";
}

std::vector<ServiceStanding> decide_standings(const StandingInput& input) {
  std::vector<ServiceStanding> out;
  std::map<std::string_view, std::size_t> by_name;
  double seconds = 0;
  for (const services::Service* service : input.order) {
    ServiceStanding standing;
    standing.service = service;
    if (const auto at = input.health.find(service->id); at != input.health.end()) standing.health = at->second;
    if (const auto at = input.data.find(service->id); at != input.data.end()) standing.data = at->second;
    const DataSum data = sum_of(standing.data);
    standing.data_as_of_ns = data.sets_ns != 0 ? data.sets_ns : data.files_ns;
    standing.logs = data.logs;
    for (const services::Dependency& dependency : service->depends_on) {
      const auto at = by_name.find(dependency.service);
      if (at == by_name.end()) continue;
      const ServiceStanding& needed = out[at->second];
      if (is_up(needed)) continue;
      standing.waits_for.push_back(dependency.service);
      standing.data_as_of_ns = older_of(standing.data_as_of_ns, needed.data_as_of_ns);
      if (needed.logs == DataState::Logs::unread) standing.logs = needed.logs;
    }
    if (data.files_ns < standing.data_as_of_ns) standing.files_as_of_ns = data.files_ns;
    standing.state = state_of(standing, data);
    worsen_by_needed(standing, out, by_name);
    if (!is_up(standing) && standing.state != ServiceState::stopped) {
      standing.bytes = data.bytes;
      seconds += static_cast<double>(data.bytes) / input.rate.bytes_per_s;
      standing.ready_s = seconds;
    }
    add_sentences(standing, input.zone);
    by_name.emplace(service->id, out.size());
    out.push_back(std::move(standing));
  }
  return out;
}

}  // namespace lastgood::readiness
