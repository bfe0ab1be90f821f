// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backentry/entry_book.h"
#include "backentry/persons_of_numbers.h"
#include "backentry/write_hl7.h"
#include "base/counted.h"
#include "base/human.h"
#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/back_entry_actions.h"
#include "cli/open_session.h"
#include "cli/output/back_entry_lines.h"
#include "cli/output/json_lines.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

/// What goes into a system as one person and is two is found by nobody afterwards.
Failure refused(const backentry::Book& book, const std::vector<backentry::Clash>& clashes, Context& context) {
  Context to_err{context.err, context.err, context.output, context.case_folder, context.progress_shown};
  for (const backentry::Clash& clash : clashes)
    print_clash(book, clash, context.output == Output::json ? context : to_err);
  return Failure{
      base::misuse(fmt::format("nothing was exported: {} for more than one person each",
                               base::counted(clashes.size(), "downtime number stands", "downtime numbers stand")),
                   "correct the misread number with 'sheets enter', or decide who each entry is about: 'sheets match'"),
      ExitCode::in_part};
}

Outcome print_standard_output(const EntryOptions& options, const std::string& text, Context& context) {
  if (context.output == Output::text) {
    context.out << text;
    return ExitCode::done;
  }
  nlohmann::ordered_json line = {{"type", "back_entry_export"}, {"form", options.form}};
  line["text"] = text;
  context.out << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  return ExitCode::done;
}

bool is_left_out(const EntryOptions& options, const backentry::Entry& entry) {
  return options.form != "csv" && entry.what == backentry::What::payment;
}

std::size_t count_left_out(const EntryOptions& options, const backentry::Book& book) {
  const std::vector<const backentry::Entry*> standing = book.standing();
  return static_cast<std::size_t>(std::count_if(
      standing.begin(), standing.end(), [&](const backentry::Entry* entry) { return is_left_out(options, *entry); }));
}

/// Empty: all is in it.
std::string left_out_text(const EntryOptions& options, const backentry::Book& book) {
  const std::size_t count = count_left_out(options, book);
  return count == 0 ? std::string()
                    : fmt::format("{} not in it: ADT, ORM and ORU have no message for them; --form csv has all\n",
                                  base::counted(count, "payment is", "payments are"));
}

void print_written(const EntryOptions& options, const backentry::Book& book, Context& context) {
  const std::vector<const backentry::Entry*> standing = book.standing();
  const auto open = std::count_if(standing.begin(), standing.end(), [&](const backentry::Entry* entry) {
    return !is_left_out(options, *entry) && book.decision_of(entry->id) == nullptr;
  });
  const std::size_t left_out = count_left_out(options, book);
  const std::size_t written = standing.size() - left_out;
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "back_entry_export"}, {"form", options.form}};
    set_text(line, "path", options.out);
    line["entries"] = written;
    line["not_decided"] = open;
    line["payments_left_out"] = left_out;
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format(
      "{}: {}, {} of them without a decision on who it is; to be reviewed before anything takes it in\n",
      base::printable(options.out), base::counted(written, "entry", "entries"), open);
  context.out << left_out_text(options, book);
}

}  // namespace

Outcome run_export(const EntryOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const Session& session = std::get<Session>(opened);
  LG_OUTCOME(const backentry::Book book, backentry::read_book(session.folder), ExitCode::case_damaged);
  const std::vector<backentry::Clash> clashes = backentry::open_clashes(book);
  if (!clashes.empty()) return refused(book, clashes, context);
  const std::string zone = zone_of(*session.store);
  std::string text = options.form == "csv" ? backentry::write_review_csv(book, zone)
                                           : backentry::write_hl7(book, {os::SystemClock().now_ns(), zone});
  if (options.out.empty()) {
    context.err << left_out_text(options, book);
    return print_standard_output(options, text, context);
  }
  if (const base::Status place = recovery::check_output_place(*session.store, options.out); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
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
  print_written(options, book, context);
  return ExitCode::done;
}

}  // namespace lastgood::cli
