// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Context third: what do the suspicious files of a scan share, and which files does that explain?
//
// Files are grouped by the extension that was appended to them, the rest by equal first or last bytes. A group is a
// campaign when enough of its files were judged encrypted by their own structure, or when many random files share a
// mark that no chance explains. An extension alone never decides: ".bak9" is also an ordinary backup suffix. Memory:
// some hundred bytes for each different extension and 256 samples for each group, whatever the number of files.
#pragma once

#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "model/file_record.h"

namespace lastgood::scan {

/// Looks through the scan's suspicious files. Ids are not set yet.
[[nodiscard]] base::Result<std::vector<model::Campaign>> find_campaigns(casefile::CaseStore& store,
                                                                        std::int64_t scan_id);

/// What a campaign says of one file: its record with verdict, certainty, reasons and campaign set; nothing when the
/// file is not of the campaign. Pure.
[[nodiscard]] std::optional<model::FileRecord> judge_by_campaign(const model::FileRecord& record,
                                                                 const model::Campaign& campaign);

/// Gives every file of the scan that a campaign explains its campaign, and decides those that were undecided.
[[nodiscard]] base::Status apply_campaigns(casefile::CaseStore& store, std::int64_t scan_id,
                                           const std::vector<model::Campaign>& campaigns);

/// The appended extension of a suspicious file, lower case with its dot; empty when its name tells none.
[[nodiscard]] std::string appended_extension(const model::FileRecord& record);

}  // namespace lastgood::scan
