// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Shell completion, made from the same declarations as --help.
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/run.h"

namespace lastgood::cli {

namespace {

std::string options_of(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += " --" + name;
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) words += " " + sub->get_name();
  return words;
}

void write_bash(std::ostream& out, const CLI::App& app) {
  out << "_lastgood() {\n  local word=\"${COMP_WORDS[COMP_CWORD]}\" command=\"\" i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"${COMP_WORDS[i]}\" in\n      --case) ((i++)) ;;\n      "
         "-*) ;;\n      *) command=\"${COMP_WORDS[i]}\"; break ;;\n    esac\n  done\n"
         "  local words\n  case \"$command\" in\n";
  std::string names;
  for (const Command& command : commands()) {
    out << fmt::format("    {}) words='{}' ;;\n", command.name,
                       options_of(*app.get_subcommand(std::string(command.name))));
    names += " " + std::string(command.name);
  }
  out << fmt::format("    *) words='{} --case --help --version' ;;\n  esac\n", names);
  out << "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n  [[ \"$word\" == -* || -z \"$command\" ]] || "
         "COMPREPLY+=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _lastgood lastgood\n";
}

void write_zsh(std::ostream& out, const CLI::App& app) {
  out << "#compdef lastgood\n";
  out << "autoload -U +X bashcompinit && bashcompinit\n";
  write_bash(out, app);
}

void write_fish(std::ostream& out, const CLI::App& app) {
  for (const Command& command : commands()) {
    out << fmt::format("complete -c lastgood -n __fish_use_subcommand -a {} -d '{}'\n", command.name, command.summary);
    for (const CLI::Option* option : app.get_subcommand(std::string(command.name))->get_options()) {
      for (const std::string& name : option->get_lnames())
        out << fmt::format("complete -c lastgood -n '__fish_seen_subcommand_from {}' -l {}\n", command.name, name);
    }
  }
}

struct CompletionOptions {
  std::string shell;
};

Outcome run_completion(const CompletionOptions& options, Context& context) {
  Context unused{
      .out = context.out, .err = context.err, .output = Output::text, .case_folder = {}, .progress_shown = false};
  Run chosen;
  CLI::App app("", "lastgood");
  declare_commands(app, unused, chosen);
  if (options.shell == "bash")
    write_bash(context.out, app);
  else if (options.shell == "zsh")
    write_zsh(context.out, app);
  else
    write_fish(context.out, app);
  return ExitCode::done;
}

Run declare(CLI::App& app) {
  const auto options = std::make_shared<CompletionOptions>();
  app.add_option("shell", options->shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [options](Context& context) { return run_completion(*options, context); };
}

}  // namespace

const Command k_completion_command = {
    .name = "completion",
    .summary = "Print a completion script for a shell",
    .description = "The package installs the scripts; this prints them for an installation by hand.",
    .examples = "  source <(lastgood completion bash)",
    .declare = declare};

}  // namespace lastgood::cli
