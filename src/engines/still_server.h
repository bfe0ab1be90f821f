// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A scratch server that looks at files where they lie, which somebody else may write meanwhile: a backup that is made
// just now. What it answers then is of no one moment. Private to engines/.
#pragma once

#include <memory>
#include <optional>

#include "base/checksum.h"
#include "engines/scratch_server.h"

namespace lastgood::engines {

/// The folder of a unit as it was before its server was opened.
struct StillFolder {
  std::string path;
  base::Sha256Digest stamp{};
};
/// Nothing: it does not lie on this machine, or cannot be listed.
[[nodiscard]] std::optional<StillFolder> find_still_folder(const UnitView& view, const FoundUnit& unit);

/// Gives answers on as long as nothing in the folder was written since.
[[nodiscard]] std::unique_ptr<ScratchServer> keep_still(std::unique_ptr<ScratchServer> server, StillFolder folder);

}  // namespace lastgood::engines
