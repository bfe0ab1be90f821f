// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case and its ledger keep of a search, the same whether `indicators` or a scan read the files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "model/investigation_record.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {

[[nodiscard]] model::SearchedFile searched_file(const SeenFile& file, std::int64_t searched_ns);

/// Before the first file is opened.
[[nodiscard]] base::Status note_begun(ledger::Ledger& ledger, const std::vector<std::string>& roots,
                                      const OwnPlaces& own);
/// After the last one is stored. `values` are all that were kept of these files.
[[nodiscard]] base::Status note_finished(ledger::Ledger& ledger, const CollectOutcome& outcome, std::uint64_t values);

}  // namespace lastgood::sightings
