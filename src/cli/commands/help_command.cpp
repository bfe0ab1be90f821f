// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/declared_words.h"

namespace lastgood::cli {

namespace {

Outcome run_help(const std::vector<std::string>& words, Context& context) {
  if (words == std::vector<std::string>{"exit-codes"}) {
    for (const ExitMeaning& meaning : k_exit_meanings)
      context.out << fmt::format("{:>4}  {}\n", static_cast<int>(meaning.code), meaning.meaning);
    return ExitCode::done;
  }
  Context unused{
      .out = context.out, .err = context.err, .output = Output::text, .case_folder = {}, .progress_shown = false};
  const std::unique_ptr<CLI::App> all = declare_all(unused);
  const CLI::App* app = find_command(*all, words);
  if (app == nullptr) return no_such_command(words);
  std::string before;
  for (const CLI::App* at = app->get_parent(); at != nullptr; at = at->get_parent())
    before = at->get_name() + (before.empty() ? "" : " " + before);
  context.out << app->help(before);
  return ExitCode::done;
}

Run declare_help(CLI::App& app) {
  const auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("command", *words, "the command, and the word of it; none: the program")->type_name("COMMAND");
  return [words](Context& context) { return run_help(*words, context); };
}

}  // namespace

const Command k_help_command = {
    .name = "help",
    .summary = "Say what a command does and takes",
    .description = "The same as --help behind the command. 'help exit-codes' lists what the program ends with.",
    .examples = "  lastgood help services check\n  lastgood help exit-codes",
    .declare = declare_help};

}  // namespace lastgood::cli
