// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/local_time.h"
#include "base/misuse.h"
#include "base/rfc3339.h"
#include "casefile/case_about.h"
#include "cli/case_zone.h"
#include "cli/commands/services_actions.h"
#include "cli/commands/sheets_actions.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/restored_unit.h"
#include "ledger/ledger.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/paths.h"
#include "os/readers.h"
#include "os/terminal.h"
#include "readiness/kept_services.h"
#include "readiness/since_restored.h"
#include "recovery/output_place.h"
#include "recovery/own_replay.h"
#include "services/duration.h"
#include "sheets/choose_pack.h"
#include "sheets/make_sheets.h"
#include "sheets/packs.h"
#include "sheets/said_once.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_runs_kept = 24;
constexpr double k_first_word_s = 10;
constexpr double k_still_worth_saying_s = 5;

sheets::Forms forms_of(const std::vector<std::string>& names) {
  using Wanted = sheets::Forms::Wanted;
  if (names.empty()) return {};
  const auto wanted = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end() ? Wanted::yes : Wanted::no;
  };
  return {wanted("pdf"), wanted("html"), wanted("csv"), wanted("json")};
}

nlohmann::ordered_json json_of_sheet(const sheets::MadeSheet& sheet, const std::string& folder) {
  nlohmann::ordered_json line = {{"type", "made_sheet"}};
  set_text(line, "id", sheet.id);
  set_text(line, "title", sheet.title);
  set_text(line, "folder", folder);
  line["made"] = sheet.could_not.empty();
  line["rows"] = sheet.rows;
  line["packets"] = sheet.packets;
  line["data_as_of"] = sheet.data_as_of_ns == 0 ? nlohmann::ordered_json(nullptr)
                                                : nlohmann::ordered_json(base::format_rfc3339(sheet.data_as_of_ns));
  set_text(line, "source", sheet.source);
  line["stale"] = sheet.stale;
  line["notes"] = nlohmann::ordered_json::array();
  for (const std::string& note : sheet.notes) line["notes"].push_back(base::printable(note));
  set_text(line, "could_not", sheet.could_not);
  line["stand_in"] = sheet.is_stand_in;
  line["lacks_logs"] = sheet.lacks_logs;
  line["attached"] = sheet.is_from_attached;
  line["after_s"] = sheet.at_s;
  return line;
}

/// Says each sheet as soon as it can be printed.
class Teller final : public sheets::MakeWatcher {
 public:
  Teller(Context& context, std::string zone) : context_(context), zone_(std::move(zone)) {}

  // Several units are asked at a time: each line says of which it is.
  void on_copy(const std::string& unit, const std::string& source) override {
    waited_s_.erase(unit);
    if (context_.output == Output::text)
      context_.out << fmt::format("{}: {}\n", base::printable(unit), base::printable(source)) << std::flush;
  }
  void on_wait(const std::string& unit, const engines::StartWait& wait) override {
    double& said_s = waited_s_[unit];
    if (wait.seconds < said_s) said_s = 0;  // another start of it
    if (wait.seconds < std::max(k_first_word_s, said_s + std::max(k_first_word_s, said_s / 2))) return;
    said_s = wait.seconds;
    // Not on the output: it is no result.
    context_.err << fmt::format("{}: waiting for its engine to answer, for {}", base::printable(unit),
                                human_seconds(wait.seconds));
    if (wait.still_seconds >= k_still_worth_saying_s)
      context_.err << fmt::format("; it has done nothing for {}", human_seconds(wait.still_seconds));
    context_.err << "\n" << std::flush;
  }
  void on_start(const std::string& unit, const engines::ScratchStart& start) override {
    if (context_.output == Output::json) return;
    const std::string path = base::printable(unit);
    context_.out << fmt::format("{}: {} answers after {}", path, base::printable(start.engine),
                                human_seconds(start.seconds));
    if (start.data_as_of_ns != 0) context_.out << ", data as of " << base::time_in_zone(start.data_as_of_ns, zone_);
    context_.out << "\n";
    for (const auto* lines : {&start.left_out, &start.inside, &start.refused}) {
      for (const std::string& line : *lines)
        context_.out << "  left out of " << path << ": " << base::printable(line) << "\n";
    }
    for (const std::string& line : start.unusable)
      context_.out << "  does not answer in " << path << ": " << base::printable(line) << "\n";
    for (const std::string& line : start.emptied)
      context_.out << "  unlogged, emptied by the start, and not shown in " << path << ": " << base::printable(line)
                   << "\n";
    context_.out.flush();
  }
  void on_sheet(const sheets::MadeSheet& sheet, const std::string& folder) override {
    if (run_ != folder) said_ = {};  // each run stands for itself
    run_ = folder;
    if (context_.output == Output::json) {
      context_.out << json_of_sheet(sheet, folder).dump() << "\n";
    } else if (!sheet.could_not.empty()) {
      context_.out << fmt::format("  {:<24} COULD NOT BE MADE: {}\n", sheet.id,
                                  base::printable(said_.reason(sheet.could_not, sheet.id)));
    } else {
      context_.out << fmt::format("  {:<24} {}, {}{}, after {}\n", sheet.id, base::counted(sheet.rows, "row"),
                                  base::counted(sheet.packets, "packet"), sheet.stale ? ", OLD" : "",
                                  human_seconds(sheet.at_s));
      for (const std::string& note : sheet.notes)
        context_.out << "    " << base::printable(said_.note(note, sheet.id)) << "\n";
    }
    context_.out.flush();
  }
  /// Asked by several threads.
  [[nodiscard]] bool cancelled() const override {
    if (!os::stop_requested()) return false;
    if (!is_stop_said_.exchange(true))
      context_.err << "stopping: what is asked just now is given up, what is printed comes to its end; once more ends "
                      "it at once\n"
                   << std::flush;
    return true;
  }

