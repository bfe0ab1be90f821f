// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/human.h"
#include "base/near_miss.h"
#include "casefile/case_about.h"
#include "cli/case_zone.h"
#include "cli/commands/services_actions.h"
#include "cli/failures.h"
#include "cli/not_judged.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/recovery_line.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "os/append_file.h"
#include "os/clock.h"
#include "os/paths.h"
#include "os/terminal.h"
#include "readiness/check_services.h"
#include "readiness/kept_services.h"
#include "readiness/try_sheets.h"
#include "services/leave_out.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;
using services::DataTrial;
using services::TrialOutcome;

constexpr std::size_t k_file_bytes_max = std::size_t{1} << 20U;
constexpr double k_wait_worth_saying_s = 5;
constexpr std::chrono::seconds k_wait_is_over{5};  // nothing was heard of it since

Json json_of_trial(const DataTrial& trial) {
  Json line = {{"type", "data_trial"}, {"service", trial.service}, {"data", trial.data}, {"kind", trial.kind}};
  set_text(line, "path", trial.path);
  line["outcome"] = services::name_of(trial.outcome);
  line["proof"] = services::name_of(trial.proof);
  line["sentence"] = base::printable(trial.sentence);
  line["source"] = base::printable(trial.source);
  line["snapshot"] = base::printable(trial.snapshot);
  line["data_as_of"] = trial.data_as_of_ns == 0 ? Json() : Json(utc_time(trial.data_as_of_ns));
  line["logs_reach"] = trial.logs_reach_ns == 0 ? Json() : Json(utc_time(trial.logs_reach_ns));
  line["logs_lack"] = base::printable(trial.logs_lack);
  line["bytes"] = trial.bytes;
  line["files"] = trial.files;
  line["lost"] = trial.lost;
  line["seconds"] = trial.seconds;
  Json complaints = Json::array();
  for (const std::string& complaint : trial.complaints) complaints.push_back(base::printable(complaint));
  line["complaints"] = std::move(complaints);
  return line;
}

class CheckLine final : public readiness::CheckProgress {
 public:
  explicit CheckLine(Context& context)
      : context_(context), line_(context.err, context.progress_shown ? Terminal::yes : Terminal::no) {}
  void step(const std::string& what) override { line_.step(what); }
  void waiting(const std::string& what, const engines::StartWait& wait) override {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(waits_, [&](const auto& one) { return now - one.second.told > k_wait_is_over; });
    waits_[what] = {wait, now};
    if (wait.seconds < k_wait_worth_saying_s) return;
    std::string line = "waiting for";
    for (const auto& [unit, one] : waits_) {
      line += fmt::format("{} {} ({}", line.ends_with("for") ? "" : ",", unit, human_seconds(one.wait.seconds));
      if (one.wait.still_seconds >= k_wait_worth_saying_s)
        line += fmt::format(", nothing done for {}", human_seconds(one.wait.still_seconds));
      line += ")";
    }
    line_.say(line);
  }
  void tried(const DataTrial& trial) override {
    line_.clear();
    if (context_.output == Output::json) {
      context_.out << json_of_trial(trial).dump() << "\n";
    } else {
      context_.out << fmt::format("{:<12}{} {} ({} {})\n            {}\n", services::name_of(trial.outcome),
                                  trial.service, trial.data, trial.kind, base::printable(trial.path),
                                  base::printable(trial.sentence));
      for (const std::string& complaint : trial.complaints)
        context_.out << "              " << base::printable(complaint) << "\n";
    }
    context_.out.flush();
  }
  [[nodiscard]] bool cancelled() const override { return line_.cancelled(); }

 private:
  struct Wait {
    engines::StartWait wait;
    std::chrono::steady_clock::time_point told;
  };
  Context& context_;
  RecoveryLine line_;
  std::map<std::string, Wait> waits_;  // engines that are starting
};

void print_mistakes(const services::ReadServices& read, Context& context) {
  for (const services::Mistake& mistake : read.mistakes) {
    if (context.output == Output::json)
      context.out << Json{{"type", "mistake"}, {"line", mistake.line}, {"sentence", mistake.sentence}}.dump() << "\n";
    else
      context.out << mistake.sentence << "\n";
  }
}

