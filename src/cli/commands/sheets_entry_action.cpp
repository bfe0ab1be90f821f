// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backentry/entry_book.h"
#include "backentry/entry_talk.h"
#include "backentry/form_page.h"
#include "backentry/match_entries.h"
#include "backentry/number_book.h"
#include "backentry/write_hl7.h"
#include "base/checksum.h"
#include "base/counted.h"
#include "base/human.h"
#include "base/misuse.h"
#include "cli/commands/sheets_actions.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/random.h"
#include "os/terminal.h"
#include "os/typed_lines.h"
#include "readiness/kept_services.h"
#include "sheets/ask_patients.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_line_bytes_max = 8'192;

/// ", a number of ward-census W-1", or that no sheet has it.
std::string about_number(const std::string& case_folder, const std::string& number) {
  const auto given = backentry::find_number(case_folder, number);
  if (given.ok() && given.value())
    return fmt::format(", a number of {} {}", given.value()->sheet, given.value()->packet);
  return ", a number that no sheet of this case has: look whether it was read rightly";
}

/// As it stands after its corrections.
std::optional<backentry::Entry> find_entry(const std::string& case_folder, std::uint64_t id) {
  const auto book = backentry::read_book(case_folder);
  const backentry::Entry* entry = book.ok() ? book.value().standing_for(id) : nullptr;
  return entry == nullptr ? std::nullopt : std::optional<backentry::Entry>(*entry);
}

/// Keeps an entry, and says what a person should know of its number.
backentry::Taken keep(const std::string& case_folder, const backentry::Answers& answers) {
  backentry::Taken taken;
  backentry::ReadEntry read = backentry::read_answers(answers);
  taken.mistakes = std::move(read.mistakes);
  if (!taken.mistakes.empty()) return taken;
  const std::string number = read.entry.number;
  const auto added = backentry::add_entry(case_folder, std::move(read.entry), os::SystemClock());
  if (!added.ok()) {
    taken.mistakes.push_back({{}, added.error().what});
    return taken;
  }
  taken.done = fmt::format("kept as entry {}: {} {}{}", added.value().id, backentry::name_of(added.value().what),
                           number, about_number(case_folder, number));
  taken.entry = added.value().id;
  return taken;
}

struct EntryOptions {
  std::string by;
  bool page = false;
  std::string patients;
  std::string kind = "postgresql";
  std::string database;
  std::string sql;
  std::string scratch;
  std::vector<std::uint64_t> decide;
  std::string number;
  bool is_new = false;
  std::string form = "hl7";
  std::string out;
  bool overwrite = false;
};

base::Status seal(const std::string& folder) {
  LG_ASSIGN(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(folder));
  return backentry::seal_book(folder, *ledger);
}

/// How many.
struct Entered {
  std::size_t kept = 0;
  std::size_t refused = 0;
};

void print_taken(const backentry::Taken& taken, Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "back_entry"}, {"kept", taken.mistakes.empty()}};
    set_text(line, "text", taken.done);
    line["mistakes"] = nlohmann::ordered_json::array();
    for (const backentry::Mistake& mistake : taken.mistakes) line["mistakes"].push_back(mistake.sentence);
    context.out << line.dump() << "\n";
  } else {
    if (taken.mistakes.empty()) context.out << taken.done << "\n\n";
    for (const backentry::Mistake& mistake : taken.mistakes)
      context.out << "NOT KEPT: " << base::printable(mistake.sentence) << "\n";
  }
  context.out.flush();
}

/// From a pipe: a line a field, and what is wrong is not kept.
Entered enter_lines(const EntryOptions& options, const Session& session, os::TypedLines& lines, Context& context) {
  Entered entered;
  while (!os::stop_requested()) {
    backentry::Answers answers = {{"typed_by", options.by}};
    bool ended = false;
    for (const backentry::Field& field : backentry::fields()) {
      if (context.output == Output::text) context.out << fmt::format("{}: ", field.question) << std::flush;
      const auto line = lines.next(k_line_bytes_max);
      ended = !line || (field.key == "number" && line->empty());
      if (ended) break;
      answers.insert_or_assign(std::string(field.key), *line);
    }
    // What was begun and not ended is not kept: half an entry is none.
    if (ended) break;
    const backentry::Taken taken = keep(session.folder, answers);
    print_taken(taken, context);
    ++(taken.mistakes.empty() ? entered.kept : entered.refused);
  }
  return entered;
}

