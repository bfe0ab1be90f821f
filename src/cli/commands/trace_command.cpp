// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "casefile/case_about.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/output/trace_lines.h"
#include "os/paths.h"
#include "trace/record_mails.h"

namespace lastgood::cli {

namespace {

struct TraceCommandOptions {
  std::vector<std::string> files;
  std::vector<std::string> own_relays;
  std::vector<std::string> trusted_sealers;
  std::vector<std::string> zones;  // keys, too: one form for both
  bool unrecorded = false;
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

/// The case that keeps what is found; none when there is none or nothing is to be kept.
std::variant<std::optional<Session>, Failure> open_record(TraceCommandOptions& given, Context& context) {
  std::optional<Session> session;
  if (given.unrecorded) return session;
  LG_OUTCOME(const auto case_folder, find_case(context), ExitCode::wrong_use);
  if (!case_folder) return session;
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  session = std::move(std::get<Session>(opened));
  LG_OUTCOME(const casefile::CaseAbout about, casefile::read_about(*session->store), ExitCode::case_failed);
  given.own_relays.insert(given.own_relays.end(), about.own_relays.begin(), about.own_relays.end());
  return session;
}

std::variant<base::Result<trace::FileTrace>, Failure> trace_one(const std::string& path,
                                                                const trace::TraceOptions& options,
                                                                std::optional<Session>& session,
                                                                const trace::TraceSink& show) {
  if (!session) return trace::trace_file(path, options, show);
  auto absolute = os::absolute_path(path);
  if (!absolute.ok()) return base::Result<trace::FileTrace>(std::move(absolute).error());
  trace::CaseOfTrace into{.store = *session->store, .ledger = *session->ledger};
  auto traced = trace::trace_into_case(absolute.value(), options, into, show);
  if (into.case_trouble) {
    const ExitCode code = exit_code_of_case_error(traced.error().code);
    return Failure{std::move(traced).error(), code};
  }
  return traced;
}

/// Inside addresses above a border that is no fact: relays of the house, perhaps, that nobody has named.
void add_inside_addresses(const trace::MailTrace& mail, std::set<std::string>& inside) {
  constexpr std::size_t k_shown_max = 6;
  if (!mail.boundary || mail.boundary->level == mail::Level::fact) return;
  for (std::size_t i = 0; i < mail.boundary->hop; ++i) {
    const auto& ip = mail.hops[i].received.ip;
    if (ip && !model::is_outside(*ip) && inside.size() < k_shown_max) inside.insert(model::text_of(*ip));
  }
}

Outcome run_trace(TraceCommandOptions given, Context& context) {
  auto record = open_record(given, context);
  if (auto* failure = std::get_if<Failure>(&record)) return std::move(*failure);
  std::optional<Session>& session = std::get<std::optional<Session>>(record);
  LG_OUTCOME(const trace::TraceOptions options, read_options(given, context), ExitCode::wrong_use);
  std::uint64_t mails = 0;
  std::uint64_t facts = 0;
  std::set<std::string> inside;
  std::uint64_t troubles = 0;
  for (const std::string& path : given.files) {
    const auto show = [&](const trace::MailTrace& mail) {
      ++mails;
      add_inside_addresses(mail, inside);
      facts += mail.boundary && mail.boundary->level == mail::Level::fact ? 1U : 0U;
      if (context.output == Output::json) {
        context.out << json_of(path, mail).dump() << "\n";
      } else {
        print_text(context.out, path, mail);
      }
      return context.out.good();
    };
    auto traced = trace_one(path, options, session, show);
    if (auto* failure = std::get_if<Failure>(&traced)) return std::move(*failure);
    const auto& outcome = std::get<base::Result<trace::FileTrace>>(traced);
    if (!outcome.ok()) {
      ++troubles;
      print_trouble(outcome.error(), context);
      continue;
    }
    for (const model::Finding& finding : outcome.value().findings)
      context.err << fmt::format("lastgood: '{}': {}\n", base::printable(path), base::printable(finding.sentence));
    if (!outcome.value().findings.empty()) ++troubles;
    if (outcome.value().without_header > 0 && outcome.value().mails > 0) {
      context.err << fmt::format("lastgood: '{}': {} items hold no internet header and are not traced\n",
                                 base::printable(path), outcome.value().without_header);
    }
    if (outcome.value().mails == 0 && outcome.value().findings.empty()) {
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
    const std::string inside_words = inside.empty() ? "" : fmt::format(" (here: {})", fmt::join(inside, ", "));
    if (mails > facts && given.own_relays.empty()) {
      context.out << fmt::format(
          "next: name your own relays with --own-relay, each inside address too{}, and 127.0.0.1 where a filter runs\n",
          inside_words);
    } else if (!inside.empty()) {
      context.out << fmt::format("next: --own-relay for each of these addresses that is a relay of your own: {}\n",
                                 fmt::join(inside, ", "));
    } else if (mails > 0 && session) {
      context.out << fmt::format(
          "next: lastgood --case {0} dossier (whose addresses), or lastgood --case {0} questions\n",
          shell_word(session->folder));
    }
    if (mails > 0 && !session && !given.unrecorded)
      context.out << "kept nowhere: there is no case here ('lastgood case new')\n";
  }
  return troubles > 0 ? ExitCode::in_part : ExitCode::done;
}

Run declare_trace(CLI::App& app) {
  const auto options = std::make_shared<TraceCommandOptions>();
  app.add_option("files", options->files, "mails, mailboxes, Outlook messages and stores, or files with pasted headers")
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
  app.add_flag("--unrecorded", options->unrecorded, "show only: keep nothing of it in the case");
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
        "Reads mails (EML), mailboxes (MBOX), Outlook messages and stores (MSG, PST, OST) and pasted headers, and\n"
        "shows every server on the way with the byte where it stands, and what came with the mail. Only the first\n"
        "address outside your own relays can be a fact; everything older was handed over by the sender and is a\n"
        "claim. Name your relays with --own-relay: each by its host name or address. A whole domain or block tells\n"
        "whose lines are yours, but other machines are in it, too, so it alone makes no fact. Without any, relays\n"
        "are inferred, and an address is a fact only where no inside address stands above it.\n"
        "DKIM, ARC and SPF are checked without a network, with keys and zones that were saved when the mail was\n"
        "new: see saved-zones.md among the documents. An address names a server, never a person. What is found is\n"
        "kept in the case when there is one.",
    .examples =
        "  lastgood trace ransom.eml\n"
        "  lastgood trace --own-relay .hospital.example --own-relay 10.0.0.5 inbox.mbox\n"
        "  lastgood trace --json --keys saved.zone ransom.eml | jq .boundary",
    .declare = declare_trace};

}  // namespace lastgood::cli
