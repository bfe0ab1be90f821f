// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backentry/doubts.h"
#include "backentry/entry_book.h"
#include "backentry/entry_talk.h"
#include "backentry/form_page.h"
#include "backentry/number_book.h"
#include "backentry/persons_of_numbers.h"
#include "base/checksum.h"
#include "base/foreign_digits.h"
#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/back_entry_actions.h"
#include "cli/commands/sheets_actions.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "os/clock.h"
#include "os/random.h"
#include "os/terminal.h"
#include "os/typed_lines.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_line_bytes_max = 8'192;

/// ", a number of ward-census W-1", or what keeps us from saying so.
std::string about_number(const std::string& case_folder, const std::string& number) {
  const auto given = backentry::find_number(case_folder, number);
  if (!given.ok()) return ", not looked up: " + given.error().what;
  if (given.value()) return fmt::format(", a number of {} {}", given.value()->sheet, given.value()->packet);
  const auto any = backentry::has_given_numbers(case_folder);
  if (any.ok() && !any.value()) return ", not looked up: this case has printed no numbers";
  return ", a number that no sheet of this case has: look whether it was read rightly";
}

backentry::NumberIs look_up(const std::string& case_folder, const std::string& number) {
  const auto given = backentry::find_number(case_folder, number);
  const auto any = backentry::has_given_numbers(case_folder);
  if (!given.ok() || !any.ok() || !any.value()) return backentry::NumberIs::not_looked_up;
  return given.value() ? backentry::NumberIs::given : backentry::NumberIs::not_given;
}

/// What a person is to be asked before the answers are kept, by all that the case knows now; `book` is null where it
/// cannot be read.
std::vector<backentry::Doubt> doubts_by(const backentry::Book* book, const std::string& case_folder,
                                        const std::string& zone, const backentry::Answers& answers) {
  const backentry::Entry entry = backentry::read_answers(answers).entry;
  backentry::Known known{os::SystemClock().now_ns(), zone, backentry::NumberIs::not_looked_up, {}, 0};
  if (!entry.number.empty()) {
    known.number = look_up(case_folder, entry.number);
    if (book != nullptr) {
      known.other_holders = backentry::other_holders(*book, entry);
      const std::vector<const backentry::Entry*> same = backentry::same_papers(*book, entry);
      known.same_paper = same.empty() ? 0 : same.front()->id;
    }
  }
  return backentry::open_doubts(answers, known);
}

std::vector<backentry::Doubt> doubts_about(const std::string& case_folder, const std::string& zone,
                                           const backentry::Answers& answers) {
  // A book that cannot be read is said when the entry is to be kept.
  const auto book = backentry::read_book(case_folder);
  return doubts_by(book.ok() ? &book.value() : nullptr, case_folder, zone, answers);
}

/// As it stands after its corrections.
std::optional<backentry::Entry> find_entry(const std::string& case_folder, std::uint64_t id) {
  const auto book = backentry::read_book(case_folder);
  const backentry::Entry* entry = book.ok() ? book.value().standing_for(id) : nullptr;
  return entry == nullptr ? std::nullopt : std::optional<backentry::Entry>(*entry);
}

/// Keeps an entry, and says what a person should know of its number.
backentry::Taken keep(const std::string& case_folder, const std::string& zone, const backentry::Answers& answers) {
  backentry::Taken taken;
  backentry::ReadEntry read = backentry::read_answers(answers);
  taken.mistakes = std::move(read.mistakes);
  if (!taken.mistakes.empty()) {
    taken.doubts = doubts_about(case_folder, zone, answers);
    return taken;
  }
  // As it is printed: the same number typed in small letters is the same paper.
  if (const auto given = backentry::find_number(case_folder, read.entry.number); given.ok() && given.value())
    read.entry.number = given.value()->number;
  const std::string number = read.entry.number;
  auto added = backentry::add_entry_without_doubts(
      case_folder, std::move(read.entry), os::SystemClock(),
      [&](const backentry::Book& book) { return doubts_by(&book, case_folder, zone, answers); });
  if (!added.ok()) {
    taken.mistakes.push_back({{}, added.error().what});
    return taken;
  }
  taken.doubts = std::move(added.value().doubts);
  if (!taken.is_taken()) return taken;
  const backentry::Entry& entry = added.value().entry;
  taken.done = fmt::format("kept as entry {}: {} {}{}", entry.id, backentry::name_of(entry.what), number,
                           about_number(case_folder, number));
  taken.entry = entry.id;
  return taken;
}

