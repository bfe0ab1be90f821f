// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/local_time.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "cli/time_option.h"
#include "recovery/history.h"
#include "recovery/plan_words.h"

namespace lastgood::cli {

namespace {

struct HistoryOptions {
  std::string path;
  std::vector<std::string> sources;
  std::string as_of;
  bool erased = false;
};

std::string verdict_of(const recovery::PathVersion& version) {
  if (version.kind != model::EntryKind::regular)
    return fmt::format("({})", recovery::name_of_kind(version.kind));  // only contents have verdicts
  return version.judged ? std::string(model::name_of(version.judged->verdict)) : std::string("not judged");
}

void print_json(const recovery::PathHistory& history, Context& context) {
  for (const recovery::PathVersion& version : history.versions) {
    nlohmann::ordered_json line = {{"type", "version"}};
    set_text(line, "path", history.path);
    set_text(line, "name", version.name);
    line["source"] = nullptr;
    if (!version.source.empty()) line["source"] = base::printable(version.source);
    if (!version.source.empty()) {
      set_text(line, "first_snapshot", version.first_snapshot);
      set_text(line, "last_snapshot", version.last_snapshot);
    }
    line["first_seen"] = utc_time(version.first_ns);
    line["last_seen"] = utc_time(version.last_ns);
    line["kind"] = recovery::name_of_kind(version.kind);
    line["size"] = version.size_bytes;
    line["mtime"] = utc_time(version.mtime_ns);
    line["verdict"] = version.judged ? nlohmann::ordered_json(model::name_of(version.judged->verdict))
                                     : nlohmann::ordered_json(nullptr);
    if (version.judged) line["certainty"] = model::name_of(version.judged->certainty);
    line["last_good"] = version.rank == recovery::PathVersion::Rank::last_good;
    context.out << line.dump() << "\n";
  }
  for (const recovery::UnitVersion& version : history.units) {
    nlohmann::ordered_json line = {{"type", "unit"}};
    set_text(line, "path", history.path);
    line["source"] = base::printable(version.source);
    set_text(line, "snapshot", version.unit.snapshot);
    line["time"] = utc_time(version.snapshot_ns);
    line["kind"] = version.unit.kind;
    line["state"] = version.unit.state;
    if (version.unit.data_as_of_ns != 0) line["data_as_of"] = utc_time(version.unit.data_as_of_ns);
    line["last_good"] = version.rank == recovery::PathVersion::Rank::last_good;
    context.out << line.dump() << "\n";
  }
}

void print_units(const recovery::PathHistory& history, const std::string& zone, Context& context) {
  if (history.units.empty()) return;
  context.out << "  it is a set that comes back as one:\n";
  for (const recovery::UnitVersion& version : history.units) {
    const bool is_last_good = version.rank == recovery::PathVersion::Rank::last_good;
    context.out << fmt::format(
        "  {:<9} {:<17} {:<10}  {:<26} {} {}{}\n", is_last_good ? "LAST GOOD" : "", version.unit.state,
        version.unit.kind, base::time_in_zone(version.snapshot_ns, zone), base::printable(version.source),
        base::printable(version.unit.snapshot.substr(0, 40)),
        version.unit.data_as_of_ns == 0 ? "" : ", data as of " + base::time_in_zone(version.unit.data_as_of_ns, zone));
  }
}

bool has_last_good(const recovery::PathHistory& history) {
  const auto is_it = [](const auto& version) { return version.rank == recovery::PathVersion::Rank::last_good; };
  return std::any_of(history.versions.begin(), history.versions.end(), is_it) ||
         std::any_of(history.units.begin(), history.units.end(), is_it);
}

void print_history(const recovery::PathHistory& history, const Session& session, Context& context) {
  const std::string zone = zone_of(*session.store);
  context.out << base::printable(history.path) << "\n";
  context.out << fmt::format("  {:<9} {:<17} {:>10}  {:<26} {:<26} {}\n", "", "verdict", "size", "changed", "last seen",
                             "where");
  for (const recovery::PathVersion& version : history.versions) {
    const bool is_last_good = version.rank == recovery::PathVersion::Rank::last_good;
    std::string where = version.source.empty() ? fmt::format("live on {}", base::printable(version.host))
                                               : fmt::format("{} {}", base::printable(version.source),
                                                             base::printable(version.last_snapshot.substr(0, 40)));
    if (version.first_snapshot != version.last_snapshot)
      where += fmt::format(", since {}", base::time_in_zone(version.first_ns, zone));
    if (version.name != history.path.substr(history.path.find_last_of('/') + 1))
      where += fmt::format(", as {}", base::printable(version.name));
    context.out << fmt::format("  {:<9} {:<17} {:>10}  {:<26} {:<26} {}\n", is_last_good ? "LAST GOOD" : "",
                               verdict_of(version), human_bytes(version.size_bytes),
                               base::time_in_zone(version.mtime_ns, zone), base::time_in_zone(version.last_ns, zone),
                               where);
  }
  print_units(history, zone, context);
  for (const std::string& remark : history.remarks) context.err << "note: " << remark << "\n";
  if (has_last_good(history))
    context.out << fmt::format("next: lastgood --case {} plan --only {} --out plan.json\n", shell_word(session.folder),
                               shell_word(history.path));
  if (history.versions.empty()) context.out << "  no version of it is known: is the path as it was on the server?\n";
}

Outcome run_history(const HistoryOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::int64_t as_of_ns, parse_time_option("--as-of", options.as_of, zone_of(*session.store)),
             ExitCode::wrong_use);
  sources::OpenOptions opening;
  if (as_of_ns != 0) opening.as_of_ns = as_of_ns;
  if (options.erased) opening.erased = sources::OpenOptions::Erased::include;
  TerminalPrompt prompt;
  auto sources_opened = recovery::open_sources(*session.store, options.sources, opening, prompt);
  if (!sources_opened.ok())
    return Failure{sources_opened.error(), exit_code_of_source_error(sources_opened.error().code)};
  recovery::OpenedSources sources = std::move(sources_opened).value();
  print_unopened(context, sources);
  print_shrunk(context, sources);
  LG_OUTCOME(const recovery::PathHistory history, recovery::read_history(options.path, sources, *session.store),
             ExitCode::case_failed);
  if (context.output == Output::json) {
    print_json(history, context);
  } else {
    print_history(history, session, context);
  }
  if (!sources.are_whole() || !history.remarks.empty()) return ExitCode::in_part;
  return history.versions.empty() ? ExitCode::bad_found : ExitCode::done;
}

Run declare_history(CLI::App& app) {
  const auto options = std::make_shared<HistoryOptions>();
  app.add_option("path", options->path,
                 "absolute path as it was on the server, with or without what the attack appended")
      ->required()
      ->type_name("PATH");
  app.add_option("--source", options->sources, "look in this source only")->type_name("NAME")->allow_extra_args(false);
  app.add_option("--as-of", options->as_of, "open the sources as they were then")->type_name("TIME");
  app.add_flag("--erased", options->erased, "also in snapshots that were deleted from a source and can still be read");
  return [options](Context& context) { return run_history(*options, context); };
}

}  // namespace

const Command k_history_command = {
    .name = "history",
    .summary = "Show every version of one path in all sources, judged, newest first",
    .description =
        "Versions with the same content in snapshots one after another are one line. The last good one is marked.\n"
        "A name that the attack changed is found under both names.",
    .examples = "  lastgood history /srv/lab/results.csv\n  lastgood history --source nas /srv/lab/results.csv.bak9",
    .declare = declare_history};

}  // namespace lastgood::cli
