// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Command: one row of the command table. A command is one file under commands/, always with the same four parts: what
// it says of itself, its options, their declaration, its run.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/human.h"
#include "base/result.h"
#include "cli/exit_code.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::human_seconds;
using base::utc_time;

enum class Output : std::uint8_t { text, json };

/// What every command gets: where to speak, in which form, on which case. Commands print; engines never do.
struct Context {
  std::ostream& out;
  std::ostream& err;
  Output output = Output::text;
  std::string case_folder;      // from --case or $LASTGOOD_CASE; empty: to be found
  bool progress_shown = false;  // stderr is a terminal
};

/// A failure with the exit code it ends in.
struct Failure {
  base::Error error;
  ExitCode code = ExitCode::case_failed;
};

using Outcome = std::variant<ExitCode, Failure>;
using Run = std::function<Outcome(Context& context)>;

struct Command {
  std::string_view name;
  std::string_view summary;       // one line, imperative
  std::string_view description;   // paragraphs for --help and the man page
  std::string_view examples;      // lines, each a command and a comment
  Run (*declare)(CLI::App& app);  // declares options on `app`; the returned function runs with what was given
};

}  // namespace lastgood::cli

/// `LG_OUTCOME(auto x, f(), ExitCode::case_failed);`: the value, or end the command with its error and that code.
#define LG_OUTCOME(declaration, expression, exit_code)                                               \
  auto LG_JOIN(lg_outcome_, __LINE__) = (expression);                                                \
  if (!LG_JOIN(lg_outcome_, __LINE__).ok()) {                                                        \
    return ::lastgood::cli::Failure{std::move(LG_JOIN(lg_outcome_, __LINE__)).error(), (exit_code)}; \
  }                                                                                                  \
  declaration = std::move(LG_JOIN(lg_outcome_, __LINE__)).value()
