// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/judge_restored.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "engines/evidence_view.h"
#include "engines/start_scratch.h"
#include "engines/unit.h"
#include "inspect/judged_file.h"
#include "os/evidence.h"
#include "recovery/choose_version.h"
#include "recovery/unit_copies.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_bad_max = 10'000;
constexpr std::size_t k_run_items = 64;

/// Judges one item; nothing when it is good, or no worse than the plan said, or not there.
std::optional<model::FileRecord> judge_item(const os::Descriptor& root, const PlanItem& item,
                                            std::atomic<std::uint64_t>& judged_files) {
  const std::size_t slash = item.path.find_last_of('/');
  const std::string folder_path = slash == 0 ? std::string() : item.path.substr(1, slash - 1);
  const std::string name = item.path.substr(slash + 1);
  const auto folder = os::open_evidence_directory(root, folder_path);
  if (!folder.ok()) return std::nullopt;
  auto opened = os::open_evidence_file(folder.value(), name, item.path);
  if (!opened.ok()) return std::nullopt;
  os::EvidenceFile file = std::move(opened).value();
  ++judged_files;
  inspect::JudgedFile judged;
  inspect::keep_inspection(inspect::inspect_content(file, name, {}), judged);
  if (is_good(judged.record.verdict) || judged.record.verdict == item.verdict) return std::nullopt;
  judged.record.path = item.path;
  judged.record.size_bytes = file.size_bytes();
  judged.record.mtime_ns = file.status().mtime_ns;
  judged.record.ctime_ns = file.status().ctime_ns;
  return std::move(judged.record);
}

model::JudgedUnit judge_unit(const engines::UnitView& view, const PlanUnit& unit) {
  model::JudgedUnit judged{.snapshot = {}, .kind = unit.kind, .path = unit.path, .state = "undecided"};
  const auto kind = engines::find_unit_kind(unit.kind);
  if (!kind) return judged;
  const auto report = engines::check_unit(view, {.kind = *kind, .path = unit.path.substr(1)}, model::Depth::full);
  if (!report.ok()) {
    judged.findings.push_back({.rule = "unit.unreadable", .sentence = report.error().what});
    return judged;
  }
  judged.state = engines::name_of(report.value().verdict);
  judged.certainty = report.value().certainty;
  judged.data_as_of_ns = report.value().data_as_of_ns;
  for (const engines::UnitFinding& finding : report.value().findings) {
    if (finding.finding.weight == model::Weight::contradicts)
      judged.findings.push_back(
          {.rule = finding.finding.rule, .sentence = finding.path + ": " + finding.finding.sentence});
  }
  return judged;
}

/// The unit's own engine has the last word, where it is installed.
void start_unit(const engines::UnitView& view, const std::string& scratch_folder, model::JudgedUnit& judged) {
  using engines::ScratchReport;
  using engines::UnitKind;
  const auto kind = engines::find_unit_kind(judged.kind);
  const bool has_engine = kind == UnitKind::postgresql || kind == UnitKind::mariadb || kind == UnitKind::sqlite;
  const bool is_sound = is_usable(judged);
  if (scratch_folder.empty() || !has_engine || !is_sound) return;
  const auto started =
      engines::start_scratch(view, {.kind = *kind, .path = judged.path.substr(1)}, {.parent = scratch_folder});
  if (!started.ok()) {
    judged.findings.push_back({.rule = "engine.not-asked", .sentence = started.error().what});
    return;
  }
  const ScratchReport& report = started.value();
  switch (report.outcome) {
    case ScratchReport::Outcome::sound:
      judged.certainty = model::Certainty::proven;
      judged.findings.push_back(
          {.rule = "engine.sound", .sentence = "its own engine started on a copy and its checks found nothing"});
      return;
    case ScratchReport::Outcome::complaints:
      judged.state = "damaged";
      for (const std::string& line : report.complaints)
        judged.findings.push_back({.rule = "engine.complaint", .sentence = line});
      return;
    case ScratchReport::Outcome::not_started:
      judged.state = "damaged";
      judged.findings.push_back({.rule = "engine.not-started", .sentence = report.last_words});
      return;
  }
}

}  // namespace

base::Result<RestoredJudgement> judge_restored(const Plan& plan, const JudgeRestoredRequest& request,
                                               VerifyProgress& progress) {
  LG_ASSIGN(const os::Descriptor root, os::open_evidence_root(request.target));
  RestoredJudgement out;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> files = 0;
  const auto work = [&] {
    for (std::size_t from = next.fetch_add(k_run_items); from < plan.items.size() && !progress.cancelled();
         from = next.fetch_add(k_run_items)) {
      for (std::size_t i = from; i < std::min(from + k_run_items, plan.items.size()); ++i) {
        if (plan.items[i].kind != model::EntryKind::regular) continue;
        auto bad = judge_item(root, plan.items[i], files);
        if (!bad) continue;
        const std::lock_guard lock(mutex);
        if (out.bad.size() < k_bad_max) out.bad.push_back(std::move(*bad));
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::max(2U, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
    work();
  }
  out.files = files;
  if (plan.units.empty()) return out;
  LG_ASSIGN(const std::unique_ptr<engines::UnitView> view, engines::open_evidence_view(request.target, request.target));
  for (const PlanUnit& unit : plan.units) {
    if (progress.cancelled()) break;
    out.units.push_back(judge_unit(*view, unit));
    start_unit(*view, request.scratch_folder, out.units.back());
  }
  return out;
}

}  // namespace lastgood::recovery
