// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rdap_questions.h"

#include <ostream>

#include <fmt/format.h>

#include "base/misuse.h"
#include "dossier/ask_registry.h"
#include "evidence/take_evidence.h"
#include "os/append_file.h"
#include "os/paths.h"
#include "os/terminal.h"

namespace lastgood::cli {

namespace {

base::Result<std::vector<network::RdapBootstrap>> read_bootstraps(const RdapOptions& options) {
  std::vector<network::RdapBootstrap> out;
  for (const std::string& path : options.bootstraps) {
    LG_ASSIGN(const std::string text, os::read_own_file(path, network::k_rdap_bytes_max));
    LG_ASSIGN(network::RdapBootstrap read, network::parse_rdap_bootstrap(text));
    out.push_back(std::move(read));
  }
  return out;
}

/// Empty: no bootstrap file knows one.
std::string server_of(const RdapOptions& options, const std::vector<network::RdapBootstrap>& bootstraps,
                      const model::IpAddress& address) {
  if (!options.server.empty()) return options.server;
  for (const network::RdapBootstrap& bootstrap : bootstraps) {
    std::string server = network::find_rdap_server(bootstrap, address);
    if (!server.empty()) return server;
  }
  return {};
}

base::Status ask_one(const RdapOptions& options, const dossier::RegistryQuestion& question, Session& session,
                     Context& context) {
  LG_ASSIGN(const dossier::KeptReply kept, dossier::ask_and_keep(question, session.folder, *session.ledger));
  LG_ASSIGN(std::string path, os::absolute_path(kept.path));
  evidence::TakeRequest request{
      .path = std::move(path), .statement = options.statement, .device = {}, .keep = evidence::Keep::yes};
  if (request.statement.reason.empty())
    request.statement.reason = fmt::format("answer of {} about {}", kept.url, kept.address);
  LG_ASSIGN(const evidence::EvidenceItem item,
            evidence::take_evidence(
                session.folder, *session.ledger, request,
                {.progressed = [](std::uint64_t, std::uint64_t) {}, .stop = [] { return os::stop_requested(); }}));
  if (context.output == Output::text)
    context.out << fmt::format("asked {} about {}: status {}, kept as {}\n", base::printable(kept.url), kept.address,
                               kept.status, item.id);
  return base::Done{};
}

}  // namespace

void add_rdap_options(CLI::App& app, RdapOptions& options) {
  app.add_flag("--rdap", options.ask,
               "ask the registries, over the network: that tells them who asks, from where and about what");
  app.add_option("--rdap-bootstrap", options.bootstraps, "IANA's ipv4.json or ipv6.json: which registry to ask")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--rdap-server", options.server, "one server to ask, instead")->type_name("URL");
  app.add_option("--by", options.statement.by, "who asks, for the custody of the answers")->type_name("NAME");
  app.add_option("--where", options.statement.place, "where")->type_name("TEXT");
  app.add_option("--why", options.statement.reason, "why")->type_name("TEXT");
  app.add_option("--authority", options.statement.authority, "on whose authority")->type_name("TEXT");
}

Outcome ask_registries(const RdapOptions& options, const std::vector<model::IpAddress>& addresses, Session& session,
                       Context& context) {
  if (options.server.empty() && options.bootstraps.empty())
    return Failure{base::misuse("no server is known to ask",
                                "give --rdap-bootstrap ipv4.json (from data.iana.org/rdap/), or --rdap-server URL"),
                   ExitCode::wrong_use};
  evidence::CustodyStatement statement = options.statement;
  if (statement.reason.empty()) statement.reason = "answer of a registry";
  if (const base::Status said = evidence::check_statement(statement); !said.ok())
    return Failure{said.error(), ExitCode::wrong_use};
  LG_OUTCOME(const std::vector<network::RdapBootstrap> bootstraps, read_bootstraps(options), ExitCode::wrong_use);
  if (context.output == Output::text) context.out << dossier::asking_sentence() << "\n";
  os::catch_stop_signals();
  ExitCode code = ExitCode::done;
  std::size_t asked = 0;
  for (const model::IpAddress& address : addresses) {
    if (!model::is_global(address)) continue;
    if (os::stop_requested()) return ExitCode::interrupted;
    const std::string text = model::text_of(address);
    if (asked++ == k_rdap_questions_max) {
      context.err << fmt::format("note: more than {} addresses: name those that are still to be asked about\n",
                                 k_rdap_questions_max);
      return ExitCode::in_part;
    }
    const std::string server = server_of(options, bootstraps, address);
    const base::Status done = server.empty()
                                  ? base::Status(base::misuse("the bootstrap files name no server for " + text, {}))
                                  : ask_one(options,
                                            {.address = address,
                                             .server = server,
                                             .choice = options.server.empty() ? dossier::ServerChoice::bootstrap
                                                                              : dossier::ServerChoice::person},
                                            session, context);
    if (done.ok()) continue;
    context.err << fmt::format("note: no answer about {}: {}\n", text, base::printable(done.error().what));
    code = ExitCode::in_part;
  }
  return code;
}

base::Result<RegistryAnswers> read_registry_answers(const std::string& case_folder) {
  RegistryAnswers out;
  LG_ASSIGN(const std::vector<dossier::KeptReply> kept, dossier::read_kept_replies(case_folder));
  if (kept.empty()) return out;
  LG_ASSIGN(const evidence::CustodyRecords custody, evidence::read_custody(case_folder));
  for (const dossier::KeptReply& reply : kept) {
    const auto address = model::parse_ip(reply.address);
    if (!address) continue;
    std::string id;
    // The case may have been moved since: its own folder's name says nothing.
    const std::string tail = reply.path.substr(case_folder.size());
    for (const evidence::EvidenceItem& item : custody.items())
      if (item.sha256 == reply.sha256 && item.path.ends_with(tail)) id = item.id;
    out[reply.address].push_back(dossier::read_registry_answer(reply, *address, id));
  }
  return out;
}

}  // namespace lastgood::cli
