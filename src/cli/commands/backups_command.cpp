// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/local_time.h"
#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "cli/time_option.h"
#include "os/paths.h"
#include "os/terminal.h"
#include "recovery/case_sources.h"
#include "recovery/judge_backup.h"
#include "recovery/judge_units.h"
#include "recovery/names_zone.h"
#include "recovery/opened_source.h"
#include "recovery/series_oddities.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

struct AddOptions {
  std::string name;
  std::string url;
  std::string password_file;
  std::string password_command;
  bool ask_password = false;
  std::string key_file;
  std::string map;
  std::string names_in;
  std::string independence = "unknown";
};

struct JudgeOptions {
  std::vector<std::string> names;
  std::string depth = "standard";
  unsigned threads = 0;
  std::string as_of;
  bool erased = false;
  bool databases = false;
};

struct BackupsOptions {
  CLI::App* add = nullptr;
  CLI::App* list = nullptr;
  AddOptions adding;
  JudgeOptions judging;
};

Failure failure_of_source(base::Error error, const Session& session) {
  const ExitCode code = exit_code_of_source_error(error.code);
  return failure_of(std::move(error), session.folder, code);
}

std::uint64_t count(const model::JudgedSnapshot& snapshot, model::Verdict verdict) {
  return snapshot.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
}
std::uint64_t hit(const model::JudgedSnapshot& snapshot) {
  return count(snapshot, model::Verdict::encrypted) + count(snapshot, model::Verdict::partly_encrypted);
}

base::Result<model::BackupSource> source_of(const AddOptions& options) {
  model::BackupSource source;
  source.name = options.name;
  LG_ASSIGN(const sources::SourceAddress address, sources::parse_source_address(options.url));
  source.address = sources::format_source_address(address);
  if (!options.password_file.empty()) {
    LG_ASSIGN(const std::string path, os::absolute_path(options.password_file));
    source.password_from = "file:" + path;
  }
  if (!options.password_command.empty()) source.password_from = "command:" + options.password_command;
  if (options.ask_password) source.password_from = "prompt";
  if (!options.key_file.empty()) {
    LG_ASSIGN(source.key_file, os::absolute_path(options.key_file));
  }
  if (!options.map.empty()) {
    const std::size_t equals = options.map.find('=');
    if (equals == std::string::npos) {
      return base::Error{.code = base::ErrorCode::misuse,
                         .what = fmt::format("'{}' is no mapping of paths", base::printable(options.map)),
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "give --map STORED=LIVE, such as --map /mnt/snap=/srv or --map =/srv"};
    }
    // Both are paths from the top: "x" is "/x".
    const auto trim = [](std::string text) {
      while (text.ends_with('/')) text.pop_back();
      return text.empty() || text.starts_with('/') ? text : "/" + text;
    };
    source.stored_prefix = trim(options.map.substr(0, equals));
    source.live_prefix = trim(options.map.substr(equals + 1));
  }
  if (options.independence == "apart") source.independence = model::Independence::apart;
  if (options.independence == "attached") source.independence = model::Independence::attached;
  return source;
}

/// "+05:30", or "UTC", which a source may have in a case of another zone; empty stays empty.
base::Result<std::string> parse_names_zone(const std::string& text) {
  if (text == "UTC") return std::string("+00:00");
  if (text.empty() || is_zone(text)) return text;
  return base::misuse(fmt::format("'{}' is no zone of names", base::printable(text)),
                      "such as '--names-in +05:30', or '--names-in UTC'");
}

void print_findings(const std::vector<model::Finding>& findings, Context& context) {
  constexpr std::size_t k_shown = 20;
  for (std::size_t i = 0; i < std::min(findings.size(), k_shown); ++i)
    context.err << "note: " << base::printable(findings[i].rule + ": " + findings[i].sentence) << "\n";
  if (findings.size() > k_shown)
    context.err << fmt::format("note: ... and {} more of this source\n", findings.size() - k_shown);
}

