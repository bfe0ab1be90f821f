// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/restore_line.h"
#include "os/terminal.h"
#include "recovery/judge_restored.h"
#include "recovery/plan_file.h"
#include "recovery/unit_copies.h"
#include "recovery/verify_restored.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

struct VerifyOptions {
  std::string plan;
  std::string at;
  bool no_judging = false;
  bool no_engines = false;
  std::string scratch = "/var/tmp";
};

void print_json(const recovery::VerifyOutcome& outcome, const recovery::RestoredJudgement& judged, Context& context) {
  for (const recovery::VerifiedPath& path : outcome.troubles) {
    Json line = {{"type", "path"}};
    set_text(line, "path", path.path);
    line["state"] = recovery::name_of(path.state);
    line["why"] = base::printable(path.sentence);
    context.out << line.dump() << "\n";
  }
  for (const model::FileRecord& file : judged.bad) context.out << json_of(file).dump() << "\n";
  for (const model::JudgedUnit& unit : judged.units) {
    Json line = {{"type", "unit"}, {"kind", unit.kind}};
    set_text(line, "path", unit.path);
    line["state"] = unit.state;
    line["certainty"] = model::name_of(unit.certainty);
    Json findings = Json::array();
    for (const model::Reason& reason : unit.findings)
      findings.push_back(base::printable(reason.rule + ": " + reason.sentence));
    line["findings"] = std::move(findings);
    context.out << line.dump() << "\n";
  }
  const recovery::VerifyTally& tally = outcome.tally;
  context.out << Json{{"type", "verify"},
                      {"paths", tally.paths_total},
                      {"same", tally.same},
                      {"differs", tally.differs},
                      {"missing", tally.missing},
                      {"unrestored", tally.unrestored},
                      {"extra", tally.extra},
                      {"unreadable", tally.unreadable},
                      {"bytes_read", tally.bytes_read},
                      {"judged", judged.files},
                      {"bad", judged.bad.size()},
                      {"journal_damages", outcome.journal_damages},
                      {"finished", outcome.finished}}
                     .dump()
              << "\n";
}

void print_json(const std::vector<recovery::MovedUnit>& moved, Context& context) {
  for (const recovery::MovedUnit& unit : moved) {
    Json line = {{"type", "replayed_since"}};
    set_text(line, "folder", unit.folder);
    set_text(line, "kept_as", unit.kept_as);
    context.out << line.dump() << "\n";
  }
}

void print_verified(const recovery::VerifyOutcome& outcome, const recovery::RestoredJudgement& judged,
                    Context& context) {
  constexpr std::size_t k_shown = 30;
  const recovery::VerifyTally& tally = outcome.tally;
  context.out << fmt::format(
      "{} paths: {} same, {} different, {} missing, {} not restored, {} extra, {} unreadable; {} read back\n",
      human_count(tally.paths_total), human_count(tally.same), human_count(tally.differs), human_count(tally.missing),
      human_count(tally.unrestored), human_count(tally.extra), human_count(tally.unreadable),
      human_bytes(tally.bytes_read));
  for (std::size_t i = 0; i < std::min(outcome.troubles.size(), k_shown); ++i) {
    const recovery::VerifiedPath& path = outcome.troubles[i];
    context.out << fmt::format("  {:<11} {}  {}\n", recovery::name_of(path.state), base::printable(path.path),
                               base::printable(path.sentence));
  }
  if (outcome.troubles.size() > k_shown)
    context.out << fmt::format("  ... and {} more; --json lists all\n", outcome.troubles.size() - k_shown);
  if (judged.files > 0)
    context.out << fmt::format("judged again: {} files, {} not good\n", human_count(judged.files),
                               human_count(judged.bad.size()));
  for (std::size_t i = 0; i < std::min(judged.bad.size(), k_shown); ++i)
    context.out << fmt::format("  {:<11} {}\n", model::name_of(judged.bad[i].verdict),
                               base::printable(judged.bad[i].path));
  for (const model::JudgedUnit& unit : judged.units) {
    context.out << fmt::format("unit {} {}: {}\n", unit.kind, base::printable(unit.path), unit.state);
    for (const model::Reason& reason : unit.findings)
      context.out << "    " << base::printable(reason.rule + ": " + reason.sentence) << "\n";
  }
  if (!outcome.finished) context.out << "interrupted; run it again\n";
}