 private:
  Context& context_;
  mutable std::atomic<bool> is_stop_said_ = false;
  std::string zone_;
  std::string run_;
  sheets::SaidOnce said_;
  std::map<std::string, double> waited_s_;  // by unit, when it was said last
};

/// With --from-damaged copies are what is asked for next, and no stand-in.
ExitCode exit_code_of(const sheets::MadeRun& run, const MakeSheetsOptions& options, std::size_t not_looked_at) {
  const bool all = std::all_of(run.sheets.begin(), run.sheets.end(), [&](const sheets::MadeSheet& sheet) {
    const bool is_as_asked = !sheet.is_stand_in || !options.damaged_root.empty();
    return sheet.could_not.empty() && is_as_asked && !sheet.lacks_logs;
  });
  return all && not_looked_at == 0 && run.packets_without_room.empty() ? ExitCode::done : ExitCode::in_part;
}

/// Sheets that are made, and not of what a person would take them for.
void say_where_from(const sheets::MadeRun& run, Context& context) {
  const auto count = [&](bool sheets::MadeSheet::*is) {
    return static_cast<std::uint64_t>(std::count_if(
        run.sheets.begin(), run.sheets.end(), [&](const auto& sheet) { return sheet.could_not.empty() && sheet.*is; }));
  };
  if (const std::uint64_t stand_in = count(&sheets::MadeSheet::is_stand_in); stand_in > 0)
    context.out << fmt::format(
        "{} from a copy that stands in for what did not answer: the notes above and on each page say why\n",
        stand_in == 1 ? "1 sheet is" : base::counted(stand_in, "sheet") + " are");
  if (const std::uint64_t lacking = count(&sheets::MadeSheet::lacks_logs); lacking > 0)
    context.out << fmt::format(
        "{} WITHOUT later rows that saved logs have, or may have: the notes above and on each page say why\n",
        lacking == 1 ? "1 sheet is" : base::counted(lacking, "sheet") + " are");
  if (const std::uint64_t attached = count(&sheets::MadeSheet::is_from_attached); attached > 0)
    context.out << fmt::format("{} from a backup that was ATTACHED: the attacker could reach it, too\n",
                               attached == 1 ? "1 sheet is" : base::counted(attached, "sheet") + " are");
}

/// The run that people are shown; empty where the disk has no links.
std::string current_run_of(const std::string& to) {
  std::error_code trouble;
  const auto target = std::filesystem::read_symlink(to + "/current", trouble);
  return trouble ? std::string() : to + "/" + target.string();
}

