// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sources that could not be opened and may have saved logs: a database without them is older than it need be.
#pragma once

#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"

namespace lastgood::recovery {

/// What OpenedSources::failures say of those sources in which judging saw log files that lay at `path` on the victim,
/// or whose files it has not all looked at: "source 'usb' (folder:/mnt/usb) is empty; ... (is it mounted? ...)"; and
/// that a source holds no snapshot at all. Empty: none. For people.
[[nodiscard]] base::Result<std::string> describe_unread_logs(casefile::CaseStore& store, const OpenedSources& sources,
                                                             const std::string& path);

}  // namespace lastgood::recovery
