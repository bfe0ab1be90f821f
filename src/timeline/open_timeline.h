// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The one timeline of a case: its event files, and what it knows itself, as one stream by time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "events/event_stream.h"
#include "timeline/case_events.h"

namespace lastgood::timeline {

struct TimeWindow {
  std::int64_t from_ns = INT64_MIN;
  std::int64_t to_ns = INT64_MAX;  // without it
};

/// Events of one time: those of the case first, then those of the logs in the order of their import.
[[nodiscard]] base::Result<std::unique_ptr<events::EventStream>> open_timeline(const std::string& case_folder,
                                                                               casefile::CaseStore& store,
                                                                               const TimeWindow& window);
/// All of it; `see_file` is called, before this returns, of every file whose times are events in it.
[[nodiscard]] base::Result<std::unique_ptr<events::EventStream>> open_whole_timeline(const std::string& case_folder,
                                                                                     casefile::CaseStore& store,
                                                                                     const CaseFileVisitor& see_file);
/// Without the times of files: for whoever asks for addresses and accounts, which files do not have.
[[nodiscard]] base::Result<std::unique_ptr<events::EventStream>> open_timeline_without_files(
    const std::string& case_folder, casefile::CaseStore& store);

}  // namespace lastgood::timeline
