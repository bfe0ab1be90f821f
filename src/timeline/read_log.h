// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One log: recognised, digested, parsed. Private to timeline/.
#pragma once

#include <functional>
#include <string>

#include "os/evidence.h"
#include "timeline/import_logs.h"

namespace lastgood::timeline {

/// What the first look found.
struct FirstLook {
  const logs::LogFormat* format = nullptr;  // null: not recognised
  logs::LogContext context;
};

/// Reads all of it: digest, format, years. Fills sha256, bytes, `why`.
[[nodiscard]] base::Result<FirstLook> look_at_log(os::EvidenceFile& file, const ImportRequest& request,
                                                  ImportedLog& log);

/// Reads it again, as far as it went before, and shows its events with `evidence` set. Counts into `log`.
[[nodiscard]] base::Status parse_log(os::EvidenceFile& file, const FirstLook& look, ImportedLog& log,
                                     const std::function<base::Status(model::Event&&)>& keep,
                                     const std::function<bool()>& cancelled);

}  // namespace lastgood::timeline
