// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/recovery_line.h"
#include "cli/output/replay_text.h"
#include "cli/output/shell_word.h"
#include "cli/time_option.h"
#include "engines/evidence_view.h"
#include "engines/joined_logs.h"
#include "os/paths.h"
#include "readiness/kept_services.h"
#include "recovery/output_place.h"
#include "recovery/replay_unit.h"
#include "recovery/unit_copies.h"
#include "services/leave_out.h"

namespace lastgood::cli {

namespace {

struct ReplayOptions {
  std::string folder;
  std::vector<std::string> logs;
  std::string logs_in_backups;
  std::string until;
};

/// The folders of logs as one, and what keeps them open.
struct Logs {
  std::optional<recovery::OpenedLogs> in_backups;
  std::vector<std::unique_ptr<engines::UnitView>> on_this_machine;
  std::vector<std::string> folders;
  std::unique_ptr<engines::UnitView> joined;  // null: none were given
  std::string shown;
  std::string option;    // as it was given
  std::string lacking;   // what may be missing; empty: nothing
  std::string saved_in;  // where backups have more logs that were not given this time; empty: nowhere

  void add(const std::string& what, const std::string& as_option) {
    shown += (shown.empty() ? "" : " and ") + what;
    option += (option.empty() ? "" : " ") + as_option;
  }
};

base::Status open_logs_in_backups(const std::string& path, casefile::CaseStore& store, Logs& logs) {
  TerminalPrompt prompt;
  LG_ASSIGN(recovery::FoundLogs found, recovery::open_logs(store, path, prompt));
  if (!found.logs)
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = fmt::format("no snapshot has log files in '{}'", base::printable(path)),
                       .path = path,
                       .hint = !found.not_opened.empty()
                                   ? "not looked at: " + found.not_opened
                                   : "give the folder's path as it was on the server; 'lastgood history PATH' "
                                     "shows what backups have, --logs DIR takes a folder of this machine"};
  logs.in_backups = std::move(found.logs);
  logs.lacking = found.not_opened;
  logs.add(fmt::format("{} in {}", path, logs.in_backups->place()), "--logs-in-backups " + shell_word(path));
  return base::Done{};
}

base::Result<Logs> open_logs(const ReplayOptions& options, casefile::CaseStore& store) {
  Logs logs;
  std::vector<const engines::UnitView*> views;
  if (!options.logs_in_backups.empty()) {
    LG_TRY(open_logs_in_backups(options.logs_in_backups, store, logs));
    views.push_back(&logs.in_backups->view());
  }
  for (const std::string& given : options.logs) {
    LG_ASSIGN(std::string folder, os::absolute_path(given));
    LG_ASSIGN(std::unique_ptr<engines::UnitView> view, engines::open_evidence_view(folder));
    // The others would be replayed without a word of it.
    if (options.logs.size() + views.size() > 1 && !engines::has_log_names(*view))
      return base::misuse(fmt::format("there are no log files in '{}'", base::printable(folder)),
                          "of a PostgreSQL give its archive, or pg_wal in its folder");
    logs.add(folder, "--logs " + shell_word(folder));
    views.push_back(view.get());
    logs.on_this_machine.push_back(std::move(view));
    logs.folders.push_back(std::move(folder));
  }
  if (views.empty()) return logs;
  LG_ASSIGN(logs.joined, engines::join_log_folders(views));
  return logs;
}

/// Whoever names folders of this machine besides gives what the backups have lost.
bool may_lack_commits(const Logs& logs) {
  return !logs.lacking.empty() && (logs.folders.empty() || !logs.saved_in.empty());
}

void print_lacking(const Logs& logs, const ReplayOptions& options, const std::string& program, Context& context) {
  const std::string saved = logs.saved_in.empty() ? std::string() : "--logs-in-backups " + shell_word(logs.saved_in);
  context.out << fmt::format(
      "NOT SURE to be all: later commits may be in saved logs that are not there: {}\nnext: where they can be had, run "
      "this again, which goes on from the folder as it was restored:\n  {} replay {} {}{}{} --logs DIR\nwhere they are "
      "lost for good: read the settings, then {} services start\n",
      base::printable(logs.lacking), program, shell_word(options.folder), saved, saved.empty() ? "" : " ", logs.option,
      program);
}

/// Folders of this machine were given, and the backups have later logs than these.
base::Status look_for_later(const ReplayOptions& options, const std::string& folder, Session& session, Logs& logs) {
  if (logs.in_backups || !logs.joined || !options.until.empty()) return base::Done{};
  const auto file = readiness::read_case_services({}, session.folder);
  if (!file.ok()) return base::Done{};
  TerminalPrompt prompt;
  for (const services::Service* service : services::with_left_out(file.value())) {
    for (const services::DataUnit& data : service->data) {
      if (data.logs.empty() || os::follow_links(data.path) != os::follow_links(folder)) continue;
      LG_ASSIGN(const recovery::FoundLogs found, recovery::open_logs(*session.store, data.logs, prompt));
      const std::string last = found.logs ? engines::find_last_log(found.logs->view()) : std::string();
      if (last <= engines::find_last_log(*logs.joined)) continue;
      logs.lacking = fmt::format("backups have later ones of '{}', up to {}", data.logs, last);
      logs.saved_in = data.logs;
    }
  }
  return base::Done{};
}

void print(const recovery::ReplayOutcome& outcome, const Logs& logs, const ReplayOptions& options, Session& session,
           Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = replay_json(outcome, options.folder);
    line["logs_lacking"] = base::printable(logs.lacking);
    context.out << line.dump() << "\n";
    return;
  }
  context.out << replay_text(outcome, options.folder, zone_of(*session.store));
  const std::string program = fmt::format("lastgood --case {}", shell_word(session.folder));
  if (may_lack_commits(logs)) return print_lacking(logs, options, program, context);
  if (!logs.lacking.empty())
    context.out << fmt::format("of the backups alone it would not be sure to be all: {}\n",
                               base::printable(logs.lacking));
  if (outcome.start.logs_end_early.empty())
    context.out << fmt::format("next: read {}, then start the service: {} services start\n",
                               outcome.start.inside.empty() && outcome.start.refused.empty()
                                   ? "the settings"
                                   : "the settings and what is still in the database",
                               program);
  else
    context.out << fmt::format(
        "next: look for a whole copy of that log, and run this again with it, which goes on from the folder as it was "
        "restored:\n  {} replay {} {} --logs DIR\nwhere nobody has one and that may be missing: read the "
        "settings, then {} services start\n",
        program, shell_word(options.folder), logs.option, program);
}

