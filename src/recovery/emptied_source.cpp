// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/emptied_source.h"

#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"

namespace lastgood::recovery {

base::Status check_not_empty(casefile::CaseStore& store, const model::BackupSource& source,
                             std::span<const model::Snapshot> snapshots) {
  if (!snapshots.empty()) return base::Done{};
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
  if (judged.empty()) return base::Done{};
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = fmt::format("source '{}' ({}) is empty; it had {} when it was judged", base::printable(source.name),
                          base::printable(source.address), base::counted(judged.size(), "snapshot")),
      .path = {},
      .offset_bytes = {},
      .system_errno = 0,
      .hint = "is it mounted? When it is there again, the same command goes on"};
}

}  // namespace lastgood::recovery
