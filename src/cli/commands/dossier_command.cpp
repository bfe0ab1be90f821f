// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/address_data_option.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/commands/rdap_questions.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/with_case.h"
#include "cli/time_option.h"
#include "documents/write_document.h"
#include "dossier/write_dossier.h"
#include "evidence/custody.h"
#include "facts/case_facts.h"

namespace lastgood::cli {

namespace {

struct DossierOptions {
  std::vector<std::string> addresses;
  std::string data;
  std::string seen;
  enum class Which : std::uint8_t { tied, all } which = Which::tied;
  CLI::App* answer = nullptr;
  std::string answered;
  std::string provider;
  std::string evidence;
  std::string says;
  RdapOptions rdap;
};

struct Asked {
  model::IpAddress address;
  std::optional<std::int64_t> seen_ns;
  std::optional<facts::Observation> first;  // in the case
  std::uint64_t times = 0;                  // seen in the case
  std::vector<dossier::ProviderAnswer> answers;
};

/// What the case knows of an address. `seen_ns` as a person said it stays.
void add_case(const facts::CaseFacts& facts, Asked& asked) {
  const std::string text = model::text_of(asked.address);
  for (const facts::AnswerFacts& answer : facts.answers) {
    if (answer.address == text)
      asked.answers.push_back({answer.provider, answer.says, answer.evidence_id, answer.recorded});
  }
  for (const facts::AddressFacts& found : facts.addresses) {
    if (found.address != text || found.observations.empty()) continue;
    asked.first = found.observations.front();
    asked.times = found.times;
    if (!asked.seen_ns) asked.seen_ns = asked.first->at_ns;
  }
}

base::Error no_address(const std::string& text) {
  base::Error error;
  error.code = base::ErrorCode::misuse;
  error.what = fmt::format("'{}' is no address", base::printable(text));
  error.hint = "such as 203.0.113.7 or 2001:db8::7, without a port";
  return error;
}

std::variant<facts::CaseFacts, Failure> facts_of_case(Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  auto facts = facts::gather_facts(session.folder, *session.store);
  if (!facts.ok()) return Failure{facts.error(), ExitCode::case_failed};
  return std::move(facts).value();
}

/// Those named, or all of the case; with what the case knows of them, where there is one.
std::variant<std::vector<Asked>, Failure> addresses_to_show(const DossierOptions& options, std::int64_t seen,
                                                            Context& context) {
  std::vector<Asked> asked;
  for (const std::string& text : options.addresses) {
    const auto address = model::parse_ip(text);
    if (!address) return Failure{no_address(text), ExitCode::wrong_use};
    asked.push_back({*address, seen == 0 ? std::nullopt : std::optional(seen), {}, 0, {}});
  }
  const auto folder = find_case(context);
  if (!asked.empty() && (!folder.ok() || !folder.value())) return asked;
  auto gathered = facts_of_case(context);
  if (auto* failure = std::get_if<Failure>(&gathered)) return std::move(*failure);
  const facts::CaseFacts& facts = std::get<facts::CaseFacts>(gathered);
  if (options.addresses.empty()) {
    for (const facts::AddressFacts& found : facts.addresses) {
      const auto address = model::parse_ip(found.address);
      if (!address || (options.which == DossierOptions::Which::tied && found.links.empty())) continue;
      asked.push_back({*address, {}, {}, 0, {}});
    }
  }
  for (Asked& one : asked) add_case(facts, one);
  return asked;
}

/// "Seen twice; first as 'connection to it' (fact), port 8443, in evidence E-0001: ...".
documents::Paragraph paragraph_of(const Asked& asked) {
  const facts::Observation& first = *asked.first;
  documents::Runs runs;
  const auto plain = [&](std::string text) { runs.push_back({std::move(text), documents::RunStyle::plain}); };
  const auto quoted = [&](std::string text) { runs.push_back({std::move(text), documents::RunStyle::quoted}); };
  plain(fmt::format("In this case it was seen {} time{}; {}", asked.times, asked.times == 1 ? "" : "s",
                    asked.times == 1 ? "" : "first: "));
  quoted(first.what);
  plain(fmt::format(" ({}), port {}", facts::name_of(first.standing),
                    first.port == 0 ? std::string("unknown") : std::to_string(first.port)));
  if (!first.place.path.empty()) {
    plain(first.place.evidence_id.empty() ? ", in " : fmt::format(", in evidence {}, ", first.place.evidence_id));
    quoted(first.place.path);
    plain(fmt::format(", {}{}", facts::offset_words(first.place), facts::digest_words(first.place)));
  }
  plain(".");
  return {std::move(runs)};
}

nlohmann::ordered_json observed_of(const Asked& asked) {
  if (!asked.first) return nullptr;
  const facts::Observation& first = *asked.first;
  nlohmann::ordered_json line = {{"times", asked.times},
                                 {"what", base::printable(first.what)},
                                 {"standing", facts::name_of(first.standing)},
                                 {"port", nullptr},
                                 {"evidence", nullptr}};
  if (first.port != 0) line["port"] = first.port;
  if (!first.place.evidence_id.empty()) line["evidence"] = first.place.evidence_id;
  set_text(line, "path", first.place.path);
  line["offset"] = first.place.offset_bytes;
  return line;
}

nlohmann::ordered_json json_of_dossier(const dossier::Dossier& made) {
  nlohmann::ordered_json statements = nlohmann::ordered_json::array();
  for (const dossier::Statement& statement : made.statements) {
    nlohmann::ordered_json line = {{"level", dossier::name_of(statement.level)},
                                   {"strength", dossier::name_of(statement.strength)},
                                   {"says", statement.says},
                                   {"quoted", nullptr},
                                   {"sources", statement.sources},
                                   {"gap_days", nullptr}};
    if (!statement.quoted.empty()) line["quoted"] = base::printable(statement.quoted);
    if (statement.gap_days) line["gap_days"] = *statement.gap_days;
    statements.push_back(std::move(line));
  }
  nlohmann::ordered_json line = {{"type", "dossier"},
                                 {"address", model::text_of(made.address)},
                                 {"scope", model::name_of(made.scope)},
                                 {"seen", nullptr},
                                 {"observed", nullptr},
                                 {"as", nullptr},
                                 {"registered_country", nullptr},
                                 {"network_country", nullptr},
                                 {"statements", std::move(statements)},
                                 {"closing", dossier::closing_sentence()},
                                 {"attributions", made.attributions}};
  if (made.seen_ns) line["seen"] = utc_time(*made.seen_ns);
  if (made.network) line["as"] = made.network->number;
  if (!made.registered_country.empty()) line["registered_country"] = made.registered_country;
  if (!made.network_country.empty()) line["network_country"] = made.network_country;
  return line;
}

void print_next(const std::vector<Asked>& asked, const network::AddressData* data, Context& context) {
  if (data == nullptr) {
    context.out << "next: " << dossier::how_to_install() << "\n";
  } else if (!data->has(network::SetKind::hosting) && !data->has(network::SetKind::vpn)) {
    context.out
        << "kind of network: 'tools/get_address_data.sh --list hosting FILE DAY LICENCE' installs lists that you "
           "have; so with vpn, cdn, mobile, access, tor_exits\n";
  }
  const bool of_case = std::any_of(asked.begin(), asked.end(), [](const Asked& one) { return one.first.has_value(); });
  if (of_case)
    context.out << with_case("next: lastgood questions --out letters    # asks those who know who used them\n",
                             context.case_folder);
}

/// Addresses can be asked about without a case, too.
std::string zone_if_case(Context& context) {
  const auto found = find_case(context);
  if (!found.ok() || !found.value()) return {};
  const auto opened = open_to_read(context);
  const auto* session = std::get_if<Session>(&opened);
  return session == nullptr ? std::string() : zone_of(*session->store);
}

Outcome print(const std::vector<Asked>& asked, const OpenedAddressData& data, const RegistryAnswers& registries,
              Context& context) {
  documents::Document document;
  document.title = "Addresses: what data sets say";
  document.note = "An address is a server, never a person";
  const std::string zone = zone_if_case(context);
  for (const Asked& one : asked) {
    dossier::Dossier made = dossier::make_dossier(data.get(), one.address, one.seen_ns);
    const auto registry = registries.find(model::text_of(one.address));
    if (registry != registries.end()) dossier::add_registry_answers(made, registry->second);
    dossier::add_answers(made, one.answers);
    if (context.output == Output::json) {
      nlohmann::ordered_json line = json_of_dossier(made);
      line["observed"] = observed_of(one);
      context.out << line.dump() << "\n";
      continue;
    }
    document.blocks.emplace_back(documents::Heading{model::text_of(one.address), 1});
    if (one.first) document.blocks.emplace_back(paragraph_of(one));
    for (auto& block : dossier::dossier_blocks(made, zone)) document.blocks.push_back(std::move(block));
  }
  if (context.output == Output::text) {
    LG_OUTCOME(const std::string text, documents::write_document(document, documents::Form::text), ExitCode::bug);
    context.out << text;
    print_next(asked, data.get(), context);
  }
  return data.is_whole() ? ExitCode::done : ExitCode::in_part;
}

/// Asks where that was said, and reads what the case keeps of answers. Nothing: there is no case to read.
std::optional<Outcome> answers_of_registries(const DossierOptions& options, const std::vector<Asked>& asked,
                                             RegistryAnswers& registries, Context& context) {
  std::string folder;
  Outcome outcome = ExitCode::done;
  if (options.rdap.ask) {
    auto opened = open_to_write(context, WhenNoCase::fail);
    if (auto* failure = std::get_if<Failure>(&opened)) return Outcome(std::move(*failure));
    Session& session = std::get<Session>(opened);
    folder = session.folder;
    std::vector<model::IpAddress> addresses;
    for (const Asked& one : asked) addresses.push_back(one.address);
    outcome = ask_registries(options.rdap, addresses, session, context);
    if (std::holds_alternative<Failure>(outcome)) return outcome;
  } else {
    const auto found = find_case(context);
    if (!found.ok() || !found.value()) return std::nullopt;
    folder = *found.value();
  }
  auto answers = read_registry_answers(folder);
  if (!answers.ok()) return Outcome(Failure{answers.error(), ExitCode::ledger_broken});
  registries = std::move(answers).value();
  return outcome;
}

Outcome run_dossier(const DossierOptions& options, Context& context) {
  LG_OUTCOME(const std::int64_t seen, parse_time_option("--seen", options.seen, {}), ExitCode::wrong_use);
  auto found = addresses_to_show(options, seen, context);
  if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
  const std::vector<Asked> asked = std::move(std::get<std::vector<Asked>>(found));
  if (asked.empty() && context.output == Output::text) {
    context.out << "no address of the case is tied to the attack; --all shows those that are only seen\n";
    return ExitCode::done;
  }
  LG_OUTCOME(const OpenedAddressData data, open_address_data_option(options.data, context),
             ExitCode::source_unreadable);
  RegistryAnswers registries;
  ExitCode code = ExitCode::done;
  if (auto answered = answers_of_registries(options, asked, registries, context)) {
    if (auto* failure = std::get_if<Failure>(&*answered)) return std::move(*failure);
    code = std::get<ExitCode>(*answered);
  }
  Outcome printed = print(asked, data, registries, context);
  return code == ExitCode::done ? std::move(printed) : Outcome(code);
}

/// What a provider wrote: a person's words about a letter that is evidence of the case.
Outcome run_answer(const DossierOptions& options, Context& context) {
  const auto address = model::parse_ip(options.answered);
  if (!address) return Failure{no_address(options.answered), ExitCode::wrong_use};
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const evidence::CustodyRecords custody, evidence::read_custody(session.folder), ExitCode::ledger_broken);
  const evidence::EvidenceItem* letter = custody.find(options.evidence);
  if (letter == nullptr) {
    base::Error error;
    error.code = base::ErrorCode::misuse;
    error.what = fmt::format("the case has no evidence '{}'", base::printable(options.evidence));
    error.hint = "take the letter first: lastgood evidence add LETTER --keep ...";
    return Failure{std::move(error), ExitCode::wrong_use};
  }
  const std::string text = model::text_of(*address);
  LG_OUTCOME([[maybe_unused]] const ledger::Head head,
             session.ledger->append(
                 facts::k_kind_answered,
                 {{"address", text}, {"evidence", letter->id}, {"provider", options.provider}, {"text", options.says}}),
             ExitCode::ledger_failed);
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "answer"}, {"address", text}, {"evidence", letter->id}};
    set_text(line, "provider", options.provider);
    context.out << line.dump() << "\n";
  } else {
    context.out << fmt::format("recorded: what {} answered about {}, kept as {}\n", base::printable(options.provider),
                               text, letter->id);
  }
  return ExitCode::done;
}

