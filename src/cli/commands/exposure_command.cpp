// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "base/misuse.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/exposure_lines.h"
#include "cli/output/progress_line.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "evidence/custody.h"
#include "exposure/count_exposure.h"
#include "exposure/read_results.h"
#include "facts/find_shown_access.h"
#include "os/paths.h"
#include "os/terminal.h"

namespace lastgood::cli {

namespace {

struct ExposureOptions {
  std::vector<std::string> paths;
  std::vector<std::string> excludes;
  std::vector<std::string> same_numbers;
  std::string host;
  std::vector<std::string> host_addresses;
  std::string access_shown;
  std::string egress_shown;
  std::string scratch;
  std::optional<std::uint64_t> egress_bytes;
  bool other_file_systems = false;
  bool columns = false;
  bool show = false;
};

/// What is said to show access or egress must be in the case's custody.
base::Status check_evidence(const std::string& case_folder, const ExposureOptions& options) {
  if (options.access_shown.empty() && options.egress_shown.empty()) return base::Done{};
  LG_ASSIGN(const evidence::CustodyRecords records, evidence::read_custody(case_folder));
  for (const std::string& id : {options.access_shown, options.egress_shown}) {
    if (!id.empty() && records.find(id) == nullptr)
      return base::misuse(fmt::format("there is no evidence '{}'", base::printable(id)),
                          "take it first with 'lastgood evidence add'; 'lastgood evidence list' shows the ids");
  }
  return base::Done{};
}

void print(const exposure::ExposureResults& results, const ExposureOptions& options, Context& context) {
  const auto detail = options.columns ? ExposureDetail::columns : ExposureDetail::summary;
  context.out << (context.output == Output::json ? json_lines_of(results)
                                                 : with_case(text_of(results, detail), context.case_folder));
}

Outcome run_show(const ExposureOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  LG_OUTCOME(const auto results, exposure::read_results(std::get<Session>(opened).folder), ExitCode::case_damaged);
  if (results) {
    print(*results, options, context);
    return ExitCode::done;
  }
  if (context.output == Output::text)
    context.out << fmt::format(
        "nothing was counted yet: unknown, which is not none\nnext: lastgood --case {} exposure PATH...\n",
        shell_word(std::get<Session>(opened).folder));
  return ExitCode::done;
}

Outcome failed(const base::Error& error) {
  if (error.code == base::ErrorCode::cancelled) return Failure{error, ExitCode::interrupted};
  if (error.code == base::ErrorCode::not_found) return Failure{error, ExitCode::source_missing};
  if (error.code == base::ErrorCode::no_space) return Failure{error, ExitCode::no_space};
  return Failure{error, ExitCode::case_failed};
}

Outcome run_exposure(const ExposureOptions& options, Context& context) {
  if (options.show) return run_show(options, context);
  if (options.paths.empty())
    return Failure{base::misuse("no path was given",
                                "name dumps, exports and folders of the affected systems, or good copies of them"),
                   ExitCode::wrong_use};
  exposure::ExposureRequest request{.files = {},
                                    .host = options.host,
                                    .access_shown = options.access_shown,
                                    .egress_shown = options.egress_shown,
                                    .egress_bytes = options.egress_bytes,
                                    .shown = {},
                                    .same_numbers = options.same_numbers,
                                    .scratch = {}};
  std::error_code ignored;
  std::string scratch =
      options.scratch.empty() ? std::filesystem::temp_directory_path(ignored).string() : options.scratch;
  if (scratch.empty()) scratch = "/tmp";  // $TMPDIR is no folder
  LG_OUTCOME(request.scratch, os::absolute_path(scratch), ExitCode::wrong_use);
  for (const std::string& path : options.paths) {
    LG_OUTCOME(std::string absolute, os::absolute_path(path), ExitCode::source_missing);
    request.files.roots.push_back(std::move(absolute));
  }
  request.files.excludes = options.excludes;
  if (options.other_file_systems) request.files.other_file_systems = walk::OtherFileSystems::enter;
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (const base::Status checked = check_evidence(session.folder, options); !checked.ok())
    return Failure{checked.error(), ExitCode::wrong_use};
  LG_OUTCOME(request.shown,
             facts::find_shown_access(session.folder, *session.store,
                                      {.host = options.host, .addresses = options.host_addresses}),
             ExitCode::case_damaged);
  os::catch_stop_signals();
  ProgressLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no, 0);
  const exposure::ExposureWatch watch{
      .show =
          [&](const exposure::ExposureTally& tally) {
            const double rate = tally.seconds > 0 ? static_cast<double>(tally.bytes) / tally.seconds : 0;
            const std::uint64_t left = tally.bytes_expected > tally.bytes ? tally.bytes_expected - tally.bytes : 0;
            line.say(tally.seconds,
                     fmt::format("{} files, {} of {}, {}/s{}", human_count(tally.files), human_bytes(tally.bytes),
                                 human_bytes(tally.bytes_expected), human_bytes(static_cast<std::uint64_t>(rate)),
                                 rate > 0 && left > 0
                                     ? "  at most " + human_seconds(static_cast<double>(left) / rate) + " left"
                                     : ""));
          },
      .cancelled = [] { return os::stop_requested(); }};
  const auto results = exposure::count_exposure(request, session.folder, *session.store, *session.ledger, watch);
  line.clear();
  if (!results.ok()) return failed(results.error());
  print(results.value(), options, context);
  if (context.output == Output::text)
    context.out << fmt::format("next: lastgood --case {0} notices, or lastgood --case {0} exposure show --columns\n",
                               shell_word(session.folder));
  if (results.value().unread_count > 0) return ExitCode::in_part;
  return results.value().tables.empty() ? ExitCode::done : ExitCode::bad_found;
}

Run declare_exposure(CLI::App& app) {
  const auto options = std::make_shared<ExposureOptions>();
  app.add_option("path", options->paths, "dumps, exports, databases and folders, or good copies of them")
      ->type_name("PATH...");
  app.add_option("--held-on", options->host, "the affected machine that these files were held on")->type_name("HOST");
  app.add_option("--address", options->host_addresses, "an address of that machine, as logs of flows have it")
      ->type_name("IP")
      ->allow_extra_args(false);
  app.add_option("--access-shown", options->access_shown, "evidence that shows that the attacker read files")
      ->type_name("ID");
  app.add_option("--egress-shown", options->egress_shown, "evidence that shows that data left")->type_name("ID");
  app.add_option("--egress-bytes", options->egress_bytes, "how many bytes it shows")->type_name("BYTES");
  app.add_option(
         "--same-number", options->same_numbers,
         "a column whose hospital numbers are the same as those of the other columns so named; give it for each")
      ->type_name("COLUMN")
      ->allow_extra_args(false);
  app.add_option("--exclude", options->excludes, "leave out paths or names that fit")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("--scratch", options->scratch,
                 "where throw-away copies of databases are made, by default $TMPDIR or /tmp")
      ->type_name("DIR");
  app.add_flag("--other-file-systems", options->other_file_systems, "enter what is mounted below the paths");
  app.add_flag("--columns", options->columns, "every table, and why each column is what it is");
  CLI::App* show = app.add_subcommand("show", "show the newest count of the case");
  show->final_callback([options] { options->show = true; });
  return [options](Context& context) { return run_exposure(*options, context); };
}

}  // namespace