/// How many mistakes there are, and what of the file they leave.
std::string describe_mistakes(const services::ReadServices& read) {
  if (read.mistakes.empty()) return "no mistakes";
  std::size_t sheets = 0;
  for (const auto* services : {&read.file.services, &read.file.left_out}) {
    for (const services::Service& service : *services) sheets += service.left_out_sheets.size();
  }
  for (const services::Service& service : read.file.left_out) sheets += service.sheets.size();
  return fmt::format("{}, for which {} and {} are left out", base::counted(read.mistakes.size(), "mistake"),
                     base::counted(read.file.left_out.size(), "service"), base::counted(sheets, "sheet"));
}

void print_file(const services::ReadServices& read, Context& context) {
  const services::ServicesFile& file = read.file;
  std::size_t units = 0;
  std::size_t sheets = 0;
  for (const services::Service& service : file.services) {
    units += service.data.size();
    sheets += service.sheets.size();
  }
  if (context.output == Output::json) {
    Json order = Json::array();
    for (const services::Service* service : services::order_of(file, {})) order.push_back(service->id);
    Json line = {
        {"type", "services_file"}, {"sha256", file.digest_hex}, {"services", file.services.size()}, {"data", units},
        {"sheets", sheets},        {"order", std::move(order)}, {"left_out", file.left_out.size()}};
    set_text(line, "path", file.path);
    line["links"] = Json::array();
    for (const std::string& sentence : services::describe_links_of_data(file))
      line["links"].push_back(base::printable(sentence));
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("{}: {}, {}, {}; {}\n", base::printable(file.path),
                             base::counted(file.services.size(), "service"), base::counted(units, "data unit"),
                             base::counted(sheets, "sheet"), describe_mistakes(read));
  if (file.services.empty()) {
    if (read.mistakes.empty())
      context.out << with_case(
          "no service is written in it: 'lastgood services infer PATH' proposes some from what is found on a server\n",
          context.case_folder);
    return;
  }
  context.out << "comes back in this order:";
  for (const services::Service* service : services::order_of(file, {}))
    context.out << fmt::format(" {} (tier {})", service->id, service->tier);
  context.out << "\n";
  for (const std::string& sentence : services::describe_links_of_data(file))
    context.out << base::printable(sentence) << "\n";
}

ExitCode exit_code_of(const readiness::CheckOutcome& outcome) {
  if (outcome.cancelled) return ExitCode::interrupted;
  bool is_bad = false;
  bool is_in_part = false;
  const auto look = [&](TrialOutcome result) {
    is_in_part = is_in_part || result == TrialOutcome::not_tried;
    is_bad = is_bad || result == TrialOutcome::failed || result == TrialOutcome::complaints ||
             result == TrialOutcome::no_copy;
  };
  for (const DataTrial& trial : outcome.record.data) {
    look(trial.outcome);
    is_in_part = is_in_part || !trial.logs_lack.empty();
  }
  for (const services::SheetTrial& trial : outcome.record.sheets) look(trial.outcome);
  if (is_bad) return ExitCode::bad_found;
  return is_in_part ? ExitCode::in_part : ExitCode::done;
}

struct TrialSums {
  std::size_t tried = 0;  // data units; those that are made again need no copy, and are not tried
  std::size_t good = 0;
  std::size_t regenerated = 0;
  std::size_t sheets = 0;
  std::size_t good_sheets = 0;
  std::size_t lacking = 0;  // data units whose saved logs do not all come back
};

TrialSums sums_of(const services::CheckRecord& record) {
  TrialSums out;
  for (const DataTrial& trial : record.data) {
    out.regenerated += trial.outcome == TrialOutcome::regenerated ? 1U : 0U;
    out.good += trial.outcome == TrialOutcome::passed ? 1U : 0U;
    out.lacking += trial.logs_lack.empty() ? 0U : 1U;
  }
  out.tried = record.data.size() - out.regenerated;
  out.sheets = record.sheets.size();
  for (const services::SheetTrial& trial : record.sheets)
    out.good_sheets += trial.outcome == TrialOutcome::passed ? 1U : 0U;
  return out;
}

void print_sheet_trial(const services::SheetTrial& trial, Context& context) {
  if (context.output == Output::json)
    context.out << Json{{"type", "sheet_trial"},   {"service", trial.service},
                        {"sheet", trial.sheet},    {"outcome", services::name_of(trial.outcome)},
                        {"rows", trial.rows},      {"sentence", base::printable(trial.sentence)},
                        {"seconds", trial.seconds}}
                       .dump()
                << "\n";
  else
    context.out << fmt::format("{:<12}{} sheet {}: {}\n", services::name_of(trial.outcome), trial.service, trial.sheet,
                               base::printable(trial.sentence));
}

void print_end(const readiness::CheckOutcome& outcome, const std::string& case_folder, Context& context) {
  for (const services::SheetTrial& trial : outcome.record.sheets) print_sheet_trial(trial, context);
  const TrialSums sums = sums_of(outcome.record);
  if (context.output == Output::json) {
    Json line = {{"type", "services_check"},
                 {"number", outcome.kept.number},
                 {"sha256", outcome.kept.sha256},
                 {"data", outcome.record.data.size()},
                 {"good", sums.good},
                 {"regenerated", sums.regenerated},
                 {"sheets", sums.sheets},
                 {"good_sheets", sums.good_sheets},
                 {"lacking", sums.lacking},
                 {"cancelled", outcome.cancelled}};
    set_text(line, "path", outcome.kept.path);
    context.out << line.dump() << "\n";
    return;
  }
  std::string more;
  if (sums.regenerated > 0) more += fmt::format(", {} made again and not tried", sums.regenerated);
  if (sums.sheets > 0) more += fmt::format("; {} of {} good", sums.good_sheets, base::counted(sums.sheets, "sheet"));
  if (sums.lacking > 0)
    more += fmt::format("; {} WITHOUT later commits that saved logs have, or may have: see above",
                        base::counted(sums.lacking, "data unit"));
  if (outcome.cancelled) more += "; INTERRUPTED: what is not named above was not tried to its end";
  context.out << fmt::format("restore test {}: {} of {} good{}; kept in {}\nnext: lastgood --case {} services status\n",
                             outcome.kept.number, sums.good, base::counted(sums.tried, "data unit"), more,
                             base::printable(outcome.kept.path), shell_word(case_folder));
}

}  // namespace