Outcome run_add(const AddOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::make);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(model::BackupSource source, source_of(options), ExitCode::wrong_use);
  LG_OUTCOME(const std::string names_in, parse_names_zone(options.names_in), ExitCode::wrong_use);
  TerminalPrompt prompt;
  auto added = recovery::add_source(std::move(source), names_in, *session.store, *session.ledger, prompt);
  if (!added.ok()) return failure_of_source(added.error(), session);
  const recovery::AddedSource& made = added.value();
  if (context.output == Output::json) {
    Json line = {{"type", "source"}};
    set_text(line, "name", made.source.name);
    set_text(line, "address", made.source.address);
    line["format"] = made.source.format;
    line["independence"] = model::name_of(made.source.independence);
    line["snapshots"] = made.snapshots.size();
    context.out << line.dump() << "\n";
    return ExitCode::done;
  }
  print_findings(made.findings, context);
  context.out << fmt::format("{}: {}, {} snapshots", base::printable(made.source.name), made.source.format,
                             made.snapshots.size());
  if (made.snapshots.empty()) context.out << ": nothing is in it; is it mounted?";
  const std::string zone = zone_of(*session.store);
  if (!made.snapshots.empty())
    context.out << fmt::format(", {} to {}", base::time_in_zone(made.snapshots.front().time_ns, zone),
                               base::time_in_zone(made.snapshots.back().time_ns, zone));
  if (made.with_another_time > 0)
    context.out << fmt::format("; {} of it, judged before, {} another time now",
                               base::counted(made.with_another_time, "snapshot"),
                               made.with_another_time == 1 ? "has" : "have");
  context.out << fmt::format("\nnext: lastgood --case {} backups judge {}\n", shell_word(session.folder),
                             shell_word(made.source.name));
  return ExitCode::done;
}

void print_snapshot_json(const std::string& source, const model::JudgedSnapshot& judged, Context& context) {
  Json line = {{"type", "snapshot"}};
  set_text(line, "source", source);
  set_text(line, "id", judged.snapshot.id);
  line["time"] = utc_time(judged.snapshot.time_ns);
  set_text(line, "host", judged.snapshot.host);
  line["presence"] = judged.snapshot.presence == model::Presence::listed ? "listed" : "erased";
  line["files"] = judged.counts.files + judged.open;
  line["bytes"] = judged.counts.bytes;
  line["added"] = judged.added;
  line["changed"] = judged.changed;
  line["removed"] = judged.removed;
  line["not_judged"] = judged.open;
  Json verdicts;
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto verdict = static_cast<model::Verdict>(i);
    verdicts[std::string(model::name_of(verdict))] = count(judged, verdict);
  }
  line["verdicts"] = std::move(verdicts);
  Json oddities = Json::array();
  for (const model::Reason& oddity : judged.oddities)
    oddities.push_back(base::printable(oddity.rule + ": " + oddity.sentence));
  for (const model::Finding& finding : judged.snapshot.findings)
    oddities.push_back(base::printable(finding.rule + ": " + finding.sentence));
  line["oddities"] = std::move(oddities);
  context.out << line.dump() << "\n";
}

void print_snapshots(const std::string& source, const std::vector<model::JudgedSnapshot>& snapshots,
                     const std::string& zone, Context& context) {
  context.out << fmt::format("{}\n  {:<26} {:<14} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9}\n", base::printable(source),
                             "time", "snapshot", "files", "changed", "encrypted", "damaged", "undecided", "unread");
  const std::vector<std::string> labels = [&] {
    std::vector<model::Snapshot> plain;
    for (const model::JudgedSnapshot& judged : snapshots) plain.push_back(judged.snapshot);
    return recovery::label_snapshots(plain);
  }();
  bool is_first_struck = true;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const model::JudgedSnapshot& judged = snapshots[i];
    context.out << fmt::format("  {:<26} {:<14} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9}",
                               base::time_in_zone(judged.snapshot.time_ns, zone), base::printable(labels[i]),
                               human_count(judged.counts.files + judged.open),
                               human_count(judged.added + judged.changed + judged.removed), human_count(hit(judged)),
                               human_count(count(judged, model::Verdict::damaged)),
                               human_count(count(judged, model::Verdict::undecided) + judged.open),
                               human_count(count(judged, model::Verdict::unreadable)));
    if (judged.snapshot.presence == model::Presence::erased) context.out << "  (erased, still readable)";
    if (recovery::is_struck(judged) && is_first_struck) context.out << "  <- first bad";
    is_first_struck = is_first_struck && !recovery::is_struck(judged);
    context.out << "\n";
    for (const model::Reason& oddity : judged.oddities)
      context.out << "      " << base::printable(oddity.rule + ": " + oddity.sentence) << "\n";
    for (const model::Finding& finding : judged.snapshot.findings)
      context.out << "      " << base::printable(finding.rule + ": " + finding.sentence) << "\n";
  }
}

