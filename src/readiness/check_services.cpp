// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/check_services.h"

#include <algorithm>

#include "os/clock.h"
#include "readiness/try_data.h"

namespace lastgood::readiness {

namespace {

services::DataTrial regenerated(const services::Service& service, const services::DataUnit& data) {
  services::DataTrial out;
  out.service = service.id;
  out.data = data.name;
  out.kind = std::string(services::name_of(data.kind));
  out.path = data.path;
  out.outcome = services::TrialOutcome::regenerated;
  out.sentence = "is made again from other data, last of all";
  return out;
}

services::DataTrial try_one(TrialRun& run, const services::Service& service, const services::DataUnit& data,
                            std::vector<services::SheetTrial>& sheets) {
  if (data.regenerable == services::Regenerable::yes) return regenerated(service, data);
  if (data.kind == services::DataKind::files) return try_files(run, service, data);
  services::DataTrial trial = try_database(run, service, data, sheets);
  // A mail store that no source shows as a unit is a tree of files like any other.
  const bool is_tree = data.kind == services::DataKind::maildir && trial.outcome == services::TrialOutcome::no_copy;
  return is_tree ? try_files(run, service, data) : trial;
}

/// Sheets that nothing could be asked for: none is left unsaid.
void say_untried(const services::Service& service, std::vector<services::SheetTrial>& sheets) {
  for (const services::Sheet& sheet : service.sheets) {
    const bool is_there = std::any_of(sheets.begin(), sheets.end(), [&](const services::SheetTrial& trial) {
      return trial.service == service.id && trial.sheet == sheet.id;
    });
    if (is_there) continue;
    services::SheetTrial untried;
    untried.service = service.id;
    untried.sheet = sheet.id;
    untried.sentence = "its data '" + sheet.data + "' have no copy that works";
    sheets.push_back(std::move(untried));
  }
}

base::Status tell_begun(const services::ServicesFile& file, const CheckRequest& request, ledger::Ledger& ledger) {
  LG_ASSIGN(
      [[maybe_unused]] const ledger::Head head,
      ledger.append("services-check-begun",
                    {{"path", file.path}, {"services_sha256", file.digest_hex}, {"service", request.only_service}}));
  return base::Done{};
}

base::Status tell_checked(const CheckOutcome& outcome, ledger::Ledger& ledger) {
  const auto count = [&](services::TrialOutcome wanted) {
    return static_cast<std::int64_t>(
        std::count_if(outcome.record.data.begin(), outcome.record.data.end(),
                      [&](const services::DataTrial& trial) { return trial.outcome == wanted; }));
  };
  LG_ASSIGN([[maybe_unused]] const ledger::Head head,
            ledger.append("services-checked", {{"path", outcome.kept.path},
                                               {"sha256", outcome.kept.sha256},
                                               {"passed", count(services::TrialOutcome::passed)},
                                               {"complaints", count(services::TrialOutcome::complaints)},
                                               {"failed", count(services::TrialOutcome::failed)},
                                               {"no_copy", count(services::TrialOutcome::no_copy)},
                                               {"not_tried", count(services::TrialOutcome::not_tried)}}));
  return base::Done{};
}

}  // namespace

base::Result<CheckOutcome> check_services(const services::ServicesFile& file, const CheckRequest& request,
                                          casefile::CaseStore& store, ledger::Ledger& ledger,
                                          recovery::PasswordPrompt& prompt, CheckProgress& progress) {
  LG_TRY(tell_begun(file, request, ledger));
  CheckOutcome outcome;
  outcome.record.made_ns = os::SystemClock().now_ns();
  outcome.record.services_path = file.path;
  outcome.record.services_sha256 = file.digest_hex;
  TrialRun run{.request = request, .store = store, .prompt = prompt, .progress = progress};
  for (const services::Service* service : services::order_of(file, request.only_service)) {
    for (const services::DataUnit& data : service->data) {
      if (progress.cancelled()) {
        outcome.cancelled = true;
        break;
      }
      outcome.record.data.push_back(try_one(run, *service, data, outcome.record.sheets));
      progress.tried(outcome.record.data.back());
    }
    if (request.sheet_trials != nullptr) say_untried(*service, outcome.record.sheets);
  }
  LG_ASSIGN(outcome.kept, services::keep_check(outcome.record, request.case_folder));
  outcome.record.number = outcome.kept.number;
  LG_TRY(tell_checked(outcome, ledger));
  return outcome;
}

}  // namespace lastgood::readiness