base::Result<ServicesOptions> take_name(ServicesOptions options) {
  std::error_code unknown;
  const bool is_file = options.file.find('/') != std::string::npos || options.file.ends_with(".toml") ||
                       std::filesystem::is_regular_file(options.file, unknown);
  if (options.file.empty() || is_file) return options;
  if (!options.service.empty() && options.service != options.file)
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("two services are named: '{}' and '{}'", base::printable(options.file),
                                           base::printable(options.service)),
                       .hint = "name one, or none for all; a file is named with a '/' or the ending .toml"};
  options.service = std::exchange(options.file, {});
  return options;
}

std::optional<Failure> find_unknown_service(const services::ServicesFile& file, const std::string& name) {
  if (name.empty() || file.find(name) != nullptr) return {};
  if (const services::Service* left_out = file.find_left_out(name))
    return Failure{{.code = base::ErrorCode::misuse,
                    .what = fmt::format("service '{}' of '{}' is left out for a mistake", base::printable(name),
                                        base::printable(file.path)),
                    .path = file.path,
                    .hint = left_out->mistake},
                   ExitCode::wrong_use};
  std::vector<std::string_view> known;
  std::string all;
  for (const services::Service& service : file.services) {
    known.push_back(service.id);
    all += (all.empty() ? "" : ", ") + service.id;
  }
  const std::string_view meant = base::find_near_miss(name, known);
  return Failure{{.code = base::ErrorCode::misuse,
                  .what = fmt::format("'{}' has no service '{}'", base::printable(file.path), base::printable(name)),
                  .path = file.path,
                  .hint = meant.empty() ? "its services: " + all : fmt::format("did you mean '{}'?", meant)},
                 ExitCode::wrong_use};
}

std::size_t print_left_out(const services::ServicesFile& file, const std::string& wanted, Context& context) {
  const std::vector<std::string> sentences = services::describe_left_out(file, wanted);
  for (const std::string& sentence : sentences) {
    if (context.output == Output::json)
      context.out << Json{{"type", "left_out"}, {"sentence", base::printable(sentence)}}.dump() << "\n";
    else
      context.out << base::printable(sentence) << "\n";
  }
  return sentences.size();
}

