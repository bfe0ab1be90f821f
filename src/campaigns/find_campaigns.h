// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Context third: what do the suspicious files of a scan share?
//
// Files are grouped by the extension that was appended to them, the rest by equal first or last bytes, and what is left
// by the minutes in which it changed (campaign_groups). A group is a campaign when enough of its files were judged
// encrypted by their own structure, or when many random files share a mark that no chance explains. An extension alone
// never decides: ".bak9" is also an ordinary backup suffix. apply_campaigns decides files by what is found here.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "model/file_record.h"

namespace lastgood::campaigns {

/// Among which files those with the campaign's extension, or of one of its minutes, are found.
enum class Company : std::uint8_t {
  mixed,  // whole files are there too
  pure,   // hardly any whole file is: whoever is there was struck
};

/// A campaign with what decides by it and is not kept in the case.
struct FoundCampaign {
  model::Campaign campaign;
  Company company = Company::mixed;
  /// Of a campaign whose names tell nothing: the minutes in which it changed most of what changed at all; pure where
  /// hardly a proven file changed then.
  std::map<std::int64_t, Company> minutes;
  /// Of one that an earlier scan of the case found: its id there; 0: this scan found it.
  std::int64_t known_id = 0;
  std::int64_t seen_from_ns = 0;  // of such a one: when its files in this scan were changed, first and last
  std::int64_t seen_to_ns = 0;
  /// Folders in which its notes lie, with the slash behind.
  std::set<std::string, std::less<>> note_folders;
};

/// Looks through the scan's suspicious files. Ids are not set yet. The most files first; those without extension and
/// marks come last, because minutes say least.
[[nodiscard]] base::Result<std::vector<FoundCampaign>> find_campaigns(casefile::CaseStore& store, std::int64_t scan_id);

}  // namespace lastgood::campaigns