/// How many.
struct Entered {
  std::size_t kept = 0;
  std::size_t refused = 0;
};

void print_taken(const backentry::Taken& taken, Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "back_entry"}, {"kept", taken.is_taken()}};
    set_text(line, "text", taken.done);
    line["mistakes"] = nlohmann::ordered_json::array();
    for (const backentry::Mistake& mistake : taken.mistakes)
      line["mistakes"].push_back(base::printable(mistake.sentence));
    line["doubts"] = nlohmann::ordered_json::array();
    for (const backentry::Doubt& doubt : taken.doubts) line["doubts"].push_back(base::printable(doubt.sentence));
    context.out << line.dump() << "\n";
  } else {
    if (taken.is_taken()) context.out << base::printable(taken.done) << "\n\n";
    for (const backentry::Mistake& mistake : taken.mistakes)
      context.out << "NOT KEPT: " << base::printable(mistake.sentence) << "\n";
    for (const backentry::Doubt& doubt : taken.doubts)
      context.out << fmt::format("NOT KEPT: {}; '=' before the {} keeps it, where the paper really has it so\n",
                                 base::printable(doubt.sentence), doubt.field);
  }
  context.out.flush();
}

/// "=W-0001": the paper really has it so, whosever number it is; before the time: also where it was typed before.
void put_line(backentry::Answers& answers, const backentry::Field& field, std::string line) {
  const bool is_sure = backentry::can_be_doubted(field.key) && line.starts_with('=');
  answers.insert_or_assign(std::string(field.key), is_sure ? line.substr(1) : std::move(line));
  if (is_sure) backentry::confirm(answers, field.key);
  if (is_sure && field.key == "number") backentry::confirm(answers, "person");
  if (is_sure && field.key == "paper_time") backentry::confirm(answers, "again");
}

/// "#6" in place of a downtime number: all that entry 6 says, to be typed over. Of one that is not there it stays as it
/// was typed, which is a mistake.
void begin_correction(const std::string& case_folder, const std::string& typed, backentry::Answers& answers) {
  std::string scratch;
  std::string id(base::with_ascii_digits(typed, scratch));
  std::erase(id, ' ');
  const bool is_number = !id.empty() && id.size() <= 9 && id.find_first_not_of("0123456789") == std::string::npos;
  const auto entry = is_number ? find_entry(case_folder, std::stoul(id)) : std::nullopt;
  if (!entry) {
    answers.insert_or_assign("number", "#" + typed);
    return;
  }
  const std::string by = answers.at("typed_by");
  answers = backentry::answers_of(*entry);
  answers.insert_or_assign("typed_by", by);
  answers.insert_or_assign("corrects", std::to_string(entry->id));
}

/// From a pipe: a line a field, and what is wrong is not kept.
Entered enter_lines(const EntryOptions& options, const Session& session, os::TypedLines& lines, Context& context) {
  Entered entered;
  while (!os::stop_requested()) {
    backentry::Answers answers = {{"typed_by", options.by}};
    bool ended = false;
    for (const backentry::Field& field : backentry::fields()) {
      if (!backentry::is_asked(field, answers)) continue;
      if (context.output == Output::text)
        context.out << fmt::format("{}: ", backentry::question_of(field, answers)) << std::flush;
      const auto line = lines.next(k_line_bytes_max);
      if (!line && field.key == "corrects") break;  // the last entry may end without its empty line
      ended = !line || (field.key == "number" && line->empty());
      if (ended) break;
      if (field.key == "number" && line->starts_with('#'))
        begin_correction(session.folder, line->substr(1), answers);
      else if (!answers.contains("corrects"))
        put_line(answers, field, *line);
      else if (!line->empty())  // of a correction what is left empty stays as it was
        put_line(answers, field, *line == "-" ? std::string() : *line);
    }
    // Half an entry is none: what was begun and not ended is not kept, and said.
    if (ended && answers.contains("number") && !os::stop_requested()) {
      const std::string sentence =
          fmt::format("the entry of {} ends before its last line, the time on the paper", answers.at("number"));
      print_taken({.mistakes = {{"", sentence}}, .done = {}}, context);
      ++entered.refused;
    }
    if (ended) break;
    const backentry::Taken taken = keep(session.folder, zone_of(*session.store), answers);
    print_taken(taken, context);
    ++(taken.is_taken() ? entered.kept : entered.refused);
  }
  return entered;
}

