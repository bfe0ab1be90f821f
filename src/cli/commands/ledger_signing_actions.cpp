// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of `lastgood ledger` that note heads: key, sign, head on paper, time stamps.
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/misuse.h"
#include "cli/commands/ledger_actions.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/passphrase.h"
#include "evidence/head_sheet.h"
#include "ledger/kept_heads.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/paths.h"
#include "recovery/output_place.h"

namespace lastgood::cli::ledger_actions {

namespace {

Failure failed(const base::Error& error) {
  const bool space = error.code == base::ErrorCode::no_space;
  const bool broken = error.code == base::ErrorCode::damaged_container;
  return {error, space ? ExitCode::no_space : broken ? ExitCode::ledger_broken : ExitCode::ledger_failed};
}

base::Result<std::string> passphrase_for(const LedgerOptions& options, AskTwice twice) {
  if (options.no_passphrase) return std::string();
  return read_passphrase(options.passphrase_file, twice);
}

base::Result<ledger::SigningKey> open_key(const LedgerOptions& options) {
  LG_ASSIGN(const std::string pem, os::read_own_file(options.key, ledger::k_pem_bytes_max));
  const bool encrypted = pem.find("ENCRYPTED") != std::string::npos;
  std::string passphrase;
  if (encrypted) {
    LG_ASSIGN(passphrase, passphrase_for(options, AskTwice::no));
  }
  auto key = ledger::parse_signing_key(pem, passphrase);
  if (key.ok()) return key;
  base::Error error = key.error();
  error.what = fmt::format("cannot open '{}': {}", base::printable(options.key), error.what);
  return error;
}

nlohmann::ordered_json json_of(const ledger::NotedHead& noted) {
  return {{"type", "head"},
          {"entries", noted.head.entries},
          {"bytes", noted.head.bytes},
          {"root", ledger::text_of(noted.head.root)},
          {"ledger_sha256", ledger::text_of(noted.head.ledger_sha256)},
          {"time", noted.head.time},
          {"case_id", noted.head.case_id},
          {"key", noted.fingerprint},
          {"signature", base::hex(base::ByteView(std::string_view(noted.signature)))}};
}

void print(const ledger::NotedHead& noted, Context& context) {
  if (context.output == Output::json) {
    context.out << json_of(noted).dump() << "\n";
    return;
  }
  context.out << fmt::format("entries {}\nroot    {}\ntime    {}\n", noted.head.entries,
                             ledger::text_of(noted.head.root), noted.head.time);
  if (!noted.signature.empty()) context.out << fmt::format("signed by {}\n", noted.fingerprint);
}

std::string name_of_case(const std::string& folder) { return folder.substr(folder.rfind('/') + 1); }

/// The head that was noted at this size, or one noted now.
base::Result<ledger::NotedHead> head_at(const LedgerOptions& options, Session& session) {
  if (options.entries == 0) return note_head(*session.ledger, session.folder, nullptr, os::SystemClock());
  LG_ASSIGN(const ledger::LedgerReading reading, ledger::read_with_heads(session.folder + "/ledger"));
  const ledger::NotedHead* found = reading.noted.find_head(options.entries);
  if (found != nullptr) return *found;
  return base::misuse(fmt::format("no head was noted at {} entries", options.entries),
                      "'lastgood ledger sign' notes one; leave --entries out for a new one");
}

bool lies_below(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

}  // namespace

Outcome run_key_new(const LedgerOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  const std::size_t slash = options.out.rfind('/');
  LG_OUTCOME(const std::string folder,
             os::absolute_path(slash == std::string::npos ? "."
                               : slash == 0               ? "/"
                                                          : options.out.substr(0, slash)),
             ExitCode::wrong_use);
  if (!options.in_case && (folder == session.folder || lies_below(folder, session.folder)))
    return Failure{base::misuse("the key would lie inside the case: who changes the ledger could sign it again",
                                "name a place on a stick that is taken away, or give --in-case"),
                   ExitCode::wrong_use};
  LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.out),
             ExitCode::target_refused);
  LG_OUTCOME(const std::string passphrase, passphrase_for(options, AskTwice::yes), ExitCode::wrong_use);
  const ledger::SigningKey key = ledger::make_signing_key();
  const std::string pem = key.private_pem(passphrase);
  const base::Status noted = ledger::note_key(*session.ledger, session.folder, key.public_pem());
  if (!noted.ok()) return failed(noted.error());
  const base::Status written = os::write_atomic_file(options.out, base::ByteView(pem), os::Overwrite::no);
  if (!written.ok()) return Failure{written.error(), ExitCode::wrong_use};
  const std::string fingerprint = ledger::text_of(*ledger::key_fingerprint(key.public_pem()));
  if (context.output == Output::json) {
    context.out
        << nlohmann::ordered_json{{"type", "key"}, {"key", fingerprint}, {"public_key", key.public_pem()}}.dump()
        << "\n";
  } else {
    context.out << fmt::format("{}fingerprint (note it on paper):\n{}\nprivate key: {}\n", key.public_pem(),
                               ledger::grouped_digits(fingerprint), base::printable(options.out));
  }
  return ExitCode::done;
}

