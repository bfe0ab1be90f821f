// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/kept_digests.h"
#include "cli/not_judged.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/replay_text.h"
#include "cli/output/restore_json.h"
#include "cli/output/restore_line.h"
#include "cli/output/shell_word.h"
#include "cli/service_plan.h"
#include "os/folder.h"
#include "os/free_space.h"
#include "os/terminal.h"
#include "recovery/case_versions.h"
#include "recovery/logs_on_server.h"
#include "recovery/placed_before.h"
#include "recovery/plan_file.h"
#include "recovery/plan_services.h"
#include "recovery/plan_sources.h"
#include "recovery/replay_plan.h"
#include "recovery/restore_plan.h"
#include "recovery/unstartable.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_troubles_shown = 20;

struct RestoreOptions {
  std::string plan;
  std::string service;  // instead of a plan
  std::string to;
  bool in_place = false;
  std::string root = "/";
  bool devices = false;
  std::string special_bits = "of-root";
  std::string owners = "number";
  bool scratch = false;
  bool no_space_check = false;
  bool no_reflink = false;
  bool no_replay = false;
  unsigned threads = 0;
};

ExitCode exit_code_of_restore_error(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::no_space: return ExitCode::target_full;
    case base::ErrorCode::misuse: return ExitCode::target_refused;
    case base::ErrorCode::damaged_source: return ExitCode::source_unreadable;
    case base::ErrorCode::cancelled: return ExitCode::interrupted;
    case base::ErrorCode::busy_retry:
    case base::ErrorCode::damaged_container:
    case base::ErrorCode::denied:
    case base::ErrorCode::io:
    case base::ErrorCode::limit_reached:
    case base::ErrorCode::not_found:
    case base::ErrorCode::unsupported: return ExitCode::recovery_failed;
  }
  return ExitCode::recovery_failed;
}

/// `tally`: when it last said how far it is; nothing yet, when it failed before the first file.
Failure failure_of_restore(base::Error error, const recovery::Plan& plan, const recovery::PlanSources& sources,
                           const Session& session, const recovery::RestoreTally& tally, const std::string& target) {
  ExitCode code = exit_code_of_restore_error(error.code);
  // No system call said so: a server that a source lies on does not answer.
  if (error.code == base::ErrorCode::busy_retry && error.system_errno == 0) code = ExitCode::source_unreadable;
  const bool is_of_source = std::any_of(sources.folders.begin(), sources.folders.end(),
                                        [&](const std::string& folder) { return is_about(error, folder); });
  if (is_of_source && error.code != base::ErrorCode::misuse) code = exit_code_of_source_error(error.code);
  Failure failure = failure_of(std::move(error), session.folder, code);
  const bool has_begun = tally.bytes_total > 0;
  if (failure.code != ExitCode::target_full || (!has_begun && !failure.error.hint.empty())) return failure;
  std::uint64_t bytes_total = 0;
  for (const recovery::PlanItem& item : plan.items) bytes_total += item.size_bytes;
  const std::uint64_t there = std::min(tally.bytes + tally.bytes_known, bytes_total);
  const std::optional<std::uint64_t> free = os::free_bytes(target == "/" ? failure.error.path : target);
  failure.error.hint = fmt::format("{} of {} are still to come{}{}: make room for them, and the same command goes on",
                                   human_bytes(bytes_total - there), human_bytes(bytes_total), replay_room_text(plan),
                                   free ? fmt::format(", {} are free", human_bytes(*free)) : std::string());
  return failure;
}

recovery::RestorePolicy policy_of(const RestoreOptions& options) {
  using Policy = recovery::RestorePolicy;
  Policy policy;
  if (options.devices) policy.devices = Policy::Devices::restore;
  if (options.special_bits == "none") policy.special_bits = Policy::SpecialBits::leave_out;
  if (options.special_bits == "all") policy.special_bits = Policy::SpecialBits::restore;
  if (options.owners == "name") policy.owners = Policy::Owners::by_name;
  if (options.scratch) policy.durability = Policy::Durability::scratch;
  if (options.no_reflink) policy.sharing = Policy::Sharing::never;
  if (options.no_space_check) policy.space_check = Policy::SpaceCheck::leave_out;
  return policy;
}

