// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Manual pages, made from the same declarations as --help, so that they cannot disagree with the program.
#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/declared_words.h"
#include "cli/run.h"

namespace lastgood::cli {

namespace {

/// roff reads '\' and a '.' or ''' at the beginning of a line as its own.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

void write_options(std::ostream& out, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name(false, true);
    out << ".TP\n.B " << roff(name);
    if (option->get_type_size() != 0) out << " \\fI" << roff(option->get_type_name()) << "\\fR";
    out << "\n" << roff(option->get_description());
    if (!option->get_default_str().empty()) out << roff(" (default: " + option->get_default_str() + ")");
    out << "\n";
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    out << ".TP\n.B " << roff(sub->get_name()) << "\n" << roff(sub->get_description()) << "\n";
    out << ".RS\n";
    write_options(out, *sub);
    out << ".RE\n";
  }
}

void write_exit_codes(std::ostream& out) {
  out << ".SH EXIT STATUS\n";
  for (const ExitMeaning& meaning : k_exit_meanings)
    out << fmt::format(".TP\n.B {}\n{}\n", static_cast<int>(meaning.code), roff(meaning.meaning));
}

void write_command_page(std::ostream& out, const CLI::App& app, const Command& command) {
  out << fmt::format(".TH LASTGOOD\\-{} 1 \"\" \"lastgood {}\" \"lastgood manual\"\n", upper(command.name),
                     LASTGOOD_VERSION);
  out << fmt::format(".SH NAME\nlastgood\\-{} \\- {}\n", command.name, roff(command.summary));
  out << fmt::format(".SH SYNOPSIS\n.B lastgood\n[\\fB\\-\\-case\\fR \\fIDIR\\fR] \\fB{}\\fR [\\fIoptions\\fR]\n",
                     command.name);
  out << ".SH DESCRIPTION\n" << roff(command.description) << "\n.SH OPTIONS\n";
  write_options(out, app);
  out << ".SH EXAMPLES\n.nf\n" << roff(command.examples) << "\n.fi\n";
  write_exit_codes(out);
  out << ".SH SEE ALSO\n.BR lastgood (1)\n";
  for (const CLI::App* word : words_below(app))
    out << fmt::format(".BR lastgood\\-{}\\-{} (1)\n", command.name, roff(word->get_name()));
}

/// Of "services check": what it says of itself, and where the rest stands.
void write_sub_page(std::ostream& out, const CLI::App& app, const CLI::App& command, std::string_view name) {
  std::string hyphened(name);
  std::replace(hyphened.begin(), hyphened.end(), ' ', '-');
  out << fmt::format(".TH LASTGOOD\\-{} 1 \"\" \"lastgood {}\" \"lastgood manual\"\n", roff(upper(hyphened)),
                     LASTGOOD_VERSION);
  out << fmt::format(".SH NAME\nlastgood\\-{} \\- {}\n", roff(hyphened), roff(app.get_description()));
  out << fmt::format(".SH SYNOPSIS\n.B lastgood\n[\\fB\\-\\-case\\fR \\fIDIR\\fR] \\fB{}\\fR [\\fIoptions\\fR]\n",
                     name);
  out << ".SH OPTIONS\n";
  write_options(out, app);
  write_exit_codes(out);
  out << fmt::format(".SH SEE ALSO\n.BR lastgood\\-{} (1)\n", command.get_name());
}

void write_main_page(std::ostream& out, const CLI::App& app) {
  out << fmt::format(".TH LASTGOOD 1 \"\" \"lastgood {}\" \"lastgood manual\"\n", LASTGOOD_VERSION);
  out << ".SH NAME\nlastgood \\- find the last good version of everything after ransomware\n";
  out << ".SH SYNOPSIS\n.B lastgood\n[\\fB\\-\\-case\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIoptions\\fR]\n";
  out << ".SH DESCRIPTION\n" << roff(app.get_description()) << "\n.SH COMMANDS\n";
  for (const Command& command : commands())
    out << fmt::format(".TP\n.BR lastgood\\-{} (1)\n{}\n", command.name, roff(command.summary));
  out << ".SH ENVIRONMENT\n.TP\n.B LASTGOOD_CASE\nthe case folder, when \\-\\-case is not given\n";
  write_exit_codes(out);
}

struct ManOptions {
  std::vector<std::string> words;
};

Outcome run_man(const ManOptions& options, Context& context) {
  Context unused{
      .out = context.out, .err = context.err, .output = Output::text, .case_folder = {}, .progress_shown = false};
  const std::unique_ptr<CLI::App> all = declare_all(unused);
  const CLI::App* app = find_command(*all, options.words);
  if (app == nullptr) return no_such_command(options.words);
  if (app == all.get()) {
    write_main_page(context.out, *app);
    return ExitCode::done;
  }
  // From the word that was meant up to its command: "services check".
  std::string name = app->get_name();
  const CLI::App* top = app;
  for (; top->get_parent() != all.get(); name = top->get_name() + " " + name) top = top->get_parent();
  if (top != app) {
    write_sub_page(context.out, *app, *top, name);
    return ExitCode::done;
  }
  for (const Command& command : commands()) {
    if (command.name == top->get_name()) write_command_page(context.out, *app, command);
  }
  return ExitCode::done;
}

Run declare_man(CLI::App& app) {
  const auto options = std::make_shared<ManOptions>();
  app.add_option("command", options->words, "the command, and the word of it; none: the program")->type_name("COMMAND");
  return [options](Context& context) { return run_man(*options, context); };
}

}  // namespace

const Command k_man_command = {
    .name = "man",
    .summary = "Print a manual page",
    .description = "Prints the manual page of a command in roff; the package installs them all.",
    .examples = "  lastgood man scan | man -l -\n  lastgood man services check | man -l -",
    .declare = declare_man};

}  // namespace lastgood::cli
