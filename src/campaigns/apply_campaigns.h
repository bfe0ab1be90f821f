// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Context third: decides small and stubborn files by the campaigns that find_campaigns found. Never `proven`: what a
// file shares with others is less than what its own bytes show.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "campaigns/find_campaigns.h"
#include "casefile/case_store.h"
#include "model/file_record.h"

namespace lastgood::campaigns {

/// What a campaign says of one file: its record with verdict, certainty, reasons and campaign set; nothing when the
/// file is not of the campaign. Pure.
[[nodiscard]] std::optional<model::FileRecord> judge_by_campaign(const model::FileRecord& record,
                                                                 const FoundCampaign& found);

/// Finds the campaigns of a scan, and files that carry the marks of one that an earlier scan of the case has found: a
/// few left-over files prove nothing by themselves. Records them, gives every file that one explains its campaign, and
/// decides those that were undecided. Returns the campaigns with their ids.
[[nodiscard]] base::Result<std::vector<model::Campaign>> decide_by_campaigns(casefile::CaseStore& store,
                                                                             std::int64_t scan_id);

}  // namespace lastgood::campaigns