using recovery::ReplayedUnit;

void print_troubles(const char* title, const std::vector<recovery::ItemTrouble>& troubles, std::uint64_t total,
                    Context& context) {
  if (total == 0) return;
  context.out << fmt::format("{}: {}\n", title, human_count(total));
  for (std::size_t i = 0; i < std::min(troubles.size(), k_troubles_shown); ++i)
    context.out << "  " << base::printable(troubles[i].path) << "\n      "
                << base::printable(troubles[i].finding.rule + ": " + troubles[i].finding.sentence) << "\n";
  if (total > k_troubles_shown)
    context.out << fmt::format("  ... and {} more; --json lists all\n", total - k_troubles_shown);
}

void print_fills(const recovery::RestoreOutcome& outcome, Context& context) {
  if (outcome.filled.empty()) return;
  context.out << fmt::format("lost bytes filled from other versions, in files: {}\n",
                             human_count(outcome.tally.filled));
  for (std::size_t i = 0; i < std::min(outcome.filled.size(), k_troubles_shown); ++i)
    context.out << "  " << base::printable(outcome.filled[i].path) << "\n      "
                << base::printable(recovery::sentence_of(outcome.filled[i])) << "\n";
  if (outcome.filled.size() > k_troubles_shown) context.out << "  ... --json lists all\n";
}

/// The case whose services run on what is restored; empty: it is another machine's, or lies beside.
std::string own_case(const RestoreOptions& options, const Session& session) {
  return options.in_place && options.root == "/" ? session.folder : std::string();
}

void print_restored(const recovery::RestoreOutcome& outcome, const std::vector<ReplayedUnit>& replayed,
                    const recovery::Plan& plan, const RestoreOptions& options, const Session& session,
                    Context& context) {
  const recovery::RestoreTally& tally = outcome.tally;
  context.out << fmt::format("{} files, {} restored in {}", human_count(tally.files), human_bytes(tally.bytes),
                             human_seconds(tally.seconds));
  if (tally.known > 0) context.out << fmt::format(" ({} were done before)", human_count(tally.known));
  context.out << "\n";
  if (tally.shared_bytes > 0) {
    context.out << fmt::format(
        "{} of it share their blocks with the source on the same disk: that is no second copy (--no-reflink makes "
        "one)\n",
        human_bytes(tally.shared_bytes));
  }
  if (tally.kept > 0)
    context.out << fmt::format("{} encrypted originals are kept aside: lastgood --case {} kept list\n",
                               human_count(tally.kept), shell_word(session.folder));
  print_troubles("not restored", outcome.refused, tally.refused, context);
  print_troubles("restored, but", outcome.remarks, outcome.remarks_total, context);
  print_fills(outcome, context);
  if (!outcome.incomplete.empty()) {
    context.out << fmt::format("incomplete, because no source can give some of their bytes: {}\n",
                               human_count(outcome.incomplete.size()));
    for (std::size_t i = 0; i < std::min(outcome.incomplete.size(), k_troubles_shown); ++i)
      context.out << "  " << base::printable(outcome.incomplete[i].written_path) << "\n";
    context.out << "  which bytes: " << base::printable(outcome.loss_map_path) << "\n";
  }
  for (const ReplayedUnit& unit : replayed) context.out << replayed_text(unit, zone_of(*session.store));
  if (!outcome.finished || os::stop_requested()) {
    context.out << "interrupted; the same command goes on where it stopped\n";
    return;
  }
  if (plan.items.empty()) return;
  const std::string instead = instead_of_verify_text(outcome, plan, own_case(options, session));
  context.out << (!instead.empty()
                      ? instead
                      : fmt::format("next: lastgood --case {} verify {} --at {}\n", shell_word(session.folder),
                                    shell_word(options.plan), shell_word(options.in_place ? options.root : options.to)))
              << (options.in_place ? std::string() : closed_folder_text(outcome.target_path, plan));
}

