// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A source that opens and no longer holds what it had: mostly the folder of a disk that is not mounted, or another disk
// in its place.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// An Error where `snapshots`, all that the source has now, are none, and judging saw some of it.
[[nodiscard]] base::Status check_not_empty(casefile::CaseStore& store, const model::BackupSource& source,
                                           std::span<const model::Snapshot> snapshots);

/// The same where its snapshots hold no file, and judging saw some: a fresh disk in the place of the one that is meant
/// has a folder of its own (lost+found).
[[nodiscard]] base::Status check_has_files(casefile::CaseStore& store, const model::BackupSource& source,
                                           std::uint64_t contents);

/// The newest snapshot that judging saw is not among `snapshots`: "source 'nas' (folder:/mnt/nas) no longer has
/// snapshot '2022-11-23' of 2022-11-23 00:00:00 UTC, ...". Older ones go as any rotation wants it, the newest does not.
/// Empty: it is there, or nothing was judged. For people.
[[nodiscard]] base::Result<std::string> describe_newest_gone(casefile::CaseStore& store,
                                                             const model::BackupSource& source,
                                                             std::span<const model::Snapshot> snapshots);

}  // namespace lastgood::recovery