/// With a person at a terminal.
Entered talk(const EntryOptions& options, const Session& session, os::TypedLines& lines, Context& context) {
  Entered entered;
  backentry::EntryTalk talk(
      options.by, {.entry = [&](std::uint64_t id) { return find_entry(session.folder, id); },
                   .about_number = [&](const std::string& number) { return about_number(session.folder, number); }});
  context.out << backentry::EntryTalk::how_to();
  while (true) {
    context.out << talk.prompt() << std::flush;
    const auto line = lines.next(k_line_bytes_max);
    if (!line) break;
    const auto next = talk.take(*line);
    if (next == backentry::EntryTalk::Next::ended) break;
    if (next != backentry::EntryTalk::Next::keep) continue;
    const backentry::Taken taken = keep(session.folder, talk.answers());
    if (taken.mistakes.empty()) {
      ++entered.kept;
      print_taken(taken, context);
      talk.begin_next();
    } else {
      talk.refuse(taken.mistakes.front().sentence);
    }
  }
  if (talk.is_begun()) context.out << "\nwhat was begun is not kept\n";
  return entered;
}

Outcome enter(const EntryOptions& options, const Session& session, Context& context) {
  os::TypedLines lines;
  const bool is_asked = context.output == Output::text && os::TypedLines::at_terminal();
  const Entered entered =
      is_asked ? talk(options, session, lines, context) : enter_lines(options, session, lines, context);
  const base::Status sealed = seal(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  if (context.output == Output::text)
    context.out << fmt::format("\n{} kept, {} not kept\n", entered.kept, entered.refused);
  return entered.refused == 0 ? ExitCode::done : ExitCode::in_part;
}

Outcome serve_page(const EntryOptions& options, const Session& session, Context& context) {
  std::array<std::uint8_t, 16> secret{};
  os::fill_random(secret);
  const std::string token = base::hex(base::ByteView(std::span<const std::uint8_t>(secret)));
  const auto load = [&](std::uint64_t id) {
    backentry::Answers answers;
    if (const auto entry = find_entry(session.folder, id)) {
      answers = backentry::answers_of(*entry);
      answers.insert_or_assign("corrects", std::to_string(entry->id));
    }
    answers.insert_or_assign("typed_by", options.by);
    return answers;
  };
  LG_OUTCOME(const std::unique_ptr<backentry::FormPage> page,
             backentry::FormPage::open(
                 token, [&](const backentry::Answers& answers) { return keep(session.folder, answers); }, load),
             ExitCode::case_failed);
  context.out << "open in this machine's browser: " << page->url()
              << "\nthe address is the key: give it to nobody; Ctrl-C ends\n"
              << std::flush;
  while (!os::stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  page->stop();
  const base::Status sealed = seal(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  return ExitCode::done;
}

Outcome run_enter(const EntryOptions& options, Context& context) {
  if (!options.page && options.by.empty())
    return Failure{base::misuse("who types is not said", "such as: lastgood sheets enter --by 'Nurse Mary'"),
                   ExitCode::wrong_use};
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  os::catch_stop_signals();
  const Session& session = std::get<Session>(opened);
  return options.page ? serve_page(options, session, context) : enter(options, session, context);
}

Outcome run_decide(const EntryOptions& options, Context& context) {
  if (options.by.empty() || (options.number.empty() == !options.is_new))
    return Failure{
        base::misuse("a decision needs who decides, and either a patient's number or that the person is new",
                     "such as: sheets match --decide 7 --number UH0012345 --by 'Dr Rao', or --new instead of --number"),
        ExitCode::wrong_use};
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const Session& session = std::get<Session>(opened);
  for (const std::uint64_t entry : options.decide) {
    const base::Status kept =
        backentry::add_decision(session.folder, {entry, options.number, options.by, {}}, os::SystemClock());
    if (!kept.ok()) return Failure{kept.error(), exit_code_of_case_error(kept.error().code)};
  }
  const base::Status sealed = seal(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  context.out << fmt::format("{} decided\n", options.decide.size());
  return ExitCode::done;
}

void print_pair(const backentry::Entry& entry, const std::vector<backentry::Suggestion>& suggestions,
                Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "back_entry_match"}, {"entry", entry.id}};
    set_text(line, "number", entry.number);
    set_text(line, "name", entry.name);
    line["suggestions"] = nlohmann::ordered_json::array();
    for (const backentry::Suggestion& one : suggestions)
      line["suggestions"].push_back({{"patient_number", base::printable(one.number)},
                                     {"name", base::printable(one.name)},
                                     {"sex", base::printable(one.sex)},
                                     {"birth_date", base::printable(one.birth_date)},
                                     {"phone", base::printable(one.phone)},
                                     {"reasons", one.reasons}});
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("entry {}: {} {}\n  typed:    {:<14} {:<30} {} {:<10} {}\n", entry.id,
                             backentry::name_of(entry.what), base::printable(entry.number),
                             base::printable(entry.patient_number), base::printable(entry.name), entry.sex,
                             base::printable(entry.age), base::printable(entry.phone));
  if (suggestions.empty()) context.out << "  database: nobody with this number, telephone or name\n";
  for (const backentry::Suggestion& one : suggestions) {
    std::string reasons;
    for (const std::string& reason : one.reasons) reasons += (reasons.empty() ? "" : ", ") + reason;
    context.out << fmt::format("  database: {:<14} {:<30} {} {:<10} {}  ({})\n", one.number, one.name, one.sex,
                               one.birth_date, one.phone, reasons);
  }
}

base::Result<sheets::PatientQuestion> question_of(const EntryOptions& options, sheets::CaseOfSheets& of,
                                                  const sheets::MakeOptions& make) {
  if (options.patients.empty()) {
    LG_ASSIGN(const std::vector<sheets::Pack> packs, sheets::read_packs(""));
    return sheets::find_patient_question(of, packs, make);
  }
  if (options.sql.empty())
    return base::misuse("--patients needs --sql", "a question with number, name, sex, birth_date, phone");
  sheets::PatientQuestion question;
  question.sql = options.sql;
  question.unit.path = options.patients;
  question.unit.database = options.database;
  for (const auto kind : {services::DataKind::postgresql, services::DataKind::mariadb, services::DataKind::sqlite}) {
    if (services::name_of(kind) == options.kind) question.unit.kind = kind;
  }
  return question;
}

/// What the case's services say of the same data: without its logs the morning's patients are missing.
void take_logs(services::DataUnit& unit, const std::string& case_folder) {
  const auto file = readiness::read_case_services({}, case_folder);
  if (!file.ok()) return;
  for (const services::Service& service : file.value().services) {
    for (const services::DataUnit& data : service.data) {
      if (data.path == unit.path && unit.logs.empty()) unit.logs = data.logs;
    }
  }
}

Outcome run_match(const EntryOptions& options, Context& context) {
  if (!options.decide.empty()) return run_decide(options, context);
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(session.folder),
             ExitCode::ledger_broken);
  LG_OUTCOME(const backentry::Book book, backentry::read_book(session.folder), ExitCode::case_damaged);
  if (book.entries.empty()) {
    context.out << "nothing was entered yet; next: lastgood sheets enter --by NAME\n";
    return ExitCode::done;
  }
  TerminalPrompt prompt;
  sheets::CaseOfSheets of{session.folder, *session.store, *ledger, prompt};
  sheets::MakeOptions make;
  make.scratch = scratch_folder_of(options.scratch);
  make.open_server = &engines::open_scratch_server;
  LG_OUTCOME(sheets::PatientQuestion question, question_of(options, of, make), ExitCode::source_missing);
  take_logs(question.unit, session.folder);
  backentry::PatientMatcher matcher(book);
  LG_OUTCOME(const std::string source, sheets::ask_patients(of, question, make, matcher), ExitCode::in_part);
  if (context.output == Output::text) {
    context.out << fmt::format("compared with {} persons of {}\n", human_count(matcher.rows()),
                               base::printable(source));
    for (const std::string& missing : matcher.missing()) context.out << "the question has " << missing << "\n";
  }
  for (const backentry::Entry* entry : book.standing()) {
    if (book.decision_of(entry->id) == nullptr) print_pair(*entry, matcher.suggestions(entry->id), context);
  }
  if (context.output == Output::text)
    context.out
        << "who is who is for a person to decide: lastgood sheets match --decide ENTRY --number NUMBER --by NAME\n";
  return ExitCode::done;
}

Outcome run_export(const EntryOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const Session& session = std::get<Session>(opened);
  LG_OUTCOME(const backentry::Book book, backentry::read_book(session.folder), ExitCode::case_damaged);
  std::string time;
  for (const char c : base::utc_time(os::SystemClock().now_ns())) {
    if (c >= '0' && c <= '9') time += c;
  }
  std::string text = options.form == "csv" ? backentry::write_review_csv(book) : backentry::write_hl7(book, time);
  if (options.out.empty()) {
    context.out << text;
    return ExitCode::done;
  }
  // Spreadsheets take a table without this mark for one in the machine's old code page: names in Indian scripts break.
  if (options.form == "csv") text.insert(0, "\xEF\xBB\xBF");
  LG_OUTCOME(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(session.folder),
             ExitCode::ledger_broken);
  LG_OUTCOME(
      [[maybe_unused]] const ledger::Head head,
      ledger->append("back-entries-exported", {{"form", options.form}, {"path", options.out}, {"sha256", book.head}}),
      ExitCode::ledger_failed);
  const base::Status written = os::write_atomic_file(options.out, base::ByteView(std::string_view(text)),
                                                     options.overwrite ? os::Overwrite::yes : os::Overwrite::no);
  if (!written.ok()) return Failure{written.error(), ExitCode::in_part};
  const std::vector<const backentry::Entry*> standing = book.standing();
  const auto open = std::count_if(standing.begin(), standing.end(), [&](const backentry::Entry* entry) {
    return book.decision_of(entry->id) == nullptr;
  });
  context.out << fmt::format(
      "{}: {}, {} of them without a decision on who it is; to be reviewed before anything takes it in\n",
      base::printable(options.out), base::counted(standing.size(), "entry", "entries"), open);
  const auto payments = std::count_if(standing.begin(), standing.end(), [](const backentry::Entry* entry) {
    return entry->what == backentry::What::payment;
  });
  if (options.form != "csv" && payments > 0)
    context.out << fmt::format("{} not in it: ADT, ORM and ORU have no message for them; --form csv has all\n",
                               base::counted(static_cast<std::uint64_t>(payments), "payment is", "payments are"));
  return ExitCode::done;
}

}  // namespace

