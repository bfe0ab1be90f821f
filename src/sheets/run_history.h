// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The runs that lie in a folder of sheets, and which sheets each could make: while backups are gone, runs go on and
// make nothing, and what the last good ones made must stay.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sheets/prepared_sheet.h"

namespace lastgood::sheets {

struct KeptRun {
  std::string name;  // of its folder
  enum class State : std::uint8_t { whole, unfinished } state = State::unfinished;
  std::vector<std::string> made;
  std::vector<std::string> not_made;
};

/// The file in a run's folder that says which of its sheets could be made, and its text.
inline constexpr std::string_view k_run_record = ".sheets-made";
[[nodiscard]] std::string write_run_record(const std::vector<PreparedSheet>& sheets);

/// Runs of `to` that we made, the newest first.
[[nodiscard]] base::Result<std::vector<KeptRun>> read_runs(const std::string& to);

/// By sheet: the newest of `runs` that made it.
[[nodiscard]] std::map<std::string, std::string> find_last_made(const std::vector<KeptRun>& runs);

/// What may go when `keep` runs shall stay: of whole runs all behind the newest `keep`, but none that has the last form
/// of a sheet which the newest run wanted and could not make. Pure.
[[nodiscard]] std::vector<std::string> plan_removal(const std::vector<KeptRun>& runs, std::size_t keep);

}  // namespace lastgood::sheets
