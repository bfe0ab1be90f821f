// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/not_judged.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "cli/time_option.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/paths.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "recovery/output_place.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"
#include "recovery/plan_recovery.h"
#include "recovery/plan_services.h"
#include "services/leave_out.h"

namespace lastgood::cli {

namespace {

struct PlanOptions {
  std::string out = "plan.json";
  std::vector<std::string> only;
  std::vector<std::string> sources;
  std::string service;
  std::string services_file;
  std::string as_of;
  std::string not_after;
  std::string attack_began;
  std::string prefer;
  bool deleted = false;
  bool erased = false;
  bool also_intact = false;
  bool exchange_damaged = false;
};

base::Result<recovery::PlanRequest> request_of(const PlanOptions& options, const Session& session) {
  recovery::PlanRequest request;
  request.in_place = recovery::PlanRequest::InPlace::asked;
  request.case_folder = session.folder;
  request.case_name = session.folder.substr(session.folder.rfind('/') + 1);
  request.now_ns = os::SystemClock().now_ns();
  request.policy.only = options.only;
  for (std::string& path : request.policy.only) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  }
  request.policy.prefer = options.prefer;
  const std::string zone = zone_of(*session.store);
  LG_ASSIGN(request.policy.not_after_ns, parse_time_option("--not-after", options.not_after, zone));
  LG_ASSIGN(request.policy.attack_began_ns, parse_time_option("--attack-began", options.attack_began, zone));
  if (options.exchange_damaged) request.policy.damaged_in_place = recovery::PlanPolicy::DamagedInPlace::exchange;
  if (options.also_intact) request.policy.good_files = recovery::PlanPolicy::GoodFiles::plan;
  if (options.deleted) request.policy.deleted = recovery::PlanPolicy::Deleted::bring_back;
  LG_ASSIGN(const std::int64_t as_of_ns, parse_time_option("--as-of", options.as_of, zone));
  if (as_of_ns != 0) request.opening.as_of_ns = as_of_ns;
  if (options.erased) request.opening.erased = sources::OpenOptions::Erased::include;
  return request;
}

/// The services file that was named or that the case keeps; nothing when there is none and none is needed.
base::Result<std::optional<services::ServicesFile>> find_services(const PlanOptions& options, const Session& session) {
  auto read = readiness::read_case_services(options.services_file, session.folder);
  if (read.ok()) return std::optional(std::move(read).value());
  const bool is_needed = !options.service.empty() || !options.services_file.empty();
  if (!is_needed && read.error().code == base::ErrorCode::not_found) return std::optional<services::ServicesFile>();
  return read.error();
}

/// Restricts the plan to one service and what it waits for.
std::optional<Failure> choose_service(const PlanOptions& options, const services::ServicesFile& file,
                                      recovery::PlanRequest& request) {
  if (options.service.empty()) return {};
  if (auto unknown = find_unknown_service(file, options.service)) return unknown;
  if (!options.only.empty())
    return Failure{{.code = base::ErrorCode::misuse, .what = "--service and --only cannot be used together"},
                   ExitCode::wrong_use};
  request.policy.only = recovery::paths_of_service(file, options.service);
  if (!request.policy.only.empty()) return {};
  return Failure{{.code = base::ErrorCode::misuse,
                  .what = fmt::format("service '{}' and all it waits for have no data to bring back", options.service),
                  .path = file.path},
                 ExitCode::wrong_use};
}

std::string table_path(const std::string& out) {
  return (out.ends_with(".json") ? out.substr(0, out.size() - 5) : out) + ".txt";
}

void print_json(const recovery::Plan& plan, const std::string& digest, const std::vector<std::string>& left_out,
                const PlanOptions& options, Context& context) {
  nlohmann::ordered_json line = {{"type", "plan"}, {"digest", "sha256:" + digest}};
  set_text(line, "path", options.out);
  line["items"] = plan.items.size();
  line["bytes"] = plan.space.restored_bytes;
  line["lost"] = plan.losses.size();
  line["unjudged"] = plan.unjudged.size();
  line["last_clean_snapshot"] = base::printable(plan.last_clean_snapshot);
  line["files_newer_than_last_clean"] = plan.files_newer_than_last_clean;
  line["hours_gained_max"] = plan.hours_gained_max;
  nlohmann::ordered_json services = nlohmann::ordered_json::array();
  for (const recovery::PlanService& service : plan.services) {
    services.push_back(
        {{"id", service.id},
         {"title", base::printable(service.title)},
         {"files", service.files},
         {"bytes", service.bytes},
         {"lost", service.lost},
         {"data_as_of", service.data_as_of_ns == 0 ? nlohmann::ordered_json()
                                                   : nlohmann::ordered_json(utc_time(service.data_as_of_ns))},
         {"without_logs", service.without_logs_ns == 0 ? nlohmann::ordered_json()
                                                       : nlohmann::ordered_json(utc_time(service.without_logs_ns))},
         {"files_as_of", service.files_as_of_ns == 0 ? nlohmann::ordered_json()
                                                     : nlohmann::ordered_json(utc_time(service.files_as_of_ns))},
         {"log_files", service.log_files},
         {"ready_seconds", service.ready_s}});
  }
  if (!services.empty()) {
    line["services"] = std::move(services);
    line["rate_basis"] = base::printable(plan.rate_basis);
  }
  if (!left_out.empty()) line["left_out"] = left_out;
  context.out << line.dump() << "\n";
}

Failure failure_of_planning(const base::Error& error, const Session& session) {
  const bool is_cancelled = error.code == base::ErrorCode::cancelled;
  return failure_of(error, session.folder, is_cancelled ? ExitCode::interrupted : ExitCode::recovery_failed);
}

Outcome run_plan(const PlanOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (const base::Status place = recovery::check_output_place(*session.store, options.out); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  LG_OUTCOME(recovery::PlanRequest request, request_of(options, session), ExitCode::wrong_use);
  LG_OUTCOME(const std::optional<services::ServicesFile> services, find_services(options, session),
             ExitCode::wrong_use);
  if (services) {
    request.services = &*services;
    if (auto failure = choose_service(options, *services, request)) return std::move(*failure);
  }

  os::catch_stop_signals();
  TerminalPrompt prompt;
  RecoveryLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  auto sources_opened = recovery::open_sources(*session.store, options.sources, request.opening, prompt);
  if (!sources_opened.ok())
    return Failure{sources_opened.error(), exit_code_of_source_error(sources_opened.error().code)};
  recovery::OpenedSources sources = std::move(sources_opened).value();
  print_unopened(context, sources);
  auto planned = recovery::plan_recovery(request, *session.store, sources, line);
  if (!planned.ok()) return failure_of_planning(planned.error(), session);
  recovery::Plan& plan = planned.value();
  if (services) {
    const base::Status looked = recovery::look_at_data(plan, *services, request.policy, sources, *session.store, line);
    if (!looked.ok()) return failure_of_planning(looked.error(), session);
    LG_OUTCOME(const recovery::RestoreRate rate, recovery::measure_restore_rate(session.folder),
               ExitCode::ledger_failed);
    recovery::add_services(plan, *services, options.service, rate);
  }
  line.clear();
  LG_OUTCOME(const std::string digest, recovery::write_plan(plan, options.out), ExitCode::recovery_failed);
  LG_OUTCOME(const std::string made_at, os::absolute_path(options.out), ExitCode::recovery_failed);
  const auto entry = session.ledger->append("plan-made", {{"digest", digest},
                                                          {"items", static_cast<std::int64_t>(plan.items.size())},
                                                          {"lost", static_cast<std::int64_t>(plan.losses.size())},
                                                          {"path", made_at}});
  if (!entry.ok()) return failure_of(entry.error(), session.folder, ExitCode::ledger_failed);
  std::string table;
  std::vector<std::string> left_out;
  if (services) left_out = services::describe_left_out(*services, options.service);
  for (const std::string& sentence : left_out) table += base::printable(sentence) + "\n";
  for (const std::string& sentence : sources.shrunk) table += "note: " + sentence + "\n";
  if (const std::string note = describe_assumed_zones(session); !note.empty()) table += "note: " + note + "\n";
  if (const std::string note = describe_not_judged(session); !note.empty()) table += "note: " + note + "\n";
  table += recovery::format_plan(plan, digest, zone_of(*session.store));
  const base::Status written =
      os::write_atomic_file(table_path(options.out), base::ByteView(table), os::Overwrite::yes);
  if (!written.ok()) return Failure{written.error(), ExitCode::recovery_failed};
  if (context.output == Output::json) {
    print_shrunk(context, sources);
    print_assumed_zones(session, context);
    print_not_judged(session, context);
    print_json(plan, digest, left_out, options, context);
  } else {
    context.out << table
                << fmt::format("\nplan: {}, and this table: {}\n", base::printable(options.out),
                               base::printable(table_path(options.out)));
    if (!plan.items.empty())
      context.out << fmt::format(
          "next: lastgood --case {} restore {} --to DIR   (an empty folder)\n"
          "  or: lastgood --case {} restore {} --in-place   (encrypted originals are kept aside)\n",
          shell_word(session.folder), shell_word(options.out), shell_word(session.folder), shell_word(options.out));
  }
  const bool may_lack_logs = std::any_of(plan.units.begin(), plan.units.end(),
                                         [](const recovery::PlanUnit& unit) { return unit.logs.lack_commits(); });
  if (!sources.are_whole() || !left_out.empty() || may_lack_logs) return ExitCode::in_part;
  return plan.losses.empty() ? ExitCode::done : ExitCode::bad_found;
}

Run declare_plan(CLI::App& app) {
  const auto options = std::make_shared<PlanOptions>();
  app.add_option("--out", options->out, "the plan to write; a table for people is written beside it")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--only", options->only, "this path and what is below it")->type_name("PATH")->allow_extra_args(false);
  app.add_option("--service", options->service, "what this service stands on, and all it waits for")->type_name("NAME");
  app.add_option("--services", options->services_file, "the services file; the case's own where none is named")
      ->type_name("FILE");
  app.add_option("--source", options->sources, "use this source only")->type_name("NAME")->allow_extra_args(false);
  app.add_option("--prefer", options->prefer, "take this source where versions are the same")->type_name("NAME");
  app.add_option("--not-after", options->not_after, "use no snapshot later than this")->type_name("TIME");
  app.add_option("--as-of", options->as_of, "open the sources as they were then: what was deleted since is there again")
      ->type_name("TIME");
  app.add_option("--attack-began", options->attack_began, "when it began, if you know better than the scan")
      ->type_name("TIME");
  app.add_flag("--deleted", options->deleted, "also what its owners had deleted before the attack");
  app.add_flag("--exchange-damaged", options->exchange_damaged,
               "also whole databases that nothing struck and that are damaged by their own check (unit.in-place)");
  app.add_flag("--also-intact", options->also_intact,
               "also what stands there whole, to be restored beside (--to) and compared; never in place");
  app.add_flag("--erased", options->erased, "also snapshots that were deleted from a source and can still be read");
  return [options](Context& context) { return run_plan(*options, context); };
}

}  // namespace

const Command k_plan_command = {
    .name = "plan",
    .summary = "Choose the last good version of every path, and write it down to be read and signed",
    .description =
        "With a scanned live tree: what is hit or missing in it. Without: every path of the sources.\n"
        "With a services file (named, or kept in the case) the plan brings services back in their order, and says when "
        "each\nis there again and as of when its data are; of databases whose logs the file names, with these replayed "
        "and without.\n"
        "Nothing is changed. The plan carries a digest; restore refuses one that was changed after it was made.\n"
        "Exit code: 0 everything comes back, 1 something is lost (the plan says what and why), 3 a source could not be "
        "opened,\nor saved logs are broken or missing, so that later commits do not, or may not, come back (it says "
        "which).",
    .examples =
        "  lastgood plan\n  lastgood plan --only /srv/lab --out lab.json\n"
        "  lastgood plan --service opd --out opd.json\n"
        "  lastgood plan --not-after 2022-11-23T01:37:00Z --prefer nas",
    .declare = declare_plan};

}  // namespace lastgood::cli