/// Patients' data are for nobody else unasked; who cannot open them at the bedside has to know why.
void say_who_reads(const std::string& run, const MakeSheetsOptions& options, const os::Readers& readers,
                   Context& context) {
  if (const std::string closed = os::find_closed_above(options.to, readers); !closed.empty())
    context.out << fmt::format(
        "nobody else gets to the sheets: {} above them lets only its owner through: chmod it, or "
        "take another folder\n",
        base::printable(closed));
  const bool is_asked = !options.readable_by.empty();
  for (const std::string& folder : {options.to, run}) {
    if (!os::find_only_reader(folder)) continue;
    context.out << "only the account that owns it opens " << base::printable(folder)
                << (is_asked ? ", which was there before: chmod it, or take a new folder\n"
                             : ": --readable-by GROUP, or 'everybody' for a disk that goes to other machines, lets "
                               "others read\n");
    return;
  }
}

void print_end(const sheets::MadeRun& run, const MakeSheetsOptions& options, const sheets::MakeOptions& make,
               Context& context) {
  const auto could_not = std::count_if(run.sheets.begin(), run.sheets.end(),
                                       [](const sheets::MadeSheet& sheet) { return !sheet.could_not.empty(); });
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "sheets_run"}};
    set_text(line, "path", run.path);
    line["sheets"] = run.sheets.size();
    line["could_not"] = could_not;
    line["files"] = run.files;
    line["seconds"] = run.seconds;
    line["packets_without_room"] = nlohmann::ordered_json::array();
    for (const std::string& packet : run.packets_without_room)
      line["packets_without_room"].push_back(base::printable(packet));
    line["given_up"] = run.given_up;
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("{}, {} could not be made; {} in {}, {}\n", base::counted(run.sheets.size(), "sheet"),
                             could_not, base::counted(run.files, "file"), base::printable(run.path),
                             human_seconds(run.seconds));
  for (const std::string& packet : run.packets_without_room)
    context.out << "  packet NOT ON THIS DISK: " << base::printable(packet) << "\n";
  if (run.given_up > 0) context.out << base::counted(run.given_up, "older run") << " given up for room\n";
  say_where_from(run, context);
  if (could_not == static_cast<std::ptrdiff_t>(run.sheets.size()) && run.path != current_run_of(options.to)) {
    context.out << "what was made before stays: " << base::printable(options.to) << "/current/index.html\n";
    return;
  }
  say_who_reads(run.path, options, make.readers, context);
  const bool has_pdf = make.forms.pdf == sheets::Forms::Wanted::yes;
  const bool has_pages = has_pdf || make.forms.html == sheets::Forms::Wanted::yes;
  context.out << fmt::format("next: {} {}/current/index.html{}\n", has_pages ? "print" : "look at",
                             base::printable(options.to), has_pdf ? ", or the PDF files beside it" : "");
}

/// The services file; where none is, or a pack was asked for, what the packs know.
base::Result<sheets::PackChoice> file_of(const MakeSheetsOptions& options, sheets::CaseOfSheets& of,
                                         const sheets::MakeOptions& make, Teller& teller, Context& context) {
  if (options.pack.empty()) {
    auto read = read_services_of(options.services, of.folder);
    if (read.ok()) {
      const std::string which = describe_services_of(options.services, read.value(), of.folder);
      if (!which.empty()) context.err << "lastgood: " << which << "\n";
      print_left_out(read.value(), options.service, context);
      return sheets::PackChoice{.file = std::move(read).value(), .found = {}, .sentences = {}};
    }
    if (!options.services.empty() || read.error().code != base::ErrorCode::not_found) return read.error();
  }
  LG_ASSIGN(const std::vector<sheets::Pack> packs, sheets::read_packs(""));
  const std::string wanted = options.pack == "auto" ? std::string() : options.pack;
  LG_ASSIGN(sheets::PackChoice choice, sheets::choose_pack(of, packs, wanted, make, &teller));
  // Where logs are saved no pack knows; what the hospital has written of the same data does.
  const auto own = readiness::read_case_services(options.services, of.folder);
  if (own.ok()) sheets::take_logs(choice.file, own.value());
  const std::string without_logs = sheets::describe_without_logs(choice.file);
  if (!without_logs.empty()) choice.sentences.push_back(without_logs);
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "pack_choice"}, {"sentences", nlohmann::ordered_json::array()}};
    for (const std::string& sentence : choice.sentences) line["sentences"].push_back(base::printable(sentence));
    line["not_looked_at"] = choice.not_looked_at;
    context.out << line.dump() << "\n";
    return choice;
  }
  for (const std::string& sentence : choice.sentences) context.out << base::printable(sentence) << "\n";
  return choice;
}

}  // namespace