Run declare_dossier(CLI::App& app) {
  const auto options = std::make_shared<DossierOptions>();
  app.add_option("address", options->addresses, "addresses; those of the case where none is named")
      ->type_name("ADDRESS");
  add_address_data_option(app, options->data);
  app.add_option("--seen", options->seen, "when it was seen: 2022-11-23T01:30:00Z, any zone")->type_name("TIME");
  app.add_flag_callback(
      "--all", [options] { options->which = DossierOptions::Which::all; },
      "also addresses of the case that nothing ties to the attack");
  add_rdap_options(app, options->rdap);
  options->answer = app.add_subcommand("answer", "record what a provider answered about an address");
  options->answer->add_option("address", options->answered, "the address it is about")
      ->required()
      ->type_name("ADDRESS");
  options->answer->add_option("--provider", options->provider, "who answered")->required()->type_name("NAME");
  options->answer->add_option("--evidence", options->evidence, "the letter's evidence id")->required()->type_name("ID");
  options->answer->add_option("--text", options->says, "what it says")->required()->type_name("TEXT");
  return [options](Context& context) {
    return options->answer->parsed() ? run_answer(*options, context) : run_dossier(*options, context);
  };
}

}  // namespace

const Command k_dossier_command = {
    .name = "dossier",
    .summary = "Say what installed data tells of an address: registered, announced, estimated, kind of network",
    .description =
        "Reads data sets that tools/get_address_data.sh installed; no network is asked unless you say --rdap: then "
        "the\n"
        "registries are, and that tells them who asks, from which address and about which address. Their answers are\n"
        "taken as evidence of the case, and shown from there ever after. Each statement names its data set,\n"
        "the days between the data and the observation, and counts less when there are more than thirty. No city and "
        "no\n"
        "coordinates are shown. An address is a server, never a person: the last word has its provider.",
    .examples =
        "  lastgood dossier 203.0.113.7 --seen 2022-11-23T01:30:00Z\n"
        "  lastgood --case /root/night.case dossier            # all addresses that are tied to the attack\n"
        "  lastgood dossier --data /mnt/stick/address-data --json 203.0.113.7\n"
        "  lastgood dossier 193.0.6.139 --rdap --rdap-bootstrap ipv4.json --by 'A. Rao' --where 'IT room'\n"
        "      --authority 'order 7'                            # ask its registry; the answer becomes evidence\n"
        "  lastgood dossier answer 203.0.113.7 --provider 'Net One' --evidence E-0007 --text 'allotted to customer 17'",
    .declare = declare_dossier};

}  // namespace lastgood::cli
