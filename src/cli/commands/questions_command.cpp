// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "cli/address_data_option.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "documents/write_document.h"
#include "facts/case_facts.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/program_files.h"
#include "questions/plan_questions.h"
#include "questions/time_windows.h"
#include "questions/write_pack.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

struct QuestionsOptions {
  std::string out;
  std::string form = "odt";
  std::string data;
  std::string providers;
  std::string agencies;
  questions::QuestionRequest request;
};

/// A letter with the bytes it will have.
struct Letter {
  std::string name;  // of the file
  std::string bytes;
  std::string sha256;
};

base::Result<questions::Directory> read_directory(const QuestionsOptions& options) {
  std::string providers = options.providers;
  std::string agencies = options.agencies;
  if (providers.empty()) {
    LG_ASSIGN(providers, os::find_program_file("providers"));
  }
  if (agencies.empty()) {
    LG_ASSIGN(agencies, os::find_program_file("agencies"));
  }
  return questions::read_directory(providers, agencies);
}

std::string digest_of(const std::string& bytes) {
  return base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(base::ByteView(bytes)))));
}

std::string text_of(const documents::Runs& runs) {
  std::string text;
  for (const documents::Run& run : runs) text += run.text;
  return text;
}

nlohmann::ordered_json json_of_pack(const questions::Pack& pack, const questions::CaseFrame& frame) {
  nlohmann::ordered_json asked = nlohmann::ordered_json::array();
  for (const questions::Question& question : pack.questions) {
    asked.push_back({{"id", question.id}, {"text", base::printable(text_of(question.text))}});
  }
  nlohmann::ordered_json windows = nlohmann::ordered_json::array();
  for (const questions::Window& window : pack.windows) {
    windows.push_back({{"name", window.name},
                       {"from", utc_time(window.from_ns)},
                       {"until", utc_time(window.to_ns)},
                       {"basis", base::printable(window.basis)},
                       {"clock_error", nullptr}});
    if (!frame.about.clock_error.empty()) windows.back()["clock_error"] = base::printable(frame.about.clock_error);
  }
  nlohmann::ordered_json about = nlohmann::ordered_json::array();
  for (const auto& contact : pack.contacts)
    about.push_back({{"kind", contact.kind}, {"value", base::printable(contact.value)}});
  for (const auto& asked_address : pack.addresses)
    about.push_back({{"kind", "address"}, {"value", asked_address.facts.address}});
  nlohmann::ordered_json path = nlohmann::ordered_json::array();
  for (const questions::PathStep& step : pack.path) path.push_back(step.who);
  nlohmann::ordered_json renew = nlohmann::ordered_json::array();
  for (const std::int64_t at_ns : pack.renew_by_ns) renew.push_back(questions::day_in_zone(at_ns, frame));
  nlohmann::ordered_json line = {{"type", "letter"},     {"id", pack.id},      {"kind", pack.kind},
                                 {"to", pack.recipient}, {"named", nullptr},   {"country", nullptr},
                                 {"about", about},       {"questions", asked}, {"windows", windows},
                                 {"path", path},         {"renew_by", renew},  {"remarks", pack.remarks}};
  if (!pack.network.empty()) line["named"] = base::printable(pack.network);
  if (!pack.country.empty()) line["country"] = pack.country;
  return line;
}

base::Result<std::vector<Letter>> write_letters(const questions::Packs& packs, documents::Form form) {
  std::vector<Letter> letters;
  for (const questions::Pack& pack : packs.packs) {
    Letter letter;
    letter.name = fmt::format("{:02}-{}{}", letters.size() + 1, pack.id, documents::ending_of(form));
    LG_ASSIGN(letter.bytes, documents::write_document(questions::write_pack(pack, packs), form));
    letter.sha256 = digest_of(letter.bytes);
    letters.push_back(std::move(letter));
  }
  return letters;
}

/// Somebody may have completed a letter that is there: it is never overwritten.
base::Status put_new(const std::string& folder, const std::string& name, std::string_view bytes) {
  auto put = os::write_atomic_file(folder + "/" + name, base::ByteView(bytes), os::Overwrite::no);
  if (put.ok() || put.error().code != base::ErrorCode::misuse) return put;
  base::Error error = put.error();
  error.hint = "somebody may have completed the letters that are there: give a new folder to --out";
  return error;
}

