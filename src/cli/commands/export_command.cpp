// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/with_case.h"
#include "exports/export_case.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

struct ExportOptions {
  std::string form;
  std::string out;
  std::string tlp = "AMBER+STRICT";
  bool all = false;
  bool overwrite = false;
};

ExitCode exit_code_of(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::no_space: return ExitCode::no_space;
    case base::ErrorCode::misuse:
    case base::ErrorCode::unsupported:
    case base::ErrorCode::not_found:
    case base::ErrorCode::denied: return ExitCode::wrong_use;
    case base::ErrorCode::damaged_container: return ExitCode::ledger_broken;
    case base::ErrorCode::busy_retry:
    case base::ErrorCode::damaged_source:
    case base::ErrorCode::limit_reached:
    case base::ErrorCode::cancelled:
    case base::ErrorCode::io: break;
  }
  return ExitCode::case_failed;
}

void print(const exports::ExportOutcome& outcome, const exports::ExportRequest& request, Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "exported"}, {"form", exports::name_of(request.form)}};
    set_text(line, "path", request.out);
    line["bytes"] = outcome.bytes;
    line["objects"] = outcome.objects;
    line["only_in_notes"] = outcome.only_in_notes;
    line["beyond_limits"] = outcome.beyond_limits;
    line["tlp"] = exports::name_of(request.tlp);
    line["sha256"] = outcome.sha256;
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("export: {} ({}, {} objects, TLP:{})\nSHA-256 {}\n", base::printable(request.out),
                             human_bytes(outcome.bytes), human_count(outcome.objects), exports::name_of(request.tlp),
                             outcome.sha256);
  if (outcome.only_in_notes > 0)
    context.out << fmt::format("{} values have no object of their own in this form; notes say them\n",
                               human_count(outcome.only_in_notes));
  if (outcome.beyond_limits > 0)
    context.out << fmt::format("{} values beyond the case's limits are left out\n", human_count(outcome.beyond_limits));
  if (request.form == exports::Form::timesketch)
    context.out << "it names the organisation's machines, accounts and paths: for your own team's Timesketch\n";
  context.out << with_case("next: read it before you send it; 'lastgood ledger sign' proves what was sent\n",
                           context.case_folder);
}

Outcome run_export(const ExportOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (const base::Status place = recovery::check_output_place(*session.store, options.out); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  exports::ExportRequest request;
  request.form = exports::find_form(options.form).value_or(exports::Form::stix);
  request.tlp = exports::find_tlp(options.tlp).value_or(exports::Tlp::amber_strict);
  request.scope = options.all ? exports::Scope::all : exports::Scope::tied;
  request.overwrite = options.overwrite ? os::Overwrite::yes : os::Overwrite::no;
  request.out = options.out;
  const auto outcome = exports::export_case(session.folder, *session.store, *session.ledger, request);
  if (!outcome.ok()) return Failure{outcome.error(), exit_code_of(outcome.error())};
  if (!outcome.value().faults.empty()) {
    for (const std::string& fault : outcome.value().faults) context.err << "lastgood: bug: " << fault << "\n";
    return Failure{base::Error{.code = base::ErrorCode::io,
                               .what = fmt::format("the export breaks {} rules of its form, and was not written",
                                                   outcome.value().faults.size()),
                               .path = request.out,
                               .offset_bytes = {},
                               .system_errno = 0,
                               .hint = "please report the lines above"},
                   ExitCode::bug};
  }
  print(outcome.value(), request, context);
  return outcome.value().beyond_limits > 0 ? ExitCode::in_part : ExitCode::done;
}

Run declare_export(CLI::App& app) {
  const auto options = std::make_shared<ExportOptions>();
  app.add_option("form", options->form, "stix, misp, csv or timesketch")
      ->required()
      ->check(CLI::IsMember({"stix", "misp", "csv", "timesketch"}));
  app.add_option("--out", options->out, "write to this file")->type_name("FILE")->required();
  app.add_option("--tlp", options->tlp, "who may be told: CLEAR, GREEN, AMBER, AMBER+STRICT or RED (TLP 2.0)")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}))
      ->capture_default_str();
  app.add_flag("--all", options->all,
               "also what nothing ties to the attack, and the organisation's own names, paths and addresses");
  app.add_flag("--overwrite", options->overwrite, "replace FILE when it is there");
  return [options](Context& context) { return run_export(*options, context); };
}

}  // namespace

const Command k_export_command = {
    .name = "export",
    .summary = "Write what the case knows for other systems: STIX, MISP, Timesketch, CSV",
    .description =
        "Accounts, wallets, addresses, notes and mails that are tied to the attack, each with what ties it, how sure\n"
        "that is and who may be told. The organisation's own names, paths, accounts and addresses stay here unless\n"
        "--all is given; the timeline for Timesketch always holds them. The same case gives the same bytes. What is\n"
        "written is checked first; the ledger keeps its digest.",
    .examples =
        "  lastgood export stix --out case.stix.json\n"
        "  lastgood --case aiims.case export misp --tlp GREEN --out event.json\n"
        "  lastgood export csv --all --out all.csv",
    .declare = declare_export};

}  // namespace lastgood::cli
