// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case keeps of an inspection, whether the content lay on a live disk or in a backup.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inspect/inspect_content.h"
#include "model/file_record.h"
#include "model/investigation_record.h"

namespace lastgood::inspect {

struct JudgedFile {
  model::FileRecord record;
  std::vector<model::Sighting> sightings;
  std::optional<model::SearchedFile> searched;  // what a FileSearch found in it
};

/// Neither intact nor protected.
[[nodiscard]] bool is_suspicious(model::Verdict verdict);

/// Moves the inspection into `judged`; path, size and times are the caller's.
void keep_inspection(Inspection&& inspection, JudgedFile& judged);

/// Adds what an attack wrote into the name. For contents that do not show that nothing happened.
void add_name_contacts(std::string_view name, JudgedFile& judged);

/// A record for something that could not be looked at.
[[nodiscard]] model::FileRecord unreadable_record(std::string path, const base::Error& error);

}  // namespace lastgood::inspect
