// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders of units that were exchanged in place, as they lie where they are kept.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "os/evidence.h"
#include "recovery/restore/journal_record.h"

namespace lastgood::recovery::restore {

enum class KeptLook : std::uint8_t { names, contents };

/// Told what a walk meets; an Error ends it.
struct KeptVisit {
  std::function<base::Status(KeptFile&& file)> found;
  std::function<base::Status(std::size_t bytes)> read;  // of a file that is being hashed; may be empty
};

/// Tells each thing below `folder` that is no folder itself, with its digest when contents are looked at. No link is
/// followed. An Error: of the visit, or what could not be read.
[[nodiscard]] base::Status walk_kept_folder(os::Descriptor folder, const std::string& shown, KeptLook look,
                                            const KeptVisit& visit);

}  // namespace lastgood::recovery::restore
