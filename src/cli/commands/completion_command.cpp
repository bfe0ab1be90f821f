// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Shell completion, made from the same declarations as --help.
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

/// A line each: a value may have blanks ("Flash Drive").
std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += "\n" + word;
  return out;
}

/// Options, sub-commands, and what a word without an option may be ("bash" of completion).
std::string words_of(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "\n--" + name;
    if (option->get_lnames().empty()) words += joined(values_of(*option));
  }
  for (const CLI::App* sub : words_below(app)) words += "\n" + sub->get_name();
  return words;
}

/// "man" and "help" take the name of a command.
std::string command_names(std::string_view path) {
  std::string names;
  if (path != "man" && path != "help") return names;
  for (const Command& command : commands()) names += "\n" + std::string(command.name);
  return names;
}

/// `path` is "sheets export", with `words` behind it what can stand there, too.
void write_bash_paths(std::ostream& out, const CLI::App& app, const std::string& path, const std::string& words) {
  for (const CLI::App* sub : words_below(app)) {
    const std::string below = path.empty() ? sub->get_name() : path + " " + sub->get_name();
    out << fmt::format("    '{}') words='{}{}{}' ;;\n", below, words_of(*sub), command_names(below), words);
    // --json is the command's, and stands behind its sub-commands as well.
    write_bash_paths(out, *sub, below, "\n--case\n--json");
  }
}

/// "man services" and "help services" take the words of that command.
void write_bash_manual(std::ostream& out, const CLI::App& app, const std::string& path) {
  for (const CLI::App* sub : words_below(app)) {
    const std::string below = path + " " + sub->get_name();
    std::string words;
    for (const CLI::App* word : words_below(*sub)) words += "\n" + word->get_name();
    out << fmt::format("    '{}') words='{}' ;;\n", below, words);
    write_bash_manual(out, *sub, below);
  }
}

void write_bash_values(std::ostream& out, const CLI::App& app, const std::string& path) {
  for (const CLI::App* sub : words_below(app)) {
    const std::string below = path.empty() ? sub->get_name() : path + " " + sub->get_name();
    for (const CLI::Option* option : sub->get_options()) {
      const std::vector<std::string> values = values_of(*option);
      if (values.empty()) continue;
      for (const std::string& name : option->get_lnames())
        out << fmt::format("    '{} --{}') words='{}' ;;\n", below, name, joined(values));
    }
    write_bash_values(out, *sub, below);
  }
}

std::string all_paths(const CLI::App& app, const std::string& path) {
  std::string out;
  for (const CLI::App* sub : words_below(app)) {
    const std::string below = path.empty() ? sub->get_name() : path + " " + sub->get_name();
    out += (out.empty() ? "'" : "|'") + below + "'";
    if (const std::string more = all_paths(*sub, below); !more.empty()) out += "|" + more;
  }
  return out;
}

void write_bash(std::ostream& out, const CLI::App& app) {
  out << "_lastgood() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" path=\"\" next i\n"
         "  local IFS=$'\\n'\n"
         "  word=\"${word#[\\\"\\']}\"; word=\"${word//\\\\/}\"  # as it was typed: in quotes, blanks behind a "
         "backslash\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"${COMP_WORDS[i]}\" in\n      --case) ((i++)); continue "
         ";;\n"
         "      -*) continue ;;\n    esac\n    next=\"${path:+$path }${COMP_WORDS[i]}\"\n"
      << fmt::format("    case \"$next\" in\n      {}|{}|{}) path=\"$next\" ;;\n    esac\n  done\n", all_paths(app, ""),
                     all_paths(app, "man"), all_paths(app, "help"))
      << "  local words=\"\"\n  case \"$path $before\" in\n";
  write_bash_values(out, app, "");
  out << "  esac\n  if [[ -n \"$words\" ]]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    return\n  "
         "fi\n"
         "  case \"$path\" in\n";
  write_bash_paths(out, app, "", "\n--case");
  for (const char* manual : {"man", "help"}) write_bash_manual(out, app, manual);
  std::string names;
  for (const Command& command : commands()) names += "\n" + std::string(command.name);
  out << fmt::format("    *) words='{}\n--case\n--help\n--version' ;;\n  esac\n", names);
  out << "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n  [[ \"$word\" == -* || -z \"$path\" || \"$path\" == "
         "man* || \"$path\" == help* ]] || "
         "COMPREPLY+=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _lastgood lastgood\n";
}

void write_zsh(std::ostream& out, const CLI::App& app) {
  out << "#compdef lastgood\n";
  out << "autoload -U +X bashcompinit && bashcompinit\n";
  write_bash(out, app);
}

/// In fish a list of words is one text, and blanks of a word stand behind a backslash.
std::string fish_values(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += ' ';
    for (const char c : value) out += c == ' ' ? "\\ " : std::string(1, c);
  }
  return out;
}

std::string fish_word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// `seen`: the condition under which the words below `app` can stand.
void write_fish_words(std::ostream& out, const CLI::App& app, const std::string& seen) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string values = fish_word(fish_values(values_of(*option)));
    for (const std::string& name : option->get_lnames())
      out << fmt::format("complete -c lastgood -n '{}' -l {}{}\n", seen, name,
                         values.empty() ? "" : " -x -a '" + values + "'");
    if (option->get_lnames().empty() && !values.empty())
      out << fmt::format("complete -c lastgood -n '{}' -a '{}'\n", seen, values);
  }
  for (const CLI::App* sub : words_below(app)) {
    out << fmt::format("complete -c lastgood -n '{}' -a {} -d '{}'\n", seen, sub->get_name(),
                       fish_word(sub->get_description()));
    write_fish_words(out, *sub, seen + "; and __fish_seen_subcommand_from " + sub->get_name());
  }
}

void write_fish(std::ostream& out, const CLI::App& app) {
  for (const CLI::App* command : words_below(app)) {
    out << fmt::format("complete -c lastgood -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                       fish_word(command->get_description()));
    write_fish_words(out, *command, "__fish_seen_subcommand_from " + command->get_name());
  }
}

struct CompletionOptions {
  std::string shell;
};

Outcome run_completion(const CompletionOptions& options, Context& context) {
  Context unused{
      .out = context.out, .err = context.err, .output = Output::text, .case_folder = {}, .progress_shown = false};
  const std::unique_ptr<CLI::App> declared = declare_all(unused);
  const CLI::App& app = *declared;
  if (options.shell == "bash")
    write_bash(context.out, app);
  else if (options.shell == "zsh")
    write_zsh(context.out, app);
  else
    write_fish(context.out, app);
  return ExitCode::done;
}

Run declare_completion(CLI::App& app) {
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
    .declare = declare_completion};

}  // namespace lastgood::cli
