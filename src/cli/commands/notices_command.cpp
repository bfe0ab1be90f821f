// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/local_time.h"
#include "base/misuse.h"
#include "base/rfc3339.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/time_option.h"
#include "ledger/kept_heads.h"
#include "notices/kept_drafts.h"
#include "notices/write_draft.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/paths.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

struct NoticesOptions {
  std::string rules_folder;
  CLI::App* aware = nullptr;
  CLI::App* draft = nullptr;
  std::string at;
  std::string by;
  std::string what;
  std::vector<std::string> rules;
  std::string out;
  std::string format = "text";
};

Failure notices_failure(const base::Error& error) { return {error, exit_code_of_case_error(error.code)}; }

/// The moment from which every clock counts: one entry of the ledger, said by a named person.
Outcome run_aware(const NoticesOptions& options, Context& context) {
  if (options.at.empty() || options.by.empty()) {
    return Failure{base::misuse("when the organisation became aware, and who says so, must be given",
                                "such as: notices aware --at 2022-11-23T07:07:00+05:30 --by 'Dr Rao, systems'"),
                   ExitCode::wrong_use};
  }
  LG_OUTCOME(const std::int64_t at_ns, parse_time_option("--at", options.at, {}), ExitCode::wrong_use);
  if (at_ns > os::SystemClock().now_ns())
    return Failure{base::misuse("--at lies in the future", "give the time at which it was noticed"),
                   ExitCode::wrong_use};
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const ledger::Head head,
             session.ledger->append(facts::k_kind_aware,
                                    {{"at", base::format_rfc3339(at_ns)}, {"by", options.by}, {"text", options.what}}),
             ExitCode::ledger_failed);
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "aware"}, {"at", base::format_rfc3339(at_ns)}};
    set_text(line, "by", options.by);
    line["ledger_entry"] = head.sequence;
    context.out << line.dump() << "\n";
  } else {
    context.out << fmt::format("aware: {}, said by {}, ledger entry {}\n",
                               base::time_in_zone_and_utc(at_ns, zone_of(*session.store)), base::printable(options.by),
                               head.sequence);
    context.out << fmt::format("next: lastgood --case {} ledger sign --key KEY, then notices\n",
                               shell_word(session.folder));
  }
  return ExitCode::done;
}

/// Whether a signed head of the ledger covers the entry.
base::Result<bool> is_signed(const std::string& case_folder, std::uint64_t entry) {
  LG_ASSIGN(const ledger::LedgerReading reading, ledger::read_with_heads(case_folder + "/ledger"));
  return std::any_of(reading.noted.heads.begin(), reading.noted.heads.end(), [&](const ledger::NotedHead& noted) {
    return !noted.signature.empty() && noted.head.entries >= entry;
  });
}

std::string time_left(std::int64_t due_ns, std::int64_t now_ns) {
  const double seconds = static_cast<double>(due_ns > now_ns ? due_ns - now_ns : now_ns - due_ns) / 1e9;
  const auto hours = static_cast<std::uint64_t>(seconds / 3600);
  const std::string amount = hours >= 96 ? fmt::format("{} days", hours / 24)
                             : hours > 0 ? fmt::format("{} h {} min", hours, static_cast<int>(seconds / 60) % 60)
                                         : fmt::format("{} min", static_cast<int>(seconds / 60));
  return due_ns > now_ns ? amount + " left" : "OVERDUE by " + amount;
}

void print_clock(const notices::Rule& rule, const notices::Stage& stage, const notices::Deadline& deadline,
                 std::int64_t now_ns, Context& context) {
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "clock"}, {"rule", rule.id}, {"stage", stage.id}};
    line["title"] = rule.title + ": " + stage.title;
    line["authority"] = rule.authority;
    line["due"] = deadline.due_ns ? nlohmann::ordered_json(base::format_rfc3339(*deadline.due_ns))
                                  : nlohmann::ordered_json(nullptr);
    line["deadline"] = deadline.sentence;
    line["overdue"] =
        deadline.due_ns ? nlohmann::ordered_json(*deadline.due_ns < now_ns) : nlohmann::ordered_json(nullptr);
    line["applies"] = rule.applies;
    line["checked"] = rule.checked;
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("  {:<14} {}{}\n", stage.id, deadline.sentence,
                             deadline.due_ns ? " (" + time_left(*deadline.due_ns, now_ns) + ")" : "");
}

