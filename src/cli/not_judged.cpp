// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/not_judged.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "base/counted.h"
#include "cli/output/shell_word.h"
#include "recovery/choose_version.h"

namespace lastgood::cli {

std::string describe_not_judged(const Session& session) {
  const auto sources = session.store->backups().sources();
  if (!sources.ok()) return {};  // a case that cannot be read has said so elsewhere
  std::string in;
  for (const model::BackupSource& source : sources.value()) {
    const auto snapshots = session.store->backups().snapshots(source.name);
    if (!snapshots.ok()) return {};
    std::uint64_t most = 0;
    for (const model::JudgedSnapshot& snapshot : snapshots.value()) most = std::max(most, snapshot.open);
    if (most > 0)
      in += fmt::format("{}{} of a snapshot in '{}'", in.empty() ? "" : ", ", base::counted(most, "file"),
                        base::printable(source.name));
  }
  if (in.empty()) return {};
  return fmt::format(
      "not all is judged: {} without a verdict. What only they could bring back counts as lost, until: lastgood "
      "--case {} backups judge",
      in, shell_word(session.folder));
}

std::string lost_unjudged_text(const recovery::Plan& plan, const std::string& case_folder) {
  const auto count = static_cast<std::uint64_t>(
      std::count_if(plan.losses.begin(), plan.losses.end(), [](const recovery::PlanLoss& loss) {
        return loss.why == recovery::sentence_of(recovery::ChoiceReason::not_judged);
      }));
  if (count == 0) return {};
  return fmt::format(
      "NOT back yet: {}, of which no version in the backups was judged (they were changed since, or are new): lastgood "
      "--case {} backups judge, and then the same again\n",
      base::counted(count, "path"), shell_word(case_folder));
}

void print_not_judged(const Session& session, Context& context) {
  const std::string note = describe_not_judged(session);
  if (!note.empty()) context.err << "note: " << note << "\n";
}

}  // namespace lastgood::cli
