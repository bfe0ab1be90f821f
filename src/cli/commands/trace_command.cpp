// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/output/json_lines.h"
#include "cli/output/trace_lines.h"
#include "trace/trace_file.h"

namespace lastgood::cli {

namespace {

struct TraceCommandOptions {
  std::vector<std::string> files;
  std::vector<std::string> own_relays;
  std::vector<std::string> trusted_sealers;
  std::vector<std::string> zones;  // keys, too: one form for both
};

base::Result<trace::TraceOptions> read_options(const TraceCommandOptions& given, Context& context) {
  trace::TraceOptions options;
  for (const std::string& text : given.own_relays) {
    auto relay = mail::parse_own_relay(text);
    if (!relay) {
      base::Error error;
      error.code = base::ErrorCode::misuse;
      error.what = fmt::format("'{}' is no relay", base::printable(text));
      error.hint =
          "give a host (mx.hospital.example), all hosts of a domain (.hospital.example), an address or a block "
          "(10.0.0.0/8)";
      return error;
    }
    options.own_relays.push_back(std::move(*relay));
  }
  options.trusted_sealers = given.trusted_sealers;
  for (const std::string& path : given.zones) {
    LG_ASSIGN(const auto odd_lines, trace::add_zone_file(options.zone, path));
    for (const model::Finding& odd : odd_lines) {
      context.err << fmt::format("lastgood: '{}', byte {}: {}, skipping\n", base::printable(path), odd.range.from,
                                 odd.sentence);
    }
  }
  return options;
}

void print_trouble(const base::Error& error, Context& context) {
  context.err << "lastgood: error: " << error.what << "\n";
  if (!error.hint.empty()) context.err << "hint: " << error.hint << "\n";
}

Outcome run_trace(const TraceCommandOptions& given, Context& context) {
  LG_OUTCOME(const trace::TraceOptions options, read_options(given, context), ExitCode::wrong_use);
  std::uint64_t mails = 0;
  std::uint64_t facts = 0;
  std::uint64_t troubles = 0;
  for (const std::string& path : given.files) {
    const auto traced = trace::trace_file(path, options, [&](const trace::MailTrace& mail) {
      ++mails;
      facts += mail.boundary && mail.boundary->level == mail::Level::fact ? 1U : 0U;
      if (context.output == Output::json) {
        context.out << json_of(path, mail).dump() << "\n";
      } else {
        print_text(context.out, path, mail);
      }
      return context.out.good();
    });
    if (!traced.ok()) {
      ++troubles;
      print_trouble(traced.error(), context);
    } else if (traced.value().mails == 0) {
      ++troubles;
      context.err << fmt::format("lastgood: error: no mail header in '{}'\n", base::printable(path));
    }
  }
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "summary"},
                                          {"messages", mails},
                                          {"boundary_facts", facts},
                                          {"unread_files", troubles}}
                       .dump()
                << "\n";
  } else {
    context.out << fmt::format("mails: {}; with an address at the border that is a fact: {}\n", mails, facts);
    if (mails > facts && given.own_relays.empty()) {
      context.out << "next: name your own relays with --own-relay, each inside address too, and 127.0.0.1 where a "
                     "filter runs\n";
    }
  }
  return troubles > 0 ? ExitCode::in_part : ExitCode::done;
}

Run declare(CLI::App& app) {
  const auto options = std::make_shared<TraceCommandOptions>();
  app.add_option("files", options->files, "mails, mailboxes, or files with pasted headers")
      ->required()
      ->type_name("FILE");
  app.add_option("--own-relay", options->own_relays,
                 "a relay of the house that got the mail: host, .domain, address or block")
      ->type_name("X")
      ->allow_extra_args(false);
  app.add_option("--trust-sealer", options->trusted_sealers,
                 "believe what this domain sealed about a mail's way before it")
      ->type_name("DOMAIN")
      ->allow_extra_args(false);
  app.add_option("--keys,--zones", options->zones, "answers of the DNS that were saved: 'NAME TYPE VALUE' lines")
      ->type_name("FILE")
      ->allow_extra_args(false);
  return [options](Context& context) { return run_trace(*options, context); };
}

}  // namespace

const Command k_trace_command = {
    .name = "trace",
    .summary = "Read the way of mails: which address is a fact, which a claim, what signatures prove",
    .description =
        "Reads mails (EML), mailboxes (MBOX) and pasted headers, and shows every server on the way with the byte where "
        "it\n"
        "stands. Only the first address outside your own relays can be a fact; everything older was handed over by "
        "the\n"
        "sender and is a claim. Name your relays with --own-relay: each by its host name or address. A whole domain or "
        "block\n"
        "tells whose lines are yours, but other machines are in it, too, so it alone makes no fact. Without any, "
        "relays are\n"
        "inferred, and an address is a fact only where no inside address stands above it.\n"
        "DKIM, ARC and SPF are checked without a network, with keys and zones that were saved when the mail was new:\n"
        "see saved-zones.md among the documents. An address names a server, never a person.",
    .examples =
        "  lastgood trace ransom.eml\n"
        "  lastgood trace --own-relay .hospital.example --own-relay 10.0.0.5 inbox.mbox\n"
        "  lastgood trace --json --keys saved.zone ransom.eml | jq .boundary",
    .declare = declare};

}  // namespace lastgood::cli
