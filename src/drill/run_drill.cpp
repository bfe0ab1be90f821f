// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/run_drill.h"

#include <fmt/format.h>

#include "drill/truth.h"
#include "os/made_folder.h"

namespace lastgood::drill {
namespace {

base::Status write_text(os::MadeFolder& folder, std::string_view name, std::string_view text) {
  return folder.write_new(name, base::ByteView(text));
}

base::Result<DrillOutcome> run_inside(os::MadeFolder& folder, const DrillOptions& options, const DrillScan& scan,
                                      DrillProgress& progress) {
  progress.step(fmt::format("making about {} files of a hospital in '{}'", options.files, folder.path()));
  LG_ASSIGN(const Hospital hospital,
            make_hospital(folder, {.maker = options.maker, .seed = options.seed, .files = options.files}));

  progress.step(fmt::format("writing the attacked copy of {} files", hospital.files.size()));
  AttackPlan plan = options.plan;
  plan.seed = options.seed;
  LG_ASSIGN(const Truth truth, attack_copies(folder, hospital, plan));
  LG_TRY(write_text(folder, "truth.json", write_truth(truth)));

  progress.step(fmt::format("scanning {} files", truth.entries.size()));
  LG_TRY(folder.check_still_there());
  const std::string attacked = fmt::format("{}/{}", folder.path(), k_attacked);
  LG_ASSIGN(const std::vector<model::FileRecord> records, scan(attacked));

  progress.step("comparing the verdicts with the truth");
  DrillOutcome outcome{.folder = folder.path(),
                       .left_out = hospital.left_out,
                       .score = score_scan(truth, records, attacked, options.goals)};
  LG_TRY(write_text(folder, "score.json", write_score_json(outcome.score)));
  LG_TRY(write_text(folder, "score.txt", write_score_table(outcome.score)));
  return outcome;
}

}  // namespace

base::Result<DrillOutcome> run_drill(const DrillOptions& options, const DrillScan& scan, DrillProgress& progress) {
  LG_ASSIGN(os::MadeFolder folder, os::MadeFolder::make(options.folder));
  base::Result<DrillOutcome> outcome = run_inside(folder, options, scan, progress);
  if (outcome.ok()) return outcome;
  base::Error error = std::move(outcome).error();
  const std::string left =
      fmt::format("what was made so far is left in '{}' and may be deleted", base::printable(folder.path()));
  error.hint = error.hint.empty() ? left : error.hint + "; " + left;
  return error;
}

}  // namespace lastgood::drill