/// An entry before, an entry after with what was written.
Outcome put_letters(const QuestionsOptions& options, const std::vector<Letter>& letters, Session& session) {
  const std::string folder = base::printable(options.out);
  LG_OUTCOME([[maybe_unused]] const ledger::Head begun,
             session.ledger->append("questions-begun",
                                    {{"folder", folder}, {"letters", static_cast<std::int64_t>(letters.size())}}),
             ExitCode::ledger_failed);
  if (const auto made = os::make_private_folder(options.out, os::WhenThere::accept); !made.ok()) {
    return Failure{made.error(), ExitCode::evidence_failed};
  }
  std::string sums;  // one file names all: an entry of the ledger has an end
  for (const Letter& letter : letters) sums += letter.sha256 + "  " + letter.name + "\n";
  // The sums first: they are in every folder with letters, of whatever form.
  base::Status put = put_new(options.out, "SHA256SUMS", sums);
  for (std::size_t i = 0; i < letters.size() && put.ok(); ++i)
    put = put_new(options.out, letters[i].name, letters[i].bytes);
  if (!put.ok())
    return Failure{put.error(),
                   put.error().code == base::ErrorCode::misuse ? ExitCode::wrong_use : ExitCode::evidence_failed};
  LG_OUTCOME([[maybe_unused]] const ledger::Head ended,
             session.ledger->append("questions-finished", {{"folder", folder},
                                                           {"letters", static_cast<std::int64_t>(letters.size())},
                                                           {"sha256sums_sha256", digest_of(sums)}}),
             ExitCode::ledger_failed);
  return ExitCode::done;
}

void print(const questions::Packs& packs, const std::vector<Letter>& letters, const QuestionsOptions& options,
           Context& context) {
  if (context.output == Output::json) {
    for (std::size_t i = 0; i < packs.packs.size(); ++i) {
      nlohmann::ordered_json line = json_of_pack(packs.packs[i], packs.frame);
      line["file"] = nullptr;
      if (!options.out.empty()) {
        set_text(line, "file", options.out + "/" + letters[i].name);
        line["sha256"] = letters[i].sha256;
      }
      context.out << line.dump() << "\n";
    }
    context.out << nlohmann::ordered_json{{"type", "summary"},
                                          {"letters", packs.packs.size()},
                                          {"not_asked", packs.not_asked.size() + packs.not_asked_more}}
                       .dump()
                << "\n";
    return;
  }
  if (!packs.packs.empty()) {
    for (const questions::Question& question : packs.packs.front().questions) {
      context.out << "- " << base::printable(text_of(question.text)) << "\n";
    }
  }
  for (std::size_t i = 0; i < packs.packs.size(); ++i) {
    const questions::Pack& pack = packs.packs[i];
    context.out << fmt::format("{}: {}{}\n", letters[i].name, pack.recipient,
                               pack.network.empty() ? "" : ": " + base::printable(pack.network));
  }
  if (packs.packs.empty()) {
    context.out << with_case(
        "no letter: the case names no account, mark or address that is tied to the attack\n"
        "next: lastgood scan PATH, lastgood indicators PATH, lastgood trace FILE; --about VALUE asks all the same\n",
        context.case_folder);
  }
  if (!packs.not_asked.empty()) {
    context.out << fmt::format(
        "not asked about: {} values that are only seen (--all asks about them, --about VALUE about one)\n",
        packs.not_asked.size() + packs.not_asked_more);
  }
  if (options.out.empty() && !packs.packs.empty()) {
    context.out << with_case("next: lastgood questions --out DIR writes the letters, to be completed and signed\n",
                             context.case_folder);
  } else if (!packs.packs.empty()) {
    context.out << fmt::format("{} letters in {}\n", letters.size(), shell_word(options.out));
  }
}