void set_scratch(const std::string& given, sheets::MakeOptions& make) {
  const char* temporary = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): before any thread
  make.scratch = !given.empty() ? given : temporary != nullptr ? temporary : "";
  if (!make.scratch.empty()) return;
  make.scratch = "/var/tmp";
  make.small_copies = sheets::MakeOptions::SmallCopies::in_memory;
}

namespace {

/// What stands in its place again, unless the backups' rows are wanted.
base::Result<std::map<std::string, sheets::RestoredUnit>> restored_units(const MakeSheetsOptions& options,
                                                                         const services::ServicesFile& file,
                                                                         const std::string& case_folder) {
  std::map<std::string, sheets::RestoredUnit> out;
  if (options.is_from_backups) return out;
  LG_ASSIGN(const auto restores, readiness::read_ended_restores(case_folder));
  for (const auto& [path, restore] : readiness::restored_in_place(restores, file))
    out[path] = restored_unit_of(restore, path, case_folder);
  // It is restored where it lies, and the services file may say the link that its server reaches it by.
  for (const services::Service& service : file.services) {
    for (const services::DataUnit& data : service.data) {
      const auto real = out.find(os::follow_links(data.path));
      if (real != out.end()) out.emplace(data.path, real->second);
    }
  }
  return out;
}

Outcome make_run(const MakeSheetsOptions& options, Context& context) {
  if (options.to.empty())
    return Failure{base::misuse("where the sheets go is not said", "such as: lastgood sheets --to /media/usb/sheets"),
                   ExitCode::wrong_use};
  // The case is read only, so that a scan or a judgement may go on beside it; the ledger takes turns.
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (const base::Status place = recovery::check_output_place(*session.store, options.to); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  LG_OUTCOME(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(session.folder),
             ExitCode::ledger_broken);
  LG_OUTCOME(const casefile::CaseAbout about, casefile::read_about(*session.store), ExitCode::case_damaged);
  TerminalPrompt prompt;
  sheets::CaseOfSheets of{session.folder, *session.store, *ledger, prompt};
  sheets::MakeOptions make;
  make.to = options.to;
  make.service = options.service;
  make.audience = options.audience;
  set_scratch(options.scratch, make);
  make.zone = about.zone;
  make.damaged_root = options.damaged_root;
  LG_OUTCOME(make.restored, restored_units(options, {}, session.folder), ExitCode::ledger_broken);
  make.forms = forms_of(options.forms);
  make.when_full = options.keep > 0 ? sheets::WhenFull::give_up_older_runs : sheets::WhenFull::leave_out;
  LG_OUTCOME(make.readers, os::find_readers(options.readable_by), ExitCode::wrong_use);
  make.open_server = &engines::open_scratch_server;
  os::catch_stop_signals();
  print_assumed_zones(session, context);
  Teller teller(context, about.zone);
  auto found = file_of(options, of, make, teller, context);
  if (!found.ok()) {
    if (found.error().code == base::ErrorCode::cancelled) return ExitCode::interrupted;
    const bool none = found.error().code == base::ErrorCode::not_found;
    return failure_of(std::move(found).error(), session.folder, none ? ExitCode::source_missing : ExitCode::wrong_use);
  }
  const services::ServicesFile& file = found.value().file;
  LG_OUTCOME(make.restored, restored_units(options, file, session.folder), ExitCode::ledger_broken);
  auto run = sheets::make_sheets(file, of, make, os::SystemClock(), teller);
  if (!run.ok()) {
    const base::ErrorCode code = run.error().code;
    const ExitCode end = code == base::ErrorCode::cancelled  ? ExitCode::interrupted
                         : code == base::ErrorCode::no_space ? ExitCode::target_full
                         : code == base::ErrorCode::misuse   ? ExitCode::wrong_use
                                                             : ExitCode::in_part;
    return failure_of(std::move(run).error(), session.folder, end);
  }
  const std::size_t not_looked_at = found.value().not_looked_at;
  if (not_looked_at > 0 && context.output == Output::text)
    context.out << fmt::format(
        "{} database folder{} of the case could not be looked at (see above): no sheet is of {}\n", not_looked_at,
        not_looked_at == 1 ? "" : "s", not_looked_at == 1 ? "it" : "them");
  print_end(run.value(), options, make, context);
  if (options.keep > 0) {
    const auto removed = sheets::remove_old_runs(options.to, options.keep);
    if (!removed.ok()) print_failure(context, removed.error(), ExitCode::in_part);
  }
  const bool is_in_part = options.service.empty() && !(file.unknown_keys.empty() && file.left_out.empty());
  return is_in_part ? ExitCode::in_part : exit_code_of(run.value(), options, not_looked_at);
}

/// A person finds the packet where it was, and has to know how old it is by now.
void say_what_stays(const std::string& to, Context& context) {
  std::error_code trouble;
  const auto made = std::filesystem::last_write_time(to + "/current.html", trouble);
  if (trouble) return;
  const auto age = std::chrono::file_clock::now() - made;
  context.err << fmt::format("what was made {} ago stays: {}/current/index.html\n",
                             human_seconds(std::chrono::duration<double>(age).count()), base::printable(to))
              << std::flush;
}

/// Whether some was made, by giving up runs that newer ones have replaced.
bool makes_room(const std::string& to, const Failure& failure, Context& context) {
  const auto removed = sheets::make_room(to, {});
  if (!removed.ok() || removed.value() == 0) return false;
  print_failure(context, failure.error, failure.code);
  context.err << fmt::format("{} given up for room; trying again\n", base::counted(removed.value(), "older run"))
              << std::flush;
  return true;
}

/// A stick that was pulled leaves the folder that it was mounted on, on this machine's own disk.
Outcome other_disk(const std::string& to) {
  return Failure{
      {.code = base::ErrorCode::not_found,
       .what = fmt::format("no sheets were made: the disk that the first run wrote to is not at '{}' any more",
                           base::printable(to)),
       .path = to,
       .hint = "put it back where it was; the next run writes to it again"},
      ExitCode::target_refused};
}

}  // namespace

Outcome make_sheets_once(const MakeSheetsOptions& options, Context& context) {
  // What earlier runs left unfinished goes before this one needs the room; until then its sheets can be read.
  if (options.keep > 0 && !options.to.empty())
    ignore_error(sheets::remove_old_runs(options.to, options.keep), "the stick may be gone: the run itself says so");
  while (true) {
    Outcome outcome = make_run(options, context);
    const auto* failure = std::get_if<Failure>(&outcome);
    if (failure == nullptr || options.keep == 0) return outcome;  // without a number nobody said that runs may go
    if (failure->code == ExitCode::target_full && makes_room(options.to, *failure, context)) continue;
    if (failure->code != ExitCode::interrupted && failure->code != ExitCode::wrong_use)
      say_what_stays(options.to, context);
    return outcome;
  }
}

Outcome make_sheets_every(const MakeSheetsOptions& options, Context& context) {
  const auto seconds = services::parse_duration(options.every);
  if (!seconds || *seconds < 1)
    return Failure{base::misuse(fmt::format("'{}' is no time between runs", base::printable(options.every)),
                                "such as: --every 1h, 30m or 90s"),
                   ExitCode::wrong_use};
  MakeSheetsOptions each = options;
  if (each.keep == 0) each.keep = k_runs_kept;
  os::catch_stop_signals();
  std::optional<std::uint64_t> disk;  // that the first run wrote to
  for (bool is_first = true; !os::stop_requested(); is_first = false) {
    const auto next = std::chrono::steady_clock::now() + std::chrono::duration<double>(*seconds);
    const Outcome outcome =
        disk && os::device_of_folder(each.to) != disk ? other_disk(each.to) : make_sheets_once(each, context);
    if (!disk && std::holds_alternative<ExitCode>(outcome)) disk = os::device_of_folder(each.to);
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      // A stick that was pulled out, a full disk, a backup that is being written: the next run may do.
      // A file that is being written just now reads as wrong, too: what has gone well once is tried again.
      const bool is_hopeless = is_first && failure->code == ExitCode::wrong_use;
      if (is_hopeless || failure->code == ExitCode::interrupted) return *failure;
      print_failure(context, failure->error, failure->code);
    }
    context.out.flush();
    while (!os::stop_requested() && std::chrono::steady_clock::now() < next)
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return ExitCode::done;
}

}  // namespace lastgood::cli
