// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/service_plan.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "base/local_time.h"
#include "cli/case_zone.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/output/recovery_line.h"
#include "ledger/read_ledger.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"
#include "recovery/plan_recovery.h"
#include "recovery/plan_services.h"
#include "services/check_record.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_plan_bytes_max = std::size_t{4} << 30U;

/// A restore by the plan was begun, and nothing was learned since from which another plan could come. It is gone on
/// with, also when all is back: a new plan would go by a scan from before that restore, and bring back once more what
/// works again. After a new scan, judging or services file the old plan speaks of what is no longer so.
base::Result<bool> still_counts(const recovery::ReadPlan& kept, const std::string& case_folder) {
  bool counts = false;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  if (entry.kind == "scan-finished" || entry.kind == "judging-finished" ||
                      entry.kind == "services-set" || entry.kind == "source-added")
                    counts = false;
                  if (entry.kind == "restore-begun" && ledger::text_in(entry.fields, "plan_sha256") == kept.digest)
                    counts = true;
                }));
  return counts;
}

base::Result<recovery::Plan> plan_one(const services::ServicesFile& file, const std::string& service, Context& context,
                                      Session& session, recovery::OpenedSources& sources) {
  recovery::PlanRequest request;
  request.in_place = recovery::PlanRequest::InPlace::asked;
  request.case_name = session.folder.substr(session.folder.rfind('/') + 1);
  request.now_ns = os::SystemClock().now_ns();
  request.policy.only = recovery::paths_of_service(file, service);
  request.services = &file;
  RecoveryLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  auto plan = recovery::plan_recovery(request, *session.store, sources, line);
  line.clear();
  if (!plan.ok()) return plan.error();
  LG_TRY(recovery::look_at_data(plan.value(), file, request.policy, sources, *session.store));
  LG_ASSIGN(const recovery::RestoreRate rate, recovery::measure_restore_rate(session.folder));
  recovery::add_services(plan.value(), file, service, rate);
  return std::move(plan).value();
}

/// The plan of an earlier restore is what its kept originals are listed and verified by: it stays, by its digest.
base::Status put_plan_aside(const std::string& path) {
  const auto kept = recovery::read_plan(path);
  if (!kept.ok()) return base::Done{};  // none, or none that anything can be listed by
  LG_ASSIGN(const std::string text, os::read_own_file(path, k_plan_bytes_max));
  const std::string aside =
      fmt::format("{}-{}.json", path.substr(0, path.size() - 5), kept.value().digest.substr(0, 8));
  return os::write_atomic_file(aside, base::ByteView(text), os::Overwrite::yes);
}

base::Status keep_plan(const recovery::Plan& plan, const std::string& path, Session& session) {
  LG_ASSIGN(const std::string digest, recovery::write_plan(plan, path));
  LG_ASSIGN([[maybe_unused]] const ledger::Head head,
            session.ledger->append("plan-made", {{"digest", digest},
                                                 {"items", static_cast<std::int64_t>(plan.items.size())},
                                                 {"lost", static_cast<std::int64_t>(plan.losses.size())},
                                                 {"path", path}}));
  const std::string table = recovery::format_plan(plan, digest, zone_of(*session.store));
  return os::write_atomic_file(path.substr(0, path.size() - 5) + ".txt", base::ByteView(table), os::Overwrite::yes);
}

}  // namespace

std::variant<std::string, Failure> make_service_plan(const std::string& service, Context& context, Session& session) {
  const auto file = readiness::read_case_services({}, session.folder);
  if (!file.ok()) return Failure{file.error(), ExitCode::wrong_use};
  if (auto unknown = find_unknown_service(file.value(), service)) return std::move(*unknown);
  if (recovery::paths_of_service(file.value(), service).empty())
    return Failure{{.code = base::ErrorCode::misuse,
                    .what = fmt::format("service '{}' and all it waits for have no data to bring back", service),
                    .path = file.value().path},
                   ExitCode::wrong_use};
  const std::string folder = services::services_folder(session.folder);
  const std::string path = folder + "/plans/" + service + ".json";
  for (const std::string& needed : {folder, folder + "/plans"}) {
    const base::Status made = os::make_private_folder(needed, os::WhenThere::accept);
    if (!made.ok()) return failure_of(made.error(), session.folder, ExitCode::case_failed);
  }
  if (const auto kept = recovery::read_plan(path); kept.ok()) {
    const auto counts = still_counts(kept.value(), session.folder);
    if (!counts.ok()) return failure_of(counts.error(), session.folder, ExitCode::ledger_failed);
    if (counts.value()) {
      if (context.output == Output::text)
        context.out << fmt::format(
            "going on by the plan of {}, as nothing was scanned or judged since its restore was begun: {}\n",
            base::time_in_zone(kept.value().plan.made_ns, zone_of(*session.store)), base::printable(path));
      return path;
    }
  }
  const base::Status put_aside = put_plan_aside(path);
  if (!put_aside.ok()) return failure_of(put_aside.error(), session.folder, ExitCode::case_failed);
  TerminalPrompt prompt;
  auto sources = recovery::open_sources(*session.store, {}, {}, prompt);
  if (!sources.ok()) return Failure{sources.error(), exit_code_of_source_error(sources.error().code)};
  print_unopened(context, sources.value().failures);
  print_assumed_zones(session, context);
  const auto plan = plan_one(file.value(), service, context, session, sources.value());
  if (!plan.ok()) return failure_of(plan.error(), session.folder, ExitCode::recovery_failed);
  const base::Status written = keep_plan(plan.value(), path, session);
  if (!written.ok()) return failure_of(written.error(), session.folder, ExitCode::case_failed);
  if (context.output == Output::text)
    context.out << recovery::format_services(plan.value(), zone_of(*session.store))
                << recovery::format_unjudged(plan.value()) << "\n";
  return path;
}

}  // namespace lastgood::cli
