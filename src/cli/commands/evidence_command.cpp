// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/misuse.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/evidence_lines.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/passphrase.h"
#include "evidence/certificate.h"
#include "evidence/custody_entries.h"
#include "evidence/export_evidence.h"
#include "evidence/take_evidence.h"
#include "evidence/verify_evidence.h"
#include "ledger/kept_heads.h"
#include "os/append_file.h"
#include "os/ask_secret.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/paths.h"
#include "os/program_files.h"
#include "os/terminal.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

struct EvidenceOptions {
  Outcome (*action)(const EvidenceOptions& options, Context& context) = nullptr;
  std::vector<std::string> paths;
  evidence::CustodyStatement statement;
  evidence::DeviceDescription device;
  bool keep = false;
  std::string id;
  std::vector<std::string> ids;
  std::string by;
  std::string second;
  std::string text;
  evidence::HandOver hand_over;
  std::string at;
  bool kept_only = false;
  std::string out;
  std::string folder;
  std::string key;
  std::string passphrase_file;
};

Failure evidence_failure(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::no_space: return {error, ExitCode::no_space};
    case base::ErrorCode::misuse: return {error, ExitCode::wrong_use};
    case base::ErrorCode::cancelled: return {error, ExitCode::interrupted};
    case base::ErrorCode::not_found:
    case base::ErrorCode::denied:
    case base::ErrorCode::busy_retry:
    case base::ErrorCode::damaged_container:
    case base::ErrorCode::damaged_source:
    case base::ErrorCode::unsupported:
    case base::ErrorCode::limit_reached:
    case base::ErrorCode::io: break;
  }
  return {error, ExitCode::evidence_failed};
}

base::Result<evidence::EvidenceItem> find_item(const Session& session, const std::string& id) {
  LG_ASSIGN(const evidence::CustodyRecords records, evidence::read_custody(session.folder));
  if (const evidence::EvidenceItem* item = records.find(id)) return *item;
  return base::misuse(fmt::format("there is no evidence '{}'", base::printable(id)),
                      "'lastgood evidence list' shows the ids");
}

void print(const evidence::EvidenceItem& item, Context& context) {
  context.out << (context.output == Output::json ? json_line_of(item) : text_of(item));
}

/// What was not given is asked for where a person can answer.
void ask_missing(evidence::CustodyStatement& statement) {
  if (!os::is_terminal(os::Stream::err)) return;
  for (const auto& [question, into] :
       {std::pair("who takes this evidence", &statement.by), std::pair("where", &statement.place),
        std::pair("why", &statement.reason), std::pair("on whose authority", &statement.authority)}) {
    if (into->empty()) *into = os::ask_text(question).value_or("");
  }
}

Outcome run_add(const EvidenceOptions& options, Context& context) {
  evidence::CustodyStatement statement = options.statement;
  ask_missing(statement);
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  os::catch_stop_signals();
  bool in_part = false;
  std::vector<base::Error> failures;  // what could not be taken does not keep the rest from being taken
  for (const std::string& given : options.paths) {
    const auto path = os::absolute_path(given);
    if (!path.ok()) {
      failures.push_back(path.error());
      continue;
    }
    const evidence::TakeHooks hooks{
        .progressed =
            [&context](std::uint64_t files, std::uint64_t bytes) {
              if (context.progress_shown)
                context.err << fmt::format("\r{} files, {} ", human_count(files), human_bytes(bytes)) << std::flush;
            },
        .stop = &os::stop_requested};
    const auto item = evidence::take_evidence(session.folder, *session.ledger,
                                              {.path = path.value(),
                                               .statement = statement,
                                               .device = options.device,
                                               .keep = options.keep ? evidence::Keep::yes : evidence::Keep::no},
                                              hooks);
    if (context.progress_shown) context.err << "\r                                        \r";
    if (!item.ok()) {
      const Failure failure = evidence_failure(item.error());
      if (failure.code != ExitCode::evidence_failed) return failure;
      failures.push_back(failure.error);
      continue;
    }
    LG_OUTCOME(const evidence::EvidenceItem recorded, find_item(session, item.value().id), ExitCode::evidence_failed);
    print(recorded, context);
    in_part = in_part || recorded.unreadable > 0;
  }
  if (failures.size() == options.paths.size() && failures.size() == 1)
    return Failure{failures[0], ExitCode::evidence_failed};
  for (const base::Error& failure : failures) print_failure(context, failure, ExitCode::evidence_failed);
  if (failures.size() == options.paths.size()) return ExitCode::evidence_failed;
  if (context.output == Output::text)
    context.out << fmt::format(
        "next: lastgood --case {0} ledger sign --key KEY, or on paper: lastgood --case {0} ledger head --html "
        "head.html; either proves that this was recorded by then\n",
        shell_word(session.folder));
  return in_part || !failures.empty() ? ExitCode::in_part : ExitCode::done;
}