Outcome run_replay(const ReplayOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::int64_t until_ns, parse_time_option("--until", options.until, zone_of(*session.store)),
             ExitCode::wrong_use);
  LG_OUTCOME(std::string folder, os::absolute_path(options.folder), ExitCode::source_missing);
  if (const base::Status place = recovery::check_outside_sources(*session.store, folder); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  LG_OUTCOME(Logs logs, open_logs(options, *session.store), ExitCode::source_missing);
  if (const base::Status looked = look_for_later(options, folder, session, logs); !looked.ok())
    return failure_of(looked.error(), session.folder, ExitCode::source_missing);
  recovery::ReplayRequest request{.folder = std::move(folder),
                                  .logs = logs.joined.get(),
                                  .logs_shown = logs.shown,
                                  .logs_option = logs.option,
                                  .log_folders = logs.folders,
                                  .logs_lacking = may_lack_commits(logs) ? logs.lacking : std::string(),
                                  .until_ns = {},
                                  .case_folder = session.folder};
  if (until_ns != 0) request.until_ns = until_ns;
  auto replayed = recovery::replay_unit(request, *session.ledger);
  if (!replayed.ok()) return failure_of(replayed.error(), session.folder, ExitCode::recovery_failed);
  print(replayed.value(), logs, options, session, context);
  const engines::ScratchStart& start = replayed.value().start;
  if (!start.logs_end_early.empty() || may_lack_commits(logs)) return ExitCode::in_part;
  return start.unusable.empty() ? ExitCode::done : ExitCode::bad_found;
}

Run declare_replay(CLI::App& app) {
  const auto options = std::make_shared<ReplayOptions>();
  app.add_option("folder", options->folder, "the restored data directory, its server not running")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--logs", options->logs,
                 "folder of the write-ahead log archive or the binary logs on this machine; also several, joined")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--logs-in-backups", options->logs_in_backups,
                 "the same folder by its path on the server: taken from the snapshot that has most of it")
      ->type_name("PATH");
  app.add_option(
         "--until", options->until,
         "stop before the first commit after this moment (MariaDB: after this second; its logs have no finer times)")
      ->type_name("TIME");
  return [options](Context& context) { return run_replay(*options, context); };
}

}  // namespace

const Command k_replay_command = {
    .name = "replay",
    .summary = "Bring a restored database forward with its logs, to the last commit before the damage",
    .description =
        "Starts PostgreSQL or MariaDB on a copy of the restored folder, locked in, with none of the backup's "
        "settings,\n"
        "lets it replay the saved logs, also compressed ones, as far as they can be read whole, checks the result,\n"
        "and exchanges it with the folder, which is kept under another name. Settings of the backup that would run a\n"
        "program come back as comments, the file as it was beside them. Until the exchange nothing is changed.\n"
        "A second replay of the same folder, with other logs or another --until, begins again from the folder as it "
        "was\n"
        "restored, and refuses to end earlier than the first one unless --until says so. Logs that are broken or "
        "missing\n"
        "in the middle, or that backups had and have no longer, are named, with exit code 3: what was committed in\n"
        "them is not there.\n"
        "Several folders of logs are read as one, each file from the folder that has the best form of it: the archive\n"
        "in the backups, and the log of the struck database itself, which alone has what was committed last.",
    .examples =
        "  lastgood replay /srv-restored/pgdata --logs /mnt/b2/wal\n"
        "  lastgood replay /srv-restored/pgdata --logs-in-backups /srv/wal --logs /srv/pgdata/pg_wal\n"
        "  lastgood replay /srv-restored/mysql --logs-in-backups /var/log/mysql --until 2022-11-23T07:07:00+05:30",
    .declare = declare_replay};

}  // namespace lastgood::cli