/// By path and snapshot: in text only where the state changes, as JSON all.
void print_units(const std::string& source, const std::vector<model::JudgedUnit>& units, Context& context) {
  if (context.output == Output::json) {
    for (const model::JudgedUnit& unit : units) {
      Json line = {{"type", "unit"}};
      set_text(line, "source", source);
      set_text(line, "snapshot", unit.snapshot);
      line["kind"] = unit.kind;
      set_text(line, "path", unit.path);
      line["state"] = unit.state;
      line["certainty"] = model::name_of(unit.certainty);
      if (unit.data_as_of_ns != 0) line["data_as_of"] = utc_time(unit.data_as_of_ns);
      Json findings = Json::array();
      for (const model::Reason& reason : unit.findings)
        findings.push_back(base::printable(reason.rule + ": " + reason.sentence));
      line["findings"] = std::move(findings);
      context.out << line.dump() << "\n";
    }
    return;
  }
  std::map<std::string, const model::JudgedUnit*> before;
  if (!units.empty()) context.out << "  databases and other sets, where their state changes:\n";
  for (const model::JudgedUnit& unit : units) {
    const model::JudgedUnit*& last = before[unit.path];
    const bool is_same = last != nullptr && last->state == unit.state;
    last = &unit;
    if (is_same) continue;
    context.out << fmt::format("    {:<13} {:<14} from {}  {}\n", unit.kind, unit.state,
                               base::printable(unit.snapshot.substr(0, 24)), base::printable(unit.path));
    for (const model::Reason& reason : unit.findings) {
      if (reason.rule == recovery::k_in_use_rule) context.out << "      " << base::printable(reason.sentence) << "\n";
    }
  }
}

Outcome run_list(Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  casefile::BackupStore& backups = session.store->backups();
  LG_OUTCOME(const std::vector<model::BackupSource> all, backups.sources(), ExitCode::case_failed);
  bool is_any_struck = false;
  for (const model::BackupSource& source : all) {
    LG_OUTCOME(const std::vector<model::JudgedSnapshot> snapshots, backups.snapshots(source.name),
               ExitCode::case_failed);
    LG_OUTCOME(const std::vector<model::JudgedUnit> units, backups.units(source.name), ExitCode::case_failed);
    is_any_struck = is_any_struck || std::any_of(snapshots.begin(), snapshots.end(), recovery::is_struck);
    if (context.output == Output::json) {
      Json line = {{"type", "source"}};
      set_text(line, "name", source.name);
      set_text(line, "address", source.address);
      line["format"] = source.format;
      line["independence"] = model::name_of(source.independence);
      line["snapshots"] = snapshots.size();
      context.out << line.dump() << "\n";
      for (const model::JudgedSnapshot& snapshot : snapshots) print_snapshot_json(source.name, snapshot, context);
      print_units(source.name, units, context);
      continue;
    }
    LG_OUTCOME(const std::string names_in, recovery::read_names_zone(*session.store, source.name),
               ExitCode::case_failed);
    const bool is_own = names_in != zone_of(*session.store);
    context.out << fmt::format("{}  {}  {}, {}{}\n", base::printable(source.name), base::printable(source.address),
                               source.format, model::name_of(source.independence),
                               is_own ? ", names read in " + base::zone_name(names_in) : std::string());
    if (snapshots.empty()) {
      context.out << "  not judged yet\n";
    } else {
      print_snapshots(source.name, snapshots, zone_of(*session.store), context);
      print_units(source.name, units, context);
    }
  }
  if (all.empty() && context.output == Output::text)
    context.out << fmt::format("no sources yet\nnext: lastgood --case {} backups add NAME URL\n",
                               shell_word(session.folder));
  return is_any_struck ? ExitCode::bad_found : ExitCode::done;
}

struct JudgedOne {
  bool finished = true;
  bool struck = false;
  bool unreadable = false;
};

