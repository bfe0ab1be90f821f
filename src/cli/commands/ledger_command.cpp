// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "ledger/ledger.h"

namespace lastgood::cli {

namespace {

struct LedgerOptions {
  std::string file;
  std::vector<std::string> anchors;
};

base::Result<std::vector<ledger::Anchor>> parse_anchors(const std::vector<std::string>& texts) {
  std::vector<ledger::Anchor> anchors;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    ledger::Anchor anchor;
    const bool number =
        colon != std::string::npos && colon > 0 && colon < 19 && text.find_first_not_of("0123456789") == colon;
    if (!number || text.size() - colon - 1 != 64) {
      return base::Error{.code = base::ErrorCode::misuse,
                         .what = "'" + base::printable(text) + "' is no anchor",
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "an anchor is NUMBER:HASH, as 'ledger verify' prints it"};
    }
    anchor.sequence = std::stoull(text.substr(0, colon));
    anchor.sha256 = text.substr(colon + 1);
    anchors.push_back(std::move(anchor));
  }
  return anchors;
}

nlohmann::ordered_json json_of(const ledger::ChainState& state) {
  nlohmann::ordered_json line = {{"type", "ledger"},
                                 {"whole", !state.broken},
                                 {"entries", state.entries},
                                 {"head_sha256", state.head_sha256},
                                 {"head_time", state.head_time},
                                 {"case_id", state.case_id},
                                 {"repairs", state.repairs},
                                 {"times_backwards", state.times_backwards}};
  if (state.torn_end)
    line["torn_end"] = {{"offset", state.torn_end->offset_bytes},
                        {"bytes", state.torn_end->size_bytes},
                        {"sha256", state.torn_end->sha256}};
  if (state.broken)
    line["broken"] = {{"entry", state.broken->entry},
                      {"offset", state.broken->offset_bytes},
                      {"reason", ledger::name_of(state.broken->reason)}};
  return line;
}

void print_text(std::ostream& out, const ledger::ChainState& state) {
  if (state.broken) {
    out << fmt::format("broken at entry {}, byte {}: {}\n", state.broken->entry, state.broken->offset_bytes,
                       ledger::sentence_for(state.broken->reason));
    out << fmt::format("{} entries before it hold; nothing after it is proved\n", state.entries);
    return;
  }
  out << fmt::format("{} entries hold, case {}\n", state.entries, state.case_id);
  if (state.repairs > 0) out << fmt::format("{} torn ends (crash, full disk) were named afterwards\n", state.repairs);
  if (state.torn_end)
    out << fmt::format("the last write was cut short at byte {}; the next entry will name it\n",
                       state.torn_end->offset_bytes);
  if (state.times_backwards > 0)
    out << fmt::format("the clock went backwards {} times, first at entry {}: not a break, worth knowing\n",
                       state.times_backwards, state.first_backwards);
  out << fmt::format("note this anchor on paper: {}:{}\n", state.entries, state.head_sha256);
}

Outcome run_verify(const LedgerOptions& options, Context& context) {
  std::string path = options.file;
  if (path.empty()) {
    LG_OUTCOME(const std::optional<std::string> folder, find_case(context), ExitCode::case_missing);
    if (!folder)
      return Failure{{.code = base::ErrorCode::not_found,
                      .what = "no case was given and none is in the current folder",
                      .path = {},
                      .offset_bytes = {},
                      .system_errno = 0,
                      .hint = "use --case DIR, or name the ledger file"},
                     ExitCode::case_missing};
    path = *folder + "/ledger";
  }
  LG_OUTCOME(const std::vector<ledger::Anchor> anchors, parse_anchors(options.anchors), ExitCode::wrong_use);
  LG_OUTCOME(const ledger::ChainState state, ledger::verify_ledger(path, anchors), ExitCode::ledger_failed);
  if (context.output == Output::json)
    context.out << json_of(state).dump() << "\n";
  else
    print_text(context.out, state);
  return state.broken ? ExitCode::ledger_broken : ExitCode::done;
}

Run declare(CLI::App& app) {
  const auto options = std::make_shared<LedgerOptions>();
  CLI::App* verify = app.add_subcommand("verify", "prove the record unbroken, or name the first entry that is not");
  verify->add_option("file", options->file, "a ledger outside a case")->type_name("FILE");
  verify->add_option("--anchor", options->anchors, "number and hash of an entry noted earlier")
      ->type_name("NUMBER:HASH")
      ->allow_extra_args(false);
  app.require_subcommand(1);
  return [options](Context& context) { return run_verify(*options, context); };
}

}  // namespace

const Command k_ledger_command = {
    .name = "ledger",
    .summary = "Prove that the record of what was done is unbroken",
    .description =
        "The ledger is the append-only, hash-chained record of a case. 'verify' needs nothing but the file;\n"
        "tools/check_ledger.py is an independent second checker.",
    .examples =
        "  lastgood --case aiims.case ledger verify\n  lastgood ledger verify --anchor 12:5f0c... copy-of-ledger",
    .declare = declare};

}  // namespace lastgood::cli
