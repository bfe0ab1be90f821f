// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/run_words.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/byte_view.h"
#include "os/evidence.h"
#include "os/paths.h"

namespace lastgood::readiness {

namespace {

/// Programs that run another, or a script, which their words name.
bool runs_others(std::string_view program) {
  constexpr std::array<std::string_view, 46> k_names = {"sh",      "bash",
                                                        "dash",    "ash",
                                                        "ksh",     "zsh",
                                                        "fish",    "csh",
                                                        "tcsh",    "busybox",
                                                        "env",     "perl",
                                                        "python",  "ruby",
                                                        "node",    "php",
                                                        "lua",     "java",
                                                        "awk",     "gawk",
                                                        "mawk",    "make",
                                                        "find",    "xargs",
                                                        "setpriv", "sudo",
                                                        "doas",    "runuser",
                                                        "su",      "gosu",
                                                        "pkexec",  "nohup",
                                                        "nice",    "ionice",
                                                        "chrt",    "taskset",
                                                        "setsid",  "timeout",
                                                        "time",    "stdbuf",
                                                        "chroot",  "flock",
                                                        "unshare", "nsenter",
                                                        "script",  "start-stop-daemon"};
  const std::string_view name = program.substr(program.rfind('/') + 1);
  // "python3.11", "lua5.4"
  const std::string_view base = name.substr(0, name.find_last_not_of("0123456789.") + 1);
  return base == "systemd-run" || name.starts_with("ld-linux") || name.starts_with("ld-musl") ||
         std::find(k_names.begin(), k_names.end(), base) != k_names.end();
}

/// Of a shell: it runs what stands behind them.
bool is_running_word(std::string_view piece) {
  return piece == "." || piece == "source" || piece == "exec" || piece == "eval" || piece == "command" ||
         runs_others(piece);
}

/// Variables whose value a program runs, loads, or looks in for what it runs.
bool is_loaded_variable(std::string_view name) {
  constexpr std::array<std::string_view, 14> k_names = {
      "BASH_ENV",   "ENV",      "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "PATH",      "PYTHONPATH",
      "PYTHONHOME", "PERL5LIB", "PERLLIB",    "RUBYLIB",  "PYTHONSTARTUP",   "NODE_PATH", "CLASSPATH"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

bool is_file(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::is_regular_file(path, unknown);
}

/// As the kernel and its loader know them: a binary, a library, a script with its interpreter.
bool begins_as_program(const std::string& path) {
  if (!is_file(path)) return false;
  const auto absolute = os::absolute_path(path);
  const std::string real = os::follow_links(absolute.ok() ? absolute.value() : path);
  const auto folder = os::open_evidence_root(std::filesystem::path(real).parent_path().string());
  if (!folder.ok()) return false;
  auto file = os::open_evidence_file(folder.value(), real.substr(real.rfind('/') + 1), real);
  std::array<std::uint8_t, 4> head{};
  const auto got = file.ok() ? file.value().read(0, head) : base::Result<std::size_t>(file.error());
  if (!got.ok()) return false;
  const base::ByteView bytes(std::span<const std::uint8_t>(head).first(got.value()));
  return bytes.matches(0, "#!") || bytes.matches(0,
                                                 "\x7f"
                                                 "ELF");
}

/// Of a text for a shell: its words, without what stands between them.
std::vector<std::string_view> pieces_of(std::string_view word) {
  constexpr std::string_view k_between = " \t\r\n'\"`;,|&()<>{}$=:";
  std::vector<std::string_view> out;
  while (!word.empty()) {
    const std::size_t begin = std::min(word.find_first_not_of(k_between), word.size());
    const std::size_t end = std::min(word.find_first_of(k_between, begin), word.size());
    if (begin < end) out.push_back(word.substr(begin, end - begin));
    word.remove_prefix(end);
  }
  return out;
}

/// "/a.so:/b.so"; LD_PRELOAD may have spaces, too.
void add_parts(std::string_view value, std::vector<std::string>& out) {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(": "), value.size());
    if (value.starts_with('/')) out.emplace_back(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

/// "LD_PRELOAD=/a.so:/b.so" anywhere in a word.
void add_loaded_values(std::string_view word, std::vector<std::string>& out) {
  constexpr std::string_view k_ends_name = " \t\r\n'\"`;|&(){}$";
  for (std::size_t at = word.find('='); at != std::string_view::npos; at = word.find('=', at + 1)) {
    const std::string_view before = word.substr(0, at);
    const std::size_t end_of_other = before.find_last_of(k_ends_name);
    const std::string_view name = end_of_other == std::string_view::npos ? before : before.substr(end_of_other + 1);
    if (!is_loaded_variable(name)) continue;
    std::string_view value = word.substr(at + 1);
    const bool is_quoted = value.starts_with('\'') || value.starts_with('"');
    const std::size_t end = is_quoted ? value.find(value[0], 1) : value.find_first_of(" \t\r\n'\"`;|&()");
    value = value.substr(0, end);
    if (is_quoted) value.remove_prefix(1);
    add_parts(value, out);
  }
}

void add_pieces(const std::string& word, std::vector<std::string>& out) {
  const std::vector<std::string_view> pieces = pieces_of(word);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].find('/') == std::string_view::npos) continue;
    // "-S/srv/start"
    const std::string piece(pieces[i].starts_with('-') ? pieces[i].substr(pieces[i].find('/')) : pieces[i]);
    const bool is_run = i > 0 && is_running_word(pieces[i - 1]) && is_file(piece);
    if (piece != word && (is_run || begins_as_program(piece))) out.push_back(piece);
  }
}

}  // namespace

std::vector<std::string> find_run_paths(const std::vector<std::string>& command) {
  if (command.empty()) return {};
  std::vector<std::string> out = {command.front()};
  if (!std::any_of(command.begin(), command.end(), [](const std::string& word) { return runs_others(word); }))
    return out;
  for (const std::string& word : command) {
    if (is_file(word)) out.push_back(word);
    const std::size_t equals = word.find('=');
    const std::string value = equals == std::string::npos ? std::string() : word.substr(equals + 1);
    if (begins_as_program(value)) out.push_back(value);
    add_loaded_values(word, out);
    add_pieces(word, out);
  }
  return out;
}

}  // namespace lastgood::readiness