const Command k_exposure_command = {
    .name = "exposure",
    .summary = "Count the persons that files speak of: held, encrypted, readable by the attacker, leaving",
    .description =
        "Reads every row of SQL dumps, CSV, HL7 and FHIR (also packed with gzip, zstd, xz or bzip2), DICOM and\n"
        "SQLite, and of data folders of PostgreSQL and MariaDB\n"
        "by their own engine on a throw-away copy, locked in (as root, where it is installed; nothing in them runs).\n"
        "What a column holds is decided by all its values; persons are counted exactly, with a lower and an upper\n"
        "bound, by keyed hashes: no identifier is kept or printed, examples are masked. The four counts have each "
        "their\n"
        "own basis and are never added. What the attacker read or took is unknown until the case's timeline shows it\n"
        "(an account at an address that is tied to the encryption opened files of the machine of --held-on; flows "
        "from\n"
        "there), or a piece of evidence that you name. 'Could not be read' is never 'none'.",
    .examples =
        "  lastgood exposure --held-on his-db1 /mnt/good/his.sql /mnt/good/exports\n"
        "  lastgood exposure --access-shown E-0002 --egress-shown E-0005 --egress-bytes 41000000000 /mnt/good\n"
        "  lastgood exposure --same-number uhid --same-number mrn /mnt/good\n  lastgood exposure show --columns",
    .declare = declare_exposure};

}  // namespace lastgood::cli
