// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

#include <algorithm>
#include <array>
#include <exception>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/output/with_case.h"
#include "os/terminal.h"

namespace lastgood::cli {

namespace {

// A new command is one line here and one file under commands/.
// clang-format off
constexpr std::array k_commands = {
    &k_case_command,
    &k_scan_command,
    &k_explain_command,
    &k_report_command,
    &k_backups_command,
    &k_history_command,
    &k_plan_command,
    &k_restore_command,
    &k_replay_command,
    &k_verify_command,
    &k_kept_command,
    &k_services_command,
    &k_sheets_command,
    &k_evidence_command,
    &k_indicators_command,
    &k_trace_command,
    &k_timeline_command,
    &k_dossier_command,
    &k_exposure_command,
    &k_questions_command,
    &k_notices_command,
    &k_export_command,
    &k_ledger_command,
    &k_drill_command,
    &k_help_command,
    &k_completion_command,
    &k_man_command,
    &k_version_command,
};
// clang-format on

constexpr std::string_view k_description =
    "Finds the last good version of everything after ransomware.\n"
    "Reading never writes: no byte and no access time of what is scanned changes.";

void print_error(const Context& context, const base::Error& error, ExitCode code) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "error"},
                                   {"code", base::name_of(error.code)},
                                   {"message", base::printable(error.what)},
                                   {"exit_code", static_cast<int>(code)}};
    const std::string_view hint = error.hint.empty() ? hint_for(code) : std::string_view(error.hint);
    if (!hint.empty()) line["hint"] = base::printable(with_case(hint, context.case_folder));
    context.out << line.dump() << "\n";
  }
  print_failure(context, error, code);
}

int finish(const Context& context, const Outcome& outcome) {
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    print_error(context, failure->error, failure->code);
    return static_cast<int>(failure->code);
  }
  context.out.flush();
  if (!context.out.good()) {
    context.err << "lastgood: error: cannot write the output\n";
    return static_cast<int>(ExitCode::in_part);
  }
  return static_cast<int>(std::get<ExitCode>(outcome));
}

/// Wrong use: one line what is wrong, one what to do; never the whole help.
int wrong_use(const CLI::App& app, const CLI::ParseError& error, std::ostream& out, std::ostream& err) {
  if (error.get_exit_code() == 0) return app.exit(error, out, err);  // --help, --version
  std::string what = error.what();
  if (!what.empty() && what[0] >= 'A' && what[0] <= 'Z') what[0] = static_cast<char>(what[0] + 32);
  err << "lastgood: error: " << base::printable(what) << "\nhint: see 'lastgood --help' or 'lastgood COMMAND --help'\n";
  return static_cast<int>(ExitCode::wrong_use);
}

/// A word of a command ("sheets export") shows the command's examples of it; the rest is said once, in the manual.
void set_footers(CLI::App& app, const std::string& path, const Command& command) {
  for (CLI::App* sub : app.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); })) {
    const std::string below = path + " " + sub->get_name();
    const std::string begin = "  lastgood " + below;
    std::string footer;
    for (std::size_t at = 0; at < command.examples.size();) {
      const std::size_t end = std::min(command.examples.find('\n', at), command.examples.size());
      const std::string_view line = command.examples.substr(at, end - at);
      at = end + 1;
      const bool is_of_it = line.starts_with(begin) && (line.size() == begin.size() || line[begin.size()] == ' ');
      if (is_of_it) footer += (footer.empty() ? "Examples:\n" : "\n") + std::string(line);
    }
    sub->footer(
        fmt::format("{}{}The whole of it: lastgood man {}", footer, footer.empty() ? "" : "\n\n", command.name));
    set_footers(*sub, below, command);
  }
}

}  // namespace

std::span<const Command> commands() {
  static const std::array<Command, k_commands.size()> table = [] {
    std::array<Command, k_commands.size()> made{};
    for (std::size_t i = 0; i < k_commands.size(); ++i) made.at(i) = *k_commands.at(i);
    return made;
  }();
  return table;
}

void declare_commands(CLI::App& app, Context& context, Run& chosen) {
  app.description(std::string(k_description));
  app.set_version_flag("--version", std::string("lastgood ") + LASTGOOD_VERSION);
  app.add_option("--case", context.case_folder, "the case folder (NAME.case)")
      ->type_name("DIR")
      ->envname("LASTGOOD_CASE");
  app.require_subcommand(1);
  app.fallthrough();
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->footer(fmt::format("{}\n\nExamples:\n{}", command.description, command.examples));
    sub->add_flag_callback(
        "--json", [&context] { context.output = Output::json; },
        "print JSON lines, described in json.md among the documents");
    Run run = command.declare(*sub);
    set_footers(*sub, std::string(command.name), command);
    sub->final_callback([&chosen, run] { chosen = run; });
  }
}

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  Context context{.out = out,
                  .err = err,
                  .output = Output::text,
                  .case_folder = {},
                  .progress_shown = os::is_terminal(os::Stream::err)};
  try {
    CLI::App app("", "lastgood");
    Run chosen;
    declare_commands(app, context, chosen);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return wrong_use(app, error, out, err);
    }
    return finish(context, chosen(context));
  } catch (const std::bad_alloc&) {
    err << "lastgood: error: out of memory\nhint: what was recorded is kept; scan fewer paths at once\n";
  } catch (const std::exception& error) {
    err << "lastgood: bug: " << base::printable(error.what())
        << "\nhint: what was recorded is kept; please report this line\n";
  }
  return static_cast<int>(ExitCode::bug);
}

}  // namespace lastgood::cli