void print_no_evidence(const Session& session, Context& context) {
  context.out << fmt::format("no evidence yet; 'lastgood --case {} evidence add PATH' takes some\n",
                             shell_word(session.folder));
}

Outcome run_list(const EvidenceOptions& /*options*/, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  LG_OUTCOME(const evidence::CustodyRecords records, evidence::read_custody(std::get<Session>(opened).folder),
             ExitCode::ledger_broken);
  for (const evidence::EvidenceItem& item : records.items()) print(item, context);
  if (records.items().empty() && context.output == Output::text) print_no_evidence(std::get<Session>(opened), context);
  return ExitCode::done;
}

Outcome run_note(const EvidenceOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const evidence::EvidenceItem item, find_item(session, options.id), ExitCode::wrong_use);
  const base::Status noted = evidence::note_evidence(*session.ledger, item, options.by, options.second, options.text);
  if (!noted.ok()) return evidence_failure(noted.error());
  LG_OUTCOME(const evidence::EvidenceItem now, find_item(session, options.id), ExitCode::ledger_failed);
  print(now, context);
  return ExitCode::done;
}

Outcome run_hand_over(const EvidenceOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const evidence::EvidenceItem item, find_item(session, options.id), ExitCode::wrong_use);
  const base::Status noted = evidence::hand_over(*session.ledger, item, options.hand_over);
  if (!noted.ok()) return evidence_failure(noted.error());
  LG_OUTCOME(const evidence::EvidenceItem now, find_item(session, options.id), ExitCode::ledger_failed);
  print(now, context);
  return ExitCode::done;
}

void print(const evidence::EvidenceItem& item, std::string_view where, const evidence::CheckedFile& checked,
           Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {
        {"type", "reread"}, {"id", item.id}, {"where", where}, {"file", checked.file.number}};
    set_text(line, "path", checked.file.path);
    line["state"] = evidence::name_of(checked.outcome);
    line["ranges"] = nlohmann::ordered_json::array();
    for (const model::ByteRange& range : checked.change.ranges) line["ranges"].push_back({range.from, range.to});
    line["bits"] = nlohmann::ordered_json::array();
    for (const evidence::ChangedByte& bit : checked.change.bits)
      line["bits"].push_back({{"offset", bit.offset_bytes}, {"is", bit.is}, {"was", bit.was}});
    if (!checked.why.empty()) line["why"] = base::printable(checked.why);
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("{} {}: {} {}\n", item.id, where, evidence::name_of(checked.outcome),
                             base::printable(checked.file.path));
  if (!checked.why.empty()) context.out << "  " << base::printable(checked.why) << "\n";
  for (const model::ByteRange& range : checked.change.ranges)
    context.out << fmt::format("  bytes {} up to {}\n", range.from, range.to);
  for (const evidence::ChangedByte& bit : checked.change.bits)
    context.out << fmt::format("  one bit explains it: byte {} is 0x{:02x} and was 0x{:02x}\n", bit.offset_bytes,
                               bit.is, bit.was);
}

/// Which of two says more of a verification: what could not be done, what differs, what is not here.
ExitCode worse_of(ExitCode one, ExitCode other) {
  for (const ExitCode code : {ExitCode::evidence_failed, ExitCode::bad_found, ExitCode::in_part})
    if (one == code || other == code) return code;
  return ExitCode::done;
}

