// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backentry/check_decision.h"
#include "backentry/entry_book.h"
#include "backentry/match_entries.h"
#include "backentry/persons_of_numbers.h"
#include "backentry/shown_patients.h"
#include "base/human.h"
#include "base/misuse.h"
#include "cli/ask_who_is_known.h"
#include "cli/case_zone.h"
#include "cli/commands/back_entry_actions.h"
#include "cli/commands/sheets_actions.h"
#include "cli/open_session.h"
#include "cli/output/back_entry_lines.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "os/clock.h"
#include "sheets/ask_patients.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_same_shown_max = 5;

/// `earlier` empty: nobody had decided on it.
void print_decision(const backentry::Decision& decision, const std::string& earlier, Context& context) {
  nlohmann::ordered_json line = {{"type", "back_entry_decision"}, {"entry", decision.entry}};
  if (decision.patient_number.empty())
    line["patient_number"] = nullptr;
  else
    set_text(line, "patient_number", decision.patient_number);
  line["person"] = decision.called_after();
  set_text(line, "by", decision.by);
  line["decided"] = decision.decided;
  if (!earlier.empty()) set_text(line, "earlier", earlier);
  context.out << line.dump() << "\n";
}

/// Those that stay open under the numbers of what was decided: a number is one person.
void print_left_open(const backentry::Book& book, const std::vector<std::uint64_t>& decided, Context& context) {
  for (const backentry::Clash& clash : backentry::open_clashes(book)) {
    const auto is_decided = [&](const backentry::Entry* entry) {
      return std::find(decided.begin(), decided.end(), entry->id) != decided.end();
    };
    if (std::any_of(clash.entries.begin(), clash.entries.end(), is_decided)) print_clash(book, clash, context);
  }
}

std::string person_of(const backentry::Suggestion& one) {
  return fmt::format("{}, {}, born {}, telephone {}", base::printable(one.name), base::printable(one.sex),
                     one.birth_date.empty() ? "unknown" : base::printable(one.birth_date),
                     one.phone.empty() ? "unknown" : base::printable(one.phone));
}

/// Numbers of entries: "2, 8".
std::string listed(const std::vector<std::uint64_t>& entries) {
  std::string out;
  for (const std::uint64_t entry : entries) out += (out.empty() ? "" : ", ") + std::to_string(entry);
  return out;
}

/// A number that was not shown for these entries: it must be somebody's, and of somebody whom each of them can mean,
/// because a wrong digit leads to nobody, and a slip of the line to a stranger. The number as the database spells it.
base::Result<std::string> check_not_shown(const EntryOptions& options, const std::vector<std::uint64_t>& entries,
                                          const backentry::Book& book, Session& session, Context& context) {
  backentry::PatientLookUp look_up(options.number);
  const auto source = ask_who_is_known(options, session, look_up);
  const char* hint = "look whether it was typed rightly, and whose entry it is; --as-written keeps it all the same";
  const std::string not_shown =
      fmt::format("no 'sheets match' has shown a patient '{}' for {} {}", base::printable(options.number),
                  entries.size() == 1 ? "entry" : "entries", listed(entries));
  if (const auto* failure = std::get_if<Failure>(&source))
    return base::misuse(fmt::format("{}, and the database cannot be asked: {}", not_shown, failure->error.what), hint);
  if (!look_up.found())
    return base::misuse(
        fmt::format("{}, and {} has {}", not_shown, base::printable(std::get<sheets::AskedPatients>(source).source),
                    look_up.is_ambiguous() ? "several that differ in capital letters or blanks alone" : "none"),
        hint);
  const backentry::Suggestion& person = *look_up.found();
  backentry::ShownPatients shown;
  for (const std::uint64_t id : entries) {
    const backentry::Entry* entry = book.standing_for(id);
    if (entry == nullptr) continue;  // the book says so itself
    const std::string why_not = backentry::not_the_one(*entry, person);
    if (!why_not.empty())
      return base::misuse(
          fmt::format("patient '{}' is {}: {}", person.number, person_of(person), base::printable(why_not)), hint);
    shown[id].emplace(person.number, std::string());
  }
  if (context.output == Output::text) context.out << fmt::format("{} is {}\n", person.number, person_of(person));
  LG_TRY(backentry::keep_shown(session.folder, shown));
  return person.number;
}

