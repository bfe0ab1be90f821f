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

namespace lastgood::timeline {

struct TimeWindow {
  std::int64_t from_ns = INT64_MIN;
  std::int64_t to_ns = INT64_MAX;  // without it
};

/// Events of one time: those of the case first, then those of the logs in the order of their import.
[[nodiscard]] base::Result<std::unique_ptr<events::EventStream>> open_timeline(const std::string& case_folder,
                                                                               casefile::CaseStore& store,
                                                                               const TimeWindow& window);

}  // namespace lastgood::timeline
