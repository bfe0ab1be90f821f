// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Would starting a service let its database's engine obey what somebody planted in the data? Asked before the start:
// settings in a data folder that run a program or load a library, where the folder came out of a backup, or is laid out
// so that the next start runs one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "services/services_file.h"

namespace lastgood::readiness {

struct PlantedSettings {
  std::string folder;
  std::vector<std::string> lines;  // "postgresql.auto.conf:3 archive_command = 'curl ...'"; at most 200
  std::string sentence;            // why the service is not started, and the ways out
};

/// Into which folders restores of this case put files that may be settings, by its ledger; with a "/" at the end: all
/// that is below (of restores by an older version of this program, and where there were too many folders to be named).
[[nodiscard]] base::Result<std::vector<std::string>> read_restored_folders(const std::string& case_folder);

/// Nothing: the engine may be started on `data`, or its folder is not on this machine, or it is of a kind that runs
/// nothing. Names in `data.allow_settings` count as read by a person. What of the settings cannot be read counts as
/// planted where the folder was restored. An Error: the folder is there and cannot be looked at.
[[nodiscard]] base::Result<std::optional<PlantedSettings>> find_planted_settings(
    const services::DataUnit& data, const std::vector<std::string>& restored_folders);

/// Of a copy that was not restored yet: what the above would name once it was, "postgresql.auto.conf:3 archive_command
/// = 'curl ...'; and 4 more". Empty: nothing, or it cannot be read, which whoever starts the service is told.
[[nodiscard]] std::string describe_settings(const engines::UnitView& view, const engines::FoundUnit& unit,
                                            const services::DataUnit& data);

}  // namespace lastgood::readiness