Outcome run_sign(const LedgerOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const ledger::SigningKey key, open_key(options), ExitCode::wrong_use);
  const auto noted = ledger::note_head(*session.ledger, session.folder, &key, os::SystemClock());
  if (!noted.ok()) return failed(noted.error());
  print(noted.value(), context);
  if (context.output == Output::text)
    context.out << fmt::format(
        "next, on paper: lastgood --case {0} ledger head --entries {1} --html head.html\n"
        "or by a time-stamping authority: lastgood --case {0} ledger timestamp request --entries {1} --out head.tsq\n",
        shell_word(session.folder), noted.value().head.entries);
  return ExitCode::done;
}

Outcome run_head(const LedgerOptions& options, Context& context) {
  if (options.html.empty() && options.text.empty()) {
    LG_OUTCOME(const LedgerPlace place, find_ledger(options, context), ExitCode::case_missing);
    const auto read = ledger::read_ledger(place.path);
    if (!read.ok()) return failed(read.error());
    const auto head = ledger::make_head(place.path, read.value(), read.value().state.head_time);
    if (!head.ok()) return failed(head.error());
    print({.entry = 0, .head = head.value(), .fingerprint = {}, .signature = {}}, context);
    return ExitCode::done;
  }
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  for (const std::string& file : {options.html, options.text}) {
    if (file.empty()) continue;
    LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, file),
               ExitCode::target_refused);
  }
  const auto noted = head_at(options, session);
  if (!noted.ok()) return failed(noted.error());
  const std::string name = name_of_case(session.folder);
  for (const auto& [file, text] : {std::pair(options.html, evidence::write_head_sheet_html(noted.value(), name)),
                                   std::pair(options.text, evidence::write_head_sheet_text(noted.value(), name))}) {
    if (file.empty()) continue;
    const base::Status written = os::write_atomic_file(file, base::ByteView(text), os::Overwrite::no);
    if (!written.ok()) return Failure{written.error(), ExitCode::wrong_use};
  }
  print(noted.value(), context);
  if (context.output == Output::text) {
    for (const std::string& file : {options.html, options.text})
      if (!file.empty()) context.out << "to be printed and signed: " << base::printable(file) << "\n";
  }
  return ExitCode::done;
}

Outcome run_stamp_request(const LedgerOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.out),
             ExitCode::target_refused);
  const auto noted = head_at(options, session);
  if (!noted.ok()) return failed(noted.error());
  const auto request = ledger::request_stamp(session.folder, noted.value());
  if (!request.ok()) return failed(request.error());
  const base::Status written = os::write_atomic_file(options.out, base::ByteView(request.value()), os::Overwrite::no);
  if (!written.ok()) return Failure{written.error(), ExitCode::wrong_use};
  print(noted.value(), context);
  if (context.output == Output::text)
    context.out << fmt::format(
        "request: {}\nnext: take it to a time-stamping authority, and its reply to\n"
        "lastgood --case {} ledger timestamp add REPLY.tsr --ca CERTIFICATES.pem\n",
        base::printable(options.out), shell_word(session.folder));
  return ExitCode::done;
}

Outcome run_stamp_add(const LedgerOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::string reply, os::read_own_file(options.reply, ledger::k_timestamp_bytes_max),
             ExitCode::wrong_use);
  LG_OUTCOME(const std::string trusted, os::read_own_file(options.trusted, ledger::k_timestamp_bytes_max),
             ExitCode::wrong_use);
  LG_OUTCOME(const ledger::Timestamp stamp, ledger::add_stamp(*session.ledger, session.folder, reply, trusted),
             ExitCode::stamp_refused);
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "timestamp"},
                                          {"time", stamp.time},
                                          {"serial", stamp.serial},
                                          {"policy", stamp.policy},
                                          {"imprint", ledger::text_of(stamp.imprint)}}
                       .dump()
                << "\n";
  } else {
    context.out << fmt::format("the authority saw this head at {} (serial {}, policy {})\n", stamp.time, stamp.serial,
                               stamp.policy);
  }
  return ExitCode::done;
}

}  // namespace lastgood::cli::ledger_actions
