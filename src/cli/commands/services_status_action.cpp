// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/local_time.h"
#include "cli/case_zone.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/not_judged.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "ledger/ledger.h"
#include "os/clock.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "readiness/service_state.h"
#include "services/history.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;
using readiness::ServiceStanding;
using readiness::ServiceState;

constexpr double k_minute_s = 60;

Json json_of_standing(const ServiceStanding& standing, const recovery::RestoreRate& rate) {
  Json line = {{"type", "service"},
               {"service", standing.service->id},
               {"title", base::printable(standing.service->title)},
               {"tier", standing.service->tier},
               {"state", readiness::name_of(standing.state)},
               {"health", readiness::name_of(standing.health.health)},
               {"health_sentence", base::printable(standing.health.sentence)},
               {"waits_for", standing.waits_for},
               {"data_as_of", time_or_null(standing.data_as_of_ns)},
               {"files_as_of", time_or_null(standing.files_as_of_ns)},
               {"bytes", standing.bytes},
               {"ready_seconds", standing.ready_s},
               {"rate_basis", base::printable(rate.basis)},
               {"data", Json::array()}};
  for (const readiness::DataState& data : standing.data) {
    Json one = {{"name", data.name}, {"kind", data.kind}};
    set_text(one, "path", data.path);
    one["source"] = base::printable(data.source);
    one["snapshot"] = base::printable(data.snapshot);
    one["data_as_of"] = time_or_null(data.data_as_of_ns);
    one["logs_unread"] = data.logs == readiness::DataState::Logs::unread;
    one["tested"] = time_or_null(data.tested_ns);
    one["bytes"] = data.bytes;
    one["encrypted_files"] = data.hit;
    one["replaced_files"] = data.replaced;
    const bool is_regenerable = data.known == readiness::DataState::Known::regenerated;
    one["in_place_since"] = time_or_null(is_regenerable ? 0 : data.in_place_ns);
    one["doubtful_files"] = data.doubtful;
    one["sentence"] = base::printable(data.sentence);
    one["agreement"] = base::printable(data.agreement);
    line["data"].push_back(std::move(one));
  }
  return line;
}

std::string in_how_long(const ServiceStanding& standing, const recovery::RestoreRate& rate) {
  const auto is_uncounted = [](const readiness::DataState& data) {
    using Known = readiness::DataState::Known;
    return data.bytes == 0 && (data.known == Known::tested || data.known == Known::judged);
  };
  if (std::any_of(standing.data.begin(), standing.data.end(), is_uncounted))
    return "how long it takes is not known: nobody has counted its bytes, 'lastgood services check' does";
  if (standing.ready_s <= 0) return "nothing to copy before it";
  const std::string long_it_takes =
      standing.ready_s < k_minute_s ? "under a minute" : "about " + human_seconds(standing.ready_s);
  return fmt::format("back {} after a restore begins ({} of its own, at {})", long_it_takes,
                     human_bytes(standing.bytes), rate.basis);
}

std::string files_beside(const ServiceStanding& standing, const readiness::StandingInput& input) {
  if (standing.files_as_of_ns == 0) return {};
  return "; files beside as of " + base::time_in_zone(standing.files_as_of_ns, input.zone);
}

std::string_view logs_unread(const ServiceStanding& standing) {
  return standing.logs == readiness::DataState::Logs::unread
             ? " or later: how far saved logs go on from there 'services check' finds out"
             : "";
}

/// Of one that is stopped.
std::string how_to_start(const ServiceStanding& standing, const std::string& case_folder) {
  const bool is_regenerable = std::all_of(
      standing.data.begin(), standing.data.end(),
      [](const readiness::DataState& data) { return data.known == readiness::DataState::Known::regenerated; });
  std::string out = standing.data.empty() ? "it has no data of its own"
                    : is_regenerable      ? "its data can be made again, and no scan saw anything of them struck"
                                          : "its data are in place";
  const bool may_lack = std::any_of(standing.data.begin(), standing.data.end(),
                                    [](const readiness::DataState& data) { return !data.lacks.empty(); });
  if (may_lack) out += ", and may lack what was committed last (see there)";
  if (standing.health.health == readiness::Health::unknown) out += ", whether it is up nobody has asked";
  return out +
         (standing.service->start.empty()
              ? ": it has only to be started, and people do that (the services file has no 'start')"
              : fmt::format(": lastgood --case {} services start {}", shell_word(case_folder), standing.service->id));
}

/// Its state for people: of one that could have been asked and was not nobody knows whether it has stopped.
std::string_view told_state(const ServiceStanding& standing, readiness::AskHealth ask) {
  const bool was_not_asked = ask == readiness::AskHealth::no && standing.service->healthcheck;
  const bool is_stopped = standing.state == ServiceState::stopped;
  return is_stopped && was_not_asked ? std::string_view("not asked") : readiness::name_of(standing.state);
}