std::vector<SheetsWord> declare_back_entry(CLI::App& app) {
  const auto options = std::make_shared<EntryOptions>();
  CLI::App* enter = app.add_subcommand("enter", "type in what was written on paper, kept in the case");
  enter->add_option("--by", options->by, "who types")->type_name("NAME");
  enter->add_flag("--page", options->page, "a form in this machine's browser instead of the terminal");
  CLI::App* match =
      app.add_subcommand("match", "show who of the database may be whom an entry is about; record decisions");
  match->add_option("--patients", options->patients, "the database folder with the patients (default: by pack)")
      ->type_name("PATH");
  match->add_option("--kind", options->kind, "of it")
      ->check(CLI::IsMember({"postgresql", "mariadb", "sqlite"}))
      ->capture_default_str();
  match->add_option("--database", options->database, "of it")->type_name("NAME");
  match->add_option("--sql", options->sql, "question with the columns number, name, sex, birth_date, phone")
      ->type_name("SQL");
  match->add_option("--scratch", options->scratch, "databases are started on copies below this folder")
      ->type_name("DIR");
  match->add_option("--decide", options->decide, "entries about one person")->type_name("ENTRY...");
  match->add_option("--number", options->number, "who it is: the number in the database")->type_name("NUMBER");
  match->add_flag("--new", options->is_new, "it is nobody whom the database knows");
  match->add_option("--by", options->by, "who decides")->type_name("NAME");
  CLI::App* exported = app.add_subcommand("export", "write the entries as HL7 v2 messages or a table, for review");
  exported->add_option("--form", options->form, "hl7 or csv")
      ->check(CLI::IsMember({"hl7", "csv"}))
      ->capture_default_str();
  exported->add_option("--out", options->out, "file (default: standard output)")->type_name("FILE");
  exported->add_flag("--overwrite", options->overwrite, "replace FILE when it is there");
  return {{enter, [options](Context& context) { return run_enter(*options, context); }},
          {match, [options](Context& context) { return run_match(*options, context); }},
          {exported, [options](Context& context) { return run_export(*options, context); }}};
}

}  // namespace lastgood::cli