void print_unstartable(const std::vector<recovery::Unstartable>& databases, const std::string& case_folder,
                       Context& context) {
  for (const recovery::Unstartable& database : databases) {
    if (context.output == Output::text) {
      context.out << unstartable_text(database, case_folder);
      continue;
    }
    using Why = recovery::Unstartable::Why;
    const char* const why = database.why == Why::log ? "log" : database.why == Why::parts ? "parts" : "tablespaces";
    Json line = {{"type", "unstartable"}, {"why", why}};
    set_text(line, "folder", database.folder);
    for (const std::string& move : database.moves) line["moves"].push_back(base::printable(move));
    context.out << line.dump() << "\n";
  }
}

/// A plan that was carried out, and what this leaves to be done.
struct CarriedOut {
  const recovery::Plan& plan;
  const recovery::RestoreOutcome& outcome;
  const std::vector<ReplayedUnit>& replayed;
  std::string lacking;  // what a person may think is there, and can still be had; empty: nothing
  std::string unsaved;  // what nobody has; empty: nothing
  std::vector<recovery::Unstartable> unstartable;
  std::vector<recovery::Hindered> hindered;

  [[nodiscard]] bool is_whole() const {
    return !is_in_part(outcome, replayed) && lacking.empty() && unsaved.empty() && unstartable.empty() &&
           hindered.empty();
  }
};

/// What comes after verifying; nothing is started that cannot be, is not as far as it can be, or was not restored.
void print_then(const CarriedOut& done, const RestoreOptions& options, const Session& session, Context& context) {
  if (has_any_back(done.outcome)) context.out << left_alone_text(done.outcome, done.plan, own_case(options, session));
  const auto early = std::find_if(done.replayed.begin(), done.replayed.end(), ends_early);
  if (early != done.replayed.end()) {
    const auto unit = std::find_if(done.plan.units.begin(), done.plan.units.end(),
                                   [&](const recovery::PlanUnit& one) { return one.path == early->path; });
    const std::string saved =
        unit == done.plan.units.end() ? std::string() : " --logs-in-backups " + shell_word(unit->logs.path);
    context.out << fmt::format(
        "then: look for a whole copy of the logs that are named above, and go on with them: lastgood --case {} replay "
        "{}{} --logs DIR\n",
        shell_word(session.folder), shell_word(early->folder), saved);
  } else if (stands_damaged(done.outcome) || !done.unstartable.empty() ||
             std::any_of(done.replayed.begin(), done.replayed.end(), has_failed) || !done.lacking.empty()) {
    context.out << "start nothing on it before that is done\n";
  } else if (done.hindered.empty() && brings_all_units(done.outcome) && !own_case(options, session).empty()) {
    const std::string folder = shell_word(session.folder);
    if (!options.service.empty())
      context.out << fmt::format("then: lastgood --case {} services start {}\n", folder, shell_word(options.service));
    else if (!done.plan.services.empty())
      context.out << fmt::format("then: lastgood --case {} services status\n", folder);
  }
}

/// What this restore does not bring, though a person may think so.
void print_what_waits(const CarriedOut& done, const RestoreOptions& options, const std::string& case_folder,
                      Context& context) {
  if (context.output == Output::json) return;  // the plan says it
  for (const recovery::Hindered& service : done.hindered)
    context.out << fmt::format("NOT back: {}: {}\n", base::printable(service.title), service.why);
  if (options.in_place) context.out << root_owned_text(done.plan, done.outcome);
  const std::vector<recovery::PlanLoss>& losses = done.plan.losses;
  if (!losses.empty())
    context.out << fmt::format(
        "NOT in this plan: {}, '{}' first: nothing can bring it back, or a person decides first; the plan says which\n",
        base::counted(losses.size(), "path"), base::printable(losses.front().path));
  if (options.no_replay) context.out << not_replayed_text(done.plan, done.outcome, case_folder);
}

