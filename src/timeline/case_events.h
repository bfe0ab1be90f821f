// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the case itself knows as events, beside its logs: encrypted files and notes by their own times, mails
// line by line, snapshots of backups.
#pragma once

#include <functional>

#include "base/result.h"
#include "casefile/case_store.h"
#include "events/event_sorter.h"

namespace lastgood::timeline {

inline constexpr std::string_view k_case_parser = "case.scan";

/// Asked of every file whose times become events.
using CaseFileVisitor = std::function<void(const model::FileRecord&)>;

/// A file shows twice: at the modification time that anybody can set, and at the change time that the kernel set; both
/// are the file's own, and both are shown where they differ. Of a path that several scans know, the newest counts.
/// Adds to `sorter`. A case may hold millions of encrypted files: whoever needs them too looks on with `see_file`.
[[nodiscard]] base::Status add_case_events(casefile::CaseStore& store, events::EventSorter& sorter,
                                           const CaseFileVisitor& see_file);
/// All but those of files.
[[nodiscard]] base::Status add_case_events_without_files(casefile::CaseStore& store, events::EventSorter& sorter);

}  // namespace lastgood::timeline
