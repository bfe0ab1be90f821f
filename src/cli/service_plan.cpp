// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/service_plan.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <variant>

#include <fmt/format.h>

#include "base/local_time.h"
#include "base/rfc3339.h"
#include "cli/case_zone.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/not_judged.h"
#include "cli/output/recovery_line.h"
#include "ledger/read_ledger.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "recovery/fault_in_place.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"
#include "recovery/plan_recovery.h"
#include "recovery/plan_services.h"
#include "recovery/stands_as_seen.h"
#include "services/check_record.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_plan_bytes_max = std::size_t{4} << 30U;

struct Standing {
  bool counts = false;
  std::int64_t restored_ns = 0;  // when all of it was back; 0: it is not, as far as is known
};

/// Whether a scan that was begun so saw anything of the paths.
bool has_seen(const ledger::Entry& begun, const std::vector<std::string>& paths) {
  const auto named = begun.fields.find("roots");
  const auto* roots = named == begun.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&named->second);
  if (roots == nullptr) return true;
  const auto is_below = [](const std::string& path, const std::string& folder) {
    return path == folder || folder == "/" || path.starts_with(folder + "/");
  };
  return std::any_of(roots->begin(), roots->end(), [&](const std::string& root) {
    return std::any_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return is_below(path, root) || is_below(root, path); });
  });
}

/// A restore by the plan was begun, and nothing was learned since from which another plan could come. It is gone on
/// with, also when all is back: a new plan would go by a scan from before that restore, and bring back once more what
/// works again. After a new scan, judging or services file the old plan speaks of what is no longer so; a scan of other
/// places says nothing of data that are all back.
base::Result<Standing> still_counts(const recovery::ReadPlan& kept, const std::vector<std::string>& paths,
                                    const std::string& case_folder) {
  Standing out;
  bool scan_has_seen = true;
  const auto see = [&](const ledger::Entry& entry) {
    if (entry.kind == "scan-begun") scan_has_seen = has_seen(entry, paths);
    const bool is_scan_elsewhere = entry.kind == "scan-finished" && !scan_has_seen && out.restored_ns != 0;
    if ((entry.kind == "scan-finished" && !is_scan_elsewhere) || entry.kind == "judging-finished" ||
        entry.kind == "databases-judged" || entry.kind == "services-set" || entry.kind == "source-added")
      out = {};
    if (ledger::text_in(entry.fields, "plan_sha256") != kept.digest) return;
    if (entry.kind == "restore-begun") out.counts = true;
    if (entry.kind != "restore-finished" || !out.counts) return;
    const bool is_whole = ledger::text_in(entry.fields, "outcome") == "finished" &&
                          ledger::number_in(entry.fields, "refused") == 0 &&
                          ledger::number_in(entry.fields, "incomplete") == 0;
    if (is_whole && out.restored_ns == 0) out.restored_ns = base::parse_rfc3339(entry.time).value_or(0);
  };
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(case_folder + "/ledger", {},
                                [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { see(entry); }));
  return out;
}

/// Whether a database of the plan is damaged where it stands now, or struck once more since all of it was back.
bool lacks_something(const recovery::Plan& plan, const Standing& standing, casefile::CaseStore& store) {
  std::vector<std::string> roots;
  const auto scans = store.scans();
  for (const model::Scan& scan : scans.ok() ? scans.value() : std::vector<model::Scan>{}) {
    if (scan.source.empty()) roots.insert(roots.end(), scan.roots.begin(), scan.roots.end());
  }
  std::sort(roots.begin(), roots.end());
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
  return std::any_of(plan.units.begin(), plan.units.end(), [&](const recovery::PlanUnit& unit) {
    const recovery::FaultInPlace fault = recovery::find_fault_in_place(unit.kind, unit.path, roots);
    const bool is_as_planned = fault.is == recovery::FaultInPlace::Is::struck && standing.restored_ns == 0;
    const bool is_emptied = recovery::what_stands_at(unit.path) == recovery::Stands::emptied;
    return (!fault.sentence.empty() || is_emptied) && !is_as_planned;
  });
}

