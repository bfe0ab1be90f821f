// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a case keeps its event files: CASE/events/N.events, N being the number of the ledger entry that announced the
// import, in ten digits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::timeline {

[[nodiscard]] std::string events_folder(const std::string& case_folder);
[[nodiscard]] std::string event_file_name(std::uint64_t entry);
/// Paths of all event files, oldest first. None when there is no folder.
[[nodiscard]] base::Result<std::vector<std::string>> find_event_files(const std::string& case_folder);

}  // namespace lastgood::timeline
