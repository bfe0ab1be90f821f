// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/check_services.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "os/clock.h"
#include "readiness/try_data.h"

namespace lastgood::readiness {

namespace {

/// Each works on a copy and with a server of its own.
constexpr std::size_t k_units_at_once = 4;

services::DataTrial regenerated(const services::Service& service, const services::DataUnit& data) {
  services::DataTrial out = begin_trial(service, data);
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
void say_untried(const services::Service& service, services::CheckRecord& record) {
  std::vector<services::SheetTrial>& sheets = record.sheets;
  for (const services::Sheet& sheet : service.sheets) {
    const bool is_there = std::any_of(sheets.begin(), sheets.end(), [&](const services::SheetTrial& trial) {
      return trial.service == service.id && trial.sheet == sheet.id;
    });
    if (is_there) continue;
    services::SheetTrial untried;
    untried.service = service.id;
    untried.sheet = sheet.id;
    const bool is_known = std::none_of(record.data.begin(), record.data.end(), [&](const services::DataTrial& trial) {
      return trial.service == service.id && trial.data == sheet.data &&
             trial.outcome == services::TrialOutcome::not_tried;
    });
    untried.sentence = fmt::format("its data '{}' {}", sheet.data,
                                   is_known ? "have no copy that works" : "could not be tried to the end");
    sheets.push_back(std::move(untried));
  }
}

/// The caller's progress, one thread at a time.
class InTurns final : public CheckProgress {
 public:
  explicit InTurns(CheckProgress& inner) : inner_(inner) {}
  void step(const std::string& what) override {
    const std::unique_lock turn(telling_);
    inner_.step(what);
  }
  void waiting(const std::string& what, const engines::StartWait& wait) override {
    const std::unique_lock turn(telling_);
    inner_.waiting(what, wait);
  }
  void tried(const services::DataTrial& trial) override {
    const std::unique_lock turn(telling_);
    inner_.tried(trial);
  }
  [[nodiscard]] bool cancelled() const override { return inner_.cancelled(); }

 private:
  CheckProgress& inner_;
  std::mutex telling_;
};

/// One data unit and what came of it; nothing: somebody cancelled before its end.
struct Trial {
  const services::Service* service = nullptr;
  const services::DataUnit* data = nullptr;
  std::optional<services::DataTrial> came = {};
  std::vector<services::SheetTrial> sheets = {};
};

std::vector<Trial> try_all(const std::vector<const services::Service*>& order, const CheckRequest& request,
                           casefile::CaseStore& store, recovery::PasswordPrompt& prompt, CheckProgress& told) {
  std::vector<Trial> trials;
  for (const services::Service* service : order) {
    for (const services::DataUnit& data : service->data) trials.push_back({.service = service, .data = &data});
  }
  InTurns progress(told);
  os::SideBySide side_by_side(k_units_at_once);
  TrialRun run{
      .request = request, .store = store, .prompt = prompt, .progress = progress, .side_by_side = side_by_side};
  side_by_side.work(trials.size(), [&](std::size_t i) {
    Trial& trial = trials[i];
    if (progress.cancelled()) return;
    services::DataTrial came = try_one(run, *trial.service, *trial.data, trial.sheets);
    // What an earlier check said of it counts more than that this one was stopped, in whatever words it says so.
    const bool has_passed =
        came.outcome == services::TrialOutcome::passed || came.outcome == services::TrialOutcome::regenerated;
    if (progress.cancelled() && !has_passed) return;
    progress.tried(came);
    trial.came = std::move(came);
  });
  return trials;
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
  const std::vector<const services::Service*> order = services::order_of(file, request.only_service);
  for (Trial& trial : try_all(order, request, store, prompt, progress)) {
    outcome.cancelled = outcome.cancelled || !trial.came;
    if (!trial.came) continue;
    outcome.record.data.push_back(*std::move(trial.came));
    outcome.record.sheets.insert(outcome.record.sheets.end(), trial.sheets.begin(), trial.sheets.end());
  }
  if (request.sheet_trials != nullptr && !outcome.cancelled) {
    for (const services::Service* service : order) say_untried(*service, outcome.record);
  }
  LG_ASSIGN(outcome.kept, services::keep_check(outcome.record, request.case_folder));
  outcome.record.number = outcome.kept.number;
  LG_TRY(tell_checked(outcome, ledger));
  return outcome;
}

}  // namespace lastgood::readiness