/// The original, the kept copies, or both. What fails is said, and the rest is verified.
Outcome verify_item(const evidence::EvidenceItem& item, const EvidenceOptions& options, Session& session,
                    Context& context) {
  ExitCode worst = ExitCode::done;
  for (const evidence::Where where : {evidence::Where::original, evidence::Where::kept}) {
    const std::string_view name = where == evidence::Where::kept ? "kept" : "original";
    if (where == evidence::Where::kept ? !item.kept : options.kept_only) continue;
    const auto counts =
        evidence::verify_evidence(session.folder, *session.ledger, item, where, options.at,
                                  [&](const evidence::CheckedFile& checked) { print(item, name, checked, context); });
    if (!counts.ok()) {
      const Failure failure = evidence_failure(counts.error());
      if (failure.code != ExitCode::evidence_failed) return failure;
      const bool is_away = where == evidence::Where::original && failure.error.code == base::ErrorCode::not_found;
      worst = worse_of(worst, is_away ? ExitCode::in_part : ExitCode::evidence_failed);
      if (!is_away) {
        print_failure(context, failure.error, ExitCode::evidence_failed);
      } else if (context.output == Output::json) {
        context.out << nlohmann::ordered_json{{"type", "reread_away"},
                                              {"id", item.id},
                                              {"where", name},
                                              {"why", base::printable(failure.error.what)}}
                           .dump()
                    << "\n";
      } else {
        context.out << fmt::format(
            "{} original: not here: {}; where it lies elsewhere now: lastgood --case {} evidence verify {} --at PATH\n",
            item.id, base::printable(failure.error.what), shell_word(session.folder), item.id);
      }
      continue;
    }
    const evidence::VerifyCounts& count = counts.value();
    if (!count.all_same()) worst = worse_of(worst, ExitCode::bad_found);
    if (context.output == Output::json) {
      context.out << nlohmann::ordered_json{{"type", "reread_summary"},
                                            {"id", item.id},
                                            {"where", name},
                                            {"same", count.same},
                                            {"differ", count.differ},
                                            {"missing", count.missing},
                                            {"unreadable", count.unreadable},
                                            {"bytes", count.bytes}}
                         .dump()
                  << "\n";
    } else {
      context.out << fmt::format("{} {}: {} same, {} differ, {} missing, {} unreadable\n", item.id, name, count.same,
                                 count.differ, count.missing, count.unreadable);
    }
  }
  return worst;
}

Outcome run_verify(const EvidenceOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  std::vector<evidence::EvidenceItem> items;
  if (options.ids.empty()) {
    LG_OUTCOME(const evidence::CustodyRecords records, evidence::read_custody(session.folder), ExitCode::ledger_broken);
    for (const evidence::EvidenceItem& item : records.items())
      if (item.added_entry > 0) items.push_back(item);
  }
  for (const std::string& id : options.ids) {
    LG_OUTCOME(evidence::EvidenceItem item, find_item(session, id), ExitCode::wrong_use);
    items.push_back(std::move(item));
  }
  if (!options.at.empty() && items.size() != 1)
    return Failure{base::misuse("--at is for one piece of evidence", "name its id"), ExitCode::wrong_use};
  ExitCode worst = ExitCode::done;
  for (const evidence::EvidenceItem& item : items) {
    Outcome outcome = verify_item(item, options, session, context);
    if (std::holds_alternative<Failure>(outcome)) return outcome;
    worst = worse_of(worst, std::get<ExitCode>(outcome));
  }
  if (items.empty() && context.output == Output::text) print_no_evidence(session, context);
  return worst;
}

Outcome run_certificate(const EvidenceOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const evidence::EvidenceItem item, find_item(session, options.id), ExitCode::wrong_use);
  const auto certified = evidence::gather_certificate(session.folder, item);
  if (!certified.ok()) return evidence_failure(certified.error());
  LG_OUTCOME(const ledger::ChainState state, ledger::verify_ledger(session.folder + "/ledger"),
             ExitCode::ledger_failed);
  const bool html = options.out.ends_with(".html") || options.out.ends_with(".htm");
  const std::string text = html ? evidence::write_certificate_html(certified.value(), state.case_id)
                                : evidence::write_certificate_text(certified.value(), state.case_id);
  if (options.out.empty()) {
    context.out << text;
    return ExitCode::done;
  }
  LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.out),
             ExitCode::target_refused);
  const base::Status written = os::write_atomic_file(options.out, base::ByteView(text), os::Overwrite::no);
  if (!written.ok()) return evidence_failure(written.error());
  if (context.output == Output::json)
    context.out << nlohmann::ordered_json{{"type", "certificate"}, {"path", base::printable(options.out)}}.dump()
                << "\n";
  else
    context.out << "certificate data sheet: " << base::printable(options.out)
                << "\nblanks, statements and signatures are for the person who signs\n";
  return ExitCode::done;
}

