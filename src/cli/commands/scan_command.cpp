// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <ostream>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/progress_line.h"
#include "cli/output/shell_word.h"
#include "cli/own_places.h"
#include "os/identity.h"
#include "os/paths.h"
#include "os/terminal.h"
#include "scan/run_scan.h"
#include "sightings/search_while_judged.h"

namespace lastgood::cli {

namespace {

using model::Verdict;

constexpr std::size_t k_files_listed_max = 20;
constexpr std::size_t k_troubles_max = 20;

struct ScanOptions {
  std::vector<std::string> paths;
  std::string depth = "standard";
  std::string host;
  std::vector<std::string> includes;
  std::vector<std::string> excludes;
  std::vector<std::string> own;
  unsigned threads = 0;
  bool indicators = false;
  bool all = false;
  bool resume = false;
  bool other_file_systems = false;
};

base::Result<scan::ScanRequest> request_of(const ScanOptions& options, const std::string& case_folder) {
  scan::ScanRequest request;
  for (const std::string& path : options.paths) {
    LG_ASSIGN(std::string absolute, os::absolute_path(path));
    request.roots.push_back(std::move(absolute));
  }
  request.host = options.host.empty() ? os::host_name() : options.host;
  request.depth = model::find_depth(options.depth).value_or(model::Depth::standard);
  request.includes = options.includes;
  request.excludes = options.excludes;
  request.other_file_systems =
      options.other_file_systems ? walk::OtherFileSystems::enter : walk::OtherFileSystems::skip;
  request.resume = options.resume ? scan::Resume::yes : scan::Resume::no;
  request.threads = options.threads;
  request.case_folder = case_folder;
  return request;
}

/// The search for indicators in the same read, where it was asked for.
struct Search {
  std::optional<sightings::SearchWhileJudged> search;
  std::vector<std::string> troubles;  // the first ones, told when the moving line is gone
  std::uint64_t trouble_count = 0;

