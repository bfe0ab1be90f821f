// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// In which zone names of snapshots are read that say a time and no zone ("2022-11-22_193000"): the one that was given
// for their source, else the zone of the case; where neither is known, UTC is assumed and said. What the case keeps of
// snapshots is read anew when either changes, so that no snapshot has two times.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::recovery {

/// "+05:30"; empty: nobody has said it.
[[nodiscard]] base::Result<std::string> read_names_zone(casefile::CaseStore& store, std::string_view source);

/// Keeps what was given for the names of `source`; empty: nothing, the zone of the case is theirs.
[[nodiscard]] base::Status keep_names_zone(casefile::CaseStore& store, std::string_view source, std::string_view zone);

/// Dates the judged snapshots of `source` by their names once more, and finds anew what is odd in their series. How
/// many have another time now.
[[nodiscard]] base::Result<std::size_t> read_names_anew(casefile::CaseStore& store, std::string_view source);

/// Sources with judged snapshots of which the time was taken for UTC though nobody has said so.
[[nodiscard]] base::Result<std::vector<std::string>> find_assumed_zones(casefile::CaseStore& store);

}  // namespace lastgood::recovery