/// The patient number to be kept; empty for a new person. Refuses what looks like a slip.
base::Result<std::string> checked_number(const EntryOptions& options, Session& session, Context& context) {
  if (options.as_written) return options.number;
  LG_ASSIGN(const backentry::Book book, backentry::read_book(session.folder));
  const std::string apart = backentry::told_apart(book, options.decide);
  if (!apart.empty())
    return base::misuse(fmt::format("one decision about several entries makes them one person, and these have {}",
                                    base::printable(apart)),
                        "decide on each of them alone; --as-written keeps it where they are one person all the same");
  if (options.is_new) return std::string();
  LG_ASSIGN(const backentry::ShownPatients shown, backentry::read_shown(session.folder));
  std::string number;
  std::vector<std::uint64_t> not_shown;
  for (const std::uint64_t entry : options.decide) {
    const std::optional<std::string> spelled = backentry::shown_as(shown, entry, options.number);
    const backentry::Entry* typed = spelled ? book.standing_for(entry) : nullptr;
    const bool has_another =
        typed != nullptr && !typed->patient_number.empty() &&
        backentry::compare_patient_numbers(typed->patient_number, *spelled) == backentry::SamePatientNumber::no;
    if (has_another)
      return base::misuse(fmt::format("the paper of entry {} has the patient number '{}', and this is {}", entry,
                                      base::printable(typed->patient_number), base::printable(*spelled)),
                          "look whether it is the right line; --as-written keeps it where the paper has it wrong");
    if (spelled && !shown.at(entry).at(*spelled).empty())
      return base::misuse(
          fmt::format("patient '{}' is {}", base::printable(*spelled), base::printable(shown.at(entry).at(*spelled))),
          "look whether it is the right line; --as-written keeps it where it is this person all the same");
    if (spelled)
      number = *spelled;
    else
      not_shown.push_back(entry);
  }
  return not_shown.empty() ? number : check_not_shown(options, not_shown, book, session, context);
}

Outcome run_decide(const EntryOptions& options, Context& context) {
  if (options.by.empty() || (options.number.empty() == !options.is_new))
    return Failure{
        base::misuse("a decision needs who decides, and either a patient's number or that the person is new",
                     "such as: sheets match --decide 7 --number UH0012345 --by 'Dr Rao', or --new instead of --number"),
        ExitCode::wrong_use};
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  const std::string zone = zone_of(*session.store);
  const auto number = checked_number(options, session, context);
  if (!number.ok()) return Failure{number.error(), exit_code_of_case_error(number.error().code)};
  const auto standing =
      options.overrule ? backentry::EarlierDecision::is_overruled : backentry::EarlierDecision::stands;
  LG_OUTCOME(const backentry::Book before, backentry::read_book(session.folder), ExitCode::case_damaged);
  const base::Status kept = backentry::add_decisions(
      session.folder, options.decide, {0, number.value(), options.by, {}, 0}, standing, os::SystemClock(), zone);
  if (!kept.ok()) return Failure{kept.error(), exit_code_of_case_error(kept.error().code)};
  const base::Status sealed = seal_back_entries(session.folder);
  if (!sealed.ok()) return Failure{sealed.error(), ExitCode::ledger_failed};
  LG_OUTCOME(const backentry::Book book, backentry::read_book(session.folder), ExitCode::case_damaged);
  for (const std::uint64_t entry : options.decide) {
    const backentry::Decision* earlier = before.decision_of(entry);
    const std::string sentence = earlier == nullptr ? std::string() : backentry::sentence_of(before, *earlier, zone);
    if (context.output == Output::json)
      print_decision(*book.decision_of(entry), sentence, context);
    else if (earlier != nullptr)
      context.out << "before this: " << sentence << "; both stay in the book\n";
  }
  if (context.output == Output::text) context.out << fmt::format("{} decided\n", options.decide.size());
  print_left_open(book, options.decide, context);
  return ExitCode::done;
}

void print_pair_json(const backentry::Entry& entry, const backentry::Book& book,
                     const backentry::PatientMatcher& matcher, Context& context) {
  nlohmann::ordered_json line = {{"type", "back_entry_match"}, {"entry", entry.id}};
  set_text(line, "number", entry.number);
  set_text(line, "name", entry.name);
  line["found"] = matcher.found(entry.id);
  line["ordered_by"] = matcher.ordered_by(entry);
  line["suggestions"] = nlohmann::ordered_json::array();
  for (const backentry::Suggestion& one : matcher.suggestions(entry.id))
    line["suggestions"].push_back({{"patient_number", base::printable(one.number)},
                                   {"name", base::printable(one.name)},
                                   {"other_names", one.other_names},
                                   {"sex", base::printable(one.sex)},
                                   {"birth_date", base::printable(one.birth_date)},
                                   {"phone", base::printable(one.phone)},
                                   {"place", base::printable(one.place)},
                                   {"reasons", one.reasons}});
  line["same_telephone"] = nlohmann::ordered_json::array();
  for (const backentry::Entry* other : matcher.same_phone(entry)) line["same_telephone"].push_back(other->id);
  line["same_paper"] = nlohmann::ordered_json::array();
  for (const backentry::Entry* other : backentry::same_papers(book, entry)) line["same_paper"].push_back(other->id);
  context.out << line.dump() << "\n";
}

/// By what the likeliest were chosen, where there are more.
void print_order(const backentry::Entry& entry, const backentry::PatientMatcher& matcher, Context& context) {
  const std::vector<std::string> by = matcher.ordered_by(entry);
  std::string names;
  for (const std::string& name : by) names += (names.empty() ? "" : ", ") + name;
  const bool has_age = std::find(by.begin(), by.end(), "age") != by.end();
  const std::size_t shown = matcher.suggestions(entry.id).size();
  context.out << fmt::format(
      "  {} of {} that fit are shown, those first of whom most is the same ({}){}; {} more are not: a telephone or a "
      "patient number tells more, and --decide takes the NUMBER of one who is not shown\n",
      shown, human_count(matcher.found(entry.id)), names,
      has_age ? ", among equals the nearest in age" : ", no age to go by",
      human_count(matcher.found(entry.id) - shown));
}

