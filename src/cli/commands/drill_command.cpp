// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/progress_line.h"
#include "cli/output/shell_word.h"
#include "drill/run_drill.h"
#include "os/program_files.h"
#include "os/terminal.h"
#include "scan/run_scan.h"

namespace lastgood::cli {

namespace {

struct DrillArguments {
  std::string folder;
  std::uint64_t seed = 1;
  unsigned files = 2000;
  std::string depth = "full";
};

class SpokenSteps final : public drill::DrillProgress {
 public:
  explicit SpokenSteps(std::ostream& err) : err_(err) {}
  void step(std::string_view sentence) override { err_ << "drill: " << sentence << std::endl; }

 private:
  std::ostream& err_;
};

/// The same scan as the real thing, into a case inside the drill's folder. Only from here on is there something to be
/// ended with care: before, a signal ends us at once, and what makes the files with us.
base::Result<std::vector<model::FileRecord>> scan_tree(const std::string& path, const DrillArguments& arguments,
                                                       Session& session, Context& context) {
  os::catch_stop_signals();
  scan::ScanRequest request;
  request.roots = {path};
  request.host = "drill";
  request.depth = model::find_depth(arguments.depth).value_or(model::Depth::full);
  request.case_folder = session.folder;
  ProgressLine progress(context.err, context.progress_shown ? Terminal::yes : Terminal::no, 0);
  LG_ASSIGN(const scan::ScanOutcome outcome, scan::run_scan(request, *session.store, *session.ledger, progress));
  std::vector<model::FileRecord> records;
  LG_TRY(session.store->visit_files(
      {.scan_id = outcome.scan_id, .verdicts = {}, .path = {}, .path_below = {}, .details = true},
      [&](const model::FileRecord& record) {
        records.push_back(record);
        return true;
      }));
  return records;
}

base::Status scan_into_case(const std::string& path, const DrillArguments& arguments, Context& context,
                            std::vector<model::FileRecord>& records) {
  auto made = make_case(arguments.folder + "/drill.case");
  if (auto* failure = std::get_if<Failure>(&made)) return std::move(failure->error);
  LG_ASSIGN(records, scan_tree(path, arguments, std::get<Session>(made), context));
  return base::Done{};
}

void print_outcome(const Context& context, const drill::DrillOutcome& outcome) {
  if (context.output == Output::json) {
    context.out << drill::write_score_json(outcome.score) << "\n";
    return;
  }
  context.out << drill::write_score_summary(outcome.score);
  for (const std::string& missing : outcome.left_out) context.out << "not made: " << missing << "\n";
  context.out << fmt::format(
      "{}\nfolder: {} (score.txt: every pattern and kind; score.json, truth.json, before/, attacked/)\n",
      outcome.score.passed() ? "every goal was met" : "a goal was missed", outcome.folder);
  context.out << fmt::format("next: lastgood --case {} report --out {}\n", shell_word(outcome.folder + "/drill.case"),
                             shell_word(outcome.folder + "/report.html"));
}

Outcome run_drill_command(const DrillArguments& arguments, Context& context) {
  os::raise_open_file_limit();
  LG_OUTCOME(const std::string maker, os::find_program_file("make_hospital.py"), ExitCode::source_missing);
  drill::DrillOptions options;
  options.folder = arguments.folder;
  options.maker = maker;
  options.seed = arguments.seed;
  options.files = arguments.files;
  SpokenSteps progress(context.err);
  const drill::DrillScan scan = [&](const std::string& path) -> base::Result<std::vector<model::FileRecord>> {
    std::vector<model::FileRecord> records;
    LG_TRY(scan_into_case(path, arguments, context, records));
    return records;
  };
  LG_OUTCOME(const drill::DrillOutcome outcome, drill::run_drill(options, scan, progress), ExitCode::case_failed);
  print_outcome(context, outcome);
  return outcome.score.passed() ? ExitCode::done : ExitCode::drill_missed_goal;
}

Run declare_drill(CLI::App& app) {
  const auto arguments = std::make_shared<DrillArguments>();
  app.add_option("folder", arguments->folder, "the folder to make; it must not exist")->required()->type_name("DIR");
  app.add_option("--files", arguments->files, "about how many files the hospital has")
      ->check(CLI::Range(50, 100000))
      ->capture_default_str();
  app.add_option("--seed", arguments->seed, "the same number makes the same hospital and the same attack")
      ->capture_default_str();
  app.add_option("--depth", arguments->depth, "depth of the scan")
      ->check(CLI::IsMember({"quick", "standard", "full"}))
      ->capture_default_str();
  return [arguments](Context& context) { return run_drill_command(*arguments, context); };
}

}  // namespace

const Command k_drill_command = {
    .name = "drill",
    .summary = "Play a practice incident on files the drill makes itself, and score the verdicts",
    .description =
        "Makes an invented five-server hospital in a new folder, writes damaged copies of part of its files, scans "
        "them,\n"
        "and compares with the truth it wrote down. It writes only inside the folder it made and refuses any other.",
    .examples = "  lastgood drill /var/tmp/practice\n  lastgood drill --files 300 --seed 7 practice",
    .declare = declare_drill};

}  // namespace lastgood::cli
