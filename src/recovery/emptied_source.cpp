// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/emptied_source.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "casefile/case_about.h"

namespace lastgood::recovery {

namespace {

base::Error emptied(const model::BackupSource& source, const std::string& had) {
  return {.code = base::ErrorCode::not_found,
          .what = fmt::format("source '{}' ({}) is empty; it had {} when it was judged", base::printable(source.name),
                              base::printable(source.address), had),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "is it mounted? When it is there again, the same command goes on"};
}

}  // namespace

base::Status check_not_empty(casefile::CaseStore& store, const model::BackupSource& source,
                             std::span<const model::Snapshot> snapshots) {
  if (!snapshots.empty()) return base::Done{};
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
  if (judged.empty()) return base::Done{};
  return emptied(source, base::counted(judged.size(), "snapshot"));
}

base::Status check_has_files(casefile::CaseStore& store, const model::BackupSource& source, std::uint64_t contents) {
  if (contents > 0) return base::Done{};
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
  std::uint64_t most = 0;
  for (const model::JudgedSnapshot& snapshot : judged) most = std::max(most, snapshot.counts.files + snapshot.open);
  if (most == 0) return base::Done{};
  return emptied(source, base::counted(most, "file") + " in a snapshot");
}

base::Result<std::string> describe_newest_gone(casefile::CaseStore& store, const model::BackupSource& source,
                                               std::span<const model::Snapshot> snapshots) {
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
  const auto newest = std::max_element(judged.begin(), judged.end(), [](const auto& one, const auto& than) {
    return one.snapshot.time_ns < than.snapshot.time_ns;
  });
  if (newest == judged.end()) return std::string();
  const model::Snapshot& wanted = newest->snapshot;
  const bool is_there =
      std::any_of(snapshots.begin(), snapshots.end(), [&](const model::Snapshot& one) { return one.id == wanted.id; });
  if (is_there) return std::string();
  LG_ASSIGN(const auto about, casefile::read_about(store));
  return fmt::format(
      "source '{}' ({}) no longer has snapshot '{}' of {}, the newest that judging saw in it: it was deleted, or "
      "another disk is mounted there",
      base::printable(source.name), base::printable(source.address), base::printable(model::short_id(wanted.id)),
      base::time_in_zone(wanted.time_ns, about.zone));
}

}  // namespace lastgood::recovery