/// What a person named and the case does not know: silence would read as if it were asked about.
void warn_of_unknown(const questions::QuestionRequest& request, const facts::CaseFacts& facts, Context& context) {
  for (const std::string& value : request.named) {
    const bool is_known = std::any_of(facts.contacts.begin(), facts.contacts.end(),
                                      [&](const auto& one) { return one.value == value; }) ||
                          std::any_of(facts.addresses.begin(), facts.addresses.end(),
                                      [&](const auto& one) { return one.address == value; });
    if (is_known) continue;
    context.err << fmt::format(
        "lastgood: '{}' stands nowhere in the case: no letter asks about it\n"
        "hint: import the log or search the file in which it stands, or look at its spelling\n",
        base::printable(value));
  }
}

Outcome run_questions(const QuestionsOptions& given, Context& context) {
  const auto form = documents::find_form(given.form);
  LG_OUTCOME(const questions::Directory directory, read_directory(given), ExitCode::source_unreadable);
  LG_OUTCOME(const OpenedAddressData data, open_address_data_option(given.data, context), ExitCode::source_unreadable);
  auto opened = given.out.empty() ? open_to_read(context) : open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  if (!given.out.empty()) {
    LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, given.out),
               ExitCode::target_refused);
  }
  LG_OUTCOME(const facts::CaseFacts facts, facts::gather_facts(session.folder, *session.store, given.request.named),
             ExitCode::case_failed);
  warn_of_unknown(given.request, facts, context);
  questions::QuestionRequest request = given.request;
  request.made_ns = os::SystemClock().now_ns();
  const questions::Packs packs = questions::plan_questions(facts, directory, data.get(), request);
  LG_OUTCOME(const std::vector<Letter> letters, write_letters(packs, form.value_or(documents::Form::odt)),
             ExitCode::bug);
  if (!given.out.empty() && !letters.empty()) {
    Outcome put = put_letters(given, letters, session);
    if (std::holds_alternative<Failure>(put)) return put;
  }
  print(packs, letters, given, context);
  if (data.get() == nullptr && context.output == Output::text) {
    context.err << "lastgood: no data set about addresses is installed: whose networks they are stays unknown\nhint: "
                << dossier::how_to_install() << "\n";
  }
  return data.is_whole() ? ExitCode::done : ExitCode::in_part;
}

Run declare_questions(CLI::App& app) {
  const auto options = std::make_shared<QuestionsOptions>();
  app.add_option("--out", options->out, "write the letters into this folder; otherwise they are only listed")
      ->type_name("DIR");
  app.add_option("--format", options->form, "odt (default), docx, pdf, text or html")
      ->type_name("FORM")
      ->check(CLI::IsMember({"odt", "docx", "pdf", "text", "html"}));
  app.add_option("--about", options->request.named, "ask about this value, too, although nothing ties it to the attack")
      ->type_name("VALUE")
      ->allow_extra_args(false);
  app.add_flag_callback(
      "--all", [options] { options->request.ask = questions::QuestionRequest::Ask::all; },
      "ask about all accounts and addresses that were seen");
  add_address_data_option(app, options->data);
  app.add_option("--providers", options->providers, "folder of providers instead of the installed one")
      ->type_name("DIR");
  app.add_option("--agencies", options->agencies, "folder of agencies instead of the installed one")->type_name("DIR");
  return [options](Context& context) { return run_questions(*options, context); };
}

}  // namespace

const Command k_questions_command = {
    .name = "questions",
    .summary = "Write the letters of the inquiry: whom to ask for what, for which times, by which way",
    .description =
        "From all that the case knows: for each provider of an account and each network of an address a request to "
        "preserve\n"
        "and to give records, with spans of time in UTC and local time, ports, references to evidence, the way of the "
        "law\n"
        "and days by which the preservation is to be renewed; for the police, Interpol, mutual legal assistance and "
        "the\n"
        "CERT the questions of the whole case. What is not known is a line to fill in. Statements that nobody has "
        "checked\n"
        "lately are marked 'check before use'. No letter names a person, and an address is a server.",
    .examples =
        "  lastgood --case /root/night.case questions\n"
        "  lastgood --case /root/night.case questions --out letters --format docx\n"
        "  lastgood --case /root/night.case questions --about 203.0.113.7 --out letters",
    .declare = declare_questions};

}  // namespace lastgood::cli