/// With a person at a terminal.
Entered talk(const EntryOptions& options, const Session& session, os::TypedLines& lines, Context& context) {
  Entered entered;
  const std::string zone = zone_of(*session.store);
  backentry::EntryTalk talk(
      options.by,
      {.entry = [&](std::uint64_t id) { return find_entry(session.folder, id); },
       .about_number = [&](const std::string& number) { return about_number(session.folder, number); },
       .doubts = [&](const backentry::Answers& answers) { return doubts_about(session.folder, zone, answers); }});
  context.out << backentry::EntryTalk::how_to();
  while (true) {
    context.out << talk.prompt() << std::flush;
    const auto line = lines.next(k_line_bytes_max);
    if (!line) break;
    const auto next = talk.take(*line);
    if (next == backentry::EntryTalk::Next::ended) break;
    if (next != backentry::EntryTalk::Next::keep) continue;
    const backentry::Taken taken = keep(session.folder, zone, talk.answers());
    if (taken.is_taken()) {
      ++entered.kept;
      print_taken(taken, context);
      talk.begin_next();
    } else {
      // A doubt that came up meanwhile, by somebody at another desk, is shown with the rest.
      talk.refuse(taken.mistakes.empty() ? "not kept yet: look at what is not sure below"
                                         : taken.mistakes.front().sentence);
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
  const base::Status sealed = seal_back_entries(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  if (context.output == Output::text)
    context.out << fmt::format("\n{} kept, {} not kept\n", entered.kept, entered.refused);
  return entered.refused == 0 ? ExitCode::done : ExitCode::in_part;
}

Outcome serve_page(const EntryOptions& options, const Session& session, Context& context) {
  std::array<std::uint8_t, 16> secret{};
  os::fill_random(secret);
  const std::string token = base::hex(base::ByteView(std::span<const std::uint8_t>(secret)));
  const std::string zone = zone_of(*session.store);
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
                 token, [&](const backentry::Answers& answers) { return keep(session.folder, zone, answers); }, load),
             ExitCode::case_failed);
  context.out << "open in this machine's browser: " << page->url()
              << "\nthe address is the key: give it to nobody; Ctrl-C ends\n"
              << std::flush;
  while (!os::stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  page->stop();
  const base::Status sealed = seal_back_entries(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  return ExitCode::done;
}

}  // namespace

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

base::Status seal_back_entries(const std::string& case_folder) {
  LG_ASSIGN(const std::unique_ptr<ledger::Ledger> ledger, ledger::open_ledger(case_folder));
  return backentry::seal_book(case_folder, *ledger);
}

std::vector<SheetsWord> declare_back_entry(CLI::App& app) {
  const auto options = std::make_shared<EntryOptions>();
  CLI::App* enter = app.add_subcommand("enter", "type in what was written on paper, kept in the case");
  enter->add_option("--by", options->by, "who types")->type_name("NAME");
  enter->add_flag("--page", options->page, "a form in this machine's browser instead of the terminal");
  CLI::App* match =
      app.add_subcommand("match", "show who of the database may be whom an entry is about; record decisions");
  match
      ->add_option("--patients", options->patients,
                   "the database folder or file with the patients: what lies there, also while its server runs, else "
                   "the newest copy of it (default: the one that a pack knows; where this case has restored it in its "
                   "place, as it is there now)")
      ->type_name("PATH");
  match->add_option("--kind", options->kind, "of it (default: by what lies there)")
      ->check(CLI::IsMember({"postgresql", "mariadb", "sqlite"}));
  match->add_option("--database", options->database, "of it")->type_name("NAME");
  match
      ->add_option(
          "--sql", options->sql,
          "question with the columns number, name, sex, birth_date, phone, and place if there is one (default: that "
          "of the pack whose tables it has)")
      ->type_name("SQL");
  match->add_option("--scratch", options->scratch, "databases are started on copies below this folder")
      ->type_name("DIR");
  match->add_option("--decide", options->decide, "entries about one person")->type_name("ENTRY...");
  match->add_option("--number", options->number, "who it is: the number in the database")->type_name("NUMBER");
  match->add_flag(
      "--as-written", options->as_written,
      "keep a decision, too, that looks like a slip: a NUMBER that the database has not, of somebody else, or of "
      "somebody with another telephone, name, sex or age, "
      "one person of entries that contradict each other");
  match->add_flag("--overrule", options->overrule, "decide otherwise than somebody has; both decisions are kept");
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