Outcome run_verify(const VerifyOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const recovery::ReadPlan read, recovery::read_plan(options.plan), ExitCode::plan_refused);
  recovery::VerifyRequest request{.mode = recovery::RestoreMode::beside,
                                  .target = options.at,
                                  .journal_folder = session.folder + "/restores",
                                  .plan_sha256 = read.digest,
                                  .case_folder = session.folder};
  os::catch_stop_signals();
  os::raise_open_file_limit();
  RestoreLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  auto verified = recovery::verify_restored(read.plan, request, line);
  if (!verified.ok() && verified.error().code == base::ErrorCode::not_found) {
    request.mode = recovery::RestoreMode::in_place;
    verified = recovery::verify_restored(read.plan, request, line);
  }
  if (!verified.ok()) return failure_of(verified.error(), session.folder, ExitCode::recovery_failed);
  const recovery::VerifyOutcome outcome = std::move(verified).value();
  recovery::RestoredJudgement judged;
  if (!options.no_judging && outcome.finished) {
    LG_OUTCOME(
        judged,
        recovery::judge_restored(
            read.plan, {.target = options.at, .scratch_folder = options.no_engines ? std::string() : options.scratch},
            line),
        ExitCode::recovery_failed);
  }
  line.clear();
  const auto entry =
      session.ledger->append("restore-verified", {{"differs", static_cast<std::int64_t>(outcome.tally.differs)},
                                                  {"judged_bad", static_cast<std::int64_t>(judged.bad.size())},
                                                  {"missing", static_cast<std::int64_t>(outcome.tally.missing)},
                                                  {"plan", read.digest},
                                                  {"same", static_cast<std::int64_t>(outcome.tally.same)},
                                                  {"target", options.at}});
  if (!entry.ok()) return failure_of(entry.error(), session.folder, ExitCode::ledger_failed);
  if (context.output == Output::json) {
    print_json(outcome.moved, context);
    print_json(outcome, judged, context);
  } else {
    print_verified(outcome, judged, context);
    for (const recovery::MovedUnit& moved : outcome.moved)
      context.out << fmt::format(
          "brought forward by its logs: {}; as it was restored it is {}, and was compared there\n",
          base::printable(moved.folder), base::printable(moved.kept_as));
  }
  if (!outcome.finished) return ExitCode::interrupted;
  const bool is_unit_bad = std::any_of(judged.units.begin(), judged.units.end(),
                                       [](const model::JudgedUnit& unit) { return !recovery::is_usable(unit); });
  const bool is_all_well = outcome.troubles.empty() && judged.bad.empty() && !is_unit_bad;
  return is_all_well ? ExitCode::done : ExitCode::bad_found;
}

Run declare_verify(CLI::App& app) {
  const auto options = std::make_shared<VerifyOptions>();
  app.add_option("plan", options->plan, "the plan that was carried out")->required()->type_name("PLAN");
  app.add_option("--at", options->at, "where it was restored to: the folder, or the root of a restore in place")
      ->required()
      ->type_name("DIR");
  app.add_flag("--no-judging", options->no_judging, "compare only; do not judge the restored files again");
  app.add_flag("--no-engines", options->no_engines, "do not start databases on a copy");
  app.add_option("--scratch", options->scratch, "where copies of databases are made to start them; needs room for one")
      ->type_name("DIR")
      ->capture_default_str();
  return [options](Context& context) { return run_verify(*options, context); };
}

}  // namespace

const Command k_verify_command = {
    .name = "verify",
    .summary = "Prove a restore: read everything back from the disk, compare it, and judge it again",
    .description =
        "Contents, owners, modes, times and attributes are compared with what was to be restored; memory is dropped "
        "first, so\n"
        "that the disk answers. Then every file is judged again, databases are checked as a whole, and PostgreSQL, "
        "MariaDB and\n"
        "SQLite are started on a throw-away copy, locked in, with nothing of the copy executed, where they are "
        "installed.\n"
        "Exit code: 0 all is as planned and good, 1 something is not.",
    .examples =
        "  lastgood verify plan.json --at /srv-restored\n  lastgood verify plan.json --at /   (after --in-place)",
    .declare = declare_verify};

}  // namespace lastgood::cli