/// One line for whoever has no time: what falls due next, and how much is late.
std::string sentence_of_next(const std::vector<notices::Rule>& rules, const facts::CaseFacts& known,
                             std::int64_t now_ns) {
  std::string next;
  std::optional<std::int64_t> next_ns;
  std::size_t late = 0;
  for (const notices::Rule& rule : rules) {
    for (const notices::Stage& stage : rule.stages) {
      const auto due_ns = notices::deadline_of(rule, stage, known).due_ns;
      if (!due_ns) continue;
      if (*due_ns <= now_ns) {
        ++late;
      } else if (!next_ns || *due_ns < *next_ns) {
        next_ns = due_ns;
        next = fmt::format("{} {}", rule.id, stage.id);
      }
    }
  }
  std::string sentence;
  if (next_ns) sentence = fmt::format("due next: {}, {}", next, time_left(*next_ns, now_ns));
  if (late > 0) sentence += fmt::format("{}{} overdue", sentence.empty() ? "" : "; ", late);
  return sentence;
}

Outcome run_clocks(const NoticesOptions& options, Context& context) {
  LG_OUTCOME(const std::vector<notices::Rule> rules, notices::read_rules(options.rules_folder), ExitCode::wrong_use);
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const Session& session = std::get<Session>(opened);
  auto gathered = facts::gather_facts(session.folder, *session.store);
  if (!gathered.ok()) return notices_failure(gathered.error());
  const facts::CaseFacts& known = gathered.value();
  const std::int64_t now_ns = os::SystemClock().now_ns();
  if (context.output == Output::text) {
    if (known.aware.empty()) {
      context.out << "became aware: unknown, so no clock runs\n";
    } else {
      const facts::AwareFacts& last = known.aware.back();
      LG_OUTCOME(const bool covered, is_signed(session.folder, last.ledger_entry), ExitCode::ledger_failed);
      context.out << fmt::format("became aware: {}, said by {}, ledger entry {}, {}\n",
                                 base::time_in_zone_and_utc(last.at_ns, known.about.zone), base::printable(last.by),
                                 last.ledger_entry, covered ? "under a signed head" : "not signed yet");
      context.out << sentence_of_next(rules, known, now_ns) << "\n";
    }
  }
  for (const notices::Rule& rule : rules) {
    if (context.output == Output::text)
      context.out << fmt::format("\n{}: {}\n  applies to {}\n", rule.id, rule.title, rule.applies);
    for (const notices::Stage& stage : rule.stages)
      print_clock(rule, stage, notices::deadline_of(rule, stage, known), now_ns, context);
  }
  if (context.output == Output::text) {
    const std::string folder = shell_word(session.folder);
    context.out << "\nwhich of them apply is for a person to decide\n"
                << (known.aware.empty()
                        ? fmt::format("next: lastgood --case {} notices aware --at TIME --by NAME\n", folder)
                        : fmt::format("next: lastgood --case {} notices draft in-cert-in\n", folder));
  }
  return ExitCode::done;
}

base::Result<std::vector<const notices::Rule*>> choose(const std::vector<notices::Rule>& rules,
                                                       const std::vector<std::string>& wanted) {
  std::vector<const notices::Rule*> out;
  for (const std::string& id : wanted) {
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == id; });
    if (found == rules.end()) {
      std::string known;
      for (const notices::Rule& rule : rules) known += (known.empty() ? "" : ", ") + rule.id;
      return base::misuse(fmt::format("there is no rule '{}'", base::printable(id)), "there are: " + known);
    }
    out.push_back(&*found);
  }
  if (wanted.empty()) {
    for (const notices::Rule& rule : rules) out.push_back(&rule);
  }
  return out;
}

/// Shows a draft, or writes it into the folder.
base::Status give(const notices::Draft& draft, const std::vector<std::string>& changes, const std::string& kept,
                  const NoticesOptions& options, Context& context) {
  if (context.output == Output::json) {
    auto line = nlohmann::ordered_json::parse(notices::write_json(draft));
    line["kept"] = base::printable(kept);
    line["changes"] = changes;
    context.out << line.dump() << "\n";
  }
  const documents::Form form = options.out.empty()
                                   ? documents::Form::text
                                   : documents::find_form(options.format).value_or(documents::Form::text);
  LG_ASSIGN(const std::string written, notices::write_draft(draft, changes, form));
  if (options.out.empty()) {
    if (context.output == Output::text) context.out << written << "\n";
    return base::Done{};
  }
  // Named as the draft that the case keeps: somebody may have completed the one before, and it must stay.
  const std::size_t name_at = kept.rfind('/') + 1;
  const std::string name = kept.substr(name_at, kept.rfind('.') - name_at);
  const std::string path = fmt::format("{}/{}{}", options.out, name, documents::ending_of(form));
  LG_TRY(os::write_atomic_file(path, base::ByteView(std::string_view(written)), os::Overwrite::no));
  if (context.output == Output::text)
    context.out << fmt::format("{}: {}, {}\n", base::printable(path), draft.deadline.sentence,
                               draft.is_final() ? "final" : "estimate");
  return base::Done{};
}