void print_outcome(const model::BackupSource& source, const recovery::JudgeOutcome& outcome, const std::string& zone,
                   Context& context) {
  if (context.output == Output::json) {
    for (const model::JudgedSnapshot& snapshot : outcome.snapshots) print_snapshot_json(source.name, snapshot, context);
    print_units(source.name, outcome.units, context);
    Json line = {{"type", "judging"}};
    set_text(line, "source", source.name);
    line["what"] = outcome.what == recovery::JudgeWhat::all ? "all" : "databases";
    line["contents"] = outcome.contents;
    line["judged"] = outcome.judged;
    line["bytes"] = outcome.bytes;
    line["bytes_read"] = outcome.bytes_read;
    line["seconds"] = outcome.seconds;
    line["finished"] = outcome.finished;
    context.out << line.dump() << "\n";
    return;
  }
  print_findings(outcome.findings, context);
  print_snapshots(source.name, outcome.snapshots, zone, context);
  print_units(source.name, outcome.units, context);
  if (outcome.what == recovery::JudgeWhat::units) {
    context.out << fmt::format("  {} looked at in {}; of {} different contents, {}, no file was judged now\n",
                               base::counted(outcome.units.size(), "database or set", "databases and sets"),
                               human_seconds(outcome.seconds), human_count(outcome.contents),
                               human_bytes(outcome.bytes));
    return;
  }
  context.out << fmt::format("  {} different contents, {}; judged now {}, {} read, in {}\n",
                             human_count(outcome.contents), human_bytes(outcome.bytes), human_count(outcome.judged),
                             human_bytes(outcome.bytes_read), human_seconds(outcome.seconds));
  if (!outcome.finished) context.out << "  interrupted; the same command goes on where it stopped\n";
}

base::Result<JudgedOne> judge_one(const model::BackupSource& source, const JudgeOptions& options, Session& session,
                                  RecoveryLine& line, Context& context) {
  TerminalPrompt prompt;
  sources::OpenOptions opening;
  LG_ASSIGN(const std::int64_t as_of_ns, parse_time_option("--as-of", options.as_of, zone_of(*session.store)));
  if (as_of_ns != 0) opening.as_of_ns = as_of_ns;
  if (options.erased) opening.erased = sources::OpenOptions::Erased::include;
  LG_ASSIGN(const std::unique_ptr<sources::Source> opened,
            recovery::open_case_source(*session.store, source, opening, prompt));
  const recovery::JudgeRequest request{
      .source = source,
      .what = options.databases ? recovery::JudgeWhat::units : recovery::JudgeWhat::all,
      .depth = model::find_depth(options.depth).value_or(model::Depth::standard),
      .threads = options.threads};
  LG_ASSIGN(const recovery::JudgeOutcome outcome,
            recovery::judge_backup(request, *opened, *session.store, *session.ledger, line));
  line.clear();
  print_outcome(source, outcome, zone_of(*session.store), context);
  JudgedOne judged{.finished = outcome.finished};
  judged.struck = std::any_of(outcome.units.begin(), outcome.units.end(), recovery::is_bad);
  for (const model::JudgedSnapshot& snapshot : outcome.snapshots) {
    judged.struck = judged.struck || recovery::is_struck(snapshot);
    judged.unreadable = judged.unreadable || count(snapshot, model::Verdict::unreadable) > 0;
  }
  return judged;
}

std::string next_text(const JudgeOptions& options, const Session& session) {
  const std::string word = shell_word(session.folder);
  if (!options.databases) return fmt::format("next: lastgood --case {} plan --out plan.json\n", word);
  return fmt::format(
      "next, what wards need first: lastgood --case {0} sheets --to DIR\n"
      "then, before a plan, the files: lastgood --case {0} backups judge\n",
      word);
}

Outcome run_judge(const JudgeOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  std::vector<model::BackupSource> wanted;
  if (options.names.empty()) {
    LG_OUTCOME(wanted, session.store->backups().sources(), ExitCode::case_failed);
  }
  for (const std::string& name : options.names) {
    LG_OUTCOME(model::BackupSource source, recovery::find_source(*session.store, name), ExitCode::wrong_use);
    wanted.push_back(std::move(source));
  }
  os::catch_stop_signals();
  os::raise_open_file_limit();
  RecoveryLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  JudgedOne all;
  bool is_any_failed = false;
  for (const model::BackupSource& source : wanted) {
    auto judged = judge_one(source, options, session, line, context);
    line.clear();
    if (!judged.ok() && judged.error().code == base::ErrorCode::cancelled) {
      context.err << base::printable(judged.error().what) << "; the same command goes on\n";
      return ExitCode::interrupted;
    }
    if (!judged.ok()) {
      // One source that cannot be read stops no other.
      Failure failure = failure_of_source(judged.error(), session);
      // A case that cannot be written to takes nothing of the others either.
      if (wanted.size() == 1 || failure.code == ExitCode::no_space) return failure;
      failure.error.what = "source '" + base::printable(source.name) + "': " + failure.error.what;
      print_failure(context, failure.error, failure.code);
      is_any_failed = true;
      continue;
    }
    all.finished = all.finished && judged.value().finished;
    all.struck = all.struck || judged.value().struck;
    all.unreadable = all.unreadable || judged.value().unreadable;
    if (!all.finished) break;
  }
  if (!all.finished) return ExitCode::interrupted;
  if (context.output == Output::text && !wanted.empty()) context.out << next_text(options, session);
  if (is_any_failed || all.unreadable) return ExitCode::in_part;
  return all.struck ? ExitCode::bad_found : ExitCode::done;
}