  [[nodiscard]] inspect::FileSearch* get() { return search ? &*search : nullptr; }
  base::Status begin(const ScanOptions& options, const scan::ScanRequest& request, sightings::OwnPlaces own,
                     Session& session) {
    if (!options.indicators) return base::Done{};
    LG_TRY(add_own_of_case(*session.store, own));
    search.emplace(std::move(own), [this](const std::string& path, const base::Error& error) {
      if (++trouble_count > k_troubles_max) return;
      troubles.push_back(fmt::format("cannot search '{}': {}", base::printable(path), base::printable(error.what)));
    });
    return search->note_begun(*session.ledger, request.roots);
  }
  base::Status finish(const scan::ScanOutcome& outcome, Session& session, std::ostream& err) const {
    for (const std::string& trouble : troubles) err << "lastgood: error: " << trouble << "\n";
    if (trouble_count > troubles.size())
      err << fmt::format("lastgood: error: ... and {} more\n", trouble_count - troubles.size());
    if (!search) return base::Done{};
    return search->note_finished(*session.ledger,
                                 outcome.finished ? walk::WalkEnd::complete : walk::WalkEnd::cancelled);
  }
};

nlohmann::ordered_json search_line(const sightings::SearchTally& tally) {
  return {{"files", tally.collected.files},
          {"bytes", tally.collected.bytes},
          {"unreadable", tally.collected.unreadable},
          {"holding_files", tally.holding_files},
          {"values", tally.values},
          {"apart", tally.apart},
          {"left_out", tally.left_out}};
}

base::Status print_json(const Context& context, const ScanOptions& options, casefile::CaseStore& store,
                        const scan::ScanOutcome& outcome, const Search& search) {
  casefile::FileFilter filter{
      .scan_id = outcome.scan_id, .verdicts = {}, .path = {}, .path_below = {}, .details = true};
  if (!options.all) {
    for (int i = 1; i < model::k_verdict_count; ++i) filter.verdicts.push_back(static_cast<Verdict>(i));
  }
  LG_TRY(store.visit_files(filter, [&](const model::FileRecord& file) {
    context.out << json_of(file).dump() << "\n";
    return context.out.good();
  }));
  nlohmann::ordered_json summary = json_of(outcome);
  if (search.search) summary["indicators"] = search_line(search.search->tally());
  context.out << summary.dump() << "\n";
  return base::Done{};
}

void print_campaign(std::ostream& out, const model::Campaign& campaign, const std::string& zone) {
  out << fmt::format("\nCampaign {} ({}): {} files, {}\n", campaign.id, model::name_of(campaign.certainty),
                     human_count(campaign.file_count), human_bytes(campaign.size_bytes));
  for (const model::Reason& reason : campaign.reasons) out << "  " << reason.sentence << "\n";
  for (const std::string& contact : campaign.contacts) out << "  contact: " << base::printable(contact) << "\n";
  if (campaign.note_count > 0)
    out << fmt::format("  ransom notes: {}, first {}\n", human_count(campaign.note_count),
                       base::printable(campaign.notes.empty() ? "" : campaign.notes.front()));
  out << fmt::format("  files changed {} to {} (times can be forged)\n",
                     base::time_in_zone(campaign.first_change_ns, zone),
                     base::time_in_zone(campaign.last_change_ns, zone));
}

void print_verdicts(std::ostream& out, const model::ScanCounts& counts) {
  for (int i = 0; i < model::k_verdict_count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (counts.files_by_verdict.at(at) == 0) continue;
    out << fmt::format("  {:<17}{:>13} files {:>10}\n", model::name_of(static_cast<Verdict>(i)),
                       human_count(counts.files_by_verdict.at(at)), human_bytes(counts.bytes_by_verdict.at(at)));
  }
}

base::Status print_files(std::ostream& out, casefile::CaseStore& store, std::int64_t scan_id) {
  std::size_t listed = 0;
  const casefile::FileFilter filter{.scan_id = scan_id,
                                    .verdicts = {Verdict::encrypted, Verdict::partly_encrypted, Verdict::damaged,
                                                 Verdict::note, Verdict::undecided, Verdict::unreadable},
                                    .path = {},
                                    .path_below = {},
                                    .details = true};
  LG_TRY(store.visit_files(filter, [&](const model::FileRecord& file) {
    if (listed == 0) out << "\n";
    out << fmt::format("  {:<17}{:<7} {}\n", model::name_of(file.verdict), model::name_of(file.certainty),
                       base::printable(file.path));
    return ++listed < k_files_listed_max;
  }));
  if (listed == k_files_listed_max) out << "  ... ('--json' and 'lastgood report' list them all)\n";
  return base::Done{};
}

void print_search(std::ostream& out, const sightings::SearchTally& tally) {
  out << fmt::format("\nindicators: {} in {} of {} files searched", human_count(tally.values),
                     human_count(tally.holding_files), human_count(tally.collected.files));
  if (tally.apart > 0) out << fmt::format("; {} kept apart as own, internal or a vendor's", human_count(tally.apart));
  if (tally.left_out > 0) out << fmt::format("; {} beyond the limit of a file left out", human_count(tally.left_out));
  if (tally.collected.unreadable > 0)
    out << fmt::format("; {} files not searched or only in part", human_count(tally.collected.unreadable));
  out << "\n";
}

base::Status print_scan(const Context& context, const Session& session, const scan::ScanOutcome& outcome,
                        const Search& search) {
  const model::ScanCounts& counts = outcome.counts;
  std::ostream& out = context.out;
  out << fmt::format("{} files, {} in {} ({} read)\n", human_count(counts.files), human_bytes(counts.bytes),
                     human_seconds(outcome.seconds), human_bytes(counts.bytes_read));
  print_verdicts(out, counts);
  if (counts.skipped > 0)
    out << fmt::format("  {} entries skipped: links, devices, excluded, other file systems\n",
                       human_count(counts.skipped));
  LG_TRY(print_files(out, *session.store, outcome.scan_id));
  const std::string zone = zone_of(*session.store);
  for (const model::Campaign& campaign : outcome.campaigns) print_campaign(out, campaign, zone);
  if (search.search) print_search(out, search.search->tally());
  out << "\ncase: " << session.folder << "\n";
  if (!outcome.finished) {
    out << "interrupted; next: repeat the same command with --resume\n";
  } else {
    out << fmt::format("next: lastgood --case {0} report --out report.html, or lastgood --case {0} explain PATH\n",
                       shell_word(session.folder));
  }
  return base::Done{};
}

ExitCode exit_code_of(const scan::ScanOutcome& outcome, const Search& search) {
  const auto count = [&](Verdict verdict) {
    return outcome.counts.files_by_verdict.at(static_cast<std::size_t>(verdict));
  };
  if (!outcome.finished) return ExitCode::interrupted;
  if (count(Verdict::encrypted) + count(Verdict::partly_encrypted) + count(Verdict::damaged) + count(Verdict::note) > 0)
    return ExitCode::bad_found;
  return count(Verdict::unreadable) + search.trouble_count > 0 ? ExitCode::in_part : ExitCode::done;
}

Outcome run_scan_command(const ScanOptions& options, Context& context) {
  LG_OUTCOME(sightings::OwnPlaces own, parse_own(options.own), ExitCode::wrong_use);
  auto opened = open_to_write(context, WhenNoCase::make);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const scan::ScanRequest request, request_of(options, session.folder), ExitCode::source_missing);