Outcome run_draft(const NoticesOptions& options, Context& context) {
  LG_OUTCOME(const std::vector<notices::Rule> rules, notices::read_rules(options.rules_folder), ExitCode::wrong_use);
  LG_OUTCOME(const std::vector<const notices::Rule*> chosen, choose(rules, options.rules), ExitCode::wrong_use);
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  auto gathered = facts::gather_facts(session.folder, *session.store);
  if (!gathered.ok()) return notices_failure(gathered.error());
  if (!options.out.empty()) {
    LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.out),
               ExitCode::target_refused);
    const base::Status made = os::make_private_folder(options.out, os::WhenThere::accept);
    if (!made.ok()) return Failure{made.error(), ExitCode::case_failed};
  }
  const std::int64_t now_ns = os::SystemClock().now_ns();
  for (const notices::Rule* rule : chosen) {
    for (const notices::Stage& stage : rule->stages) {
      const notices::Draft draft = notices::make_draft(*rule, stage, gathered.value(), now_ns);
      LG_OUTCOME(const auto before, notices::newest_draft(session.folder, rule->id, stage.id), ExitCode::case_damaged);
      const auto changes = before ? notices::differences(*before, draft) : std::vector<std::string>();
      auto kept = notices::keep_draft(session.folder, *session.ledger, draft);
      if (!kept.ok()) return notices_failure(kept.error());
      const base::Status given = give(draft, changes, kept.value(), options, context);
      if (!given.ok()) return Failure{given.error(), ExitCode::case_failed};
    }
  }
  return ExitCode::done;
}

Run declare_notices(CLI::App& app) {
  const auto options = std::make_shared<NoticesOptions>();
  app.add_option("--rules", options->rules_folder, "a folder with rules of your own instead of those that came along")
      ->type_name("DIR");
  options->aware = app.add_subcommand("aware", "record when the organisation became aware: all clocks count from it");
  options->aware->add_option("--at", options->at, "when, with its zone: 2022-11-23T07:07:00+05:30")->type_name("TIME");
  options->aware->add_option("--by", options->by, "who says so: name and office")->type_name("NAME");
  options->aware->add_option("--text", options->what, "what was noticed")->type_name("TEXT");
  options->draft = app.add_subcommand("draft", "draft notices from what the case states, and keep each draft");
  options->draft->add_option("rule", options->rules, "ids of rules; none: all of them")->type_name("RULE...");
  options->draft->add_option("--out", options->out, "write them into this folder")->type_name("DIR");
  options->draft->add_option("--format", options->format, "of the files: odt, docx, pdf, text or html")
      ->type_name("FORM")
      ->check(CLI::IsMember({"odt", "docx", "pdf", "text", "html"}))
      ->default_val("odt");
  app.add_subcommand("clocks", "list every clock with the time left (as without a word)");
  app.require_subcommand(0, 1);
  return [options](Context& context) {
    if (options->aware->parsed()) return run_aware(*options, context);
    return options->draft->parsed() ? run_draft(*options, context) : run_clocks(*options, context);
  };
}

}  // namespace

const Command k_notices_command = {
    .name = "notices",
    .summary = "Show which authority must be told by when, and draft what is said",
    .description =
        "Every clock counts from one moment: when the organisation became aware, as a named person says once with\n"
        "'notices aware'. Rules of law are data files with their source and date; which apply is for a person to "
        "decide.\n"
        "Each field of a draft is filled from the case with what it stands on, or says 'unknown', or is left for a "
        "person.\nEvery draft is kept, and the next one says what has changed. Nothing is ever sent.",
    .examples =
        "  lastgood notices\n"
        "  lastgood notices aware --at 2022-11-23T07:07:00+05:30 --by 'Dr Rao, systems'\n"
        "  lastgood notices draft in-cert-in --out letters",
    .declare = declare_notices};

}  // namespace lastgood::cli