void declare_add(CLI::App& app, AddOptions& options) {
  app.add_option("name", options.name, "a short name of your choice")->required()->type_name("NAME");
  app.add_option("url", options.url, "folder:PATH, restic:PATH, restic:rest:http://HOST:PORT/, borg:PATH or tar:PATH")
      ->required()
      ->type_name("URL");
  app.add_option("--password-file", options.password_file, "its password is the first line of this file")
      ->type_name("FILE");
  app.add_option("--password-command", options.password_command,
                 "its password is the first line that this command prints")
      ->type_name("COMMAND");
  app.add_flag("--ask-password", options.ask_password, "ask for its password whenever it is opened");
  app.add_option("--key-file", options.key_file, "an escrowed key: borg key export, or restic cat masterkey")
      ->type_name("FILE");
  app.add_option("--map", options.map, "paths below STORED in its snapshots are paths below LIVE on the server")
      ->type_name("STORED=LIVE");
  app.add_option("--names-in", options.names_in,
                 "zone of times in names of its snapshots that say none, such as +05:30 or UTC (default: the case's)")
      ->type_name("ZONE");
  app.add_option("--independence", options.independence,
                 "attached: the attacker could reach it, too; apart: it was out of reach")
      ->check(CLI::IsMember({"unknown", "apart", "attached"}))
      ->capture_default_str();
}

void declare_judge(CLI::App& app, JudgeOptions& options) {
  app.add_option("name", options.names, "sources to judge (default: all)")->type_name("NAME");
  app.add_flag("--databases", options.databases,
               "first of all only the databases and other sets: enough for sheets and 'services check', long before "
               "every file is judged");
  app.add_option("--depth", options.depth, "how much of each content is looked at")
      ->check(CLI::IsMember({"quick", "standard", "full"}))
      ->capture_default_str();
  app.add_flag("--erased", options.erased, "also what was deleted from the source and can still be read");
  app.add_option("--as-of", options.as_of, "open the sources as they were then")->type_name("TIME");
  app.add_option("--threads", options.threads, "readers at once (default: two for each processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
}

Run declare_backups(CLI::App& app) {
  const auto options = std::make_shared<BackupsOptions>();
  options->add = app.add_subcommand("add", "name a source; it is opened, its snapshots are listed, nothing is changed");
  declare_add(*options->add, options->adding);
  options->list = app.add_subcommand("list", "show the sources and what judging found in each snapshot");
  declare_judge(*app.add_subcommand("judge", "judge every content of every snapshot once"), options->judging);
  app.require_subcommand(1);
  return [options](Context& context) {
    if (options->add->parsed()) return run_add(options->adding, context);
    if (options->list->parsed()) return run_list(context);
    return run_judge(options->judging, context);
  };
}

}  // namespace

const Command k_backups_command = {
    .name = "backups",
    .summary = "Name backup sources, and judge every content in every snapshot once",
    .description =
        "A source is read only: no lock, no cache, no access time changes in it, and what is read from it is hashed "
        "again.\n"
        "Judging goes on where it stopped when it is run again, and new snapshots cost only what is new in them.\n"
        "With --databases only what sheets and services need is judged, and not yet any other file: wards wait for "
        "it.\n"
        "Shown for each snapshot: files, changes, encrypted files, and what is odd in the series.",
    .examples =
        "  lastgood backups add nas restic:/mnt/nas/repo --password-file /root/pw\n"
        "  lastgood backups add old borg:/mnt/usb/borg --key-file /root/escrow.key --independence apart\n"
        "  lastgood backups add snap folder:/mnt/snapshots --map =/srv\n"
        "  lastgood backups judge --databases  # before the first sheets, where files take hours\n"
        "  lastgood backups judge\n"
        "  lastgood backups list",
    .declare = declare_backups};

}  // namespace lastgood::cli