void print_standings(const ServiceStanding& standing, const readiness::StandingInput& input,
                     const std::string& case_folder, readiness::AskHealth ask, std::int64_t now_ns, Context& context) {
  context.out << fmt::format("{:<11} {} ({}, tier {})\n", told_state(standing, ask),
                             base::printable(standing.service->title), standing.service->id, standing.service->tier);
  if (standing.state == ServiceState::restorable && standing.data_as_of_ns != 0)
    context.out << fmt::format("            data as of {}{}{}; {}\n",
                               base::time_in_zone(standing.data_as_of_ns, input.zone), logs_unread(standing),
                               files_beside(standing, input),
                               with_case(in_how_long(standing, input.rate), case_folder));
  if (!standing.waits_for.empty())
    context.out << fmt::format("            waits for {}\n", fmt::join(standing.waits_for, ", "));
  if (standing.state == ServiceState::stopped)
    context.out << "            " << how_to_start(standing, case_folder) << "\n";
  for (const std::string& sentence : standing.sentences)
    context.out << "            " << base::printable(with_case(sentence, case_folder)) << "\n";
  for (const readiness::DataState& data : standing.data) {
    if (data.tested_ns != 0)
      context.out << fmt::format("            {}: restore-tested {}\n", data.name, age_of(data.tested_ns, now_ns));
  }
}

/// What changed since the last time that anybody asked or started it: a ledger entry, then the history.
base::Status record_changes(const std::vector<ServiceStanding>& standings, const std::string& case_folder,
                            std::int64_t now_ns) {
  LG_ASSIGN(const services::ReadHistory history, services::read_history(case_folder));
  std::vector<services::HistoryEntry> changes;
  for (const ServiceStanding& standing : standings) {
    if (standing.health.health == readiness::Health::unknown) continue;
    const bool is_well = standing.health.health == readiness::Health::well;
    const services::HistoryEntry* last = history.newest(standing.service->id);
    const bool was_well = last != nullptr && last->moment == services::Moment::healthy;
    if (last != nullptr && is_well == was_well) continue;
    changes.push_back({.time_ns = now_ns,
                       .service = standing.service->id,
                       .moment = is_well ? services::Moment::healthy : services::Moment::down,
                       .sentence = standing.health.sentence});
  }
  if (changes.empty()) return base::Done{};
  std::vector<std::string> seen;
  for (const services::HistoryEntry& change : changes)
    seen.push_back(fmt::format("{} {}", change.service, services::name_of(change.moment)));
  // A status that only reads is asked beside a restore, too: the ledger takes any number of writers in turn.
  LG_ASSIGN(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(case_folder));
  LG_ASSIGN([[maybe_unused]] const ledger::Head head, ledger->append("services-seen", {{"changes", seen}}));
  return services::append_history(case_folder, changes);
}

}  // namespace

std::string age_of(std::int64_t then_ns, std::int64_t now_ns) {
  const double seconds = static_cast<double>(now_ns - then_ns) / 1e9;
  if (seconds < 0) return "in the future, by this machine's clock";
  constexpr double k_day_s = 86400;
  if (seconds >= 2 * k_day_s) return fmt::format("{} days ago", static_cast<int>(seconds / k_day_s));
  return human_seconds(seconds) + " ago";
}

Outcome show_services(const ServicesOptions& asked, Context& context) {
  LG_OUTCOME(const ServicesOptions options, take_name(asked), ExitCode::wrong_use);
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  // Health checks are commands: they are only taken from the file that was set.
  const bool is_set = options.file.empty();
  LG_OUTCOME(const services::ServicesFile file,
             is_set ? readiness::read_set_services(session.folder)
                    : readiness::read_case_services(options.file, session.folder),
             ExitCode::wrong_use);
  if (is_set) {
    const base::Status programs = readiness::check_programs(file, *session.store, session.folder);
    if (!programs.ok()) return Failure{programs.error(), ExitCode::wrong_use};
  }
  if (auto unknown = find_unknown_service(file, options.service)) return std::move(*unknown);
  os::catch_stop_signals();
  const auto ask = options.no_health || !is_set ? readiness::AskHealth::no : readiness::AskHealth::yes;
  const auto input = readiness::gather_standings(file, options.service, session.folder, *session.store, ask);
  if (!input.ok()) return failure_of(input.error(), session.folder, ExitCode::case_failed);
  if (os::stop_requested()) return ExitCode::interrupted;
  print_assumed_zones(session, context);
  print_not_judged(session, context);
  const std::vector<ServiceStanding> standings = readiness::decide_standings(input.value());
  const std::int64_t now_ns = os::SystemClock().now_ns();
  for (const ServiceStanding& standing : standings) {
    if (context.output == Output::json)
      context.out << json_of_standing(standing, input.value().rate).dump() << "\n";
    else
      print_standings(standing, input.value(), session.folder, ask, now_ns, context);
  }
  const std::size_t left_out = print_left_out(file, options.service, context);
  const base::Status recorded = record_changes(standings, session.folder, now_ns);
  if (!recorded.ok()) print_failure(context, recorded.error(), ExitCode::case_failed);
  const bool all_up = std::all_of(standings.begin(), standings.end(),
                                  [](const ServiceStanding& standing) { return standing.state == ServiceState::up; });
  return all_up && left_out == 0 ? ExitCode::done : ExitCode::bad_found;
}

}  // namespace lastgood::cli
