// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/shell_word.h"

namespace lastgood::cli {

namespace {

struct CaseOptions {
  std::string folder;
  CLI::App* make = nullptr;
};

Outcome run_new(const CaseOptions& options, Context& context) {
  auto made = make_case(options.folder);
  if (auto* failure = std::get_if<Failure>(&made)) return std::move(*failure);
  const std::string& folder = std::get<Session>(made).folder;
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "case"}, {"path", base::printable(folder)}}.dump() << "\n";
  } else {
    context.out << "case: " << folder << "\nnext: lastgood --case " << shell_word(folder) << " scan PATH\n";
  }
  return ExitCode::done;
}

Outcome run_show(Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::vector<model::Scan> scans, session.store->scans(), ExitCode::case_failed);
  if (context.output == Output::text) context.out << "case: " << session.folder << "\n";
  for (const model::Scan& scan : scans) {
    if (context.output == Output::json) {
      context.out << nlohmann::ordered_json{{"type", "scan"},
                                            {"id", scan.id},
                                            {"host", base::printable(scan.host)},
                                            {"depth", model::name_of(scan.depth)},
                                            {"started", utc_time(scan.started_ns)},
                                            {"finished", scan.finished_ns != 0},
                                            {"files", scan.counts.files}}
                         .dump()
                  << "\n";
      continue;
    }
    context.out << fmt::format("scan {}: {} {}, {} files, {}{}\n", scan.id, base::printable(scan.host),
                               utc_time(scan.started_ns), human_count(scan.counts.files),
                               human_bytes(scan.counts.bytes),
                               scan.finished_ns == 0 ? ", not finished (scan --resume)" : "");
  }
  return ExitCode::done;
}

Run declare(CLI::App& app) {
  const auto options = std::make_shared<CaseOptions>();
  options->make = app.add_subcommand("new", "make a new, empty case");
  options->make->add_option("folder", options->folder, "the folder to make; '.case' is appended when it is missing")
      ->required()
      ->type_name("DIR");
  app.add_subcommand("show", "list what the case holds");
  app.require_subcommand(1);
  return
      [options](Context& context) { return options->make->parsed() ? run_new(*options, context) : run_show(context); };
}

}  // namespace

const Command k_case_command = {
    .name = "case",
    .summary = "Make a case, or show what it holds",
    .description =
        "A case is one incident: a folder NAME.case/ with the database, the ledger and what was kept. Only its owner "
        "may read it.",
    .examples = "  lastgood case new /root/aiims.case\n  lastgood --case /root/aiims.case case show",
    .declare = declare};

}  // namespace lastgood::cli
