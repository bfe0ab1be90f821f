// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Opens one file of an open folder, inspects it and says what is to be recorded. Never fails: trouble is recorded.
#pragma once

#include <string>
#include <vector>

#include "inspect/inspect_content.h"
#include "model/file_record.h"
#include "os/evidence.h"

namespace lastgood::scan {

struct JudgedFile {
  model::FileRecord record;
  std::vector<model::Sighting> sightings;
};

JudgedFile judge_file(const os::Descriptor& folder, const std::string& folder_path, const std::string& name,
                      const inspect::InspectOptions& options);

/// A record for something that could not be looked at.
model::FileRecord unreadable_record(std::string path, const base::Error& error);

}  // namespace lastgood::scan