std::string in_place(const std::string& place) {
  return place.empty() ? std::string() : fmt::format(", {}", base::printable(place));
}

void print_pair(const backentry::Entry& entry, const backentry::Book& book, const backentry::PatientMatcher& matcher,
                Context& context) {
  if (context.output == Output::json) return print_pair_json(entry, book, matcher, context);
  context.out << fmt::format("entry {}: {} {}\n  typed:    {:<14} {:<30} {} {:<10} {}{}\n", entry.id,
                             backentry::name_of(entry.what), base::printable(entry.number),
                             base::printable(entry.patient_number), base::printable(entry.name), entry.sex,
                             base::printable(entry.age), base::printable(entry.phone), in_place(entry.place));
  for (const backentry::Entry* other : backentry::same_papers(book, entry))
    context.out << fmt::format("  same paper?: entry {} says the same (number, person, text and time)\n", other->id);
  const std::vector<const backentry::Entry*> same = matcher.same_phone(entry);
  for (std::size_t i = 0; i < std::min(same.size(), k_same_shown_max); ++i)
    context.out << fmt::format("  same telephone: {} {}\n", base::printable(same[i]->number),
                               base::printable(backentry::person_line(*same[i])));
  if (same.size() > k_same_shown_max)
    context.out << fmt::format("  same telephone: {} more entries\n", same.size() - k_same_shown_max);
  const std::vector<backentry::Suggestion>& suggestions = matcher.suggestions(entry.id);
  if (suggestions.empty()) context.out << "  database: nobody with this number, telephone or name\n";
  for (const backentry::Suggestion& one : suggestions) {
    std::string reasons;
    for (const std::string& reason : one.reasons) reasons += (reasons.empty() ? "" : ", ") + reason;
    std::string name = one.name;
    for (const std::string& other : one.other_names) name += " / " + other;
    context.out << fmt::format("  database: {:<14} {:<30} {} {:<10} {}{}  ({})\n", one.number, name, one.sex,
                               one.birth_date, one.phone, in_place(one.place), reasons);
  }
  if (matcher.found(entry.id) > suggestions.size()) print_order(entry, matcher, context);
}

/// Of all who are printed below.
backentry::ShownPatients shown_numbers(const backentry::Book& book, const backentry::PatientMatcher& matcher) {
  backentry::ShownPatients out;
  for (const backentry::Entry* entry : book.standing()) {
    for (const backentry::Suggestion& one : matcher.suggestions(entry->id)) {
      const std::string but = backentry::not_the_one(*entry, one);
      out[entry->id].emplace(one.number, but.empty() ? but : fmt::format("{}: {}", person_of(one), but));
    }
  }
  return out;
}

}  // namespace

Outcome run_match(const EntryOptions& options, Context& context) {
  const base::Status meant = check_question(options);
  if (!meant.ok()) return Failure{meant.error(), ExitCode::wrong_use};
  if (!options.decide.empty()) return run_decide(options, context);
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const backentry::Book book, backentry::read_book(session.folder), ExitCode::case_damaged);
  if (book.entries.empty()) {
    context.out << fmt::format("nothing was entered yet; next: lastgood --case {} sheets enter --by NAME\n",
                               shell_word(session.folder));
    return ExitCode::done;
  }
  backentry::PatientMatcher matcher(book);
  auto source = ask_who_is_known(options, session, matcher);
  if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);
  const auto& asked = std::get<sheets::AskedPatients>(source);
  if (!asked.live_did_not.empty())
    context.err << "lastgood: NOT compared with " << base::printable(asked.live_did_not) << "\n";
  if (context.output == Output::text) {
    context.out << fmt::format("compared with {} persons of {}\n", human_count(matcher.rows()),
                               base::printable(asked.source));
    for (const std::string& missing : matcher.missing()) context.out << "the question has " << missing << "\n";
  }
  const base::Status kept = backentry::keep_shown(session.folder, shown_numbers(book, matcher));
  if (!kept.ok()) return Failure{kept.error(), exit_code_of_case_error(kept.error().code)};
  for (const backentry::Entry* entry : book.standing()) {
    if (book.decision_of(entry->id) == nullptr) print_pair(*entry, book, matcher, context);
  }
  for (const backentry::Clash& clash : backentry::open_clashes(book)) print_clash(book, clash, context);
  if (context.output == Output::text)
    context.out << fmt::format(
        "who is who is for a person to decide: lastgood --case {} sheets match --decide ENTRY... --number NUMBER (or "
        "--new) --by NAME\n",
        shell_word(session.folder));
  return ExitCode::done;
}

}  // namespace lastgood::cli