void print_carried_out(const CarriedOut& done, const recovery::OwnLogs& own_logs, const RestoreOptions& options,
                       Session& session, Context& context) {
  const bool is_text = context.output == Output::text;
  if (is_text) {
    print_restored(done.outcome, done.replayed, done.plan, options, session, context);
    const std::string zone = zone_of(*session.store);
    if (done.outcome.finished)
      context.out << done.lacking << done.unsaved << logs_on_server_text(done.plan, done.outcome, session.folder, zone)
                  << own_logs_text(done.plan, done.outcome, own_logs, session.folder, zone);
  } else {
    for (const ReplayedUnit& unit : done.replayed) context.out << replayed_json(unit).dump() << "\n";
    write_restore_json(done.outcome, context.out);
  }
  print_unstartable(done.unstartable, session.folder, context);
  if (done.outcome.finished) print_what_waits(done, options, session.folder, context);
  if (is_text && done.outcome.finished && !os::stop_requested()) print_then(done, options, session, context);
}

/// The last step: databases whose logs the plan names. Nothing is done while files are still to come.
base::Result<std::vector<ReplayedUnit>> replay(const recovery::ReadPlan& read, const RestoreOptions& options,
                                               const recovery::RestoreOutcome& restored, Session& session,
                                               RestoreLine& line) {
  const recovery::ReplayPlanRequest request{
      .case_folder = session.folder, .target = restored.target_path, .plan_sha256 = read.digest};
  if (!restored.finished) return std::vector<ReplayedUnit>();
  if (options.no_replay) {
    LG_TRY(recovery::leave_out_replay(read.plan, request, *session.ledger));
    return std::vector<ReplayedUnit>();
  }
  TerminalPrompt prompt;
  return recovery::replay_plan(read.plan, request, restored, *session.store, prompt, line, *session.ledger);
}

/// What was carried out, with the case closed again.
struct Restored {
  recovery::ReadPlan read;
  std::string again;  // the command that goes on with it
  recovery::RestoreRequest request;
  ExitCode code = ExitCode::done;
};

recovery::RestoreRequest request_of(const RestoreOptions& options, const std::string& journals,
                                    const std::string& plan_sha256) {
  return {.mode = options.in_place ? recovery::RestoreMode::in_place : recovery::RestoreMode::beside,
          .target = options.in_place ? options.root : options.to,
          .journal_folder = journals,
          .plan_sha256 = plan_sha256,
          .plan_path = options.plan,
          .policy = policy_of(options),
          .threads = options.threads};
}

