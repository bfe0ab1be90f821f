// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "os/clock.h"
#include "readiness/copy_name.h"
#include "readiness/try_data.h"
#include "recovery/choose_version.h"
#include "recovery/find_version.h"
#include "recovery/plan_recovery.h"

namespace lastgood::readiness {

namespace {

class QuietPlanning final : public recovery::PlanProgress {
 public:
  explicit QuietPlanning(CheckProgress& progress) : progress_(progress) {}
  void planning(std::uint64_t, std::uint64_t) override {}
  [[nodiscard]] bool cancelled() const override { return progress_.cancelled(); }

 private:
  CheckProgress& progress_;
};

/// A name without an ending that databases have makes no unit of it: it comes back as the file that it is.
bool is_database_planned(const recovery::Plan& plan, const std::string& path, casefile::CaseStore& store) {
  const auto item = std::find_if(plan.items.begin(), plan.items.end(),
                                 [&](const recovery::PlanItem& one) { return one.path == path; });
  if (item == plan.items.end()) return false;
  const auto judged = recovery::find_judged(store, item->content_key);
  return judged.ok() && recovery::is_good_database(judged.value());
}

void take_plan(services::DataTrial& trial, const recovery::Plan& plan) {
  for (const recovery::PlanItem& item : plan.items) {
    if (item.kind != model::EntryKind::regular) continue;
    ++trial.files;
    trial.bytes += item.size_bytes;
  }
  trial.lost = plan.losses.size();
  std::vector<std::uint64_t> uses(plan.snapshots.size(), 0);
  // Folders on the way to a file may come from elsewhere, and say nothing of how old it is.
  for (const recovery::PlanItem& item : plan.items)
    if (item.kind == model::EntryKind::regular) ++uses.at(item.snapshot);
  for (std::size_t i = 0; i < plan.snapshots.size(); ++i) {
    if (uses[i] == 0 || plan.snapshots[i].time_ns <= trial.snapshot_ns) continue;
    trial.snapshot_ns = plan.snapshots[i].time_ns;
    trial.snapshot = plan.snapshots[i].id;
    trial.source = plan.sources.at(plan.snapshots[i].source).name;
  }
  trial.data_as_of_ns = trial.snapshot_ns;
}

}  // namespace

services::DataTrial try_files(TrialRun& run, const services::Service& service, const services::DataUnit& data) {
  services::DataTrial trial = begin_trial(service, data);
  const auto begun = std::chrono::steady_clock::now();
  run.progress.step(fmt::format("{}: planning {}", service.id, data.path));
  const std::unique_lock turn(run.taking_turns);
  auto sources = recovery::open_sources(run.store, {}, {}, run.prompt);
  if (!sources.ok()) {
    trial.outcome = services::TrialOutcome::not_tried;
    trial.sentence = recovery::describe_failure(sources.error());
    return trial;
  }
  recovery::PlanRequest request;
  request.policy.only = {data.path};
  request.policy.good_files = recovery::PlanPolicy::GoodFiles::plan;
  request.now_ns = os::SystemClock().now_ns();
  QuietPlanning progress(run.progress);
  const auto plan = recovery::plan_recovery(request, run.store, sources.value(), progress);
  trial.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (!plan.ok()) {
    trial.outcome = services::TrialOutcome::failed;
    trial.sentence = fmt::format("'{}' cannot be planned: {}", base::printable(data.path), plan.error().what);
    return trial;
  }
  trial.proof = services::Proof::planned;
  take_plan(trial, plan.value());
  if (trial.files == 0 && trial.lost == 0 && !sources.value().failures.empty()) {
    trial.outcome = services::TrialOutcome::not_tried;
    trial.proof = services::Proof::none;
    trial.sentence = fmt::format("no source that could be opened has a good file below '{}'; not looked at: {}",
                                 base::printable(data.path), sources.value().describe_failures());
    return trial;
  }
  if (trial.files == 0 && trial.lost == 0) {
    trial.outcome = services::TrialOutcome::no_copy;
    trial.sentence = fmt::format(
        "no judged source has a good file below '{}': add its backup with 'backups add', then 'backups judge'",
        base::printable(data.path));
    return trial;
  }
  const auto not_judged = static_cast<std::uint64_t>(
      std::count_if(plan.value().losses.begin(), plan.value().losses.end(), [](const recovery::PlanLoss& loss) {
        return loss.why == recovery::sentence_of(recovery::ChoiceReason::not_judged);
      }));
  if (trial.files == 0 && trial.lost == not_judged) {
    trial.outcome = services::TrialOutcome::not_tried;
    trial.proof = services::Proof::none;
    trial.lost = 0;
    trial.sentence = fmt::format("{} of it in the backups {} not judged yet: 'backups judge', then this again",
                                 base::counted(not_judged, "file"), not_judged == 1 ? "is" : "are");
    return trial;
  }
  const bool is_database = data.kind == services::DataKind::sqlite;
  if (is_database && !is_database_planned(plan.value(), data.path, run.store)) {
    trial.outcome = services::TrialOutcome::no_copy;
    trial.sentence = "what comes back there is no sqlite";
    return trial;
  }
  trial.outcome = trial.lost == 0 ? services::TrialOutcome::passed : services::TrialOutcome::complaints;
  trial.sentence = fmt::format(
      "{} ({}) {} back{}, newest from '{}' of {}", base::counted(trial.files, "file"), base::human_bytes(trial.bytes),
      trial.files == 1 ? "comes" : "come",
      trial.lost == 0 ? std::string()
                      : fmt::format(", {} {} lost", base::human_count(trial.lost), trial.lost == 1 ? "is" : "are"),
      copy_name(trial.source, trial.snapshot), base::time_in_zone(trial.snapshot_ns, run.request.zone));
  if (not_judged > 0) trial.sentence += fmt::format("; {} of these were not judged yet", base::human_count(not_judged));
  if (is_database)
    trial.sentence += "; it was judged as a file, and was not opened: its name has no ending of SQLite's";
  return trial;
}

}  // namespace lastgood::readiness
