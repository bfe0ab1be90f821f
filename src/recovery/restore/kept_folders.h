// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders of units that were exchanged in place: each file of them with its digest, so that it can be said later
// whether anybody changed what was put aside. They are read at the end of a restore, when what is needed is back.
#pragma once

#include <functional>
#include <string>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

enum class KeptLook : std::uint8_t { names, contents };

/// Tells each thing below `folder` that is no folder itself, with its digest when contents are looked at. No link is
/// followed. An Error: of the visitor, or what could not be read.
[[nodiscard]] base::Status walk_kept_folder(os::Descriptor folder, const std::string& shown, KeptLook look,
                                            const std::function<base::Status(KeptFile&&)>& visit);

/// Reads the folders that this restore put aside, now or in an earlier run, and writes their files into the journal and
/// their sum into the ledger. What cannot be read is a remark, and the next run tries it again.
[[nodiscard]] base::Status record_kept_folders(RestoreRun& run);

}  // namespace lastgood::recovery::restore