std::variant<Restored, Failure> restore_and_replay(RestoreOptions options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (!options.service.empty()) {
    auto made_plan = make_service_plan(options.service, context, session);
    if (auto* failure = std::get_if<Failure>(&made_plan)) return std::move(*failure);
    options.plan = std::get<std::string>(made_plan);
  }
  LG_OUTCOME(recovery::ReadPlan read, recovery::read_plan(options.plan), ExitCode::plan_refused);
  TerminalPrompt prompt;
  auto sources_opened = recovery::open_plan_sources(read.plan, *session.store, prompt);
  if (!sources_opened.ok()) {
    const base::ErrorCode code = sources_opened.error().code;
    const bool is_of_plan = code == base::ErrorCode::misuse;  // it speaks of another source than the case
    return Failure{sources_opened.error(), is_of_plan ? ExitCode::plan_refused : exit_code_of_source_error(code)};
  }
  recovery::PlanSources sources = std::move(sources_opened).value();
  const std::string journals = session.folder + "/restores";
  const base::Status made = os::make_private_folder(journals, os::WhenThere::accept);
  if (!made.ok()) return failure_of(made.error(), session.folder, ExitCode::case_failed);
  LG_OUTCOME(const recovery::CaseSeenFiles seen, recovery::CaseSeenFiles::open(*session.store), ExitCode::case_failed);
  recovery::RestoreRequest request = request_of(options, journals, read.digest);
  request.source_folders = sources.folders;
  request.seen = &seen;
  recovery::CaseVersions others(read.plan, sources, *session.store);
  request.others = &others;
  recovery::PlacedBefore earlier(session.folder, request.target, read.digest, zone_of(*session.store));
  request.earlier = &earlier;
  os::catch_stop_signals();
  os::raise_open_file_limit();
  RestoreLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  auto restored = recovery::restore_plan(read.plan, sources.by_index, request, line, *session.ledger);
  if (!restored.ok()) {
    line.clear();
    return failure_of_restore(restored.error(), read.plan, sources, session, line.last(), request.target);
  }
  const recovery::RestoreOutcome& outcome = restored.value();
  const auto replayed = replay(read, options, outcome, session, line);
  line.clear();
  if (!replayed.ok()) return failure_of(replayed.error(), session.folder, ExitCode::ledger_failed);
  CarriedOut done{.plan = read.plan,
                  .outcome = outcome,
                  .replayed = replayed.value(),
                  .lacking = lost_unjudged_text(read.plan, session.folder),
                  .unsaved = options.no_replay ? std::string() : unsaved_logs_text(read.plan, outcome),
                  .unstartable = {},
                  .hindered = recovery::find_hindered(read.plan)};
  if (!options.no_replay) done.lacking += unusable_logs_text(read.plan, outcome, request.mode, session.folder);
  if (outcome.finished)
    done.unstartable = recovery::find_unstartable(read.plan, replayed.value(), outcome, request.mode);
  LG_OUTCOME(const recovery::OwnLogs own_logs, recovery::note_own_logs(read.plan, request, outcome, *session.ledger),
             ExitCode::ledger_failed);
  print_carried_out(done, own_logs, options, session, context);
  request.seen = nullptr;
  request.others = nullptr;
  request.earlier = nullptr;
  const bool is_ended = outcome.finished && !os::stop_requested();
  const ExitCode code = !is_ended ? ExitCode::interrupted : done.is_whole() ? ExitCode::done : ExitCode::in_part;
  // The case's own copy: another plan may take the name of this one.
  const std::string again =
      fmt::format("lastgood --case {} restore {} --in-place --root {}", shell_word(session.folder),
                  shell_word(recovery::kept_plan_path(journals, read.digest)), shell_word(options.root));
  return Restored{.read = std::move(read), .again = again, .request = std::move(request), .code = code};
}

Outcome run_restore(const RestoreOptions& options, Context& context) {
  const auto done = restore_and_replay(options, context);
  if (const auto* failure = std::get_if<Failure>(&done)) return *failure;
  const auto& restored = std::get<Restored>(done);
  if (restored.code == ExitCode::interrupted) return restored.code;
  context.out.flush();  // what to do next stands there: nobody waits for the digests
  const Outcome digests = take_kept_digests(restored.read.plan, restored.request, restored.again, context);
  const auto* code = std::get_if<ExitCode>(&digests);
  return code != nullptr && *code == ExitCode::done ? Outcome(restored.code) : digests;
}