/// Whether a file that the plan brought back is gone again: deleted, or struck once more under another name.
bool lacks_file(const recovery::Plan& plan) {
  return std::any_of(plan.items.begin(), plan.items.end(), [](const recovery::PlanItem& item) {
    std::error_code trouble;
    return item.unit == recovery::PlanItem::k_no_unit && item.kind == model::EntryKind::regular &&
           std::filesystem::symlink_status(item.path, trouble).type() == std::filesystem::file_type::not_found;
  });
}

void say_going_on(const recovery::Plan& plan, const Standing& standing, const std::string& path, Session& session,
                  Context& context) {
  if (context.output != Output::text) return;
  const std::string zone = zone_of(*session.store);
  const std::string made = base::time_in_zone(plan.made_ns, zone);
  if (standing.restored_ns == 0)
    context.out << fmt::format(
        "going on by the plan of {}, as nothing was scanned or judged since its restore was begun: {}\n", made,
        base::printable(path));
  else
    context.out << fmt::format(
        "all of it was restored at {}; no scan has looked at it since, and nothing was judged: going on by the plan of "
        "{}, which leaves what stands there as it is: {}\n",
        base::time_in_zone(standing.restored_ns, zone), made, base::printable(path));
}

base::Result<recovery::Plan> plan_one(const services::ServicesFile& file, const std::string& service, Context& context,
                                      Session& session, recovery::OpenedSources& sources) {
  recovery::PlanRequest request;
  request.in_place = recovery::PlanRequest::InPlace::asked;
  request.case_folder = session.folder;
  request.case_name = session.folder.substr(session.folder.rfind('/') + 1);
  request.now_ns = os::SystemClock().now_ns();
  request.policy.only = recovery::paths_of_service(file, service);
  request.services = &file;
  RecoveryLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  auto plan = recovery::plan_recovery(request, *session.store, sources, line);
  if (!plan.ok()) return plan.error();
  LG_TRY(recovery::look_at_data(plan.value(), file, request.policy, sources, *session.store, line));
  line.clear();
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
    const auto standing = still_counts(kept.value(), recovery::paths_of_service(file.value(), service), session.folder);
    if (!standing.ok()) return failure_of(standing.error(), session.folder, ExitCode::ledger_failed);
    const recovery::Plan& plan = kept.value().plan;
    // A plan of nothing has brought nothing back, and what lacks something now needs another one.
    const bool was_all_back = standing.value().restored_ns != 0;
    if (standing.value().counts && !plan.items.empty() && !lacks_something(plan, standing.value(), *session.store) &&
        !(was_all_back && lacks_file(plan))) {
      say_going_on(plan, standing.value(), path, session, context);
      return path;
    }
  }
  const base::Status put_aside = put_plan_aside(path);
  if (!put_aside.ok()) return failure_of(put_aside.error(), session.folder, ExitCode::case_failed);
  TerminalPrompt prompt;
  auto sources = recovery::open_sources(*session.store, {}, {}, prompt);
  if (!sources.ok()) return Failure{sources.error(), exit_code_of_source_error(sources.error().code)};
  print_unopened(context, sources.value());
  print_shrunk(context, sources.value());
  print_assumed_zones(session, context);
  print_not_judged(session, context);
  const auto plan = plan_one(file.value(), service, context, session, sources.value());
  if (!plan.ok()) return failure_of(plan.error(), session.folder, ExitCode::recovery_failed);
  const base::Status written = keep_plan(plan.value(), path, session);
  if (!written.ok()) return failure_of(written.error(), session.folder, ExitCode::case_failed);
  if (context.output == Output::text)
    context.out << recovery::format_services(plan.value(), zone_of(*session.store))
                << recovery::format_exchanges(plan.value(), zone_of(*session.store))
                << recovery::format_unjudged(plan.value()) << "\n";
  return path;
}

}  // namespace lastgood::cli
