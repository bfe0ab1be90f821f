// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/address_data_option.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "recovery/output_place.h"
#include "report/case_report.h"

namespace lastgood::cli {

namespace {

struct ReportOptions {
  std::string out;
  std::string format;
  std::string address_data;
  std::string form = "all";
  bool overwrite = false;
};

enum class Form : std::uint8_t { text, html };

Form form_of(const ReportOptions& options) {
  if (!options.format.empty()) return options.format == "html" ? Form::html : Form::text;
  return options.out.ends_with(".html") || options.out.ends_with(".htm") ? Form::html : Form::text;
}

report::ReportForm report_form_of(const ReportOptions& options) {
  if (options.form == "hour-1") return report::ReportForm::hour_1;
  if (options.form == "hour-6") return report::ReportForm::hour_6;
  if (options.form == "day-1") return report::ReportForm::day_1;
  return options.form == "final" ? report::ReportForm::final_form : report::ReportForm::all;
}

base::Status write_file(const ReportOptions& options, const std::string& text) {
  return os::write_atomic_file(options.out, base::ByteView(text),
                               options.overwrite ? os::Overwrite::yes : os::Overwrite::no);
}

/// The anchor is as of the last entry before the report; writing the report is an entry of its own.
base::Result<std::string> ledger_head(const Session& session) {
  LG_ASSIGN(const ledger::ChainState state, ledger::verify_ledger(session.folder + "/ledger"));
  return fmt::format("{}:{}", state.entries, state.head_sha256);
}

void print_report(const std::string& text, Form form, Context& context) {
  if (context.output == Output::text) {
    context.out << text;
    return;
  }
  const nlohmann::ordered_json line = {
      {"type", "report"}, {"format", form == Form::html ? "html" : "text"}, {"text", text}};
  context.out << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

Outcome run_report(const ReportOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(report::CaseReport made, report::gather_report(session.folder, *session.store, os::SystemClock().now_ns()),
             ExitCode::case_failed);
  LG_OUTCOME(const OpenedAddressData data, open_address_data_option(options.address_data, context),
             ExitCode::wrong_use);
  report::add_dossiers(made, data.get());
  LG_OUTCOME(made.ledger_head, ledger_head(session), ExitCode::ledger_failed);

  const std::string text = form_of(options) == Form::html ? report::write_html(made, report_form_of(options))
                                                          : report::write_text(made, report_form_of(options));
  if (options.out.empty()) {
    print_report(text, form_of(options), context);
    return ExitCode::done;
  }
  if (const base::Status place = recovery::check_output_place(*session.store, options.out); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  LG_OUTCOME(const auto ledger, ledger::open_ledger(session.folder), ExitCode::ledger_broken);
  LG_OUTCOME(
      [[maybe_unused]] const auto entry,
      ledger->append("report-written", {{"path", options.out},
                                        {"sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(
                                                       base::sha256(base::ByteView(std::string_view(text))))))}}),
      ExitCode::ledger_failed);
  const base::Status written = write_file(options, text);
  if (!written.ok())
    return Failure{written.error(),
                   written.error().code == base::ErrorCode::no_space ? ExitCode::no_space : ExitCode::wrong_use};
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "report"},
                                          {"path", base::printable(options.out)},
                                          {"bytes", text.size()}}
                       .dump()
                << "\n";
  } else {
    context.out << "report: " << base::printable(options.out) << "\n";
  }
  return ExitCode::done;
}

Run declare_report(CLI::App& app) {
  const auto options = std::make_shared<ReportOptions>();
  app.add_option("--out", options->out, "write to this file (.html: as a page); otherwise print text")
      ->type_name("FILE");
  app.add_option("--format", options->format, "text or html")->check(CLI::IsMember({"text", "html"}));
  app.add_option("--form", options->form,
                 "hour-1, hour-6, day-1: what is worth reading then; final: with the five answers that are asked for")
      ->check(CLI::IsMember({"all", "hour-1", "hour-6", "day-1", "final"}))
      ->capture_default_str();
  add_address_data_option(app, options->address_data);
  app.add_flag("--overwrite", options->overwrite, "replace FILE when it is there");
  return [options](Context& context) { return run_report(*options, context); };
}

}  // namespace

const Command k_report_command = {
    .name = "report",
    .summary = "Show the case as one self-contained page with pictures, or as text",
    .description =
        "What is hit and what is clean, where, when it began and ended, which campaign and its contacts,\n"
        "what could not be read, how sure this is, what to do next. The page needs nothing from outside.",
    .examples =
        "  lastgood report\n  lastgood --case aiims.case report --out report.html\n"
        "  lastgood report --form hour-1 --out first.html",
    .declare = declare_report};

}  // namespace lastgood::cli