Run declare_restore(CLI::App& app) {
  const auto options = std::make_shared<RestoreOptions>();
  CLI::Option* plan = app.add_option("plan", options->plan, "the plan to carry out")->type_name("PLAN");
  app.add_option(
         "--service", options->service,
         "instead of a plan: this service and all it waits for, in their order; the plan is made and kept in the case")
      ->type_name("NAME")
      ->excludes(plan);
  CLI::Option* to =
      app.add_option("--to", options->to, "beside: everything goes below this folder, which is empty or not there")
          ->type_name("DIR");
  CLI::Option* in_place = app.add_flag("--in-place", options->in_place,
                                       "only what is damaged or missing; encrypted originals are kept aside");
  to->excludes(in_place);
  app.add_option("--root", options->root, "with --in-place: where the server's '/' is mounted")
      ->type_name("DIR")
      ->capture_default_str()
      ->needs(in_place);
  app.add_flag("--devices", options->devices, "restore device nodes, too");
  app.add_option("--special-bits", options->special_bits,
                 "setuid, setgid and capabilities of files: none, of-root, all")
      ->check(CLI::IsMember({"none", "of-root", "all"}))
      ->capture_default_str();
  app.add_option("--owners", options->owners, "by number, or by name where this machine knows it")
      ->check(CLI::IsMember({"number", "name"}))
      ->capture_default_str();
  app.add_flag("--scratch", options->scratch, "do not wait for the disk: for a throw-away copy");
  app.add_flag("--no-space-check", options->no_space_check, "begin although space may not suffice (sparse images)");
  app.add_flag("--no-reflink", options->no_reflink,
               "copy also what a plain copy on the same file system (XFS, btrfs) could share its blocks of");
  app.add_flag("--no-replay", options->no_replay,
               "leave databases as their backup has them; 'replay' brings them forward later");
  app.add_option("--threads", options->threads, "writers at once (default: one for each processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  return [options](Context& context) -> Outcome {
    if (options->to.empty() && !options->in_place) {
      return Failure{base::Error{.code = base::ErrorCode::misuse,
                                 .what = "nothing says where to",
                                 .path = {},
                                 .offset_bytes = {},
                                 .system_errno = 0,
                                 .hint = "give --to DIR (an empty folder, the safe way) or --in-place"},
                     ExitCode::wrong_use};
    }
    if (options->plan.empty() && options->service.empty())
      return Failure{{.code = base::ErrorCode::misuse,
                      .what = "nothing says what to restore",
                      .hint = "give a PLAN (lastgood plan makes one) or --service NAME"},
                     ExitCode::wrong_use};
    return run_restore(*options, context);
  };
}

}  // namespace

const Command k_restore_command = {
    .name = "restore",
    .summary = "Carry out a plan: beside, into an empty folder, or in place, keeping every encrypted original",
    .description =
        "No half file ever stands under a final name. The journal in the case says what is on disk; after an "
        "interruption\n"
        "the same command goes on. In place, an encrypted original is exchanged for the good file in one step and "
        "moved to\n"
        ".lastgood-kept on the same file system; what changed since the scan is left alone.\n"
        "Bytes that the plan's source has lost are taken from other versions of the case's sources where a digest "
        "proves\n"
        "them, or, outside of databases, where all that both hold is the same; each such file is named. What nothing "
        "can\n"
        "give stands as zeros in NAME.lastgood-incomplete, and the loss map says which bytes.\n"
        "Databases for which the plan names saved logs are brought forward by them at the end, as 'replay' does: "
        "locked in,\n"
        "with planted settings out of force; this needs root, the engine, and room for a second copy of each.\n"
        "A PostgreSQL folder with a mode on which its server does not start (0755) gets 0700, which is said.\n"
        "When all that is said, database folders that were put aside are read for their digests: services can be "
        "started\n"
        "meanwhile, the case is free, Ctrl-C costs nothing, and the command for the rest is named.\n"
        "Exit code: 0 all, 3 some items were refused or are incomplete or not replayed to the end, 31 disk full (run "
        "it again), "
        "130 "
        "interrupted.",
    .examples =
        "  lastgood restore plan.json --to /srv-restored\n  lastgood restore plan.json --in-place\n"
        "  lastgood restore plan.json --in-place --root /mnt/victim\n  lastgood restore --service opd --to "
        "/srv-restored",
    .declare = declare_restore};

}  // namespace lastgood::cli