Outcome set_services_file(const ServicesOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::string path, os::absolute_path(options.file), ExitCode::wrong_use);
  auto set = readiness::set_services(path, *session.store, *session.ledger, session.folder);
  if (!set.ok()) return failure_of(set.error(), session.folder, ExitCode::wrong_use);
  print_file(set.value(), context);
  print_mistakes(set.value(), context);
  if (context.output == Output::text)
    context.out << fmt::format(
        "kept in the case, digest sha256:{} in its ledger\nnext: lastgood --case {} services check\n",
        set.value().file.digest_hex, shell_word(session.folder));
  const bool is_whole = set.value().mistakes.empty() && !set.value().file.services.empty();
  return is_whole ? ExitCode::done : ExitCode::in_part;
}

namespace {

Outcome try_services(const services::ServicesFile& file, const ServicesOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  os::catch_stop_signals();
  TerminalPrompt prompt;
  CheckLine progress(context);
  print_assumed_zones(session, context);
  print_not_judged(session, context);
  LG_OUTCOME(const casefile::CaseAbout about, casefile::read_about(*session.store), ExitCode::case_failed);
  readiness::EngineSheetTrials sheet_trials(options.scratch, static_cast<int>(options.time_limit_s), about.zone);
  const auto outcome = readiness::check_services(file,
                                                 {.case_folder = session.folder,
                                                  .only_service = options.service,
                                                  .scratch_folder = options.scratch,
                                                  .time_limit_s = static_cast<int>(options.time_limit_s),
                                                  .zone = about.zone,
                                                  .sheet_trials = &sheet_trials},
                                                 *session.store, *session.ledger, prompt, progress);
  if (!outcome.ok()) return failure_of(outcome.error(), session.folder, ExitCode::recovery_failed);
  print_end(outcome.value(), session.folder, context);
  return exit_code_of(outcome.value());
}

}  // namespace

Outcome check_services_file(const ServicesOptions& asked, Context& context) {
  LG_OUTCOME(const ServicesOptions options, take_name(asked), ExitCode::wrong_use);
  std::optional<std::string> case_folder;
  // Of a file alone no case says anything: which one is meant does not matter.
  if (!options.only_file || options.file.empty()) {
    LG_OUTCOME(std::optional<std::string> found, find_case(context), ExitCode::wrong_use);
    case_folder = std::move(found);
  }
  std::string path = options.file;
  if (path.empty() && case_folder) path = readiness::kept_services_path(*case_folder);
  if (path.empty())
    return Failure{{.code = base::ErrorCode::not_found,
                    .what = "no services file was given, and there is no case that keeps one",
                    .hint = "lastgood services check FILE"},
                   ExitCode::wrong_use};
  auto text = os::read_own_file(path, k_file_bytes_max);
  if (!text.ok() && options.file.empty() && text.error().code == base::ErrorCode::not_found)
    return Failure{readiness::read_case_services({}, *case_folder).error(), ExitCode::wrong_use};
  if (!text.ok()) return Failure{text.error(), ExitCode::wrong_use};
  services::ReadServices read = services::parse_services(text.value(), path);
  services::follow_links_of_data(read.file);
  print_mistakes(read, context);
  print_file(read, context);
  if (read.file.services.empty()) {
    if (context.output == Output::text) context.out << "nothing was tried\n";
    return ExitCode::bad_found;
  }
  if (auto unknown = find_unknown_service(read.file, options.service)) return std::move(*unknown);
  const ExitCode of_file = read.mistakes.empty() ? ExitCode::done : ExitCode::bad_found;
  if (options.only_file || !case_folder) {
    if (context.output == Output::text && !options.only_file)
      context.out << "there is no case, so nothing was tried: --case DIR names one with judged backups\n";
    return of_file;
  }
  Outcome tried = try_services(read.file, options, context);
  const ExitCode* ended = std::get_if<ExitCode>(&tried);
  const bool is_of_trials = ended == nullptr || of_file == ExitCode::done || *ended == ExitCode::interrupted;
  return is_of_trials ? std::move(tried) : Outcome(of_file);
}

}  // namespace lastgood::cli