  os::catch_stop_signals();
  os::raise_open_file_limit();
  ProgressLine progress(context.err, context.progress_shown ? Terminal::yes : Terminal::no, 0);
  Search search;
  if (const auto begun = search.begin(options, request, std::move(own), session); !begun.ok())
    return Failure{begun.error(), exit_code_of_case_error(begun.error().code)};
  auto scanned = scan::run_scan(request, *session.store, *session.ledger, progress, search.get());
  progress.clear();
  if (!scanned.ok()) {
    const bool source =
        scanned.error().code == base::ErrorCode::not_found || scanned.error().code == base::ErrorCode::denied;
    const ExitCode code = source ? ExitCode::source_missing : exit_code_of_case_error(scanned.error().code);
    return Failure{std::move(scanned).error(), code};
  }
  const scan::ScanOutcome& outcome = scanned.value();
  if (const auto noted = search.finish(outcome, session, context.err); !noted.ok())
    return Failure{noted.error(), exit_code_of_case_error(noted.error().code)};
  const base::Status printed = context.output == Output::json
                                   ? print_json(context, options, *session.store, outcome, search)
                                   : print_scan(context, session, outcome, search);
  if (!printed.ok()) return Failure{printed.error(), exit_code_of_case_error(printed.error().code)};
  return exit_code_of(outcome, search);
}

Run declare_scan(CLI::App& app) {
  const auto options = std::make_shared<ScanOptions>();
  app.add_option("path", options->paths, "folders or files to judge")->required()->type_name("PATH");
  app.add_option("--depth", options->depth, "how much of each file is looked at")
      ->check(CLI::IsMember({"quick", "standard", "full"}))
      ->capture_default_str();
  app.add_option("--host", options->host, "name of the server these paths belong to (default: this machine)")
      ->type_name("NAME");
  app.add_option("--include", options->includes, "judge only files whose name or path matches (* and ?)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("--exclude", options->excludes, "leave out files and folders whose name or path matches")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  CLI::Option* const indicators =
      app.add_flag("--indicators", options->indicators,
                   "search all bytes for indicators in the same read, as the command of that name does");
  app.add_option("--own", options->own, "a domain or a block of addresses of the hospital itself; may be given often")
      ->type_name("DOMAIN|BLOCK")
      ->allow_extra_args(false)
      ->needs(indicators);
  app.add_flag("--all", options->all, "with --json: print intact files too");
  app.add_flag("--resume", options->resume, "go on with the interrupted scan of the same paths");
  app.add_flag("--other-file-systems", options->other_file_systems, "enter file systems mounted below the paths");
  app.add_option("--threads", options->threads, "readers at once (default: enough to keep a disk busy)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  return [options](Context& context) { return run_scan_command(*options, context); };
}

}  // namespace

const Command k_scan_command = {
    .name = "scan",
    .summary = "Judge every file below PATH, find what the attack left, record it in the case",
    .description =
        "Every regular file gets a verdict: intact, encrypted, partly_encrypted, damaged, protected (by its owner), "
        "note,\n"
        "undecided or unreadable. Structure decides first, statistics second, what many files share third.\n"
        "Nothing is written below PATH and no access time changes. Links are not followed.\n"
        "Exit code: 0 nothing bad, 1 bad things found, 3 something could not be read, 130 interrupted (use --resume).",
    .examples =
        "  lastgood scan /srv                          judge /srv, make a case in the current folder\n"
        "  lastgood scan --host db1 --depth full /mnt/db1   every byte, for the server db1\n"
        "  lastgood scan --indicators /srv             every byte searched for addresses, wallets, hosts as well\n"
        "  lastgood scan --json /srv | jq .verdict     for scripts\n"
        "  lastgood scan --resume /srv                 go on after Ctrl-C",
    .declare = declare_scan};

}  // namespace lastgood::cli