base::Status sign_last(const EvidenceOptions& options, Session& session) {
  if (options.key.empty()) {
    LG_ASSIGN([[maybe_unused]] const ledger::NotedHead noted,
              ledger::note_head(*session.ledger, session.folder, nullptr, os::SystemClock()));
    return base::Done{};
  }
  LG_ASSIGN(const std::string pem, os::read_own_file(options.key, ledger::k_pem_bytes_max));
  std::string passphrase;
  if (pem.find("ENCRYPTED") != std::string::npos) {
    LG_ASSIGN(passphrase, read_passphrase(options.passphrase_file, AskTwice::no));
  }
  LG_ASSIGN(const ledger::SigningKey key, ledger::parse_signing_key(pem, passphrase));
  LG_ASSIGN([[maybe_unused]] const ledger::NotedHead noted,
            ledger::note_head(*session.ledger, session.folder, &key, os::SystemClock()));
  return base::Done{};
}

Outcome run_export(const EvidenceOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.folder),
             ExitCode::target_refused);
  const auto checker = os::find_program_file("check_ledger.py");
  const auto counts =
      evidence::export_evidence(session.folder, *session.ledger, options.folder, checker.ok() ? checker.value() : "",
                                [&] { return sign_last(options, session); });
  if (!counts.ok()) return evidence_failure(counts.error());
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "export"},
                                          {"path", base::printable(options.folder)},
                                          {"items", counts.value().items},
                                          {"files", counts.value().files},
                                          {"bytes", counts.value().bytes},
                                          {"sums_sha256", counts.value().sums_sha256}}
                       .dump()
                << "\n";
  } else {
    context.out << fmt::format(
        "{} pieces of evidence, {} kept files, {}: {}/README.txt says how to check them\nSHA-256 of its SHA256SUMS, to "
        "be noted on paper and told to whoever gets the folder by another way:\n{}\n",
        counts.value().items, counts.value().files, human_bytes(counts.value().bytes), base::printable(options.folder),
        counts.value().sums_sha256);
  }
  return ExitCode::done;
}

CLI::App* add_action(CLI::App& app, const std::shared_ptr<EvidenceOptions>& options, const char* name,
                     const char* description, Outcome (*action)(const EvidenceOptions&, Context&)) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->final_callback([options, action] { options->action = action; });
  return sub;
}

void declare_add(CLI::App& app, const std::shared_ptr<EvidenceOptions>& options) {
  CLI::App* add =
      add_action(app, options, "add", "digest files, folders or devices, and record who took them", &run_add);
  add->add_option("path", options->paths, "file, folder or block device")->required()->type_name("PATH");
  add->add_flag("--keep", options->keep, "keep a copy in the case");
  add->add_option("--by", options->statement.by, "who takes it")->type_name("NAME");
  add->add_option("--where", options->statement.place, "where")->type_name("TEXT");
  add->add_option("--why", options->statement.reason, "why")->type_name("TEXT");
  add->add_option("--authority", options->statement.authority, "on whose authority")->type_name("TEXT");
  add->add_option("--witness", options->statement.witness, "who was present")->type_name("NAME");
  add->add_option("--changes", options->statement.changes,
                  "changes that could not be avoided, who answers for them, and why")
      ->type_name("TEXT");
  add->add_option("--device", options->device.kind, "what it was taken from, for the certificate")
      ->check(CLI::IsMember(
          {"Computer / Storage Media", "DVR", "Mobile", "Flash Drive", "CD/DVD", "Server", "Cloud", "Other"}));
  add->add_option("--make-model", options->device.make_model, "make and model; asked of the device where it tells");
  add->add_option("--colour", options->device.colour, "colour");
  add->add_option("--serial", options->device.serial, "serial number; asked of the device where it tells");
  add->add_option("--identifiers", options->device.identifiers, "IMEI, UIN, UID, MAC or Cloud ID");
  add->add_option("--other", options->device.other, "anything else of the device");
}

