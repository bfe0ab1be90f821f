// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One pass over the timeline: first entry, first and last encryption, who and from which address, bytes that left.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "events/event_stream.h"
#include "model/ip_address.h"
#include "timeline/summary.h"

namespace lastgood::timeline {

struct SummaryOptions {
  std::vector<std::string> extensions;  // ".bak9"; empty: those of the campaigns of the case
  std::vector<model::IpBlock> own;      // addresses that are the hospital's own, beside the private ones
  std::string zone = {};                // of the case, in which sentences say times; empty: UTC
};

/// So many failed logins from one address before one that succeeded: it was guessed.
inline constexpr std::uint64_t k_guessed_failures_min = 10;
/// People of the house log in from outside, too: only what was guessed, or did the encryption, speaks against a login.
[[nodiscard]] bool is_telling(const EntryCandidate& entry);

/// Shown each event of the timeline in the same pass, in order.
using EventVisitor = std::function<void(const events::EventView&)>;

/// Memory: at most some 600 MB, whatever the case and its logs hold; what does not fit is said in `limits`.
[[nodiscard]] base::Result<TimelineSummary> summarise_timeline(const std::string& case_folder,
                                                               casefile::CaseStore& store,
                                                               const SummaryOptions& options,
                                                               const EventVisitor& see_event = {});

}  // namespace lastgood::timeline