void declare_custody(CLI::App& app, const std::shared_ptr<EvidenceOptions>& options) {
  add_action(app, options, "list", "show all evidence with its chain of custody", &run_list);
  CLI::App* note = add_action(app, options, "note", "add a note that two persons stand for", &run_note);
  note->add_option("id", options->id, "of the evidence")->required()->type_name("ID");
  note->add_option("text", options->text, "the note")->required()->type_name("TEXT");
  note->add_option("--by", options->by, "who notes it")->required()->type_name("NAME");
  note->add_option("--and", options->second, "who else stands for it")->required()->type_name("NAME");
  CLI::App* over =
      add_action(app, options, "hand-over", "record that somebody else has it from now on", &run_hand_over);
  over->add_option("id", options->id, "of the evidence")->required()->type_name("ID");
  over->add_option("--from", options->hand_over.from, "who gives it")->required()->type_name("NAME");
  over->add_option("--to", options->hand_over.to, "who takes it")->required()->type_name("NAME");
  over->add_option("--where", options->hand_over.place, "where")->required()->type_name("TEXT");
  over->add_option("--why", options->hand_over.reason, "why")->required()->type_name("TEXT");
  over->add_option("--authority", options->hand_over.authority, "on whose authority")->required()->type_name("TEXT");
}

Run declare_evidence(CLI::App& app) {
  const auto options = std::make_shared<EvidenceOptions>();
  options->statement.changes = "none known";
  declare_add(app, options);
  declare_custody(app, options);
  CLI::App* verify = add_action(app, options, "verify", "read it again and say what differs, and where", &run_verify);
  verify->add_option("id", options->ids, "of the evidence; all where none is named")->type_name("ID");
  verify->add_option("--at", options->at, "where the original lies now")->type_name("PATH");
  verify->add_flag("--kept", options->kept_only, "the kept copies only");
  CLI::App* certificate = add_action(app, options, "certificate",
                                     "write the data sheet for section 63(4)(c) of the BSA 2023", &run_certificate);
  certificate->add_option("id", options->id, "of the evidence")->required()->type_name("ID");
  certificate->add_option("--out", options->out, "write to this file (.html: to print); otherwise print text")
      ->type_name("FILE");
  CLI::App* exported = add_action(app, options, "export",
                                  "write a folder that anybody can check with sha256sum and openssl", &run_export);
  exported->add_option("folder", options->folder, "a new folder")->required()->type_name("DIR");
  exported->add_option("--key", options->key, "sign the head with this key")->type_name("FILE");
  exported->add_option("--passphrase-file", options->passphrase_file, "its passphrase is the first line of this file")
      ->type_name("FILE");
  app.require_subcommand(1);
  return [options](Context& context) { return options->action(*options, context); };
}

}  // namespace

const Command k_evidence_command = {
    .name = "evidence",
    .summary = "Take evidence with its chain of custody; verify it, certify it, hand it out",
    .description =
        "Files, folders and devices are read once, read-only, for SHA-256, SHA-1 and MD5. Who took them, when, where,\n"
        "why and on whose authority stands in the ledger, as do notes and hand-overs. 'verify' says which bytes "
        "differ\n"
        "since. The certificate's statements of belief and signatures are left to people.",
    .examples =
        "  lastgood evidence add /mnt/db1/x.bak9 --keep --by 'SI R. Nair' --where 'server room 2' --why 'FIR 349/22' "
        "--authority 'order 17'\n"
        "  lastgood evidence add /dev/sdb --device Server --by ... \n"
        "  lastgood evidence note E-0001 --by 'R. Nair' --and 'A. Kumar' 'sealed in bag 12'\n"
        "  lastgood evidence hand-over E-0001 --from 'R. Nair' --to 'FSL' --where Delhi --why analysis --authority "
        "'letter 9'\n"
        "  lastgood evidence verify\n  lastgood evidence certificate E-0001 --out sheet.html\n"
        "  lastgood evidence export for-the-court --key /mnt/stick/key.pem",
    .declare = declare_evidence};

}  // namespace lastgood::cli
